#include "hxx/security/bearer.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/security_scopes.hpp"

#include <gmock/gmock.h>

namespace hxx {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

int runs = 0;

/// The token is the list of what it allows: "items:read,items:write".
std::string current_user(OAuth2PasswordBearer token, SecurityScopes scopes) {
    ++runs;
    std::vector<std::string> granted;
    for (std::string_view rest = token.token(); !rest.empty();) {
        auto const comma = std::min(rest.find(','), rest.size());
        granted.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    scopes.require(granted);
    return "user with " + (scopes.text().empty() ? "nothing" : scopes.text());
}
Task<std::string> active_user(Security<current_user, "active"> user) { co_return "active " + *user; }

Router routes() {
    Router router;
    router.get("/bearer", [](HTTPBearer token) { return "token " + token.token(); });
    router.get("/maybe", [](Request& request) { return std::string(HTTPBearer::find(request) ? "some" : "none"); });
    router.get("/either", [](BearerOrCookie token) { return "token " + token.token(); });
    router.get("/set", [](Request& request) {
        auto response = text("set");
        set_token_cookie(request, response, "abc", 60s);
        return response;
    });
    router.get("/me", [](Depends<current_user> user) { return *user; });
    router.get("/items", [](Security<current_user, "items:read"> user) { return *user; });
    router.get("/active", [](Security<active_user, "items:read"> user) { return *user; });
    router.get("/both", [](Depends<current_user> anybody, Security<active_user, "admin"> user) {
        return *anybody + "; " + *user;
    });
    router.get("/effect", []() { return std::string("done"); }, {.dependencies = {security<current_user, "a", "b">}});
    router.get("/token", []() { return token_response({.access_token = "t", .expires_in = 900}); });
    return router;
}

class BearerTest : public testing::Test {
  protected:
    std::string get(std::string_view target, std::string_view authorization) {
        reply = drive.send({"GET", target, {{"Authorization", authorization}}});
        return std::string(reply.text());
    }
    log::KeptLog log;
    Drive drive{routes()};
    http::Response reply;
};

TEST_F(BearerTest, TheTokenIsWhatFollowsTheScheme) {
    EXPECT_EQ(get("/bearer", "Bearer abc.def"), "token abc.def");
    EXPECT_EQ(get("/bearer", "bearer  abc "), "token abc");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
}

TEST_F(BearerTest, WithoutOneTheAnswerIs401WithTheChallenge) {
    for (auto const* wrong : {"", "Bearer", "Bearer ", "Basic YTpi", "Bearerabc"}) {
        get("/bearer", wrong);
        EXPECT_EQ(reply.status(), 401) << wrong;
        EXPECT_EQ(header_of(reply, "WWW-Authenticate"), "Bearer") << wrong;
    }
    EXPECT_EQ(drive.send({"GET", "/bearer"}).status(), 401);
    EXPECT_EQ(drive.get("/maybe"), "none");
    EXPECT_EQ(get("/maybe", "Bearer x"), "some");
}

TEST_F(BearerTest, TheFieldGoesBeforeTheCookie) {
    auto const sent = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
        reply = drive.send({"GET", "/either", headers});
        return std::string(reply.text());
    };
    EXPECT_EQ(sent({{"Cookie", "access_token=c"}}), "token c");
    EXPECT_EQ(header_of(reply, "Vary"), "Cookie");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
    EXPECT_EQ(sent({{"Cookie", "access_token=c"}, {"Authorization", "Bearer f"}}), "token f");
    sent({{"Cookie", "access_token=c"}, {"Authorization", "Basic YTpi"}}); // no way round the field
    EXPECT_EQ(reply.status(), 401);
    sent({{"Cookie", "access_token="}});
    EXPECT_EQ(reply.status(), 401);
    drive.secure = true;
    sent({{"Cookie", "access_token=c"}}); // which a subdomain can set
    EXPECT_EQ(reply.status(), 401);
    EXPECT_EQ(sent({{"Cookie", "__Host-access_token=c"}}), "token c");
}

TEST_F(BearerTest, TheCookieIsSafe) {
    EXPECT_THAT(header_of(drive.send({"GET", "/set"}), "Set-Cookie"),
                AllOf(StartsWith("access_token=abc"), HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax")));
    drive.secure = true;
    EXPECT_THAT(header_of(drive.send({"GET", "/set"}), "Set-Cookie"),
                AllOf(StartsWith("__Host-access_token=abc"), HasSubstr("Secure")));
}

TEST_F(BearerTest, ScopesAreThoseOfAllThatAsk) {
    EXPECT_EQ(get("/me", "Bearer x"), "user with nothing");
    EXPECT_EQ(get("/items", "Bearer items:read"), "user with items:read");
    EXPECT_EQ(get("/active", "Bearer items:read,active"), "active user with items:read active");
    EXPECT_EQ(get("/effect", "Bearer a,b"), "done");
}

TEST_F(BearerTest, AMissingScopeIs403AndNamed) {
    get("/items", "Bearer items:write");
    EXPECT_EQ(reply.status(), 403);
    EXPECT_EQ(header_of(reply, "WWW-Authenticate"), R"(Bearer error="insufficient_scope", scope="items:read")");
    get("/active", "Bearer items:read");
    EXPECT_EQ(reply.status(), 403);
    get("/effect", "Bearer a");
    EXPECT_EQ(reply.status(), 403);
    auto const nobody = drive.send({"GET", "/items"});
    EXPECT_EQ(nobody.status(), 401);
    EXPECT_EQ(header_of(nobody, "WWW-Authenticate"), R"(Bearer scope="items:read")");
}

TEST_F(BearerTest, WhatWasMadeUnderOtherScopesIsNotTakenAgain) {
    runs = 0;
    get("/both", "Bearer active"); // current_user is fine without scopes, but not for an admin
    EXPECT_EQ(reply.status(), 403);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(get("/both", "Bearer active,admin"), "user with nothing; active user with admin active");
}

TEST_F(BearerTest, TokensAreAnsweredAsOAuth2Says) {
    auto const answer = drive.send({"GET", "/token"});
    EXPECT_EQ(answer.text(), R"({"access_token":"t","token_type":"bearer","expires_in":900,"scope":""})");
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
}

} // namespace
} // namespace hxx
