#include "hxx/base/encoding.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

std::string const every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
}();

TEST(Encoding, Hex) {
    EXPECT_EQ(to_hex(std::string_view("\x00\xAB\xff", 3)), "00abff");
    EXPECT_EQ(from_hex("00ABff"), std::string("\x00\xAB\xff", 3));
    EXPECT_EQ(from_hex(to_hex(every_byte)), every_byte);
    EXPECT_EQ(from_hex(""), "");
    for (std::string_view wrong : {"a", "0g", "0 1", "00:11", " 00"}) EXPECT_EQ(from_hex(wrong), std::nullopt) << wrong;
}

// RFC 4648 section 10.
TEST(Encoding, Base64) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(from_base64("Zm8="), "fo");
    EXPECT_EQ(from_base64(""), "");
    EXPECT_EQ(from_base64(to_base64(every_byte)), every_byte);
    for (std::string_view wrong : {"Zg", "Zg=", "Zg===", "Zh==", "Z", "Zm8=\n", "Zm 8=", "Zm-_", "Zm8=x"})
        EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
}

TEST(Encoding, Base64Url) {
    EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
    EXPECT_EQ(from_base64url("-_8"), "\xFB\xFF");
    EXPECT_EQ(from_base64url(to_base64url(every_byte)), every_byte);
    for (std::string_view wrong : {"+/8", "-_8=", "-_9", "A", "-_8 "})
        EXPECT_EQ(from_base64url(wrong), std::nullopt) << wrong;
}

// Each byte in the place of the third character: 64 of them, and '=' where padding may stand.
TEST(Encoding, NoOtherByteIsACharacter) {
    int plain = 0, url = 0, hex = 0;
    for (char const c : every_byte) {
        plain += from_base64(std::string("AA") + c + "A").has_value();
        url += from_base64url(std::string("AA") + c + "A").has_value();
        hex += from_hex(std::string("0") + c).has_value();
    }
    EXPECT_EQ(plain, 64);
    EXPECT_EQ(url, 64);
    EXPECT_EQ(hex, 22);
}

} // namespace
} // namespace hxx
