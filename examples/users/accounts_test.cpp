// Signing up, logging in and out, and what only those may do who have.
#include "app.hpp"

#include <hxx/security/session.hpp>
#include <hxx/testing/matchers.hpp>
#include <hxx/testing/test_client.hpp>
#include <hxx/web/extract.hpp>

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include <string>

using namespace hxx;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

class Accounts : public testing::Test {
  protected:
    TestReply sign_up() {
        auto const page = client.browser().get("/signup");
        return client.browser().submit(page, "#signup-form",
                                       {{"name", "Kim"}, {"email", "Kim@Example.org"}, {"password", "correct horse"}});
    }
    TestReply log_in(std::string_view password, std::string_view next = "") {
        auto const page = client.browser().get("/login?next=" + std::string(next));
        return client.browser().submit(page, "#login-form", {{"email", "kim@example.org"}, {"password", password}});
    }
    TestReply log_out() {
        auto const page = client.browser().get("/");
        return client.browser().submit(page, "header form");
    }
    TestClient client{make_app({.database_url = "sqlite::memory:"})};
};

TEST_F(Accounts, SigningUpLogsInAndLeadsToTheDashboard) {
    EXPECT_THAT(sign_up(), AllOf(HasStatus(303), HasHeader("Location", "/dashboard")));
    EXPECT_THAT(client.browser().get("/dashboard"),
                AllOf(HasStatus(200), HasText("#account-name", "Kim"), HasText("#total", "26"),
                      HasText("header .account", "Kim"), HasHeader("Cache-Control", "no-store")));
}

TEST_F(Accounts, SigningUpNamesEachMistakeAndForgetsThePassword) {
    auto const page = client.browser().get("/signup");
    auto const reply = client.browser().submit(page, "#signup-form", {{"email", "x"}, {"password", "secret1"}});
    EXPECT_THAT(reply, AllOf(HasStatus(422), HasElements("#signup-form .error", 3)));
    EXPECT_THAT(reply.text(), Not(HasSubstr("secret1")));
    sign_up();
    log_out();
    EXPECT_THAT(sign_up(), AllOf(HasStatus(422), HasText("#signup-email-error", "has an account already")));
}

TEST_F(Accounts, LoggingInNeedsThePassword) {
    sign_up();
    log_out();
    EXPECT_THAT(client.browser().get("/dashboard"), HasStatus(303));
    auto const wrong = log_in("wrong horse");
    EXPECT_THAT(wrong, AllOf(HasStatus(422), HasText("#login-password-error", "does not belong to this e-mail"),
                             HasElement("#login-email[value='kim@example.org']")));
    EXPECT_THAT(wrong.text(), Not(HasSubstr("wrong horse")));
    EXPECT_THAT(client.browser().get("/dashboard"), HasStatus(303));
    EXPECT_THAT(log_in("correct horse"), AllOf(HasStatus(303), HasHeader("Location", "/dashboard")));
    EXPECT_THAT(client.browser().get("/dashboard"), HasStatus(200));
}

TEST_F(Accounts, TheWayBackIsKeptAndLeadsNowhereElse) {
    sign_up();
    log_out();
    EXPECT_THAT(client.browser().get("/users/1/edit"), HasHeader("Location", "/login?next=%2Fusers%2F1%2Fedit"));
    EXPECT_THAT(log_in("correct horse", "%2Fusers%2F1%2Fedit"), HasHeader("Location", "/users/1/edit"));
    for (auto const* next : {"//evil.example", "https://evil.example", "%2F%5Cevil.example", "javascript:alert(1)"})
        EXPECT_THAT(log_in("correct horse", next), HasHeader("Location", "/dashboard")) << next;
}

TEST_F(Accounts, TheSessionGetsANewIdAtLogIn) {
    sign_up();
    auto const id = [&] { return client.call([](Session session) { return session.id(); }).text(); };
    auto const before = id();
    log_in("correct horse");
    EXPECT_NE(id(), before);
}

TEST_F(Accounts, ASessionExpires) {
    sign_up();
    client.advance(15 * 24h);
    EXPECT_THAT(client.browser().get("/dashboard"), HasHeader("Location", "/login?next=%2Fdashboard"));
    EXPECT_THAT(client.htmx().current_url("/dashboard").get("/dashboard"),
                AllOf(HasStatus(401), HasHeader("HX-Redirect", "/login?next=%2Fdashboard")));
    EXPECT_THAT(client.get("/dashboard"), AllOf(HasStatus(401), HasHeader("WWW-Authenticate", "Bearer"),
                                                HasHeader("Content-Type", "application/problem+json")));
}

