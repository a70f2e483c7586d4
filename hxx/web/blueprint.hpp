// From an application's parts to the routes that are served, with every check that can be made before the first
// request.
#pragma once

#include "hxx/web/dispatcher.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace hxx {

/// The routes of a router and of those mounted in it, with their scopes.
struct Layout {
    std::vector<std::unique_ptr<Scope>> scopes; // the first one is the app's own
    std::vector<std::unique_ptr<Route>> routes;
    RouteTree tree;
};

/// Takes the router apart. Throws std::logic_error as Dispatcher's constructor says.
Layout lay_out(Router& router, std::optional<UnsafeGuard> const& guard);

/// Checks what every route's handler, dependencies and exception handlers require against what the app has.
void check_requirements(Layout const& layout, std::vector<StateEntry> const& states,
                        std::vector<OverrideEntry> const& overrides);

/// "GET /users/{user_id} (src/main.cpp:42)".
std::string describe(Route const& route);

} // namespace hxx
