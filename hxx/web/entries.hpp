// What an application is given beside its routes, one entry a thing.
#pragma once

#include "hxx/web/handler.hpp"

#include <memory>
#include <string_view>

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

/// What stands in for a dependency.
struct OverrideEntry {
    void const* key;                     // function_key<fn>
    std::shared_ptr<void const> factory; // a DependencyOverride<Value>
    Requirement requirement;             // what the replacement needs
};

} // namespace hxx
