// An environment's options from JSON, by Jinja2's names and with Jinja2's defaults.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <boost/json/object.hpp>

namespace hxx::tool {

/// Throws std::exception for an option that there is not. An `autoescape` that is an object (template name to bool)
/// must outlive the environment, and serves one environment of a thread at a time.
[[nodiscard]] jinja::Options read_options(boost::json::object const& source);

} // namespace hxx::tool
