// Router: routes with a common prefix, and what lies around them.
//
//     Router admin_routes() {
//         Router router{"/users"};
//         router.get("", list_users);                        // mounted at /admin: GET /admin/users
//         router.del("/{user_id}", delete_user);
//         router.exception<OutOfStock>([](OutOfStock const& error, View view) { … });
//         return router;
//     }
//     app.mount("/admin", admin_routes());
#pragma once

#include "hxx/http/message.hpp"
#include "hxx/web/endpoint.hpp"
#include "hxx/web/pattern.hpp"

#include <initializer_list>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class HttpError;
struct StaticFilesOptions;

class Router {
  public:
    /// prefix: a pattern of its own, empty or "/users" or "/teams/{team_id}"; a trailing slash is dropped. Throws
    /// std::invalid_argument if it is not a pattern. A route reads a prefix's parameter as Path<T, "team_id",
    /// from_prefix>.
    explicit Router(std::string_view prefix = "");
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;
    ~Router();

    // A handler is a coroutine (Task<Response>), or a plain function, which must not block. Its parameters are injected
    // (hxx/web/inject.hpp); a pattern that lacks a Path parameter of the handler does not compile. Instead of a
    // Response it may return what to_response (hxx/web/response.hpp) takes: a struct as JSON, a string as text, nothing
    // as 204.

    template <class Handler>
    Router& get(BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler, RouteOptions options = {}) {
        return add(http::Method::Get, pattern, std::forward<Handler>(handler), std::move(options));
    }
    template <class Handler>
    Router& post(BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler, RouteOptions options = {}) {
        return add(http::Method::Post, pattern, std::forward<Handler>(handler), std::move(options));
    }
    template <class Handler>
    Router& put(BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler, RouteOptions options = {}) {
        return add(http::Method::Put, pattern, std::forward<Handler>(handler), std::move(options));
    }
    template <class Handler>
    Router& patch(BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler, RouteOptions options = {}) {
        return add(http::Method::Patch, pattern, std::forward<Handler>(handler), std::move(options));
    }
    /// DELETE, which C++ keeps for itself.
    template <class Handler>
    Router& del(BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler, RouteOptions options = {}) {
        return add(http::Method::Delete, pattern, std::forward<Handler>(handler), std::move(options));
    }
    /// Any method: route(http::Method::Query, "/search", search).
    template <class Handler>
    Router& route(http::Method method, BasicRoutePattern<std::decay_t<Handler>> pattern, Handler&& handler,
                  RouteOptions options = {}) {
        return add(method, pattern, std::forward<Handler>(handler), std::move(options));
    }

    /// Takes another router's routes in under prefix + its own prefix, with their scopes inside this one.
    Router& mount(std::string_view prefix, Router router);
    Router& mount(Router router) { return mount("", std::move(router)); }
    /// Serves the files of a directory under prefix (hxx/web/static_files.hpp).
    Router& static_files(std::string_view prefix, std::string_view directory,
                         std::source_location where = std::source_location::current());
    Router& static_files(std::string_view prefix, std::string_view directory, StaticFilesOptions const& options,
                         std::source_location where = std::source_location::current());

    /// Lays a middleware, Task<Response>(Request&, Next), around all routes of this router; the first one is outermost.
    template <class Callable>
    Router& use(Callable middleware) {
        static_assert(
            std::is_same_v<decltype(middleware(std::declval<Request&>(), std::declval<Next>())), Task<Response>>,
            "hxx: a middleware is a coroutine Task<Response>(Request&, Next)");
        return add_middleware(make_middleware(std::move(middleware)));
    }
    /// Runs dependencies before all routes of this router, for their effect alone: depend_on({depends<require_admin>}).
    Router& depend_on(std::initializer_list<DependencyRef> dependencies);

    /// Answers exceptions of type E (or derived) from this router's routes: [](OutOfStock const& error, View view) { …
    /// }. The innermost router is asked first, and within it in the order of registration.
    template <class E, class Callable>
    Router& exception(Callable handler) {
        return add_exception_handler(make_exception_handler<E>(std::move(handler)));
    }
    /// Answers an HttpError of one status; 404 and 405 of paths without a route are such errors too, on the app itself.
    template <class Callable>
    Router& exception(int status, Callable handler) {
        return add_exception_handler(make_exception_handler<HttpError>(std::move(handler), status));
    }

    /// For the dispatcher: everything that was added. Ends the router's use.
    struct Contents;
    [[nodiscard]] Contents& contents() noexcept { return *contents_; }

  private:
    template <class Handler>
    Router& add(http::Method method, BasicRoutePattern<std::decay_t<Handler>> const& pattern, Handler&& handler,
                RouteOptions&& options) {
        return add_route(method, pattern.text(), pattern.where(),
                         make_endpoint<std::decay_t<Handler>>(std::forward<Handler>(handler)), std::move(options));
    }
    Router& add_route(http::Method method, std::string_view pattern, std::source_location where,
                      std::unique_ptr<Endpoint const> endpoint, RouteOptions&& options);
    Router& add_middleware(std::unique_ptr<Middleware const> middleware);
    Router& add_exception_handler(std::unique_ptr<ExceptionHandler const> handler);

    std::unique_ptr<Contents> contents_;
};

} // namespace hxx
