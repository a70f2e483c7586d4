#include "hxx/http/url.hpp"

#include <gtest/gtest.h>

namespace hxx::http {
namespace {

TEST(Url, QuotesAllButUnreservedCharacters) {
    EXPECT_EQ(url_quote("a/b c"), "a%2Fb%20c");
    EXPECT_EQ(url_quote("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(url_quote("Z\xC3\xBCrich?&=#%"), "Z%C3%BCrich%3F%26%3D%23%25");
    EXPECT_EQ(url_quote(std::string_view("\0", 1)), "%00");
    EXPECT_EQ(url_quote(".."), "..");
}

TEST(Url, DecodesASegmentStrictly) {
    EXPECT_EQ(decode_segment("a%20b+c"), "a b+c");
    EXPECT_EQ(decode_segment("%C3%bc%2F"), "\xC3\xBC/");
    EXPECT_EQ(decode_segment(""), "");
    for (std::string_view wrong : {"%", "%2", "%2G", "%G2", "a%", "%%20", "% 20", "%00", "a%00b"})
        EXPECT_EQ(decode_segment(wrong), std::nullopt) << wrong;
    EXPECT_EQ(decode_segment(std::string_view("a\0b", 3)), std::nullopt);
}

TEST(Url, QuotingAndDecodingGiveBackEveryByteButNul) {
    std::string bytes;
    for (int i = 1; i < 256; ++i) bytes += static_cast<char>(i);
    EXPECT_EQ(decode_segment(url_quote(bytes)), bytes);
}

TEST(Url, MakesAUriOfWhatPeopleWrite) {
    EXPECT_EQ(to_uri("/Z\xC3\xBCrich?a=b c#x"), "/Z%C3%BCrich?a=b%20c#x");
    EXPECT_EQ(to_uri("/a%20b"), "/a%20b");
    EXPECT_EQ(to_uri("/100%?q=<\"'>"), "/100%25?q=%3C%22'%3E");
    EXPECT_EQ(to_uri("/\r\nSet-Cookie:x"), "/%0D%0ASet-Cookie:x");
}

struct HostCase {
    std::string_view field, name;
    int port; // -1: none, -2: the field is refused
};
class UrlHost : public testing::TestWithParam<HostCase> {};

TEST_P(UrlHost, IsReadByRfc9110) {
    auto const& [field, name, port] = GetParam();
    auto const host = parse_host(field);
    if (port == -2) {
        EXPECT_FALSE(host) << field;
        return;
    }
    ASSERT_TRUE(host) << field;
    EXPECT_EQ(host->name, name);
    EXPECT_EQ(host->port ? *host->port : -1, port);
}

INSTANTIATE_TEST_SUITE_P(Fields, UrlHost,
                         testing::Values(HostCase{"example.org", "example.org", -1},
                                         HostCase{"EXAMPLE.org:8080", "EXAMPLE.org", 8080},
                                         HostCase{"127.0.0.1:0", "127.0.0.1", 0}, HostCase{"[::1]", "[::1]", -1},
                                         HostCase{"[2001:db8::1]:443", "[2001:db8::1]", 443},
                                         HostCase{"a_b", "a_b", -1}, HostCase{"localhost:", "localhost", -1},
                                         HostCase{"x%41y", "x%41y", -1}, HostCase{"a!$&'()*+,;=~", "a!$&'()*+,;=~", -1},
                                         HostCase{"[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]", -1}));
INSTANTIATE_TEST_SUITE_P(WrongFields, UrlHost,
                         testing::Values(HostCase{"", "", -2}, HostCase{":80", "", -2}, HostCase{"a b", "", -2},
                                         HostCase{"a/b", "", -2}, HostCase{"user@host", "", -2},
                                         HostCase{"a:b", "", -2}, HostCase{"a:65536", "", -2}, HostCase{"a:-1", "", -2},
                                         HostCase{"a:1:2", "", -2}, HostCase{"::1", "", -2}, HostCase{"[::1", "", -2},
                                         HostCase{"[::1]x", "", -2}, HostCase{"[zz]", "", -2},
                                         HostCase{"[::1]:x", "", -2}, HostCase{"a%4", "", -2}, HostCase{"a%zz", "", -2},
                                         HostCase{"a\xC3\xA4", "", -2}, HostCase{"a,b\t", "", -2},
                                         HostCase{"a?b", "", -2}, HostCase{"a#b", "", -2}, HostCase{"a\\b", "", -2},
                                         HostCase{"a<b>", "", -2}, HostCase{"[::1%25eth0]", "", -2},
                                         HostCase{"a]", "", -2}));

TEST(Url, SplitsAbsoluteUrls) {
    auto const parts = split_url("https://Example.org:8443/a/b?c=d#e?f");
    ASSERT_TRUE(parts);
    EXPECT_TRUE(parts->https());
    EXPECT_EQ(parts->host, "Example.org");
    EXPECT_EQ(parts->port, 8443);
    EXPECT_EQ(parts->path, "/a/b");
    EXPECT_EQ(parts->query, "c=d");
    EXPECT_EQ(parts->fragment, "e?f");
    EXPECT_EQ(parts->target, "/a/b?c=d");

    auto const bare = split_url("HTTP://[::1]");
    ASSERT_TRUE(bare);
    EXPECT_FALSE(bare->https());
    EXPECT_EQ(bare->port, 80);
    EXPECT_EQ(bare->path, "/");
    EXPECT_EQ(bare->target, "/");

    for (std::string_view wrong : {"", "/a", "//host/a", "ftp://host/", "http:/host", "http://", "http://u:p@host/",
                                   "http://host/a b", "http://host/\n", "javascript://host/%0aalert(1)"})
        EXPECT_FALSE(split_url(wrong)) << wrong;
}

TEST(Url, ComparesOrigins) {
    auto const same = [](std::string_view a, std::string_view b) { return same_origin(*split_url(a), *split_url(b)); };
    EXPECT_TRUE(same("http://A.org/x", "http://a.org:80/y"));
    EXPECT_FALSE(same("http://a.org", "https://a.org"));
    EXPECT_FALSE(same("http://a.org", "http://a.org:81"));
    EXPECT_FALSE(same("http://a.org", "http://b.org"));
    EXPECT_FALSE(same("http://a.org", "http://a.org.evil.example"));
}

TEST(Url, ResolvesReferences) {
    constexpr std::string_view base = "http://a.org/b/c?d=e";
    EXPECT_EQ(resolve_url(base, "/x"), "http://a.org/x");
    EXPECT_EQ(resolve_url(base, "x"), "http://a.org/b/x");
    EXPECT_EQ(resolve_url(base, "../x?y#z"), "http://a.org/x?y");
    EXPECT_EQ(resolve_url(base, "?y"), "http://a.org/b/c?y");
    EXPECT_EQ(resolve_url(base, ""), "http://a.org/b/c?d=e");
    EXPECT_EQ(resolve_url(base, "//b.org"), "http://b.org/");
    EXPECT_EQ(resolve_url(base, "//b.org?x"), "http://b.org/?x");
    EXPECT_EQ(resolve_url(base, "https://b.org/x"), "https://b.org/x");
    EXPECT_EQ(resolve_url("http://a.org", "x"), "http://a.org/x");
    EXPECT_EQ(resolve_url(base, "javascript:alert(1)"), std::nullopt);
    EXPECT_EQ(resolve_url(base, "/a b"), std::nullopt);
    EXPECT_EQ(resolve_url("/b", "/x"), std::nullopt);
}

TEST(Url, KnowsWhichPathsStayOnThisServer) {
    for (std::string_view good : {"/", "/a", "/a?next=//x", "/a//b", "/a:b", "/\xC3\xA4"})
        EXPECT_TRUE(is_local_path(good)) << good;
    for (std::string_view bad :
         {"", "a", "//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example", "/a\\b", "/a\r\nX: y",
          "http://evil.example", "javascript:alert(1)", " /a", "\\\\evil"})
        EXPECT_FALSE(is_local_path(bad)) << bad;
}

TEST(Url, FindsTheSchemeThatABrowserWouldFind) {
    EXPECT_EQ(url_scheme("https://x"), "https");
    EXPECT_EQ(url_scheme(" \x01JavaScript:alert(1)"), "javascript");
    EXPECT_EQ(url_scheme("java\nscript\t:alert(1)"), "javascript");
    EXPECT_EQ(url_scheme("/a:b"), "");
    EXPECT_EQ(url_scheme("a?b:c"), "");
    EXPECT_EQ(url_scheme("1a:b"), "");
    EXPECT_EQ(url_scheme("svn+ssh:x"), "svn+ssh");
    EXPECT_EQ(url_scheme(""), "");
}

} // namespace
} // namespace hxx::http
