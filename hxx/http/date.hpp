// Dates in HTTP fields (RFC 9110 5.6.7), as seconds since 1970-01-01T00:00:00Z.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hxx::http {

/// An IMF-fixdate without memory of its own: "Sun, 06 Nov 1994 08:49:37 GMT". Years 0 to 9999; others are clamped.
[[nodiscard]] std::array<char, 29> date_text(std::int64_t unix_seconds) noexcept;
[[nodiscard]] std::string format_date(std::int64_t unix_seconds);

/// Reads all three forms: IMF-fixdate, RFC 850 ("Sunday, 06-Nov-94 08:49:37 GMT") and asctime ("Sun Nov  6 08:49:37
/// 1994"). The name of the day is not compared with the date. A year of two digits that would be more than 50 years
/// after `now` (0: the current time) is one of the century before.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text, std::int64_t now = 0) noexcept;

} // namespace hxx::http
