#include "hxx/web/dispatcher.hpp"

#include "hxx/async/watchdog.hpp"
#include "hxx/base/log.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/blueprint.hpp"
#include "hxx/web/errors.hpp"
#include "hxx/web/response.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace hxx {

namespace asio = boost::asio;

struct Dispatcher::Impl {
    Layout layout;
    std::vector<StateEntry> states;
    std::vector<OverrideEntry> overrides;
    std::vector<ContextProcessor> context_processors;
    jinja::Environment templates;
    DispatcherOptions options;
    std::vector<ResponseHook> response_hooks;
    std::unordered_map<std::string_view, Route const*> names;
    HandlerInfo no_handler{"(no route)", "", 0};
    bool synchronous_without_route = false;
    std::atomic<int> running_tasks{0};

    explicit Impl(Blueprint&& blueprint)
        : layout(lay_out(blueprint.router, blueprint.guard)),
          states(std::move(blueprint.states)),
          overrides(std::move(blueprint.overrides)),
          context_processors(std::move(blueprint.context_processors)),
          templates(std::move(blueprint.templates)),
          options(std::move(blueprint.options)),
          response_hooks(std::move(blueprint.response_hooks)) {
        check_requirements(layout, states, overrides);
        if (!options.request_id_header.empty() && !http::is_token(options.request_id_header))
            throw std::logic_error("request_id_header: '" + options.request_id_header +
                                   "' cannot be the name of a header field");
        for (auto& route : layout.routes) {
            if (!route->options.name.empty()) names.emplace(route->options.name, route.get());
            route->label = std::string(http::to_string(route->method)) + ' ' + route->pattern;
            route->info = {route->label, route->where.file_name(), route->where.line()};
            route->synchronous = is_synchronous(*route);
        }
        auto const& root = *layout.scopes.front();
        synchronous_without_route = root.middleware.empty() && handlers_are_synchronous(&root);
    }

    static bool handlers_are_synchronous(Scope const* scope) {
        for (; scope; scope = scope->parent)
            if (!std::ranges::all_of(scope->exception_handlers,
                                     [](auto const& handler) { return handler->synchronous(); }))
                return false;
        return true;
    }
    [[nodiscard]] bool is_synchronous(Route const& route) const {
        return route.endpoint->synchronous() && route.middleware.empty() && overrides.empty() &&
               std::ranges::all_of(route.dependencies, &DependencyRef::synchronous) &&
               handlers_are_synchronous(route.scope);
    }
    /// For the watchdog.
    [[nodiscard]] HandlerInfo const* info(Route const* route) const noexcept {
        return route ? &route->info : &no_handler;
    }
    /// The app's own scope stands for a path without a route.
    [[nodiscard]] Scope const* scope_of(Route const* route) const {
        return route ? route->scope : layout.scopes.front().get();
    }
    [[nodiscard]] ExceptionHandler const* exception_handler(Route const* route, std::exception_ptr const& error) const {
        for (auto const* scope = scope_of(route); scope; scope = scope->parent)
            for (auto const& handler : scope->exception_handlers)
                if (handler->matches(error)) return handler.get();
        return nullptr;
    }
    [[nodiscard]] std::chrono::milliseconds time_for(Route const* route) const {
        if (!route || !route->options.deadline) return options.request_deadline;
        return std::chrono::milliseconds(route->options.deadline->milliseconds());
    }
    [[nodiscard]] Middleware const* middleware(Route const* route, std::size_t index) const {
        if (route) return index < route->middleware.size() ? route->middleware[index] : nullptr;
        auto const& root = layout.scopes.front()->middleware;
        return index < root.size() ? root[index].get() : nullptr;
    }
};

Dispatcher::Dispatcher(Blueprint&& blueprint) : impl_(std::make_unique<Impl>(std::move(blueprint))) {}
Dispatcher::~Dispatcher() = default;

DispatcherOptions const& Dispatcher::options() const noexcept { return impl_->options; }
jinja::Environment const& Dispatcher::templates() const noexcept { return impl_->templates; }
std::vector<std::unique_ptr<Route>> const& Dispatcher::routes() const noexcept { return impl_->layout.routes; }
void Dispatcher::add_override(OverrideEntry entry) {
    std::erase_if(impl_->overrides, [&](OverrideEntry const& other) { return other.key == entry.key; });
    impl_->overrides.push_back(std::move(entry));
    check_requirements(impl_->layout, impl_->states, impl_->overrides);
    for (auto& route : impl_->layout.routes) route->synchronous = impl_->is_synchronous(*route);
}
bool Dispatcher::set_access_log(bool on) noexcept { return std::exchange(impl_->options.access_log, on); }
std::span<ContextProcessor const> Dispatcher::context_processors() const noexcept { return impl_->context_processors; }
int Dispatcher::running_tasks() const noexcept { return impl_->running_tasks.load(); }

