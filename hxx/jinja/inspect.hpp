// Template::inspect().
#pragma once

#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/template_info.hpp"

namespace hxx::jinja {

/// Parses and compiles the template's source again, for what its instructions do not tell.
[[nodiscard]] TemplateInfo inspect_template(Environment::Impl const& environment, Template::Compiled const& compiled);

} // namespace hxx::jinja
