// The program as its users meet it: as a browser, as both versions of htmx, and as a program.
#include "app.hpp"

#include <hxx/testing/matchers.hpp>
#include <hxx/testing/test_client.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace hxx;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr char ada[] = "#user-1";

/// A database of its own for each test, with the 26 users of migrations/002_first_users.sql.
class Users : public testing::Test {
  protected:
    Users() {
        // Changing users is for people who are logged in.
        client.browser().post("/signup",
                              form({{"name", "Kim"}, {"email", "kim@example.org"}, {"password", "12345678"}}));
    }
    TestClient client{make_app({.database_url = "sqlite::memory:"})};

    std::string name_of_ada() { return client.get("/users/1").html().text("#user-1 .name"); }
};

RequestBody const mary = form({{"name", " Mary Shaw "}, {"email", "Mary.Shaw@Example.org"}, {"age", 80}});
RequestBody const mistakes = form({{"name", "  "}, {"email", "nobody"}, {"age", "old"}});

/// Both versions of htmx must be served alike.
class UsersByHtmx : public Users, public testing::WithParamInterface<int> {
  protected:
    TestRequest htmx() { return client.htmx(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(, UsersByHtmx, testing::Values(2, 4), testing::PrintToStringParamName());

// ── Pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Users, HomeSaysHowManyThereAre) {
    EXPECT_THAT(client.browser().get("/"), AllOf(HasStatus(200), HasText("a.primary", "See 26 users")));
}

TEST_F(Users, TheListIsInOrderOfNamesTenAPage) {
    auto const first = client.browser().get("/users");
    EXPECT_THAT(first, AllOf(HasStatus(200), HasText("h1", "Users"), HasElements("#user-rows > .user", 10),
                             HasText("#user-count", "26 users"), HasText(".pages", HasSubstr("Page 1 of 3"))));
    EXPECT_EQ(first.html().text("#user-rows > .user .name"), "Ada Lovelace");
    auto const last = client.browser().get("/users?page=3");
    EXPECT_THAT(last, HasElements("#user-rows > .user", 6));
    EXPECT_THAT(client.browser().get("/users?page=99"),
                AllOf(HasElements("#user-rows > .user", 6), HasText(".pages", HasSubstr("Page 3 of 3"))));
}

TEST_F(Users, APageThatIsNoPageIsAMistake) {
    EXPECT_THAT(client.browser().get("/users?page=0"),
                AllOf(HasStatus(422), HasText("[role=alert] li code", "query.page")));
    EXPECT_THAT(client.browser().get("/users?page=many"), HasStatus(422));
}

TEST_F(Users, SearchLooksAtNamesAndAddresses) {
    auto const found = client.browser().get("/users?q=hopper");
    EXPECT_THAT(found, AllOf(HasElements("#user-rows > .user", 1), HasText("#user-15 .name", "Grace Hopper"),
                             HasText("#user-count", "1 user found for “hopper”"), Not(HasElement(".pages"))));
    EXPECT_EQ(found.html().attr("#q", "value"), "hopper");
    EXPECT_THAT(client.browser().get("/users?q=dijkstra%40example"), HasElements("#user-rows > .user", 1));
    for (auto const* pattern : {"%25", "_", "%5C", "%27%20or%201%3D1--"}) // nobody has a %, _ or \ in their name
        EXPECT_THAT(client.browser().get(std::string("/users?q=") + pattern), HasElements("#user-rows > .user", 0));
}

TEST_F(Users, LinksToPagesKeepTheSearch) {
    auto const found = client.browser().get("/users?q=e%26&page=1");
    EXPECT_THAT(found, HasText("#user-count", HasSubstr("“e&”")));
    auto const page = client.browser().get("/users?q=%40example&page=1");
    EXPECT_EQ(page.html().attr(".pages a", "href"), "/users?q=%40example&page=2");
}

TEST_F(Users, AUserHasAPage) {
    EXPECT_THAT(client.browser().get("/users/1"),
                AllOf(HasStatus(200), HasText("title", "Ada Lovelace"), HasElement("header.site"),
                      HasText("#user-1 .email", "ada.lovelace@example.org")));
}

TEST_F(Users, StyleAndHtmxComeFromTheProgram) {
    auto const page = client.browser().get("/");
    auto const style = client.get(page.html().attr("link[rel=stylesheet]", "href").value());
    EXPECT_THAT(style, AllOf(HasStatus(200), HasHeader("Content-Type", "text/css; charset=utf-8")));
    auto const script = client.get(page.html().attr("script", "src").value());
    EXPECT_THAT(script, AllOf(HasStatus(200), HasHeader("Content-Type", HasSubstr("javascript")), HasHeader("ETag")));
    EXPECT_THAT(script.text(), HasSubstr("4.0.1"));
    TestClient older{make_app({.database_url = "sqlite::memory:", .htmx_version = 2})};
    auto const source = older.browser().get("/").html().attr("script", "src").value();
    EXPECT_THAT(older.get(source).text(), HasSubstr("2.0.11"));
}

// ── Fragments ───────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(UsersByHtmx, TheListAloneIsSentForSearchAndPages) {
    auto const reply = htmx().source("input#q", "q").target("section#users").get("/users", form({{"q", "grace"}}));
    EXPECT_THAT(reply, AllOf(HasStatus(200), HasElement("#users"), HasElements("#user-rows > .user", 1),
                             Not(HasElement("header.site")), HasHeader("Vary", HasSubstr("HX-Request"))));
    EXPECT_THAT(client.browser().get("/users"), HasHeader("Vary", HasSubstr("HX-History-Restore-Request")));
}

TEST_P(UsersByHtmx, BackGetsTheWholePage) {
    EXPECT_THAT(htmx().history_restore().get("/users?q=grace"),
                AllOf(HasElement("header.site"), HasElement("#q[value=grace]"), HasElements("#user-rows > .user", 1)));
}

TEST_P(UsersByHtmx, ARowIsEditedInPlace) {
    auto const row = htmx().target(std::string("article") + ada);
    EXPECT_THAT(row.get("/users/1/edit"),
                AllOf(HasElement("article#user-1 form[hx-put='/users/1']"),
                      HasElement("#user-1-name[value='Ada Lovelace'][autofocus]"), Not(HasElement("header.site"))));
    EXPECT_THAT(row.get("/users/1"),
                AllOf(HasText("article#user-1 .name", "Ada Lovelace"), Not(HasElement("header.site"))));
    auto const saved =
        row.put("/users/1", form({{"name", "Augusta Ada King"}, {"email", "ada@example.org"}, {"age", 37}}));
    EXPECT_THAT(saved,
                AllOf(HasStatus(200), HasText("article#user-1 .name", "Augusta Ada King"), Not(HasElement("form"))));
    EXPECT_EQ(name_of_ada(), "Augusta Ada King");
}

TEST_P(UsersByHtmx, ADeletedRowIsReplacedByNothingAndAnEvent) {
    auto const reply = htmx().target(std::string("article") + ada).del("/users/1");
    EXPECT_THAT(reply, AllOf(HasStatus(200), HasHeader("HX-Trigger", HasSubstr(R"("userDeleted":{"id":1)"))));
    EXPECT_EQ(reply.text(), "");
    EXPECT_THAT(client.get("/users/1"), HasStatus(404));
    EXPECT_THAT(client.browser().get("/users"), HasText("#user-count", "25 users"));
}

// ── New users ───────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(UsersByHtmx, ANewUserIsAddedInPlace) {
    auto const reply = htmx().target("form#user-form").post("/users", mary);
    EXPECT_THAT(reply, AllOf(HasStatus(201), HasText("#user-form a", "Mary Shaw"),
                             HasElement("hx-partial[hx-target='#user-rows'] #user-27"),
                             HasHeader("HX-Trigger", HasSubstr(R"("userCreated":{"id":27)"))));
    EXPECT_THAT(client.get("/users/27"), HasText(".email", "mary.shaw@example.org"));
}

