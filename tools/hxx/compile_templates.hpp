// `hxx compile-templates DIRECTORY`: templates as C++.
#pragma once

#include "hxx/compiled/project.hpp"

#include <iosfwd>

namespace hxx::tool {

/// Writes the names of the sources to `out`, or what is wrong to `err`; the process's status.
int compile_templates(compiled::Project const& project, std::ostream& out, std::ostream& err);

} // namespace hxx::tool
