#include "hxx/sql/value.hpp"

#include "hxx/reflect/annotated.hpp"
#include "hxx/sql/chrono.hpp"
#include "hxx/sql/error.hpp"
#include "hxx/sql/keyword.hpp"
#include "hxx/sql/text.hpp"
#include "hxx/sql/types.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace hxx::sql {
namespace {

enum class Colour { Red, Green };

std::string text_of(Value const& value) {
    EXPECT_EQ(value.kind(), Kind::Text);
    return std::string(value.bytes());
}

Cell text_cell(std::string_view text) {
    Cell cell;
    cell.kind = Kind::Text;
    cell.bytes = text;
    return cell;
}

TEST(Value, ComesFromTheTypesOfAProgram) {
    EXPECT_EQ(to_value(5).integer(), 5);
    EXPECT_EQ(to_value(std::int64_t{-1}).integer(), -1);
    EXPECT_EQ(to_value(true).integer(), 1);
    EXPECT_EQ(to_value(false).kind(), Kind::Integer);
    EXPECT_EQ(to_value(2.5).real(), 2.5);
    EXPECT_EQ(to_value(2.5f).kind(), Kind::Real);
    EXPECT_EQ(text_of(to_value("literal")), "literal");
    EXPECT_EQ(text_of(to_value(std::string("a\0b", 3))), std::string("a\0b", 3));
    EXPECT_EQ(text_of(to_value(std::string_view("view"))), "view");
    EXPECT_EQ(text_of(to_value(Colour::Green)), "Green");
    EXPECT_EQ(to_value(nullptr).kind(), Kind::Null);
    EXPECT_EQ(to_value(std::nullopt).kind(), Kind::Null);
    EXPECT_EQ(to_value(static_cast<char const*>(nullptr)).kind(), Kind::Null);
}

TEST(Value, LooksThroughOptionalsAndWrappers) {
    EXPECT_EQ(to_value(std::optional<int>()).kind(), Kind::Null);
    EXPECT_EQ(to_value(std::optional<int>(3)).integer(), 3);
    EXPECT_EQ(text_of(to_value(Annotated<std::string, MinLength{1}>("name"))), "name");
    EXPECT_EQ(to_value(Annotated<int, Gt{0}>(7)).integer(), 7);
    EXPECT_EQ(to_value(std::optional<Annotated<int, Gt{0}>>(8)).integer(), 8);
    EXPECT_EQ(text_of(to_value(std::optional<Colour>(Colour::Red))), "Red");
}

TEST(Value, BytesAreABlob) {
    std::vector<std::byte> const bytes = {std::byte{0}, std::byte{255}};
    EXPECT_EQ(to_value(bytes).kind(), Kind::Blob);
    EXPECT_EQ(to_value(bytes).bytes(), std::string("\0\xff", 2));
    EXPECT_EQ(to_value(std::span<std::byte const>(bytes).first(1)).bytes().size(), 1u);
    std::array<std::byte, 3> const array{};
    EXPECT_EQ(to_value(array).kind(), Kind::Blob);
}

TEST(Value, RefusesWhatCannotBeStored) {
    EXPECT_EQ(to_value(std::uint64_t{5}).integer(), 5);
    EXPECT_THROW(static_cast<void>(to_value(std::numeric_limits<std::uint64_t>::max())), Error);
    EXPECT_THROW(static_cast<void>(to_value(static_cast<Colour>(99))), Error);
}

TEST(Chrono, IsIsoText) {
    using namespace std::chrono;
    EXPECT_EQ(text_of(to_value(2026y / January / 31)), "2026-01-31");
    auto const time = sys_days(2026y / March / 1) + 12h + 30min + 5s;
    EXPECT_EQ(text_of(to_value(time)), "2026-03-01 12:30:05");
    EXPECT_EQ(text_of(to_value(time_point_cast<milliseconds>(time) + 7ms)), "2026-03-01 12:30:05.007");
    EXPECT_EQ(text_of(to_value(sys_time<microseconds>(microseconds(-1)))), "1969-12-31 23:59:59.999999");
    EXPECT_THROW(static_cast<void>(to_value(2026y / February / 30)), std::invalid_argument);
}

TEST(Chrono, ReadsWhatDatabasesWrite) {
    using namespace std::chrono;
    using Seconds = Codec<sys_seconds>;
    auto const noon = sys_seconds(sys_days(2026y / March / 1) + 12h);
    for (auto const* text : {"2026-03-01 12:00:00", "2026-03-01T12:00:00Z", "2026-03-01 12:00",
                             "2026-03-01 12:00:00.75", "2026-03-01T13:30:00+01:30", "2026-03-01 07:00:00-0500"})
        EXPECT_EQ(Seconds::from_cell(text_cell(text)), noon) << text;
    EXPECT_EQ(Seconds::from_cell(text_cell("2026-03-01")), noon - 12h);
    EXPECT_EQ(Codec<sys_time<milliseconds>>::from_cell(text_cell("2026-03-01 12:00:00.7509")), noon + 750ms);
    auto const last = sys_days(9999y / December / 31) + 23h + 59min + 59s;
    EXPECT_EQ(Seconds::from_cell(text_cell(to_value(last).bytes())), last);
    EXPECT_THROW(static_cast<void>(Codec<sys_time<nanoseconds>>::from_cell(text_cell("9999-12-31"))),
                 std::invalid_argument);
    Cell unix_seconds;
    unix_seconds.kind = Kind::Integer;
    unix_seconds.integer = 60;
    EXPECT_EQ(Seconds::from_cell(unix_seconds), sys_seconds(60s));
    EXPECT_EQ(Codec<year_month_day>::from_cell(text_cell("2024-02-29")), 2024y / February / 29);
}

TEST(Chrono, RefusesOtherText) {
    using namespace std::chrono;
    for (auto const* text : {"", "yesterday", "2026-02-30", "2026-3-1", "2026-03-01 25:00", "2026-03-01 12:00:00 ",
                             "2026-03-01 12:00:00.", "2026-03-01 12:00:00+1", "12026-01-01"})
        EXPECT_THROW(static_cast<void>(Codec<sys_seconds>::from_cell(text_cell(text))), std::invalid_argument) << text;
    EXPECT_THROW(static_cast<void>(Codec<year_month_day>::from_cell(text_cell("2026-03-01 12:00"))),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(Codec<year_month_day>::from_cell(Cell())), std::invalid_argument);
}

TEST(Types, UuidsAndDecimalsAreText) {
    auto const uuid = Uuid::random();
    EXPECT_EQ(Codec<Uuid>::from_cell(text_cell(text_of(to_value(uuid)))), uuid);
    EXPECT_EQ(text_of(to_value(Decimal::of(1950, 2))), "19.50");
    EXPECT_EQ(Codec<Decimal>::from_cell(text_cell("-0.75")), Decimal::of(-75, 2));
    Cell whole;
    whole.kind = Kind::Integer;
    whole.integer = 12;
    EXPECT_EQ(Codec<Decimal>::from_cell(whole), Decimal(12));
    EXPECT_THROW(static_cast<void>(Codec<Uuid>::from_cell(text_cell("no"))), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(Codec<Decimal>::from_cell(Cell())), std::invalid_argument);
}

// What does not compile is in tests/compile_fail/sql.cpp; that these do shows that quotes and comments are skipped.
TEST(Text, FindsPlaceholders) {
    EXPECT_EQ(Text<2>("select $1, $2, $1").view(), "select $1, $2, $1");
    constexpr std::string_view quoted = "select '$1 ''?', \"$2\", `$3`, [$4] -- $5 ?\n /* $6 */";
    EXPECT_EQ(Text<0>(quoted).view(), quoted);
    EXPECT_EQ(Text<1>("select 'it''s', $1 -- '").view().back(), '\'');
    EXPECT_EQ(Text<1>("select a$2, $1").view(), "select a$2, $1");
    EXPECT_FALSE(Text<10>("values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)").view().empty());
    constexpr std::string_view shared = "select $1";
    EXPECT_EQ(Text<1>(shared).view(), shared);
    EXPECT_EQ(Text<3>(unchecked(std::string("select ") + "1")).view(), "select 1");
    static_assert(!std::is_constructible_v<Text<0>, std::string>);
    static_assert(!std::is_constructible_v<Text<0>, Annotated<std::string, MinLength{1}>>);
}

TEST(Keyword, TellsReadingStatements) {
    for (auto const* text :
         {"select 1", "  SELECT 1", "with x as (select 1) select * from x", "values (1)", "-- comment\nselect 1",
          "/* a */ /* b */select 1", "(select 1)", "explain select 1", "pragma user_version"})
        EXPECT_TRUE(detail::looks_like_reading(text)) << text;
    for (auto const* text : {"", "insert into x values (1)", "/* select */ delete from x", "selection",
                             "update x set y = 1", "-- select", "create table x (y)"})
        EXPECT_FALSE(detail::looks_like_reading(text)) << text;
}

} // namespace
} // namespace hxx::sql