TEST_P(UsersByHtmx, AFormWithMistakesComesBackAsItWasTyped) {
    auto const reply = htmx().target("form#user-form").post("/users", mistakes);
    EXPECT_THAT(reply,
                AllOf(HasStatus(422), HasHeader("HX-Retarget", "#user-form"), Not(HasElement("header.site")),
                      HasElements("#user-form .error", 3), HasElement("#new-user-email[value=nobody]"),
                      HasElement("#new-user-age[value=old][aria-invalid=true][aria-describedby=new-user-age-error]"),
                      HasElement("#new-user-age-error[data-field=age]")));
    EXPECT_THAT(client.browser().get("/users"), HasText("#user-count", "26 users"));
}

TEST_P(UsersByHtmx, ABadEditComesBackInItsRow) {
    auto const reply = htmx().target("article#user-1").put("/users/1", mistakes);
    EXPECT_THAT(reply, AllOf(HasStatus(422), HasHeader("HX-Retarget", ada), HasElements("article#user-1 .error", 3),
                             HasElement("#user-1-email[value=nobody]")));
    EXPECT_EQ(name_of_ada(), "Ada Lovelace");
}

TEST_F(Users, AnAgeOutOfRangeSaysWhatItMustBe) {
    auto const age = [&](int value) {
        auto const filled_in = form({{"name", "A"}, {"email", "a@example.org"}, {"age", value}});
        return client.browser().post("/users", filled_in).html().text(".error[data-field=age]");
    };
    EXPECT_EQ(age(0), "must be greater than 0");
    EXPECT_EQ(age(150), "must be less than 150");
}

