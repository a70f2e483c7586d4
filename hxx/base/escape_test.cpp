#include "hxx/base/escape.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

std::string json(std::string_view text, JsonCharacters characters = JsonCharacters::Unicode) {
    std::string out;
    append_json_string(out, text, characters);
    return out;
}

TEST(Escape, Html) {
    EXPECT_EQ(escape_html(R"(<a href="x" title='y'>&</a>)"),
              "&lt;a href=&#34;x&#34; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
    EXPECT_EQ(escape_html("caf\xC3\xA9"), "caf\xC3\xA9");
    EXPECT_EQ(escape_html(""), "");
}

TEST(Escape, JsonStrings) {
    EXPECT_EQ(json("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
    EXPECT_EQ(json(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
    EXPECT_EQ(json("\xC3\xA4"), "\"\xC3\xA4\"");
    EXPECT_EQ(json("\xFF!"), "\"\xEF\xBF\xBD!\"");
}

TEST(Escape, JsonStringsInAscii) {
    EXPECT_EQ(json("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80", JsonCharacters::Ascii), R"("\u00e4 \u20ac \ud83d\ude00")");
    EXPECT_EQ(json("\xFF", JsonCharacters::Ascii), R"("\ufffd")");
}

} // namespace
} // namespace hxx
