// Code points of template text and of the values in it: classes and case as Python's str sees them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::jinja {

/// Is every byte ASCII? Most text is, and indexes then are byte offsets.
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
/// Number of code points.
[[nodiscard]] std::size_t code_points(std::string_view text) noexcept;
/// Byte offset of the code point at `index`; the text's size if there are fewer.
[[nodiscard]] std::size_t byte_offset(std::string_view text, std::size_t index) noexcept;
/// Every code point with its bytes.
[[nodiscard]] std::vector<std::string_view> split_code_points(std::string_view text);
/// The code point at a byte offset; its size is added to `offset`.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& offset) noexcept;

/// Python's str.isspace() for one code point.
[[nodiscard]] bool is_space(char32_t c) noexcept;
[[nodiscard]] bool is_word(char32_t c) noexcept; // \w
[[nodiscard]] bool is_identifier_start(char32_t c) noexcept;
[[nodiscard]] bool is_identifier_part(char32_t c) noexcept;
[[nodiscard]] bool is_printable(char32_t c) noexcept;
[[nodiscard]] bool is_alpha(char32_t c) noexcept;
[[nodiscard]] bool is_decimal(char32_t c) noexcept;
[[nodiscard]] bool is_digit(char32_t c) noexcept;
[[nodiscard]] bool is_numeric(char32_t c) noexcept;
[[nodiscard]] bool is_upper(char32_t c) noexcept;
[[nodiscard]] bool is_lower(char32_t c) noexcept;
[[nodiscard]] bool is_title(char32_t c) noexcept;

[[nodiscard]] std::string to_upper(std::string_view text);
void append_upper(std::string_view text, std::string& out);
void append_lower(std::string_view text, std::string& out);
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_casefold(std::string_view text);
[[nodiscard]] std::string swap_case(std::string_view text);
/// First code point in title case, the others in lower case.
[[nodiscard]] std::string capitalize(std::string_view text);
/// Python's str.title().
[[nodiscard]] std::string title_case(std::string_view text);

/// Without white space (Python's) at the ends.
[[nodiscard]] std::string_view strip(std::string_view text) noexcept;
[[nodiscard]] std::string_view lstrip(std::string_view text) noexcept;
[[nodiscard]] std::string_view rstrip(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string_view> split_whitespace(std::string_view text);
/// Python's str.splitlines().
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text, bool keep_ends = false);

} // namespace hxx::jinja
