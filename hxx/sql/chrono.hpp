// Dates and times as ISO 8601 text, which SQLite's date functions read and which sorts by time.
#pragma once

#include "hxx/sql/value.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hxx::sql {
namespace detail {
/// A point in time with nanoseconds, for the years 0 to 9999.
struct Instant {
    std::chrono::sys_seconds seconds;
    std::chrono::nanoseconds fraction; // 0 to 999999999
};
std::string format_date(std::chrono::year_month_day date);
/// fraction_digits: 0, 3, 6 or 9.
std::string format_time(Instant time, int fraction_digits);
std::chrono::year_month_day parse_date(Cell const& cell);
Instant parse_time(Cell const& cell);
[[noreturn]] void time_out_of_range();

template <class Duration>
constexpr int fraction_digits() {
    if constexpr (std::chrono::treat_as_floating_point_v<typename Duration::rep>) {
        return 9;
    } else {
        using Period = typename Duration::period;
        if (Period::den == 1) return 0;
        return Period::den <= 1000 ? 3 : Period::den <= 1000000 ? 6 : 9;
    }
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
        auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
        auto const fraction = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds);
        return Value::text(
            detail::format_time(detail::Instant{seconds, fraction}, detail::fraction_digits<Duration>()));
    }
    static Time from_cell(Cell const& cell) {
        auto const time = detail::parse_time(cell);
        using std::chrono::seconds;
        if (time.seconds.time_since_epoch() >= std::chrono::duration_cast<seconds>(Duration::max()) ||
            time.seconds.time_since_epoch() <= std::chrono::duration_cast<seconds>(Duration::min()))
            detail::time_out_of_range();
        return Time(std::chrono::floor<Duration>(time.seconds.time_since_epoch()) +
                    std::chrono::floor<Duration>(time.fraction));
    }
};

} // namespace hxx::sql
