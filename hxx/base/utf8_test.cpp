#include "hxx/base/utf8.hpp"

#include <gtest/gtest.h>

namespace hxx::utf8 {
namespace {

TEST(Utf8, TellsValidFromInvalid) {
    for (std::string_view text : {"", "plain", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
                                  "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "eight bytes and then \xC3\xA4"})
        EXPECT_TRUE(is_valid(text)) << text;
    struct Case {
        std::string_view name, text;
    };
    for (auto const& [name, text] : {Case{"continuation alone", "\x80"},
                                     {"overlong slash", "\xC0\xAF"},
                                     {"overlong of three", "\xE0\x80\xAF"},
                                     {"overlong of four", "\xF0\x80\x80\xAF"},
                                     {"surrogate", "\xED\xA0\x80"},
                                     {"over U+10FFFF", "\xF4\x90\x80\x80"},
                                     {"five bytes", "\xF8\x88\x80\x80\x80"},
                                     {"cut", "\xE2\x82"},
                                     {"lead then letter", "\xC3 a"},
                                     {"0xFF", "12345678\xFF"}})
        EXPECT_FALSE(is_valid(text)) << name;
}

TEST(Utf8, DecodesEveryCodePointThatItEncodes) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c == 0xD800) c = 0xE000;
        std::string text;
        append(text, c);
        auto const decoded = decode(text);
        ASSERT_TRUE(decoded.valid) << std::hex << static_cast<unsigned>(c);
        ASSERT_EQ(decoded.code_point, c);
        ASSERT_EQ(decoded.size, text.size());
    }
}

TEST(Utf8, ReplacesWhatCannotBeEncoded) {
    std::string text;
    append(text, 0xD800);
    append(text, 0x110000);
    EXPECT_EQ(text, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, CountsCodePoints) {
    EXPECT_EQ(length(""), 0u);
    EXPECT_EQ(length("na\xC3\xAFve \xF0\x9F\x98\x80"), 7u);
    EXPECT_EQ(length("\xE2\x82x\xFF"), 3u);
}

TEST(Utf8, TruncatesBetweenCodePoints) {
    EXPECT_EQ(truncate("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xC3\xB6");
    EXPECT_EQ(truncate("ab", 5), "ab");
    EXPECT_EQ(truncate_bytes("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
    EXPECT_EQ(truncate_bytes("a\xE2\x82\xAC", 3), "a");
    EXPECT_EQ(truncate_bytes("a\xE2\x82\xAC", 1), "a");
    EXPECT_EQ(truncate_bytes("\xF0\x9F\x98\x80", 3), "");
    EXPECT_EQ(truncate_bytes("\x80\x80\x80\x80\x80\x80", 5).size(), 5u);
}

TEST(Utf8, RepairsByMaximalSubparts) {
    EXPECT_EQ(repaired("a\xE2\x82z"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(repaired("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(repaired("fine \xC3\xA4"), "fine \xC3\xA4");
}

TEST(Utf8, ReadsLatin1) { EXPECT_EQ(from_latin1("a\xE4\xFF"), "a\xC3\xA4\xC3\xBF"); }

} // namespace
} // namespace hxx::utf8
