// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing over U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hxx::utf8 {

/// One code point at the front of a text, and the bytes it takes.
struct Decoded {
    char32_t code_point; // U+FFFD where the bytes are not valid
    std::size_t size;    // at least 1 for a text that is not empty
    bool valid;
};
/// text may not be empty. Of bytes that are not valid, takes the longest start of a sequence that could have been
/// valid, so that what is left can be read (the Unicode standard's "maximal subpart").
[[nodiscard]] Decoded decode(std::string_view text) noexcept;

[[nodiscard]] bool is_valid(std::string_view text) noexcept;

/// Code points; each unreadable sequence counts as one.
[[nodiscard]] std::size_t length(std::string_view text) noexcept;

/// The first max_code_points of the text.
[[nodiscard]] std::string_view truncate(std::string_view text, std::size_t max_code_points) noexcept;
/// As much of the text as fits in max_bytes without cutting a code point.
[[nodiscard]] std::string_view truncate_bytes(std::string_view text, std::size_t max_bytes) noexcept;

/// Appends one code point; U+FFFD for a surrogate or a value over U+10FFFF.
void append(std::string& out, char32_t code_point);

/// The text with U+FFFD in the place of what is not valid.
[[nodiscard]] std::string repaired(std::string_view text);

/// Bytes read as ISO-8859-1, which is how a browser writes header values up to U+00FF.
[[nodiscard]] std::string from_latin1(std::string_view bytes);

} // namespace hxx::utf8