Route const* Dispatcher::find_route(std::string_view name) const noexcept {
    auto const found = impl_->names.find(name);
    return found != impl_->names.end() ? found->second : nullptr;
}
void* Dispatcher::find_state(void const* key) const noexcept {
    auto const found = std::ranges::find(impl_->states, key, &StateEntry::key);
    return found != impl_->states.end() ? found->value.get() : nullptr;
}
void const* Dispatcher::find_override(void const* key) const noexcept {
    auto const found = std::ranges::find(impl_->overrides, key, &OverrideEntry::key);
    return found != impl_->overrides.end() ? found->factory.get() : nullptr;
}

void const* find_override(Request const& request, void const* function_key) noexcept {
    return request.app().find_override(function_key);
}

std::unique_ptr<http::Request> Dispatcher::make_request() { return std::make_unique<Request>(*this); }

http::Plan Dispatcher::plan(http::Request& base) noexcept {
    auto& request = static_cast<Request&>(base);
    if (impl_->options.access_log)
        request.served.started_ns = std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    auto const found = impl_->layout.tree.find(request.path(), request.method(), request.mutable_path_parameters());
    auto const* route = found.route;
    request.set_route(route);
    http::Plan plan;
    plan.body_limit = route && route->options.body_limit != 0 ? route->options.body_limit : impl_->options.body_limit;
    plan.synchronous = route ? route->synchronous : impl_->synchronous_without_route;
    plan.time = impl_->time_for(route);
    // Nobody reads the body of a path without a route: it is not worth waiting for.
    plan.stream_body = route ? route->endpoint->streams_body() : true;
    return plan;
}

namespace {

/// "/users/" for "/users" and the other way round.
std::string toggle_slash(std::string_view path) {
    return path.ends_with('/') ? std::string(path.substr(0, path.size() - 1)) : std::string(path) + '/';
}

} // namespace

Response Dispatcher::answer_without_route(Request& request) const {
    PathParameters ignored;
    auto const& tree = impl_->layout.tree;
    auto const found = tree.find(request.path(), request.method(), ignored);
    if (!found.allowed.empty()) {
        auto allowed = found.allowed;
        allowed.add(http::Method::Options);
        if (request.method() == http::Method::Options) return empty_response().header("Allow", allowed.allow());
        throw HttpError{405}.header("Allow", allowed.allow());
    }
    if (request.method() == http::Method::Options && request.path() == "*") return empty_response();
    // "//host" in a Location would lead to another server.
    if (impl_->options.redirect_slashes && request.path().size() > 1 && !request.path().starts_with("//")) {
        auto other = toggle_slash(request.path());
        if (tree.find(other, request.method(), ignored).route) {
            if (!request.query().empty()) other.append(1, '?').append(request.query());
            return redirect(other, 307);
        }
    }
    throw HttpError{404};
}

Response Dispatcher::respond(Request& request) const noexcept {
    auto const* route = request.route();
    std::exception_ptr error;
    try {
        if (!route) return answer_without_route(request);
        for (auto const& dependency : route->dependencies) dependency.run(request);
        return route->endpoint->call(request);
    } catch (...) {
        error = std::current_exception();
    }
    try {
        if (auto const* handler = impl_->exception_handler(route, error)) return handler->call(request, error);
    } catch (...) {
        error = std::current_exception(); // an exception handler that fails is answered as its own error
    }
    return default_exception_response(request, error);
}

Task<Response> Dispatcher::respond_async(Request& request, Route const* route) const {
    if (!route) co_return answer_without_route(request);
    for (auto const& dependency : route->dependencies) co_await dependency.run_async(request);
    co_return co_await route->endpoint->call_async(request);
}

Task<Response> Dispatcher::answer_exception(Request& request, Route const* route, std::exception_ptr error) const {
    if (auto* tasks = request.background_tasks())
        *tasks = BackgroundTasks(); // they belong to an answer that is not given
    try {
        auto const* handler = impl_->exception_handler(route, error);
        if (!handler && request.overdue() && is_unexpected(error)) {
            error = deadline_error();
            handler = impl_->exception_handler(route, error);
        }
        if (handler) co_return co_await handler->call_async(request, error);
    } catch (...) {
        error = std::current_exception();
    }
    co_return default_exception_response(request, error);
}

