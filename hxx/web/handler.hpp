// The type-erased pieces that run for a route: handler, dependencies, middleware, exception handlers.
#pragma once

#include "hxx/async/coroutine_types.hpp"
#include "hxx/base/duration.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

class Request;
class Response;
struct Route;

/// Something that a handler or a dependency needs from elsewhere, known from its parameters' types. All of an app's
/// requirements are checked when it starts, not at the first request.
struct Requirement {
    // Input: a body that is validated. RawRequest: a Request&, with which it can be read without that.
    enum class Kind : unsigned char { Dependency, State, PathParameter, Input, RawRequest };
    Kind kind;
    void const* key;                                 // of the dependency's function or the type
    std::string_view name;                           // the function, the type or the parameter, for people
    std::vector<Requirement> (*further)() = nullptr; // what a dependency itself needs
};
using Requirements = std::vector<Requirement>;

/// A handler and the extraction of its parameters. call() may be used only when synchronous() is true, call_async()
/// always.
class Endpoint {
  public:
    virtual ~Endpoint() = default;
    [[nodiscard]] virtual bool synchronous() const noexcept { return true; }
    [[nodiscard]] virtual bool streams_body() const noexcept = 0;
    virtual Response call(Request& request) const = 0;
    virtual Task<Response> call_async(Request& request) const;
    [[nodiscard]] virtual Requirements requirements() const = 0;
};

/// A dependency that runs for its effect alone; made by depends<fn> (hxx/web/depends.hpp).
struct DependencyRef {
    bool synchronous;
    void (*run)(Request& request); // null unless synchronous
    Task<void> (*run_async)(Request& request);
    Requirement requirement;
};

/// What is left of the way to the handler. `co_await next(request)` gives its response; errors have become responses by
/// then.
class Next {
  public:
    Task<Response> operator()(Request& request) const;

    Next(Route const* route, std::size_t index) noexcept : route_(route), index_(index) {}

  private:
    Route const* route_; // null: no route was found, and the innermost answer is 404 or 405
    std::size_t index_;
};

class Middleware {
  public:
    virtual ~Middleware() = default;
    virtual Task<Response> call(Request& request, Next next) const = 0;
};

class ExceptionHandler {
  public:
    virtual ~ExceptionHandler() = default;
    /// True if this handler is for that exception.
    [[nodiscard]] virtual bool matches(std::exception_ptr const& error) const = 0;
    [[nodiscard]] virtual bool synchronous() const noexcept { return true; }
    virtual Response call(Request& request, std::exception_ptr error) const = 0;
    virtual Task<Response> call_async(Request& request, std::exception_ptr error) const;
    [[nodiscard]] virtual Requirements requirements() const = 0;
};

/// Options of one route: app.get("/report", report, {.name = "report", .dependencies = {depends<rate_limited>}}).
struct RouteOptions {
    std::string name = {};                        // for url_for; no name by default
    std::vector<DependencyRef> dependencies = {}; // run before the handler, for their effect alone
    std::size_t body_limit = 0;                   // bytes; 0 takes the app's limit
    bool json_for_htmx = false;                   // its JSON is meant for htmx, which would show it as text
    /// Instead of the app's request_deadline; zero: none.
    std::optional<Duration> deadline = {};
};

} // namespace hxx
