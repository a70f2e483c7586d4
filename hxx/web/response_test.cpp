#include "hxx/web/response.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/drive_for_test.hpp"

#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>

#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hxx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::string_view_literals;

std::vector<std::string> all(http::Response const& response, std::string_view name) {
    std::vector<std::string> values;
    for (auto const value : response.headers().get_all(name)) values.emplace_back(value);
    return values;
}

constexpr std::pair<std::string_view, std::string_view> htmx_4[] = {{"HX-Request", "true"},
                                                                    {"HX-Request-Type", "partial"}};

Generator<std::string> pieces() {
    co_yield "one ";
    co_yield std::string();
    co_yield "two";
}

/// What a client gets when a handler returns this.
template <class Make>
http::Response answer(Make make, std::string_view method = "GET",
                      std::initializer_list<std::pair<std::string_view, std::string_view>> headers = {}) {
    Router router;
    router.route(*http::parse_method(method), "/here", [make](Request&) -> Response { return make(); });
    Drive drive(std::move(router));
    return drive.send({method, "/here?a=b", headers});
}
template <class Make>
http::Response answer_to_htmx(Make make, std::string_view method = "GET") {
    return answer(make, method, {htmx_4[0], htmx_4[1]});
}

// ── Setters ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Response, IsSetInAChain) {
    auto const response = text("x")
                              .status(201)
                              .header("X-A", "1")
                              .header("x-a", "2")
                              .add_header("X-B", "1")
                              .add_header("X-B", "2")
                              .cookie(SetCookie("theme", "dark"))
                              .vary("Cookie");
    EXPECT_EQ(response.status(), 201);
    EXPECT_THAT(all(response, "X-A"), ElementsAre("2"));
    EXPECT_THAT(all(response, "X-B"), ElementsAre("1", "2"));
    EXPECT_THAT(all(response, "Vary"), ElementsAre("Cookie"));
    Response named;
    named.status(202).header("X-A", "1");
    EXPECT_EQ(named.status(), 202);
}

TEST(Response, RefusesWhatWouldSplitIt) {
    for (auto const value : {"a\r\nX: y"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "\x01"sv, "\x7f"sv}) {
        Response response;
        EXPECT_THROW(response.header("X-A", value), std::invalid_argument);
        EXPECT_THROW(response.add_header("X-A", value), std::invalid_argument);
        EXPECT_THROW(response.vary(value), std::invalid_argument);
        EXPECT_THROW(response.cookie(SetCookie("a", std::string(value))), std::invalid_argument);
        EXPECT_THROW(response.cookie(SetCookie(std::string(value), "a")), std::invalid_argument);
        EXPECT_THROW(response.delete_cookie("a", "/" + std::string(value)), std::invalid_argument);
        EXPECT_THROW(response.delete_cookie("a", "/", value), std::invalid_argument);
        EXPECT_THROW(response.retarget(value), std::invalid_argument);
        EXPECT_THROW(response.reselect(value), std::invalid_argument);
        EXPECT_THROW(response.reswap(value), std::invalid_argument);
        EXPECT_THROW(response.push_url(value), std::invalid_argument);
        EXPECT_THROW(response.replace_url(value), std::invalid_argument);
        EXPECT_THROW(response.hx_redirect(value, htmx::Destination::Anywhere), std::invalid_argument);
        EXPECT_THROW(response.hx_location(value), std::invalid_argument);
        EXPECT_THROW(static_cast<void>(redirect(value, 303, htmx::Destination::Anywhere)), std::invalid_argument);
        EXPECT_THROW(static_cast<void>(stream(pieces(), value)), std::invalid_argument);
        EXPECT_TRUE(response.headers().empty());
    }
    for (auto const name : {""sv, "X A"sv, "X:"sv, "X\r\nY"sv, "X\0"sv, "Ä"sv}) {
        Response response;
        EXPECT_THROW(response.header(name, "1"), std::invalid_argument) << name;
        EXPECT_THROW(response.add_header(name, "1"), std::invalid_argument) << name;
    }
}

