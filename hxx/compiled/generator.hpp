// Generator: a template as C++ source, of the same syntax tree that the interpreter runs from.
//
// A template becomes a struct of function templates: its body, its setup (the body without output), each block, macro
// and recursive loop. Their parameter C is what they run with (hxx/compiled/frame.hpp); they call the overloaded
// functions of hxx/compiled/runtime.hpp and leave the types to `auto`, so that what is a Value and what is a C++ type
// of the context's go through the same code. #line leads back to the template.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::compiled {

/// A macro that another template may call as a C++ function: it uses nothing but its parameters.
struct DirectMacro {
    std::string name;
    std::size_t function; // its number in the template
    std::vector<std::string> parameters;
};

/// What a template is to those that import it: macros and text alone, so that it need not be run to be imported.
struct Module {
    std::string name, symbol;
    std::vector<DirectMacro> macros;     // those that can be called directly
    std::vector<std::string> exported{}; // all of them
    bool autoescape = true;
    [[nodiscard]] DirectMacro const* find(std::string_view name) const noexcept {
        for (auto const& macro : macros)
            if (macro.name == name) return &macro;
        return nullptr;
    }
};

struct Generated {
    std::string symbol;             // the struct's name: t_pages_susers_dhtml
    std::string code;               // of a header in namespace hxx::compiled, without what it includes
    std::optional<Module> module;   // if it is one
    std::vector<std::string> typed; // its functions that run with the variables of a context's type
    std::vector<std::string> uses;  // the templates that it extends and includes by name, whose headers it needs
};

using NameSet = std::set<std::string, std::less<>>;

struct Source {
    std::string name;
    std::string text;
    std::string file; // what compilers and debuggers call it
    /// Is the template of that name compiled too, so that it can be extended and included as C++?
    std::function<bool(std::string_view)> compiled = [](std::string_view) { return false; };
    /// What it is to those that import it; null if that is not known, or it must be run.
    std::function<Module const*(std::string_view)> module = [](std::string_view) { return nullptr; };
    /// The variables that every template has. If they are given, another must be the context's or a template's.
    std::optional<NameSet> globals{};
    /// The filters and tests of the application. If they are given, there are no others than these and Jinja2's.
    std::optional<NameSet> filters{};
};

/// Throws jinja::Error for a template that is wrong.
[[nodiscard]] Generated generate(jinja::Environment const& environment, Source source);

/// A template's name as an identifier; different names have different ones.
[[nodiscard]] std::string symbol_of(std::string_view name);

} // namespace hxx::compiled
