#include "hxx/base/ascii.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hxx::ascii {
namespace {

TEST(Ascii, ComparesLettersWithoutCase) {
    EXPECT_TRUE(iequals("Content-TYPE", "content-type"));
    EXPECT_FALSE(iequals("content-type", "content_type"));
    EXPECT_FALSE(iequals("a", "ab"));
    // 0x40 and 0x60 differ in the bit that tells case, and are no letters.
    EXPECT_FALSE(iequals("@", "`"));
    EXPECT_FALSE(iequals("\xC4", "\xE4"));
    EXPECT_TRUE(istarts_with("Bearer abc", "bearer "));
    EXPECT_FALSE(istarts_with("Bear", "bearer "));
}

TEST(Ascii, TrimsAllWhiteSpace) {
    EXPECT_EQ(trim(" \t\r\n\v\fa b\n "), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim("\xA0"), "\xA0");
}

TEST(Ascii, Splits) {
    EXPECT_THAT(split("a,,b,", ','), testing::ElementsAre("a", "", "b", ""));
    EXPECT_THAT(split("", ','), testing::ElementsAre(""));
    EXPECT_EQ(cut("key=a=b", '=').before, "key");
    EXPECT_EQ(cut("key=a=b", '=').after, "a=b");
    EXPECT_EQ(cut("key=", '=').after, "");
    EXPECT_EQ(cut("key", '=').after, std::nullopt);
}

TEST(Ascii, ReadsHexDigits) {
    EXPECT_EQ(hex_digit('0'), 0);
    EXPECT_EQ(hex_digit('a'), 10);
    EXPECT_EQ(hex_digit('F'), 15);
    EXPECT_EQ(hex_digit('g'), -1);
    EXPECT_EQ(hex_digit('\xFF'), -1);
}

TEST(Ascii, KnowsControlCharacters) {
    EXPECT_TRUE(is_control('\0'));
    EXPECT_TRUE(is_control('\x1f'));
    EXPECT_TRUE(is_control('\x7f'));
    EXPECT_FALSE(is_control(' '));
    EXPECT_FALSE(is_control('\x80'));
}

} // namespace
} // namespace hxx::ascii