TEST(Response, AnEventWithAnyTextInItIsOneFieldInAscii) {
    auto const response =
        answer_to_htmx([] { return html("").trigger("a\r\nX-Evil: 1", {{"text", "ü\r\n\0\""sv}}).trigger("other"); });
    ASSERT_EQ(all(response, "HX-Trigger").size(), 1u);
    EXPECT_EQ(header_of(response, "X-Evil"), "(none)");
    EXPECT_THAT(header_of(response, "HX-Trigger"), HasSubstr(R"("text":"\u00fc\r\n\u0000\"")"));
}

TEST(Response, CookiesAreForThisSiteAndNotForScripts) {
    auto const response = html("").cookie(SetCookie("theme", "dark")).cookie(SetCookie("id", "7").max_age(60).secure());
    EXPECT_THAT(all(response, "Set-Cookie"), ElementsAre("theme=dark; Path=/; HttpOnly; SameSite=Lax",
                                                         "id=7; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"));
    auto const open = html("").cookie(
        SetCookie("theme", "dark").http_only(false).same_site(SameSite::Strict).path("/shop").domain("example.org"));
    EXPECT_THAT(all(open, "Set-Cookie"), ElementsAre("theme=dark; Path=/shop; Domain=example.org; SameSite=Strict"));
    EXPECT_THROW(static_cast<void>(html("").cookie(SetCookie("theme", "dark").same_site(SameSite::None))),
                 std::invalid_argument);
}

TEST(Response, ACookieIsForgottenWhereItWasSet) {
    EXPECT_THAT(header_of(html("").delete_cookie("id"), "Set-Cookie"),
                StartsWith("id=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"));
    EXPECT_THAT(header_of(html("").delete_cookie("id", "/shop", "example.org"), "Set-Cookie"),
                StartsWith("id=; Path=/shop; Domain=example.org; Max-Age=0;"));
}

// ── htmx ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Response, WhatIsForHtmxIsLeftOutForOthers) {
    auto const make = [] {
        return html("x")
            .trigger("saved", {{"id", 7}})
            .retarget("#form")
            .reswap("outerHTML")
            .reselect("#part")
            .push_url("/there")
            .hx_refresh();
    };
    auto const to_htmx = answer_to_htmx(make);
    EXPECT_EQ(header_of(to_htmx, "HX-Trigger"), R"({"saved":{"id":7,"target":"body"}})");
    EXPECT_EQ(header_of(to_htmx, "HX-Retarget"), "#form");
    EXPECT_EQ(header_of(to_htmx, "HX-Reswap"), "outerHTML");
    EXPECT_EQ(header_of(to_htmx, "HX-Reselect"), "#part");
    EXPECT_EQ(header_of(to_htmx, "HX-Push-Url"), "/there");
    EXPECT_EQ(header_of(to_htmx, "HX-Refresh"), "true");
    auto const to_others = answer(make);
    for (auto const [name, value] : to_others.headers()) EXPECT_FALSE(name.starts_with("HX-")) << name;
}

TEST(Response, EachVersionGetsItsOwnDialect) {
    auto const make = [] {
        return html("x")
            .trigger_after_swap("swapped")
            .trigger_after_settle("settled")
            .replace_url(true)
            .stop_polling_if(true);
    };
    auto const version_2 = answer(make, "GET", {{"HX-Request", "true"}});
    EXPECT_THAT(header_of(version_2, "HX-Trigger-After-Swap"), HasSubstr("swapped"));
    EXPECT_THAT(header_of(version_2, "HX-Trigger-After-Settle"), HasSubstr("settled"));
    EXPECT_EQ(header_of(version_2, "HX-Replace-Url"), "/here?a=b");
    EXPECT_EQ(version_2.status(), 286);
    auto const version_4 = answer_to_htmx(make);
    EXPECT_THAT(header_of(version_4, "HX-Trigger"), AllOf(HasSubstr("swapped"), HasSubstr("settled")));
    EXPECT_EQ(header_of(version_4, "HX-Replace-Url"), "true");
    EXPECT_EQ(version_4.status(), 200);
    EXPECT_EQ(answer(make).status(), 200);
    EXPECT_EQ(answer([] { return html("").stop_polling_if(false); }, "GET", {{"HX-Request", "true"}}).status(), 200);
}

