#include "hxx/web/embedded_files.hpp"

#include "hxx/http/conditional.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/response.hpp"

#include <utility>

namespace hxx {

namespace {

/// An editor's or a tool's own file, which hxx_embed() took with the directory.
bool is_hidden(std::string_view path) noexcept {
    return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

Response serve(Request const& request, EmbeddedFile const& file, std::string_view cache_control) {
    auto const etag = http::make_etag(file.sha256);
    http::Validators const validators{etag, std::nullopt};
    Response response;
    response.header("ETag", etag).header("Cache-Control", cache_control);
    switch (http::evaluate_preconditions(request.method(), request.headers(), validators)) {
    case http::Precondition::NotModified: return std::move(response).status(304);
    case http::Precondition::Failed: throw HttpError{412};
    case http::Precondition::Proceed: break;
    }
    response.header("Content-Type", http::content_type_of_file(file.name));
    response.header("X-Content-Type-Options", "nosniff");
    response.set_body(std::string(file.content));
    return response;
}

} // namespace

Router embedded_files(std::string_view prefix, EmbeddedFiles files, EmbeddedFilesOptions options,
                      std::source_location where) {
    Router router{prefix};
    RouteOptions route;
    route.name = std::move(options.name);
    auto handler = [files, cache_control = std::move(options.cache_control)](Request& request,
                                                                             Path<std::string, "path"> path) {
        auto const* file = files.find(*path);
        if (!file || is_hidden(*path)) throw HttpError{404};
        return serve(request, *file, cache_control);
    };
    router.get(BasicRoutePattern<decltype(handler)>("/{path:path}").at(where), std::move(handler), std::move(route));
    return router;
}

} // namespace hxx
