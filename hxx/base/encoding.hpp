// Bytes as text: hexadecimal, Base64 and Base64url (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hxx {

/// Lower-case digits, two a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Nothing for an odd length or another character than 0-9 a-f A-F.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

/// With padding (RFC 4648 section 4).
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Nothing for wrong padding, another character of any kind, or bits left over that are not zero.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// Without padding, safe in URLs, cookies and file names (RFC 4648 section 5).
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// As strict as from_base64; padding is refused.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

} // namespace hxx
