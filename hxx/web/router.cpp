#include "hxx/web/router.hpp"

#include "hxx/web/extract.hpp"
#include "hxx/web/router_contents.hpp"
#include "hxx/web/static_files.hpp"

#include <stdexcept>

namespace hxx {

namespace {

/// "/users/" and "/users" are the same prefix, "/" none at all.
std::string checked_prefix(std::string_view prefix) {
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    auto const parsed = pattern::parse(prefix);
    if (parsed.mistake != pattern::Mistake::None)
        throw std::invalid_argument("the router prefix '" + std::string(prefix) +
                                    "' is no pattern: " + std::string(pattern::explain(parsed.mistake)));
    if (parsed.count > 0 && parsed.parameters[parsed.count - 1].converter == Converter::Path)
        throw std::invalid_argument("the router prefix '" + std::string(prefix) +
                                    "' ends in a path parameter, which would swallow every route below it");
    return std::string(prefix);
}

} // namespace

Router::Router(std::string_view prefix) : contents_(std::make_unique<Contents>()) {
    contents_->prefix = checked_prefix(prefix);
}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Router& Router::mount(std::string_view prefix, Router router) {
    contents_->mounts.emplace_back(checked_prefix(prefix), std::move(router));
    return *this;
}

Router& Router::depend_on(std::initializer_list<DependencyRef> dependencies) {
    auto& all = contents_->scope.dependencies;
    all.insert(all.end(), dependencies.begin(), dependencies.end());
    return *this;
}

Router& Router::add_route(http::Method method, std::string_view pattern, std::source_location where,
                          std::unique_ptr<Endpoint const> endpoint, RouteOptions&& options) {
    Route route;
    route.pattern = pattern;
    route.method = method;
    route.endpoint = std::move(endpoint);
    route.options = std::move(options);
    route.where = where;
    contents_->routes.push_back(std::move(route));
    return *this;
}

Router& Router::add_middleware(std::unique_ptr<Middleware const> middleware) {
    contents_->scope.middleware.push_back(std::move(middleware));
    return *this;
}

Router& Router::add_exception_handler(std::unique_ptr<ExceptionHandler const> handler) {
    contents_->scope.exception_handlers.push_back(std::move(handler));
    return *this;
}

Router& Router::static_files(std::string_view prefix, std::string_view directory, std::source_location where) {
    return static_files(prefix, directory, StaticFilesOptions{}, where);
}

Router& Router::static_files(std::string_view prefix, std::string_view directory, StaticFilesOptions const& options,
                             std::source_location where) {
    Router files{prefix};
    auto served = std::make_shared<StaticFiles const>(std::string(directory), options);
    RouteOptions route_options;
    route_options.name = options.name;
    auto serve = [served](Request& request, Path<std::string, "path"> path) { return served->serve(request, *path); };
    files.get(BasicRoutePattern<decltype(serve)>("/{path:path}").at(where), std::move(serve), std::move(route_options));
    return mount(std::move(files));
}

} // namespace hxx
