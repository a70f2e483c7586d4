// JSON as HTTP headers need it. For this room's sources only: it includes Boost.JSON.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hxx::htmx {

[[nodiscard]] std::optional<boost::json::value> parse_json(std::string_view text);
/// On one line, with everything over U+007F as \uXXXX.
[[nodiscard]] std::string ascii_json(boost::json::value const& value);

} // namespace hxx::htmx