TEST_F(Users, AnAddressBelongsToOneUser) {
    auto const taken = form({{"name", "Other"}, {"email", "ADA.lovelace@example.org"}, {"age", 20}});
    EXPECT_THAT(client.browser().post("/users", taken),
                AllOf(HasStatus(422), HasText(".error[data-field=email]", "belongs to another user"),
                      HasElement("#new-user-email[value='ADA.lovelace@example.org']"), HasElements(".error", 1)));
    EXPECT_THAT(client.browser().post("/users/2/edit", taken),
                AllOf(HasStatus(422), HasElements(".error[data-field=email]", 1)));
    // Her own address is hers.
    auto const same = form({{"name", "Ada King"}, {"email", "ada.lovelace@example.org"}, {"age", 36}});
    EXPECT_THAT(client.browser().post("/users/1/edit", same), HasStatus(303));
}

TEST_F(Users, WhatIsTypedIsShownAsText) {
    auto const evil = form({{"name", "<script>alert(1)</script>"}, {"email", "evil\" onfocus=\"x"}, {"age", "1"}});
    auto const reply = client.browser().post("/users", evil);
    EXPECT_THAT(reply, AllOf(HasStatus(422), HasElements("main script", 0), Not(HasElement("[onfocus]"))));
    EXPECT_EQ(reply.html().attr("#new-user-name", "value"), "<script>alert(1)</script>");
}

// ── Without JavaScript ──────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Users, ABrowserIsSentToWhatItMade) {
    EXPECT_THAT(client.browser().get("/users/new"),
                AllOf(HasElement("header.site"), HasElement("form#user-form[action='/users'][method=post]")));
    EXPECT_THAT(client.browser().post("/users", mary), AllOf(HasStatus(303), HasHeader("Location", "/users/27")));
    EXPECT_THAT(client.browser().post("/users", mistakes),
                AllOf(HasStatus(422), HasElement("header.site"), HasElements("#user-form .error", 3)));
}

TEST_F(Users, ABrowserEditsOnAPageOfItsOwn) {
    EXPECT_THAT(client.browser().get("/users/1/edit"),
                AllOf(HasElement("header.site"), HasElement("form[action='/users/1/edit'][method=post]")));
    EXPECT_THAT(client.browser().post("/users/1/edit", mistakes),
                AllOf(HasStatus(422), HasElement("header.site"), HasElements(".error", 3)));
    EXPECT_THAT(client.browser().post("/users/1/edit", mary), AllOf(HasStatus(303), HasHeader("Location", "/users/1")));
    EXPECT_EQ(name_of_ada(), "Mary Shaw");
}

TEST_F(Users, ABrowserIsAskedBeforeItDeletes) {
    EXPECT_THAT(
        client.browser().get("/users/1/delete"),
        AllOf(HasText("h1", "Delete Ada Lovelace?"), HasElement("form[action='/users/1/delete'][method=post]")));
    EXPECT_THAT(client.browser().post("/users/1/delete"), AllOf(HasStatus(303), HasHeader("Location", "/users")));
    EXPECT_THAT(client.browser().get("/users/1"), HasStatus(404));
}

// ── Errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Users, AnUnknownUserIsAPageInABrowser) {
    EXPECT_THAT(client.browser().get("/users/99"),
                AllOf(HasStatus(404), HasElement("header.site"), HasText("h1", "Not Found"),
                      HasText("[role=alert]", HasSubstr("There is no user 99."))));
}

TEST_P(UsersByHtmx, AnUnknownUserIsAFragmentInHtmx) {
    EXPECT_THAT(htmx().target("article#user-99").get("/users/99/edit"),
                AllOf(HasStatus(404), Not(HasElement("header.site")),
                      HasText("[role=alert]", HasSubstr("There is no user 99."))));
    EXPECT_THAT(htmx().target("article#user-99").del("/users/99"), HasStatus(404));
    EXPECT_THAT(htmx().target("article#user-99").put("/users/99", mary), HasStatus(404));
}

TEST_F(Users, AnUnknownUserIsAProblemForAProgram) {
    auto const reply = client.get("/users/99");
    EXPECT_THAT(reply, AllOf(HasStatus(404), HasHeader("Content-Type", "application/problem+json"),
                             HasHeader("Vary", HasSubstr("Accept"))));
    EXPECT_EQ(reply.json().at("detail"), "There is no user 99.");
}

TEST_F(Users, ANumberThatIsNoneIsAMistake) {
    EXPECT_THAT(client.browser().get("/users/ada"), HasStatus(422));
    EXPECT_THAT(client.browser().get("/users/99999999999999999999"), HasStatus(422));
    EXPECT_THAT(client.browser().get("/nowhere"), AllOf(HasStatus(404), HasElement("header.site")));
}

} // namespace
