#include "hxx/model/chrono.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// The value written back, or the error's code.
template <class T>
std::string read(std::string_view text) {
    ErrorReport report;
    auto const value = parse_value<T>(text, "form.x", report);
    return value ? format_value(*value) : report[0].code;
}
template <class T>
std::optional<T> value(std::string_view text) {
    ErrorReport report;
    return parse_value<T>(text, "form.x", report);
}

TEST(Chrono, Dates) {
    EXPECT_EQ(read<year_month_day>(" 2024-02-29 "), "2024-02-29");
    EXPECT_EQ(read<year_month_day>("0001-01-01"), "0001-01-01");
    for (auto const* text : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024-01-01T00:00",
                             "2024/01/01", "01.02.2024", "2024-01-011", "-024-01-01", "2024-01-"})
        EXPECT_EQ(read<year_month_day>(text), "date_parsing") << text;
    EXPECT_EQ(read<year_month>("2024-05"), "2024-05");
    EXPECT_EQ(read<year_month>("2024-13"), "month_parsing");
    EXPECT_EQ(read<year_month>("2024-05-01"), "month_parsing");
}

TEST(Chrono, PointsInTime) {
    EXPECT_EQ(value<sys_seconds>("1970-01-01T00:00:00Z"), sys_seconds(0s));
    EXPECT_EQ(read<sys_seconds>("2024-05-31T14:30Z"), "2024-05-31T14:30:00Z");
    EXPECT_EQ(read<sys_seconds>("2024-05-31 14:30:15"), "2024-05-31T14:30:15Z");
    EXPECT_EQ(read<sys_seconds>("2024-05-31t14:30:15+02:00"), "2024-05-31T12:30:15Z");
    EXPECT_EQ(read<sys_seconds>("2024-01-01T00:30:00+0130"), "2023-12-31T23:00:00Z");
    EXPECT_EQ(read<sys_seconds>("2024-05-31T14:30:15-05:30"), "2024-05-31T20:00:15Z");
    EXPECT_EQ(read<sys_time<milliseconds>>("2024-05-31T14:30:15.25Z"), "2024-05-31T14:30:15.25Z");
    EXPECT_EQ(read<sys_time<nanoseconds>>("1969-12-31T23:59:59.999999999Z"), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(value<sys_time<nanoseconds>>("1969-12-31T23:59:59.999999999Z"), sys_time<nanoseconds>(-1ns));
    EXPECT_EQ(read<sys_seconds>("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59Z");
    EXPECT_EQ(read<sys_days>("2024-05-31T00:00Z"), "2024-05-31T00:00:00Z");
}

TEST(Chrono, PointsInTimeThatATypeCannotHold) {
    EXPECT_EQ(read<sys_seconds>("2024-05-31T14:30:15.5Z"), "datetime_parsing");
    EXPECT_EQ(read<sys_days>("2024-05-31T14:30:00Z"), "datetime_parsing");
    EXPECT_EQ(read<sys_time<nanoseconds>>("2300-01-01T00:00:00Z"), "datetime_parsing");
    EXPECT_EQ(read<sys_time<nanoseconds>>("1600-01-01T00:00:00Z"), "datetime_parsing");
    for (auto const* text : {"2024-05-31", "2024-05-31T24:00:00Z", "2024-05-31T14:60Z", "2024-05-31T14:30:60Z",
                             "2024-05-31T14:30:15.Z", "2024-05-31T14:30:15.1234567890Z", "2024-05-31T14:30:15+24:00",
                             "2024-05-31T14:30:15 Z", "2024-02-30T14:30:15Z", "2024-05-31T14", "2024-05-31T14:30:15ZZ"})
        EXPECT_EQ(read<sys_seconds>(text), "datetime_parsing") << text;
}

TEST(Chrono, LocalTimesHaveNoOffset) {
    EXPECT_EQ(read<local_seconds>("2024-05-31T14:30"), "2024-05-31T14:30:00");
    EXPECT_EQ(read<local_seconds>("2024-05-31T14:30:00Z"), "datetime_parsing");
    EXPECT_EQ(ScalarTraits<local_seconds>::input_type, "datetime-local");
}

TEST(Chrono, TimesOfDay) {
    using Time = hh_mm_ss<seconds>;
    EXPECT_EQ(read<Time>("14:30"), "14:30:00");
    EXPECT_EQ(read<Time>("00:00:59"), "00:00:59");
    EXPECT_EQ(read<hh_mm_ss<milliseconds>>("23:59:59.250"), "23:59:59.25");
    for (auto const* text : {"24:00", "14:60", "1:30", "14", "14:30:15.5", "14:30Z"})
        EXPECT_EQ(read<Time>(text), "time_parsing") << text;
}

TEST(Chrono, Durations) {
    EXPECT_EQ(value<seconds>("90"), 90s);
    EXPECT_EQ(value<seconds>("90s"), 90s);
    EXPECT_EQ(value<minutes>("1h30m"), 90min);
    EXPECT_EQ(value<seconds>("1h 30min 5s"), 5405s);
    EXPECT_EQ(value<milliseconds>("1.5s"), 1500ms);
    EXPECT_EQ(value<milliseconds>("250ms"), 250ms);
    EXPECT_EQ(value<microseconds>("10us"), 10us);
    EXPECT_EQ(value<microseconds>("10µs"), 10us);
    EXPECT_EQ(value<nanoseconds>("7ns"), 7ns);
    EXPECT_EQ(value<hours>("2d"), 48h);
    EXPECT_EQ(value<seconds>("-5s"), -5s);
    EXPECT_EQ(value<seconds>("01:30:05"), 5405s);
    EXPECT_EQ(value<seconds>("100:00:00"), 360000s);
    EXPECT_EQ(value<seconds>("PT1H30M"), 5400s);
    EXPECT_EQ(value<milliseconds>("P1DT2H3M4.5S"), 93784500ms);
    EXPECT_EQ(value<seconds>("P2W"), 1209600s);
    EXPECT_EQ((value<duration<double>>("1.25")), duration<double>(1.25));
}

TEST(Chrono, DurationsThatAreNone) {
    for (auto const* text : {"x",
                             "1x",
                             "1h30",
                             "h",
                             "1.5",
                             "1.5s",
                             "PT",
                             "P",
                             "P1Y",
                             "P1M",
                             "PT1D",
                             "PT1S1M",
                             "P1H",
                             "1:30",
                             "01:60:00",
                             "--5s",
                             "9999999999999999999s",
                             "999999999d",
                             "1s1",
                             "1 h",
                             "250ms"})
        EXPECT_EQ(read<seconds>(text), "duration_parsing") << text;
    EXPECT_EQ(read<nanoseconds>("0.1ns"), "duration_parsing");
}

TEST(Chrono, DurationsAreWrittenAsIso) {
    EXPECT_EQ(format_value(5405s), "PT1H30M5S");
    EXPECT_EQ(format_value(0s), "PT0S");
    EXPECT_EQ(format_value(1500ms), "PT1.5S");
    EXPECT_EQ(format_value(-90min), "-PT1H30M");
    EXPECT_EQ(format_value(nanoseconds::min()), "-PT2562047H47M16.854775808S");
    EXPECT_EQ(read<milliseconds>("-PT1.5S"), "-PT1.5S");
}

} // namespace
} // namespace hxx
