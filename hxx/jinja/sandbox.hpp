// What Options::sandbox keeps from templates: Jinja2's jinja2.sandbox.ImmutableSandboxedEnvironment, for C++ values.
#pragma once

#include "hxx/jinja/value.hpp"

namespace hxx::jinja {

/// The longest range() of a sandbox.
inline constexpr std::size_t sandbox_range = 100'000;

/// May a sandboxed template have object.name? Not if it begins with an underscore, if it is a method that changes a
/// list or a dict, or a function among a struct's members, which nobody has given to templates on purpose.
[[nodiscard]] bool is_safe_attribute(Value const& object, std::string_view name);
/// What it gets instead: an undefined value whose use is a SecurityError.
[[nodiscard]] Value unsafe_attribute(Value const& object, std::string_view name, UndefinedMode mode);

} // namespace hxx::jinja
