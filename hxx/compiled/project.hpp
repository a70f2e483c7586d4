// A directory of templates as a directory of C++ sources: what `hxx compile-templates` does.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <string>
#include <vector>

namespace hxx::compiled {

struct Project {
    std::string directory;               // of the templates
    std::string output;                  // of the sources; created
    std::string name = "templates";      // of the set, a C++ identifier
    std::vector<std::string> contexts{}; // headers with context types, as they are found and as they are included
    jinja::Options options{};            // of the environment that the templates are for
};

/// Writes, for each template, a header and a source of the same name, and NAME.cpp, which makes all of them known to
/// every environment of the program (jinja::registered_templates()). A file that would not change is left alone, and
/// one of a template that is gone is removed. Returns the sources' paths.
/// Throws jinja::Error for a template that is wrong, std::runtime_error for anything else.
std::vector<std::string> compile_project(Project const& project);

} // namespace hxx::compiled
