// `hxx render TEMPLATE`: a template rendered from the command line.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace hxx::tool {

struct RenderCommand {
    std::string template_name{};            // "-": standard input
    std::string context_file{};             // JSON; "-": standard input; empty: none
    std::vector<std::string> assignments{}; // name=value, above what the file has
    std::vector<std::string> search{};      // directories of templates; none: that of the template
    bool strict = false;                    // an undefined variable is an error
};

/// Writes the rendering to `out`, or to `err` what is wrong; the process's status.
int render(RenderCommand const& command, std::istream& in, std::ostream& out, std::ostream& err);

} // namespace hxx::tool
