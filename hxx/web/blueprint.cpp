#include "hxx/web/blueprint.hpp"

#include "hxx/web/router_contents.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace hxx {

namespace {

void add_route(Layout& layout, std::string const& prefix, Route&& given, Scope const* scope) {
    auto& route = *layout.routes.emplace_back(std::make_unique<Route>(std::move(given)));
    route.pattern = prefix + route.pattern;
    if (route.pattern.empty()) route.pattern = "/";
    route.parsed = pattern::parse(route.pattern);
    route.scope = scope;
    if (route.parsed.mistake != pattern::Mistake::None)
        throw std::logic_error("hxx: " + describe(route) + ": the pattern with its prefix is wrong: " +
                               std::string(pattern::explain(route.parsed.mistake)));
    for (auto const* it = scope; it; it = it->parent) {
        route.dependencies.insert(route.dependencies.begin(), it->dependencies.begin(), it->dependencies.end());
        for (auto at = it->middleware.rbegin(); at != it->middleware.rend(); ++at)
            route.middleware.insert(route.middleware.begin(), at->get());
    }
    auto const& own = route.options.dependencies;
    route.dependencies.insert(route.dependencies.end(), own.begin(), own.end());
    if (auto const* other = layout.tree.insert(route))
        throw std::logic_error("hxx: two routes for one address: " + describe(route) + " and " + describe(*other));
}

void add_router(Layout& layout, std::string const& prefix, Router& router, Scope const* parent) {
    auto& contents = router.contents();
    auto* scope = layout.scopes.emplace_back(std::make_unique<Scope>(std::move(contents.scope))).get();
    scope->parent = parent;
    auto const whole = prefix + contents.prefix;
    for (auto& route : contents.routes) add_route(layout, whole, std::move(route), scope);
    for (auto& [mount, mounted] : contents.mounts) add_router(layout, whole + mount, mounted, scope);
}

void check_names(Layout const& layout) {
    for (auto const& route : layout.routes) {
        if (route->options.name.empty()) continue;
        for (auto const& other : layout.routes)
            if (other != route && other->options.name == route->options.name && other->pattern != route->pattern)
                throw std::logic_error("hxx: two routes are named '" + route->options.name + "': " + describe(*route) +
                                       " and " + describe(*other));
    }
}

bool may_change_something(http::Method method) {
    using enum http::Method;
    return method != Get && method != Head && method != Options && method != Query;
}

void put_up(Layout& layout, UnsafeGuard const& guard) {
    for (auto const& name : guard.exempt)
        if (std::ranges::none_of(layout.routes, [&](auto const& route) { return route->options.name == name; }))
            throw std::logic_error("hxx: no route is named '" + name + "', which should be exempt from " +
                                   std::string(guard.dependency.requirement.name));
    for (auto& route : layout.routes)
        if (may_change_something(route->method) &&
            std::ranges::find(guard.exempt, route->options.name) == guard.exempt.end())
            route->dependencies.insert(route->dependencies.begin(), guard.dependency);
}

/// Walks the graph of what one route requires.
class RequirementCheck {
  public:
    RequirementCheck(Route const& route, std::vector<StateEntry> const& states,
                     std::vector<OverrideEntry> const& overrides)
        : route_(route), states_(states), overrides_(overrides) {}

    void check_all(Requirements const& requirements) {
        for (auto const& requirement : requirements) check(requirement);
    }

    void check(Requirement const& requirement) {
        switch (requirement.kind) {
        case Requirement::Kind::State:
            if (std::ranges::find(states_, requirement.key, &StateEntry::key) == states_.end())
                fail("State<" + std::string(requirement.name) +
                     ">: the app has no state of this type; give it one with app.state(…)");
            break;
        case Requirement::Kind::PathParameter:
            if (!route_.parsed.has(requirement.name))
                fail("Path<…, \"" + std::string(requirement.name) + "\">: the pattern has no such parameter");
            break;
        case Requirement::Kind::Dependency: check_dependency(requirement); break;
        case Requirement::Kind::Input:
        case Requirement::Kind::RawRequest: break;
        }
    }

  private:
    void check_dependency(Requirement const& requirement) {
        bool const cycle = std::ranges::find(chain_, requirement.key, &Requirement::key) != chain_.end();
        chain_.push_back(requirement);
        if (cycle) fail("this dependency depends on itself");
        auto const override = std::ranges::find(overrides_, requirement.key, &OverrideEntry::key);
        auto const& further = override != overrides_.end() ? override->requirement.further : requirement.further;
        if (further) check_all(further());
        chain_.pop_back();
    }

    [[noreturn]] void fail(std::string const& what) const {
        std::string message = "hxx: " + describe(route_);
        for (auto const& link : chain_) message.append(" → ").append(link.name);
        throw std::logic_error(message + " → " + what);
    }

    Route const& route_;
    std::vector<StateEntry> const& states_;
    std::vector<OverrideEntry> const& overrides_;
    Requirements chain_;
};

} // namespace

std::string describe(Route const& route) {
    return std::string(http::to_string(route.method)) + ' ' + route.pattern + " (" + route.where.file_name() + ':' +
           std::to_string(route.where.line()) + ')';
}

Layout lay_out(Router& router, std::optional<UnsafeGuard> const& guard) {
    Layout layout;
    add_router(layout, "", router, nullptr);
    check_names(layout);
    if (guard) put_up(layout, *guard);
    return layout;
}

void check_requirements(Layout const& layout, std::vector<StateEntry> const& states,
                        std::vector<OverrideEntry> const& overrides) {
    for (auto const& route : layout.routes) {
        RequirementCheck check(*route, states, overrides);
        check.check_all(route->endpoint->requirements());
        for (auto const& dependency : route->dependencies) check.check(dependency.requirement);
        for (auto const* scope = route->scope; scope; scope = scope->parent)
            for (auto const& handler : scope->exception_handlers) check.check_all(handler->requirements());
    }
}

} // namespace hxx
