// Templates that were compiled to C++, as an environment takes them up: tables that the generator writes
// (hxx/compiled/generator.hpp), from which the environment makes what it makes of a source otherwise.
#pragma once

#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/program.hpp"
#include "hxx/jinja/registered.hpp"

#include <span>

namespace hxx::jinja {

/// A call, and the shape of its arguments; what a filter's or test's name means is looked up when the template is
/// loaded.
struct SiteSpec {
    enum class Kind : std::uint8_t { Call, Method, Filter, Test };
    Kind kind;
    std::string_view name;
    std::uint16_t positional;
    std::string_view keywords; // separated by blanks
    bool star, double_star, caller;
    bool soft; // in an if: an unknown filter fails when it is reached
    ast::Position at;
};

struct FunctionSpec {
    Function::Kind kind;
    std::string_view name;
    NativeFunction native;
    ast::Position at;
    std::int32_t registers;
    bool has_closures;
    std::span<std::string_view const> parameters;
    std::int32_t caller, kwargs, varargs; // registers, or -1
    bool explicit_caller;
};

struct BlockSpec {
    std::string_view name;
    std::size_t function;
    bool required, scoped;
    ast::Position at;
};

struct TemplateSpec {
    std::string_view name, source;
    std::string_view settings; // native_settings() of the options that it was compiled with
    bool autoescape;
    std::string_view parent; // the name in an extends at the top, if it is a constant
    bool has_extends;
    std::span<SiteSpec const> sites;
    std::span<FunctionSpec const> functions;
    std::span<BlockSpec const> blocks;
    std::span<std::string_view const> evaluated; // filters and tests whose results are part of the code
    std::size_t body, setup;
    std::size_t links; // how many templates it calls macros of
    std::span<TypedSpec const> typed{};

    [[nodiscard]] constexpr TemplateSpec with(std::span<TypedSpec const> contexts) const noexcept {
        auto copy = *this;
        copy.typed = contexts;
        return copy;
    }
};

/// The options that decide what a source means.
[[nodiscard]] std::string native_settings(Options const& options);

/// Throws std::invalid_argument if the environment's options are others than those that the template was compiled with.
void check_settings(Environment::Impl const& environment, TemplateSpec const& spec);

/// Throws Error if the environment lacks a filter or test, and std::invalid_argument if its options are others than
/// those that the template was compiled with. Null if it has replaced a filter whose result is part of the code.
[[nodiscard]] std::shared_ptr<Template::Compiled const> make_native(Environment::Impl const& environment,
                                                                    TemplateSpec const& spec);

} // namespace hxx::jinja
