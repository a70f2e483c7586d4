// A route as the application serves it, and the type-erased pieces that run for it.
#pragma once

#include "hxx/async/handler_info.hpp"
#include "hxx/async/task.hpp"
#include "hxx/http/message.hpp"
#include "hxx/web/pattern.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

class Request;
class Response;

/// Something that a handler or a dependency needs from elsewhere, known from its parameters' types. All of an app's
/// requirements are checked when it starts, not at the first request.
struct Requirement {
    enum class Kind : unsigned char { Dependency, State, PathParameter };
    Kind kind;
    void const* key;                                 // of the dependency's function or the state's type
    std::string_view name;                           // the function, the type or the parameter, for people
    std::vector<Requirement> (*further)() = nullptr; // what a dependency itself needs
};
using Requirements = std::vector<Requirement>;

/// A handler and the extraction of its parameters. call() may be used only when synchronous() is true.
class Endpoint {
  public:
    virtual ~Endpoint() = default;
    [[nodiscard]] virtual bool synchronous() const noexcept = 0;
    [[nodiscard]] virtual bool streams_body() const noexcept = 0;
    virtual Response call(Request& request) const = 0;
    virtual Task<Response> call_async(Request& request) const = 0;
    [[nodiscard]] virtual Requirements requirements() const = 0;
};

/// A dependency that runs for its effect alone; made by depends<fn> (hxx/web/depends.hpp).
struct DependencyRef {
    bool synchronous;
    void (*run)(Request& request); // null unless synchronous
    Task<void> (*run_async)(Request& request);
    Requirement requirement;
};

/// What is left of the way to the handler: the next middleware, or the handler itself.
class Next;

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
    [[nodiscard]] virtual bool synchronous() const noexcept = 0;
    virtual Response call(Request& request, std::exception_ptr error) const = 0;
    virtual Task<Response> call_async(Request& request, std::exception_ptr error) const = 0;
    [[nodiscard]] virtual Requirements requirements() const = 0;
};

/// What a router lays around its routes. The innermost scope's exception handlers are asked first; the outermost
/// scope's middleware and dependencies run first.
struct Scope {
    Scope const* parent = nullptr;
    std::vector<DependencyRef> dependencies;
    std::vector<std::unique_ptr<Middleware const>> middleware;
    std::vector<std::unique_ptr<ExceptionHandler const>> exception_handlers;
};

/// Options of one route: app.get("/report", report, {.name = "report", .dependencies = {depends<rate_limited>}}).
struct RouteOptions {
    std::string name = {};                        // for url_for; no name by default
    std::vector<DependencyRef> dependencies = {}; // run before the handler, for their effect alone
    std::size_t body_limit = 0;                   // bytes; 0 takes the app's limit
};

struct Route {
    std::string pattern;    // whole, with the prefixes of its routers
    pattern::Parsed parsed; // of `pattern`, with views into it
    http::Method method = http::Method::Get;
    std::unique_ptr<Endpoint const> endpoint;
    RouteOptions options;
    std::source_location where; // of its registration: the handler's line in logs and reports
    Scope const* scope = nullptr;
    std::vector<DependencyRef> dependencies;   // of all its scopes, outermost first, then its own
    std::vector<Middleware const*> middleware; // of all its scopes, outermost first
    std::string label;                         // "GET /users/{user_id}"
    HandlerInfo info;                          // for the watchdog, with views into label
    bool synchronous = false;                  // nothing on the whole way is a coroutine
};

} // namespace hxx
