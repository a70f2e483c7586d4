// JSON objects as tokens and keys hold them, read strictly.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hxx::jwt {

inline constexpr std::size_t max_json_depth = 16;

/// The object, if the text is one: RFC 8259 in UTF-8, no deeper than max_json_depth, its numbers finite, and no object
/// in it has two members of one name (RFC 7515 section 4: readers that disagree on which of them counts can be played
/// against one another). Otherwise nothing, and `why` tells what is wrong.
[[nodiscard]] std::optional<boost::json::object> parse_object(std::string_view text, std::string& why);

/// A member that must be a text if it is there. Throws std::invalid_argument if it is something else.
[[nodiscard]] std::optional<std::string> text_member(boost::json::object const& object, std::string_view name);

} // namespace hxx::jwt
