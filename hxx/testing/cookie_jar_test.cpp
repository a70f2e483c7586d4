#include "hxx/testing/cookie_jar.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

constexpr std::int64_t now = 1'000'000;

TEST(CookieJar, SendsBackWhatWasSet) {
    CookieJar jar;
    jar.store("a=1; Path=/; HttpOnly; SameSite=Lax", "a.org", "/x", false, now);
    jar.store("b=x=y", "a.org", "/deep/page", false, now);
    EXPECT_EQ(jar.header("a.org", "/", false, now), "a=1");
    EXPECT_EQ(jar.header("a.org", "/deep/other", false, now), "b=x=y; a=1") << "longer paths come first";
    EXPECT_EQ(jar.header("A.ORG", "/deep", false, now), "b=x=y; a=1");
    EXPECT_EQ(jar.header("b.org", "/deep", false, now), "");
    EXPECT_EQ(jar.get("a"), "1");
    EXPECT_EQ(jar.get("c"), std::nullopt);
    ASSERT_NE(jar.find("a"), nullptr);
    EXPECT_TRUE(jar.find("a")->http_only);
    EXPECT_EQ(jar.find("a")->same_site, "Lax");
    EXPECT_FALSE(jar.find("a")->expires);
}

TEST(CookieJar, ReplacesACookieOfTheSameNameAndPath) {
    CookieJar jar;
    jar.store("a=1; Path=/", "a.org", "/", false, now);
    jar.store("a=2; Path=/", "a.org", "/", false, now);
    jar.store("a=3; Path=/x", "a.org", "/", false, now);
    EXPECT_EQ(jar.size(), 2u);
    EXPECT_EQ(jar.header("a.org", "/x/y", false, now), "a=3; a=2");
}

TEST(CookieJar, ComparesPathsBySegments) {
    CookieJar jar;
    jar.store("a=1; Path=/users", "a.org", "/", false, now);
    EXPECT_EQ(jar.header("a.org", "/users", false, now), "a=1");
    EXPECT_EQ(jar.header("a.org", "/users/7", false, now), "a=1");
    EXPECT_EQ(jar.header("a.org", "/users2", false, now), "");
    EXPECT_EQ(jar.header("a.org", "/", false, now), "");
}

TEST(CookieJar, ForgetsWhatIsOver) {
    CookieJar jar;
    jar.store("a=1; Max-Age=60", "a.org", "/", false, now);
    jar.store("b=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "a.org", "/", false, now);
    jar.store("c=1; Max-Age=99999999999999999999", "a.org", "/", false, now);
    EXPECT_EQ(jar.header("a.org", "/", false, now + 59), "a=1; b=1; c=1");
    EXPECT_EQ(jar.header("a.org", "/", false, now + 60), "b=1; c=1");
    jar.store("b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a.org", "/", false, now);
    jar.store("c=; Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "a.org", "/", false, now);
    EXPECT_EQ(jar.header("a.org", "/", false, now), "a=1");
    jar.store("d=1; Max-Age=-1", "a.org", "/", false, now);
    EXPECT_EQ(jar.size(), 1u);
}

TEST(CookieJar, KeepsSecureCookiesForTls) {
    CookieJar jar;
    jar.store("a=1; Secure", "a.org", "/", false, now);
    EXPECT_EQ(jar.size(), 0u);
    jar.store("a=1; Secure", "a.org", "/", true, now);
    EXPECT_EQ(jar.header("a.org", "/", true, now), "a=1");
    EXPECT_EQ(jar.header("a.org", "/", false, now), "");
}

TEST(CookieJar, KnowsDomains) {
    CookieJar jar;
    jar.store("a=1; Domain=.Example.org", "www.example.org", "/", false, now);
    jar.store("b=1; Domain=other.org", "www.example.org", "/", false, now);
    jar.store("c=1; Domain=ample.org", "example.org", "/", false, now);
    EXPECT_EQ(jar.header("example.org", "/", false, now), "a=1");
    EXPECT_EQ(jar.header("api.example.org", "/", false, now), "a=1");
    EXPECT_EQ(jar.header("badexample.org", "/", false, now), "");
}

TEST(CookieJar, KeepsToTheRulesOfPrefixes) {
    CookieJar jar;
    jar.store("__Host-a=1; Secure; Path=/; Domain=a.org", "a.org", "/", true, now);
    jar.store("__Host-b=1; Secure; Path=/x", "a.org", "/", true, now);
    jar.store("__Host-c=1; Secure", "a.org", "/", true, now);
    jar.store("__Secure-d=1", "a.org", "/", true, now);
    EXPECT_EQ(jar.size(), 0u);
    jar.store("__Host-e=1; Secure; Path=/", "a.org", "/", true, now);
    EXPECT_EQ(jar.size(), 1u);
}

TEST(CookieJar, TakesWhatATestSets) {
    CookieJar jar;
    jar.set("session", "x");
    EXPECT_EQ(jar.header("any.org", "/any", false, now), "session=x");
    jar.store("session=y; Path=/", "a.org", "/", false, now);
    EXPECT_EQ(jar.size(), 1u) << "what the server sets takes its place";
    jar.remove("session");
    EXPECT_EQ(jar.size(), 0u);
    jar.store("nonsense", "a.org", "/", false, now);
    jar.store("=x", "a.org", "/", false, now);
    EXPECT_EQ(jar.size(), 0u);
}

} // namespace
} // namespace hxx
