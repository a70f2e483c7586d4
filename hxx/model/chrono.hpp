// Dates and times as values of forms, queries and JSON (ISO 8601, as HTML's inputs send them). In a header of its own,
// since <chrono> is heavy.
//
//   std::chrono::year_month_day    2024-05-31                               <input type=date>
//   std::chrono::year_month        2024-05                                  <input type=month>
//   std::chrono::local_time<D>     2024-05-31T14:30                         <input type=datetime-local>
//   std::chrono::sys_time<D>       2024-05-31T14:30:00Z, …+02:00; UTC where no offset is written
//   std::chrono::hh_mm_ss<D>       14:30, 14:30:15.250                      <input type=time>
//   std::chrono::duration          90s, 1h30m, 250ms, PT1H30M, 01:30:00, or a number of seconds
//
// What a type cannot hold exactly (1.5 s in seconds) is refused, not rounded.
#pragma once

#include "hxx/model/scalar.hpp"

#include <chrono>
#include <ratio>
#include <string>
#include <string_view>

namespace hxx {
namespace model {

/// A point in time with nanoseconds, for all years from 0 to 9999.
struct Instant {
    std::chrono::seconds since_epoch{};
    std::chrono::nanoseconds fraction{}; // 0 to 999999999
};

bool parse_date(std::string_view text, std::chrono::year_month_day& out, FieldContext const& context);
bool parse_month(std::string_view text, std::chrono::year_month& out, FieldContext const& context);
bool parse_date_time(std::string_view text, bool with_offset, Instant& out, FieldContext const& context);
bool parse_time_of_day(std::string_view text, std::chrono::nanoseconds& out, FieldContext const& context);
bool parse_duration(std::string_view text, std::chrono::nanoseconds& out, FieldContext const& context);

void format_date(std::chrono::year_month_day date, std::string& out);
void format_month(std::chrono::year_month month, std::string& out);
void format_date_time(Instant instant, bool utc_mark, std::string& out);
void format_time_of_day(std::chrono::nanoseconds time, std::string& out);
void format_duration(std::chrono::nanoseconds duration, std::string& out);

/// Nanoseconds as another duration; false if that is not exact.
template <class Duration>
bool convert_exactly(std::chrono::nanoseconds from, Duration& out) {
    out = std::chrono::duration_cast<Duration>(from);
    return std::chrono::treat_as_floating_point_v<typename Duration::rep> ||
           std::chrono::duration_cast<std::chrono::nanoseconds>(out) == from;
}

template <class TimePoint>
bool to_time_point(Instant instant, TimePoint& out, FieldContext const& context) {
    using Duration = typename TimePoint::duration;
    using std::chrono::seconds;
    Duration fraction{};
    if constexpr (std::ratio_less_v<typename Duration::period, std::ratio<1>>) {
        // 64 bits of nanoseconds hold the years from 1678 to 2262.
        bool const holds = instant.since_epoch < std::chrono::duration_cast<seconds>(Duration::max()) &&
                           instant.since_epoch > std::chrono::duration_cast<seconds>(Duration::min());
        if (!holds) return context.fail("datetime_parsing");
    }
    if (!convert_exactly(instant.fraction, fraction)) return context.fail("datetime_parsing");
    auto const whole = std::chrono::duration_cast<Duration>(instant.since_epoch);
    if (std::chrono::duration_cast<seconds>(whole) != instant.since_epoch) return context.fail("datetime_parsing");
    out = TimePoint(whole + fraction);
    return true;
}

template <class TimePoint>
Instant to_instant(TimePoint time) {
    auto const whole = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    return {whole, std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch() - whole)};
}

} // namespace model

template <>
struct ScalarTraits<std::chrono::year_month_day> {
    static constexpr std::string_view input_type = "date";
    static bool parse(std::string_view text, std::chrono::year_month_day& out, FieldContext const& context) {
        return model::parse_date(text, out, context);
    }
    static void format(std::chrono::year_month_day date, std::string& out) { model::format_date(date, out); }
};

template <>
struct ScalarTraits<std::chrono::year_month> {
    static constexpr std::string_view input_type = "month";
    static bool parse(std::string_view text, std::chrono::year_month& out, FieldContext const& context) {
        return model::parse_month(text, out, context);
    }
    static void format(std::chrono::year_month month, std::string& out) { model::format_month(month, out); }
};

template <class Duration>
struct ScalarTraits<std::chrono::time_point<std::chrono::system_clock, Duration>> {
    using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;
    static constexpr std::string_view input_type = "text"; // datetime-local knows no offset
    static bool parse(std::string_view text, Time& out, FieldContext const& context) {
        model::Instant instant;
        return model::parse_date_time(text, true, instant, context) && model::to_time_point(instant, out, context);
    }
    static void format(Time time, std::string& out) { model::format_date_time(model::to_instant(time), true, out); }
};

template <class Duration>
struct ScalarTraits<std::chrono::time_point<std::chrono::local_t, Duration>> {
    using Time = std::chrono::time_point<std::chrono::local_t, Duration>;
    static constexpr std::string_view input_type = "datetime-local";
    static bool parse(std::string_view text, Time& out, FieldContext const& context) {
        model::Instant instant;
        return model::parse_date_time(text, false, instant, context) && model::to_time_point(instant, out, context);
    }
    static void format(Time time, std::string& out) { model::format_date_time(model::to_instant(time), false, out); }
};

template <class Duration>
struct ScalarTraits<std::chrono::hh_mm_ss<Duration>> {
    using Time = std::chrono::hh_mm_ss<Duration>;
    static constexpr std::string_view input_type = "time";
    static bool parse(std::string_view text, Time& out, FieldContext const& context) {
        std::chrono::nanoseconds since_midnight{};
        Duration duration{};
        if (!model::parse_time_of_day(text, since_midnight, context)) return false;
        if (!model::convert_exactly(since_midnight, duration)) return context.fail("time_parsing");
        out = Time(duration);
        return true;
    }
    static void format(Time const& time, std::string& out) {
        model::format_time_of_day(std::chrono::duration_cast<std::chrono::nanoseconds>(time.to_duration()), out);
    }
};

template <class Rep, class Period>
struct ScalarTraits<std::chrono::duration<Rep, Period>> {
    using Duration = std::chrono::duration<Rep, Period>;
    static constexpr std::string_view input_type = "text";
    static bool parse(std::string_view text, Duration& out, FieldContext const& context) {
        std::chrono::nanoseconds nanoseconds{};
        if (!model::parse_duration(text, nanoseconds, context)) return false;
        return model::convert_exactly(nanoseconds, out) || context.fail("duration_parsing");
    }
    static void format(Duration duration, std::string& out) {
        model::format_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(duration), out);
    }
};

} // namespace hxx
