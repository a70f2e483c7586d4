// A directory of templates as a directory of C++ sources: what `hxx compile-templates` does.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::compiled {

struct Project {
    std::string directory;               // of the templates
    std::string output;                  // of the sources; created
    std::string name = "templates";      // of the set, a C++ identifier
    std::vector<std::string> contexts{}; // headers with context types, as they are found and as they are included
    jinja::Options options{};            // of the environment that the templates are for
    /// The variables that the application adds to every template: globals, and what context processors add. If they are
    /// given, a variable that is none of them, nor of the context, nor app_variables(), is an error.
    std::optional<std::vector<std::string>> globals{};
    /// Its filters and tests. If they are given, another name is an error, unless it is Jinja2's.
    std::optional<std::vector<std::string>> filters{};
};

/// What every template has that an hxx::App renders.
[[nodiscard]] std::span<std::string_view const> app_variables() noexcept;

/// Writes, for each template, a header and a source of the same name, and NAME.cpp, which makes all of them known to
/// every environment of the program (jinja::registered_templates()). A file that would not change is left alone, and
/// one of a template that is gone is removed. Returns the sources' paths.
/// Throws jinja::Error for a template that is wrong, std::runtime_error for anything else.
std::vector<std::string> compile_project(Project const& project);

} // namespace hxx::compiled