TEST_F(Accounts, TheDashboardIsAFragmentForHtmx) {
    sign_up();
    EXPECT_THAT(client.htmx().target("section#dashboard").get("/dashboard"),
                AllOf(HasElement("section#dashboard"), Not(HasElement("header.site"))));
}

TEST_F(Accounts, GuessingStopsAfterFiveTries) {
    sign_up();
    log_out();
    for (int i = 0; i < 5; ++i) EXPECT_THAT(log_in("guess"), HasStatus(422));
    auto const refused = log_in("correct horse");
    EXPECT_THAT(refused, AllOf(HasStatus(429), HasText("[role=alert]", HasSubstr("too many attempts"))));
    EXPECT_GT(std::stoi(refused.header("Retry-After").value()), 0);
    client.advance(15min);
    EXPECT_THAT(log_in("correct horse"), HasStatus(303));
}

TEST_F(Accounts, OnlyWhoIsLoggedInChangesUsers) {
    for (auto const* path : {"/users/1/edit", "/users/1/delete"})
        EXPECT_THAT(client.browser().get(path), HasHeader("Location", StartsWith("/login?next=")));
    EXPECT_THAT(client.htmx().del("/users/1"), AllOf(HasStatus(401), HasHeader("HX-Redirect", StartsWith("/login"))));
    EXPECT_THAT(client.browser().get("/users/1"), HasStatus(200));
    sign_up();
    EXPECT_THAT(client.htmx().del("/users/1"), HasStatus(200));
    EXPECT_THAT(client.browser().get("/users/1"), HasStatus(404));
}

TEST_F(Accounts, FormsCarryTheTokenOfTheirPage) {
    sign_up();
    auto const page = client.browser().get("/users/1/edit");
    EXPECT_THAT(client.browser().submit(page, "#user-1 form", {{"name", "A"}, {"age", 37}}), HasStatus(303));
    for (int const version : {2, 4})
        EXPECT_THAT(client.htmx(version).submit(page, "#user-1 form", {{"name", "B"}, {"age", 38}}), HasStatus(200));
    auto const question = client.browser().get("/users/2/delete");
    EXPECT_THAT(client.browser().submit(question, "main form"), HasStatus(303));
    auto const fresh = client.browser().get("/users/new");
    EXPECT_THAT(client.browser().submit(fresh, "#user-form", {{"name", "C"}, {"email", "c@example.org"}, {"age", 9}}),
                HasStatus(303));
}

TEST_F(Accounts, AFormOfAnotherSiteIsRefused) {
    sign_up();
    auto const attack = form({{"name", "M"}, {"email", "m@example.org"}, {"age", 3}});
    EXPECT_THAT(client.browser().without_csrf().post("/users", attack),
                AllOf(HasStatus(403), HasText("[role=alert]", HasSubstr("Reload the page"))));
    EXPECT_THAT(client.browser()
                    .header("Origin", "http://evil.example")
                    .header("Sec-Fetch-Site", "cross-site")
                    .post("/users", attack),
                HasStatus(403));
    EXPECT_THAT(client.browser().without_csrf().post("/logout"), HasStatus(403));
    EXPECT_THAT(
        client.browser().without_csrf().post("/login", form({{"email", "evil@example.org"}, {"password", "12345678"}})),
        HasStatus(403));
}

TEST_F(Accounts, AProgramLogsInWithoutAPage) {
    sign_up();
    client.cookies().clear();
    auto const token = [&](std::string_view password) {
        return client.request().without_csrf().post(
            "/token", form({{"username", "kim@example.org"}, {"password", password}, {"grant_type", "password"}}));
    };
    EXPECT_THAT(token("wrong"), AllOf(HasStatus(401), HasHeader("WWW-Authenticate", "Bearer")));
    auto const answer = token("correct horse");
    EXPECT_THAT(answer, AllOf(HasStatus(200), HasHeader("Cache-Control", "no-store")));
    auto const bearer = "Bearer " + std::string(answer.json().at("access_token").as_string());
    EXPECT_THAT(client.header("Authorization", bearer).without_csrf().del("/users/1"), HasStatus(303));
    EXPECT_THAT(client.browser().get("/users/1"), HasStatus(404));
    EXPECT_THAT(client.header("Authorization", bearer + "x").without_csrf().del("/users/2"), HasStatus(401));
    client.advance(16min);
    EXPECT_THAT(client.header("Authorization", bearer).without_csrf().del("/users/2"), HasStatus(401));
}

} // namespace
