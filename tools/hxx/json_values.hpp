// Values for templates from JSON, and the forms for what JSON lacks: an object whose only key is one of
//     {"$tuple": […]}   {"$markup": "<b>"}   {"$dict": [[key, value], …]}   {"$int": "1180591620717411303424"}
//     {"$float": "nan"}   {"$object": {"class", "attrs": {…}, "str", "repr", "items"?}}
// where $float takes nan, inf and -inf too, and an $object has attributes and, with items, is a tuple as well.
#pragma once

#include "hxx/jinja/value.hpp"

#include <boost/json/value.hpp>
#include <string_view>

namespace hxx::tool {

/// Throws boost::system::system_error for what is no JSON.
[[nodiscard]] boost::json::value parse_json(std::string_view text);

/// The value owns all that it holds. Throws std::exception if one of the forms holds what it should not.
[[nodiscard]] jinja::Value to_value(boost::json::value const& source);

} // namespace hxx::tool
