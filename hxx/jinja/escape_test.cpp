#include "hxx/jinja/escape.hpp"

#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

std::string by_hand(std::string_view text) {
    std::string out;
    for (char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&#34;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

// Special characters at every position of texts around the width of a register.
TEST(Escape, EveryPosition) {
    for (std::size_t size = 0; size < 40; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            std::string text(size, 'x');
            if (at < size) text[at] = "&<>\"'"[at % 5];
            if (at + 3 < size) text[at + 3] = '<';
            std::string out;
            escape_html(text, out);
            EXPECT_EQ(out, by_hand(text));
            std::string buffer(escaped_bound(size), '#');
            char* const end = escape_into(buffer.data(), text);
            EXPECT_EQ(std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data())), by_hand(text));
            EXPECT_EQ(first_special(text), std::min(text.find_first_of("&<>\"'"), size));
        }
    }
}

TEST(Escape, OtherBytesAreKept) {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    std::string out;
    escape_html(all, out);
    EXPECT_EQ(out, by_hand(all));
    EXPECT_EQ(html("{{ x }}", {{"x", std::string(5000, '<')}}), by_hand(std::string(5000, '<')));
}

} // namespace
} // namespace hxx::jinja
