// What an Environment is made of.
#pragma once

#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/program.hpp"
#include "hxx/jinja/template_cache.hpp"

#include <functional>
#include <unordered_map>

namespace hxx::jinja {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

} // namespace hxx::jinja

struct hxx::jinja::Environment::Impl {
    Options options;
    LoaderPtr loader;
    TextMap<Builtin> filters, tests;
    TextMap<Value> globals;
    std::unique_ptr<TemplateCache> templates; // since the environment was built

    /// From the cache or compiled now; throws TemplateNotFound.
    [[nodiscard]] CompiledPtr load(std::string_view name) const;
    /// Null if no loader has it.
    [[nodiscard]] CompiledPtr try_load(std::string_view name) const;
    [[nodiscard]] CompiledPtr compile(std::string source, std::string_view name, std::string path) const;
    [[nodiscard]] bool escapes(std::string_view name) const;
    [[nodiscard]] Builtin const* find_filter(std::string_view name) const {
        auto const found = filters.find(name);
        return found == filters.end() ? nullptr : &found->second;
    }
    [[nodiscard]] Builtin const* find_test(std::string_view name) const {
        auto const found = tests.find(name);
        return found == tests.end() ? nullptr : &found->second;
    }
    [[nodiscard]] Value const* find_global(std::string_view name) const {
        auto const found = globals.find(name);
        return found == globals.end() ? nullptr : &found->second;
    }
};

namespace hxx::jinja {
/// For what is built on the engine's inside: hxx/compiled.
[[nodiscard]] Environment::Impl const& impl_of(Environment const& environment) noexcept;
} // namespace hxx::jinja
