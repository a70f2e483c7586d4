#include "hxx/http/cookie.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::http {
namespace {

std::string parsed(std::string_view header) {
    std::string text;
    for (auto const& [name, value] : parse_cookies(header)) ((((text += '[') += name) += '=') += value) += ']';
    return text;
}

TEST(CookieHeader, IsReadInOrder) {
    EXPECT_EQ(parsed("a=1; b=2;c=3"), "[a=1][b=2][c=3]");
    EXPECT_EQ(parsed("a=x=y"), "[a=x=y]");
    EXPECT_EQ(parsed("a="), "[a=]");
    EXPECT_EQ(parsed("a=\"b c\"; d=\"; e=\"\""), "[a=b c][d=\"][e=]");
    EXPECT_EQ(parsed(" a = 1 ;; b=2 ; "), "[a=1][b=2]");
    EXPECT_EQ(parsed("a=1; a=2"), "[a=1][a=2]");
}

TEST(CookieHeader, PassesOverWhatIsNoCookie) {
    EXPECT_EQ(parsed(""), "");
    EXPECT_EQ(parsed("nonsense; =x; good=1; [object]; ;"), "[good=1]");
}

TEST(CookieHeader, IsSearchedInAllFields) {
    Headers headers;
    headers.add("Cookie", "a=1; b=2");
    headers.add("cookie", "c=3; a=4");
    EXPECT_EQ(find_cookie(headers, "a"), "1");
    EXPECT_EQ(find_cookie(headers, "c"), "3");
    EXPECT_EQ(find_cookie(headers, "C"), std::nullopt);
    EXPECT_EQ(find_cookie(Headers(), "a"), std::nullopt);
}

TEST(Cookie, IsSafeByDefault) {
    EXPECT_EQ(SetCookie("theme", "dark").header_value(), "theme=dark; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookie, WritesItsAttributes) {
    EXPECT_EQ(SetCookie("a", "b")
                  .path("/x")
                  .domain("example.org")
                  .max_age(60)
                  .expires(784111777)
                  .secure()
                  .http_only(false)
                  .same_site(SameSite::None)
                  .partitioned()
                  .header_value(),
              "a=b; Path=/x; Domain=example.org; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Secure; "
              "SameSite=None; Partitioned");
    EXPECT_EQ(SetCookie("a", "b").same_site(SameSite::Strict).header_value(), "a=b; Path=/; HttpOnly; SameSite=Strict");
}

TEST(Cookie, QuotesSpacesAndCommasAndReadsThemBack) {
    auto const text = SetCookie("a", "b, c").header_value();
    EXPECT_EQ(text, "a=\"b, c\"; Path=/; HttpOnly; SameSite=Lax");
    EXPECT_EQ(parsed(text.substr(0, text.find(';'))), "[a=b, c]");
}

TEST(Cookie, RemovesAnother) {
    EXPECT_EQ(SetCookie::removal("a").path("/x").header_value(),
              "a=; Path=/x; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax");
}

TEST(Cookie, RefusesToSplitAResponse) {
    for (std::string const value : {"a\r\nSet-SetCookie: b=c", "a\n", "a;b", "a\"b", "a\\b", "caf\xC3\xA9", "\x7f"})
        EXPECT_THROW(SetCookie("a", value), std::invalid_argument) << value;
    EXPECT_THROW(SetCookie("a", std::string("a\0b", 3)), std::invalid_argument);
    for (std::string const name : {"", "a b", "a=b", "a;b", "a\n", "caf\xC3\xA9", "a,b", "(a)"})
        EXPECT_THROW(SetCookie(name, "x"), std::invalid_argument) << name;
    SetCookie cookie("a", "b");
    for (std::string const path : {"", "x", "/a;b", "/a\r\n", "/\xC3\xA9"})
        EXPECT_THROW(cookie.path(path), std::invalid_argument) << path;
    for (std::string const domain : {"", "a;b", "a b", "a\n", "a:80", "a/b", ".", "a,b"})
        EXPECT_THROW(cookie.domain(domain), std::invalid_argument) << domain;
    EXPECT_EQ(cookie.header_value(), "a=b; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookie, RefusesWhatBrowsersDropSilently) {
    EXPECT_THROW(static_cast<void>(SetCookie("a", "b").same_site(SameSite::None).header_value()),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(SetCookie("a", "b").partitioned().header_value()), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(SetCookie("__Secure-a", "b").header_value()), std::invalid_argument);
    EXPECT_NO_THROW(static_cast<void>(SetCookie("__Secure-a", "b").secure().path("/x").header_value()));
    EXPECT_THROW(static_cast<void>(SetCookie("__Host-a", "b").header_value()), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(SetCookie("__host-a", "b").secure().path("/x").header_value()),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(SetCookie("__Host-a", "b").secure().domain("a.org").header_value()),
                 std::invalid_argument);
    EXPECT_NO_THROW(static_cast<void>(SetCookie("__Host-a", "b").secure().header_value()));
    EXPECT_NO_THROW(static_cast<void>(SetCookie("a", std::string(4000, 'x')).header_value()));
    EXPECT_THROW(static_cast<void>(SetCookie("a", std::string(4096, 'x')).header_value()), std::invalid_argument);
}

TEST(Cookie, SaysWhatIsWrong) {
    try {
        static_cast<void>(SetCookie("__Host-session", "b").header_value());
        FAIL();
    } catch (std::invalid_argument const& error) {
        EXPECT_STREQ(error.what(), "cookie '__Host-session': this name needs secure()");
    }
}

} // namespace
} // namespace hxx::http