TEST(Response, LeadsHtmxElsewhere) {
    EXPECT_EQ(header_of(answer_to_htmx([] { return html("").hx_location("/cart"); }), "HX-Location"), "/cart");
    EXPECT_THAT(header_of(answer_to_htmx([] { return html("").hx_location(htmx::Location("/cart").target("#main")); }),
                          "HX-Location"),
                HasSubstr(R"("target":"#main")"));
    EXPECT_EQ(header_of(answer_to_htmx([] { return html("").hx_redirect("/login"); }), "HX-Redirect"), "/login");
    EXPECT_EQ(header_of(answer_to_htmx([] { return html("").push_url(false); }), "HX-Push-Url"), "false");
}

TEST(Response, AFailedPostStaysOutOfTheHistory) {
    log::KeptLog const log;
    auto const failed = [] { return html("").status(422); };
    EXPECT_EQ(header_of(answer_to_htmx(failed, "POST"), "HX-Push-Url"), "false");
    EXPECT_EQ(header_of(answer_to_htmx(failed, "GET"), "HX-Push-Url"), "(none)");
    EXPECT_EQ(header_of(answer(failed, "POST"), "HX-Push-Url"), "(none)");
    EXPECT_EQ(header_of(answer_to_htmx([] { return html(""); }, "POST"), "HX-Push-Url"), "(none)");
    auto const thrown = answer_to_htmx([]() -> Response { throw std::invalid_argument("x"); }, "DELETE");
    EXPECT_EQ(header_of(thrown, "HX-Push-Url"), "false");
}

TEST(Response, HeadersThatHtmxWouldNeverSeeAreAMistake) {
    log::KeptLog const log;
    EXPECT_EQ(answer_to_htmx([] { return redirect("/").trigger("saved"); }).status(), 500);
    EXPECT_EQ(answer([] { return redirect("/").trigger("saved"); }).status(), 303);
}

// ── Kinds of answers ────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Response, SaysWhatItIs) {
    EXPECT_EQ(header_of(html("<p>"), "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header_of(text("x"), "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(header_of(json_text("{}"), "Content-Type"), "application/json");
    EXPECT_EQ(empty_response().status(), 204);
    EXPECT_EQ(htmx::empty().status(), 200);
    EXPECT_EQ(htmx::empty().text(), "");
}

TEST(Response, RedirectsStayOnThisServer) {
    auto const there = redirect("/users/7?tab=a&b#top");
    EXPECT_EQ(there.status(), 303);
    EXPECT_EQ(header_of(there, "Location"), "/users/7?tab=a&b#top");
    EXPECT_EQ(redirect("?page=2", 307).status(), 307);
    EXPECT_EQ(header_of(redirect("/größe x"), "Location"), "/gr%C3%B6%C3%9Fe%20x");
    for (auto const target : {"//evil", " //evil", "/\\evil", "\\\\evil", "https://evil", "HTTPS:evil", "https:evil",
                              "javascript:alert(1)", "data:text/html,x", "mailto:a@b", "\t//evil", "java\nscript:x"})
        EXPECT_THROW(static_cast<void>(redirect(target)), std::invalid_argument) << target;
    EXPECT_EQ(header_of(redirect("https://example.org/", 302, htmx::Destination::Anywhere), "Location"),
              "https://example.org/");
    EXPECT_THROW(static_cast<void>(redirect("javascript:alert(1)", 303, htmx::Destination::Anywhere)),
                 std::invalid_argument);
}

struct Point {
    int x = 0;
    double y = 0;
    std::optional<std::string> name;
    std::vector<int> list;
};

TEST(Response, JsonIsMadeOfAnyValue) {
    auto const made = json(Point{1, 2.5, "a\"b", {1, 2}});
    EXPECT_EQ(made.text(), R"({"x":1,"y":2.5,"name":"a\"b","list":[1,2]})");
    EXPECT_EQ(header_of(made, "Content-Type"), "application/json");
    EXPECT_EQ(json(std::vector<int>{1, 2}).text(), "[1,2]");
    EXPECT_EQ(json(std::string("x")).text(), "\"x\"");
    EXPECT_EQ(json(std::optional<int>()).text(), "null");
    EXPECT_THROW(static_cast<void>(json(std::numeric_limits<double>::quiet_NaN())), JsonError);
    Point infinite;
    infinite.y = -std::numeric_limits<double>::infinity();
    EXPECT_THROW(static_cast<void>(json(infinite)), JsonError);
}

Task<void> collect(http::StreamBody& body, std::string& into) {
    while (auto piece = co_await body.next()) into += *piece + '|';
}

TEST(Response, StreamsWhatAGeneratorMakes) {
    auto made = stream(pieces(), "text/csv");
    EXPECT_EQ(header_of(made, "Content-Type"), "text/csv");
    EXPECT_EQ(header_of(stream(pieces()), "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(made.text(), "");
    auto* const body = std::get_if<http::StreamBody>(&made.body());
    ASSERT_NE(body, nullptr);
    std::string collected;
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, collect(*body, collected), boost::asio::detached);
    loop.run();
    EXPECT_EQ(collected, "one ||two|");
}

TEST(Response, AHandlerMayReturnOtherThings) {
    Router router;
    router.get("/text", [] { return std::string("x"); });
    router.get("/struct", [] { return Point{1, 2, {}, {}}; });
    router.get("/list", [] { return std::vector<Point>(1); });
    router.get("/stream", [] { return pieces(); });
    router.get("/nothing", [] {});
    Drive drive(std::move(router));
    EXPECT_EQ(header_of(drive.send({"GET", "/text"}), "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(drive.get("/struct"), R"({"x":1,"y":2,"name":null,"list":[]})");
    EXPECT_THAT(drive.get("/list"), StartsWith("[{"));
    EXPECT_EQ(header_of(drive.send({"GET", "/stream"}), "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(drive.send({"GET", "/nothing"}).status(), 204);
}

// ── What a dependency set beforehand ────────────────────────────────────────────────────────────────────────────────

void says_what_varies(Response& response) { response.vary("Cookie").vary("HX-Request").vary("Accept-Language"); }
void sets_fields(Response& response) {
    response.cookie(SetCookie("a", "1")).header("X-A", "dependency").header("X-B", "dependency");
    response.add_header("Link", "</a.css>; rel=preload").add_header("Link", "</b.css>; rel=preload");
    response.trigger("first").trigger("both", {{"by", "dependency"}}).retarget("#dependency").reselect("#part");
}

TEST(Response, VaryNamesEachFieldOnce) {
    Router router;
    router.depend_on({depends<says_what_varies>});
    router.get("/", [](Response& response) {
        response.vary("accept-language");
        return html("").vary("HX-Request").vary("cookie").vary("hx-request");
    });
    Drive drive(std::move(router));
    EXPECT_THAT(all(drive.send({"GET", "/"}), "Vary"), ElementsAre("HX-Request, cookie, Accept-Language"));
}

TEST(Response, IsMergedWithWhatADependencySet) {
    log::KeptLog const log;
    Router router;
    router.depend_on({depends<sets_fields>});
    router.get("/", [] {
        return html("")
            .cookie(SetCookie("b", "2"))
            .header("X-A", "handler")
            .trigger("both", {{"by", "handler"}})
            .retarget("#handler");
    });
    router.get("/fails", []() -> Response { throw std::runtime_error("x"); });
    Drive drive(std::move(router));
    auto const response = drive.send({"GET", "/", {htmx_4[0], htmx_4[1]}});
    EXPECT_THAT(all(response, "Set-Cookie"), ElementsAre(StartsWith("b=2"), StartsWith("a=1")));
    EXPECT_THAT(all(response, "X-A"), ElementsAre("handler"));
    EXPECT_THAT(all(response, "X-B"), ElementsAre("dependency"));
    EXPECT_THAT(all(response, "Link"), ElementsAre(HasSubstr("a.css"), HasSubstr("b.css")));
    EXPECT_EQ(header_of(response, "HX-Retarget"), "#handler");
    EXPECT_EQ(header_of(response, "HX-Reselect"), "#part");
    EXPECT_THAT(header_of(response, "HX-Trigger"), AllOf(HasSubstr("first"), HasSubstr(R"("by":"handler")")));
    EXPECT_THAT(all(drive.send({"GET", "/fails"}), "Set-Cookie"), ElementsAre(StartsWith("a=1")));
}

} // namespace
} // namespace hxx
