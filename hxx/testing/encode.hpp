// Forms as bytes, the way each client writes them. For this room's sources.
#pragma once

#include "hxx/testing/request_body.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hxx::testing_detail {

/// encodeURIComponent leaves different characters alone than a form does, and writes a space as %20, not as "+".
enum class Spaces : bool { Plus, Percent };
[[nodiscard]] std::string encode_fields(std::span<FormField const> fields, Spaces spaces);
/// encodeURI: what is a URL's own stays as it is.
[[nodiscard]] std::string encode_uri(std::string_view text);

struct Encoded {
    std::string content_type, bytes;
};
[[nodiscard]] Encoded encode_multipart(RequestBody const& body);

/// The query without its fields of those names.
[[nodiscard]] std::string without_fields(std::string_view query, std::span<FormField const> names);

} // namespace hxx::testing_detail
