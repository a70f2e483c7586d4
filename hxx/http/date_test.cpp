#include "hxx/http/date.hpp"

#include <gtest/gtest.h>

namespace hxx::http {
namespace {

TEST(Date, WritesImfFixdate) {
    EXPECT_EQ(format_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(format_date(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(format_date(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
    EXPECT_EQ(format_date(INT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    EXPECT_EQ(format_date(INT64_MIN), "Sat, 01 Jan 0000 00:00:00 GMT");
}

// The examples of RFC 9110 5.6.7.
TEST(Date, ReadsAllThreeForms) {
    EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994"), 784111777);
    EXPECT_EQ(parse_date("Wed Nov 16 08:49:37 1994"), 784111777 + 10 * 86400);
}

TEST(Date, ReadsWhatItWrites) {
    for (std::int64_t time = -2000000000; time < 8000000000; time += 86400 * 13 + 4567)
        ASSERT_EQ(parse_date(format_date(time)), time);
}

TEST(Date, GivesATwoDigitYearTheRightCentury) {
    constexpr std::int64_t in_2026 = 1790000000;
    EXPECT_EQ(format_date(*parse_date("Friday, 01-Jan-76 00:00:00 GMT", in_2026)).substr(12, 4), "2076");
    EXPECT_EQ(format_date(*parse_date("Friday, 01-Jan-77 00:00:00 GMT", in_2026)).substr(12, 4), "1977");
    EXPECT_EQ(format_date(*parse_date("Friday, 01-Jan-26 00:00:00 GMT", in_2026)).substr(12, 4), "2026");
}

TEST(Date, RefusesEverythingElse) {
    for (std::string_view text : {"",
                                  "0",
                                  "Sun",
                                  "Sun,",
                                  "Sun, 06 Nov 1994 08:49:37",
                                  "Sun, 06 Nov 1994 08:49:37 UTC",
                                  "Sun, 06 Nov 1994 08:49:37 GMT ",
                                  "Sun, 6 Nov 1994 08:49:37 GMT",
                                  "Sun, 06 Nov 94 08:49:37 GMT",
                                  "Sun, 31 Feb 1994 08:49:37 GMT",
                                  "Sun, 00 Nov 1994 08:49:37 GMT",
                                  "Sun, 06 nov 1994 08:49:37 GMT",
                                  "Sun, 06 Nov 1994 24:00:00 GMT",
                                  "Sun, 06 Nov 1994 08:60:37 GMT",
                                  "Sun, 06 Nov 1994 08:49:61 GMT",
                                  "Xxx, 06 Nov 1994 08:49:37 GMT",
                                  "Sun, -6 Nov 1994 08:49:37 GMT",
                                  "1994-11-06T08:49:37Z",
                                  "Sunday 06-Nov-94 08:49:37 GMT",
                                  "unM, 06 Nov 1994 08:49:37 GMT"})
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
}

} // namespace
} // namespace hxx::http
