// Escaping for HTML: one scan that copies runs.
#pragma once

#include <cstddef>
#include <string_view>

namespace hxx::jinja {

/// Where escape_into may write: the longest that `size` bytes can become, and some slack for wide stores.
[[nodiscard]] constexpr std::size_t escaped_bound(std::size_t size) noexcept { return size * 5 + 16; }

/// Writes the escaped text to `out`, where escaped_bound(text.size()) bytes are free, and returns the end.
[[nodiscard]] char* escape_into(char* out, std::string_view text) noexcept;

/// Index of the first byte that needs escaping; text.size() if there is none.
[[nodiscard]] std::size_t first_special(std::string_view text) noexcept;

} // namespace hxx::jinja
