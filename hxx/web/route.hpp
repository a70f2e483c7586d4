// A route as the application serves it.
#pragma once

#include "hxx/async/handler_info.hpp"
#include "hxx/http/message.hpp"
#include "hxx/web/handler.hpp"
#include "hxx/web/pattern.hpp"

#include <memory>
#include <source_location>
#include <string>
#include <vector>

namespace hxx {

/// What a router lays around its routes. The innermost scope's exception handlers are asked first; the outermost
/// scope's middleware and dependencies run first.
struct Scope {
    Scope const* parent = nullptr;
    std::vector<DependencyRef> dependencies;
    std::vector<std::unique_ptr<Middleware const>> middleware;
    std::vector<std::unique_ptr<ExceptionHandler const>> exception_handlers;
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