Task<Response> Dispatcher::run_from(Request& request, Route const* route, std::size_t middleware_index) const {
    std::exception_ptr error;
    try {
        if (auto const* middleware = impl_->middleware(route, middleware_index))
            co_return co_await middleware->call(request, Next(route, middleware_index + 1));
        co_return co_await respond_async(request, route);
    } catch (...) {
        error = std::current_exception();
    }
    co_return co_await answer_exception(request, route, error);
}

Task<Response> Next::operator()(Request& request) const { return request.app().run_from(request, route_, index_); }

// Cancelled when its time is over, the whole way unwinds to here: nothing of it can await any more.
Task<Response> Dispatcher::respond_in_time(Request& request) const {
    try {
        co_return co_await run_from(request, request.route(), 0);
    } catch (...) {
        if (!request.overdue()) throw; // the server ends
    }
    co_await asio::this_coro::reset_cancellation_state();
    co_return co_await answer_exception(request, request.route(), deadline_error());
}

void Dispatcher::finish(Request& request, Response& response) const {
    request.lift_deadline();
    if (is_json_for_htmx(request, response)) response = json_for_htmx_response(request);
    if (auto const* additions = request.additions()) response.merge(*additions);
    try {
        response.settle(request);
        for (auto const& hook : impl_->response_hooks) hook(request, response);
    } catch (...) {
        response = default_exception_response(request, std::current_exception());
    }
    if (auto const& name = impl_->options.request_id_header; !name.empty()) {
        response.headers().remove(name);
        response.headers().add_unchecked(name, request.id()); // the name was checked when the dispatcher was built
    }
    request.served.status = response.status();
}

void Dispatcher::handle(http::Request& base, http::Response& out) noexcept {
    auto& request = static_cast<Request&>(base);
    Watchdog::Scope const scope(impl_->info(request.route()));
    auto response = respond(request);
    finish(request, response);
    out = std::move(response);
}

Task<void> Dispatcher::serve(Request& request, http::Response& out) const {
    auto response = co_await respond_in_time(request);
    if (request.overdue()) log_overdue(request);
    finish(request, response);
    out = std::move(response);
}

Task<void> Dispatcher::handle_async(http::Request& base, http::Response& out) {
    auto& request = static_cast<Request&>(base);
    co_await watched_task(serve(request, out), impl_->info(request.route()));
    if (request.background_tasks()) request.set_executor(co_await asio::this_coro::executor);
}

void Dispatcher::adopt(Route& route) const {
    route.scope = impl_->layout.scopes.front().get();
    for (auto const& middleware : route.scope->middleware) route.middleware.push_back(middleware.get());
}

Task<void> Dispatcher::handle_by(Route const& route, Request& request, http::Response& response) {
    request.set_route(&route);
    co_await handle_async(request, response);
}

namespace {

/// Counts background tasks until they have ended, or were destroyed because their loop was.
class Running {
  public:
    explicit Running(std::atomic<int>& count) noexcept : count_(&count) { count_->fetch_add(1); }
    Running(Running&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Running& operator=(Running&&) = delete;
    ~Running() {
        if (count_) count_->fetch_sub(1);
    }

  private:
    std::atomic<int>* count_;
};

} // namespace

void Dispatcher::sent(http::Request& base) noexcept {
    auto& request = static_cast<Request&>(base);
    if (impl_->options.access_log) log_access(request);
    request.dependencies().clear();
    auto* tasks = request.background_tasks();
    auto const* executor = request.executor();
    if (!tasks || tasks->empty() || !executor) return;
    asio::co_spawn(*executor, BackgroundTasks::run(std::move(*tasks)),
                   [running = Running(impl_->running_tasks)](std::exception_ptr const&) {});
}

void Dispatcher::log_access(Request const& request) const noexcept {
    auto const now = std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    log::info("request", {{"method", http::to_string(request.method())},
                          {"target", request.target()},
                          {"status", request.served.status},
                          {"ms", static_cast<double>((now - request.served.started_ns) / 1000) / 1000.0},
                          {"peer", request.peer().address},
                          {"id", request.id()}});
}

void Dispatcher::log_overdue(Request const& request) const {
    auto const* route = request.route();
    log::warn("a request was not answered within its deadline; make it faster, or give its route a longer .deadline",
              {{"route", route ? std::string_view(route->label) : std::string_view("(none)")},
               {"limit_ms", impl_->time_for(route).count()},
               {"target", request.target()},
               {"request_id", request.id()}});
}

void Dispatcher::refuse(http::Request const& request, int status, std::string_view reason,
                        http::Response& response) noexcept {
    Problem problem;
    problem.status = status;
    problem.detail = reason;
    response = plain_problem_response(static_cast<Request const&>(request), problem);
}

} // namespace hxx
