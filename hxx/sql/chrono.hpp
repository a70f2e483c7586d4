// Dates and times as ISO 8601 text, which SQLite's date functions read and which sorts by time.
#pragma once

#include "hxx/sql/value.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hxx::sql {
namespace detail {
std::string format_date(std::chrono::year_month_day date);
/// fraction_digits: 0, 3, 6 or 9.
std::string format_time(std::chrono::sys_time<std::chrono::nanoseconds> time, int fraction_digits);
std::chrono::year_month_day parse_date(Cell const& cell);
std::chrono::sys_time<std::chrono::nanoseconds> parse_time(Cell const& cell);

template <class Duration>
constexpr int fraction_digits() {
    if constexpr (std::chrono::treat_as_floating_point_v<typename Duration::rep>) return 9;
    using Period = typename Duration::period;
    if (Period::den == 1) return 0;
    return Period::den <= 1000 ? 3 : Period::den <= 1000000 ? 6 : 9;
}
} // namespace detail

/// "2026-01-31"
template <>
struct Codec<std::chrono::year_month_day> {
    static Value to_value(std::chrono::year_month_day const& date) { return Value::text(detail::format_date(date)); }
    static std::chrono::year_month_day from_cell(Cell const& cell) { return detail::parse_date(cell); }
};

/// "2026-01-31 12:30:00" in UTC, with as many digits of a fraction as the clock's duration has. Reading accepts a T
/// between date and time, a fraction, a Z or an offset at the end, a date alone, and an integer (Unix seconds).
template <class Duration>
struct Codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
    using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;
    static Value to_value(Time const& time) {
        return Value::text(detail::format_time(std::chrono::time_point_cast<std::chrono::nanoseconds>(time),
                                               detail::fraction_digits<Duration>()));
    }
    static Time from_cell(Cell const& cell) { return std::chrono::floor<Duration>(detail::parse_time(cell)); }
};

} // namespace hxx::sql
