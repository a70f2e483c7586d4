// What an application is given beside its routes, one entry a thing.
#pragma once

#include "hxx/web/handler.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx {

namespace jinja {
class Context;
}

/// Adds variables to the context of every template.
using ContextProcessor = void (*)(Request& request, jinja::Context& context);

/// A value that handlers take as State<T>.
struct StateEntry {
    void const* key; // type_key<T>
    std::string_view type;
    std::shared_ptr<void> value;
};

/// Sees every response before it is sent, errors and static files too. It must not block.
class ResponseHook {
  public:
    template <class Function>
        requires(!std::is_same_v<Function, ResponseHook> && std::is_invocable_v<Function&, Request&, Response&>)
    ResponseHook(Function function)
        : function_(std::make_shared<Function>(std::move(function))),
          call_([](void* it, Request& request, Response& response) {
              static_cast<void>((*static_cast<Function*>(it))(request, response));
          }) {}
    void operator()(Request& request, Response& response) const { call_(function_.get(), request, response); }

  private: // what std::function is, whose header every application would pay for
    std::shared_ptr<void> function_;
    void (*call_)(void*, Request&, Response&);
};

/// What every route has to pass whose method may change something (all but GET, HEAD, OPTIONS and QUERY).
struct UnsafeGuard {
    DependencyRef dependency;        // runs before all others
    std::vector<std::string> exempt; // names of routes that it is not for
};

/// What stands in for a dependency.
struct OverrideEntry {
    void const* key;                     // function_key<fn>
    std::shared_ptr<void const> factory; // a DependencyOverride<Value>
    Requirement requirement;             // what the replacement needs
};

} // namespace hxx
