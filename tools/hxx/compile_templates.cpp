#include "tools/hxx/compile_templates.hpp"

#include "hxx/jinja/error.hpp"

#include <exception>
#include <ostream>

namespace hxx::tool {

int compile_templates(compiled::Project const& project, std::ostream& out, std::ostream& err) {
    try {
        for (auto const& source : compiled::compile_project(project)) out << source << '\n';
        return 0;
    } catch (jinja::Error const& error) {
        if (error.has_place()) err << project.directory << '/'; // so that an editor finds the file
        err << error.what() << '\n';
        return 1;
    } catch (std::exception const& error) {
        err << error.what() << '\n';
        return 1;
    }
}

} // namespace hxx::tool
