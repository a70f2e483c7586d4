#include "hxx/htmx/response.hpp"

#include "hxx/htmx/request.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace hxx::htmx {
namespace {

// What a client of each version gets to see.
class Written {
  public:
    Written(int version, ResponseHeaders const& htmx, int status = 200, http::Method method = http::Method::Get)
        : response_(status) {
        http::Headers fields;
        if (version != 0) fields.add("HX-Request", "true");
        if (version == 4) fields.add("HX-Request-Type", "partial");
        request_.set_method(method);
        EXPECT_TRUE(request_.set_target("/users?q=a"));
        htmx.write(response_, request_, Details(fields));
    }
    std::string operator[](std::string_view name) const { return std::string(response_.headers().get_or(name, "-")); }
    int status() const { return response_.status(); }

  private:
    http::Request request_;
    http::Response response_;
};

TEST(HtmxEvents, AreFiredOnTheBodyWithTheirDetails) {
    ResponseHeaders htmx;
    htmx.trigger("userDeleted", {{"id", 7}, {"name", "Ada \"x\""}, {"ratio", 0.5}, {"ok", true}, {"none", nullptr}});
    for (int version : {0, 2, 4})
        EXPECT_EQ(Written(version, htmx)["HX-Trigger"],
                  R"({"userDeleted":{"id":7,"name":"Ada \"x\"","ratio":0.5,"ok":true,"none":null,"target":"body"}})");
}

TEST(HtmxEvents, AreOneHeaderInAscii) {
    ResponseHeaders htmx;
    htmx.trigger("a");
    htmx.trigger("\xC5\xBE\xC3\xA9", {{"text", "\xF0\x9F\x98\x80\r\n"}});
    EXPECT_EQ(Written(4, htmx)["HX-Trigger"],
              R"({"a":{"target":"body"},"\u017e\u00e9":{"text":"\ud83d\ude00\r\n","target":"body"}})");
}

TEST(HtmxEvents, TakeJsonThatIsJson) {
    ResponseHeaders htmx;
    htmx.trigger("a", {{"rows", RawJson{"[1, {\"x\": \"\xC3\xA9\"}]"}}, {"nan", std::nan("")}});
    EXPECT_EQ(Written(2, htmx)["HX-Trigger"], R"({"a":{"rows":[1,{"x":"\u00e9"}],"nan":null,"target":"body"}})");
    EXPECT_THROW(Detail("x", RawJson{"{bad"}), std::invalid_argument);
    EXPECT_THROW(Detail("x", RawJson{"1},\"y\":{\"z\":2"}), std::invalid_argument);
    EXPECT_THROW(Detail("x", RawJson{""}), std::invalid_argument);
}

TEST(HtmxEvents, CanBeFiredElsewhere) {
    ResponseHeaders htmx;
    htmx.trigger("far", {{"target", "#list"}});
    htmx.trigger("here", {{"target", ""}, {"n", 1}});
    // In htmx 2 a target counts for the events after it, so the one without comes first.
    for (int version : {2, 4})
        EXPECT_EQ(Written(version, htmx)["HX-Trigger"], R"({"here":{"n":1},"far":{"target":"#list"}})");
}

TEST(HtmxEvents, AfterTheSwapAreHeadersOfHtmx2Only) {
    ResponseHeaders htmx;
    htmx.trigger("now");
    htmx.trigger_after_swap("swapped");
    htmx.trigger_after_settle("settled");
    Written const old(2, htmx);
    EXPECT_EQ(old["HX-Trigger"], R"({"now":{"target":"body"}})");
    EXPECT_EQ(old["HX-Trigger-After-Swap"], R"({"swapped":{"target":"body"}})");
    EXPECT_EQ(old["HX-Trigger-After-Settle"], R"({"settled":{"target":"body"}})");
    Written const current(4, htmx);
    EXPECT_EQ(current["HX-Trigger"],
              R"({"now":{"target":"body"},"swapped":{"target":"body"},"settled":{"target":"body"}})");
    EXPECT_EQ(current["HX-Trigger-After-Swap"], "-");
    EXPECT_EQ(current["HX-Trigger-After-Settle"], "-");
}

TEST(HtmxEvents, OfOneNameReplaceEachOther) {
    ResponseHeaders htmx;
    htmx.trigger("a", {{"n", 1}});
    htmx.trigger("b");
    htmx.trigger("a", {{"n", 2}, {"n", 3}});
    EXPECT_EQ(Written(4, htmx)["HX-Trigger"], R"({"b":{"target":"body"},"a":{"n":3,"target":"body"}})");
    EXPECT_THROW(htmx.trigger(""), std::invalid_argument);
    EXPECT_THROW(htmx.trigger(" \n"), std::invalid_argument);
}

TEST(HtmxEvents, KeepWhatWasWrittenByHand) {
    ResponseHeaders htmx;
    htmx.trigger("c", {{"n", 1}});
    auto const merged = [&htmx](std::string_view present) {
        http::Response response;
        response.headers().add("HX-Trigger", present);
        htmx.write(response, http::Request(), Details());
        EXPECT_EQ(response.headers().get_all("HX-Trigger").size(), 1u);
        return std::string(response.headers().get_or("HX-Trigger", ""));
    };
    EXPECT_EQ(merged("a, b,c"), R"({"a":{},"b":{},"c":{"n":1,"target":"body"}})");
    EXPECT_EQ(merged(R"({"a":1,"b":{"target":"#x"},"c":2})"),
              R"({"a":1,"c":{"n":1,"target":"body"},"b":{"target":"#x"}})");
    EXPECT_THROW(static_cast<void>(merged("{a:1}")), std::logic_error);
}

TEST(HtmxResponse, WritesTargetSwapAndSelection) {
    ResponseHeaders htmx;
    htmx.retarget("#gr\xC3\xB6\xC3\x9F"
                  "e");
    htmx.reswap("outerMorph show:#top:top");
    htmx.reselect(".row > td");
    EXPECT_EQ(Written(2, htmx)["HX-Retarget"], "#gr\\f6 \\df e");
    EXPECT_EQ(Written(2, htmx)["HX-Reswap"], "morph:outerHTML show:#top:top");
    EXPECT_EQ(Written(4, htmx)["HX-Reswap"], "outerMorph show:top showTarget:#top");
    EXPECT_EQ(Written(4, htmx)["HX-Reselect"], ".row > td");
    EXPECT_THROW(htmx.retarget("#a\r\nSet-Cookie: x=y"), std::invalid_argument);
    EXPECT_THROW(htmx.retarget(""), std::invalid_argument);
    EXPECT_THROW(htmx.reswap("sideways"), std::invalid_argument);
}

TEST(HtmxResponse, WritesHistory) {
    ResponseHeaders htmx;
    htmx.push_url("/Z\xC3\xBCrich?a=b c");
    EXPECT_EQ(Written(2, htmx)["HX-Push-Url"], "/Z%C3%BCrich?a=b%20c");
    htmx.push_url(true);
    EXPECT_EQ(Written(2, htmx)["HX-Push-Url"], "/users?q=a");
    EXPECT_EQ(Written(4, htmx)["HX-Push-Url"], "true");
    htmx.push_url(false);
    EXPECT_EQ(Written(2, htmx)["HX-Push-Url"], "false");
    ResponseHeaders replace;
    replace.replace_url(true);
    EXPECT_EQ(Written(2, replace)["HX-Replace-Url"], "/users?q=a");
    replace.replace_url("?page=2");
    EXPECT_EQ(Written(4, replace)["HX-Replace-Url"], "?page=2");
    EXPECT_EQ(Written(4, replace)["HX-Push-Url"], "-");
    EXPECT_THROW(htmx.push_url("//evil.example"), std::invalid_argument);
    EXPECT_THROW(htmx.replace_url("https://evil.example/"), std::invalid_argument);
}

TEST(HtmxResponse, KeepsAFailedPostOutOfTheHistory) {
    ResponseHeaders htmx;
    EXPECT_EQ(Written(4, htmx, 422, http::Method::Post)["HX-Push-Url"], "false");
    EXPECT_EQ(Written(2, htmx, 422, http::Method::Post)["HX-Push-Url"], "false");
    EXPECT_EQ(Written(0, htmx, 422, http::Method::Post)["HX-Push-Url"], "-");
    EXPECT_EQ(Written(4, htmx, 200, http::Method::Post)["HX-Push-Url"], "-");
    EXPECT_EQ(Written(4, htmx, 404, http::Method::Get)["HX-Push-Url"], "-");
    htmx.push_url("/x");
    EXPECT_EQ(Written(4, htmx, 422, http::Method::Post)["HX-Push-Url"], "/x");
}

TEST(HtmxResponse, SendsPeopleNowhereElse) {
    ResponseHeaders htmx;
    htmx.redirect("/login?next=%2F");
    EXPECT_EQ(Written(4, htmx)["HX-Redirect"], "/login?next=%2F");
    for (std::string_view wrong :
         {"https://evil.example/", "//evil.example", " //evil.example", "/\\evil.example", "javascript:alert(1)",
          "JaVaScript:x", "mailto:a@b.c", "/a\r\nX: y", "\x01javascript:x"})
        EXPECT_THROW(htmx.redirect(wrong), std::invalid_argument) << wrong;
    htmx.redirect("https://other.example/a b", Destination::Anywhere);
    EXPECT_EQ(Written(4, htmx)["HX-Redirect"], "https://other.example/a%20b");
    for (std::string_view wrong : {"javascript:alert(1)", " java\tscript:x", "data:text/html,x", "vbscript:x"})
        EXPECT_THROW(htmx.redirect(wrong, Destination::Anywhere), std::invalid_argument) << wrong;
}

TEST(HtmxResponse, WritesALocation) {
    ResponseHeaders htmx;
    htmx.location("/cart");
    EXPECT_EQ(Written(4, htmx)["HX-Location"], "/cart");
    htmx.location("/x,path:/elsewhere");
    EXPECT_EQ(Written(4, htmx)["HX-Location"], R"({"path":"/x,path:/elsewhere"})");
    htmx.location(Location("/cart/\xC3\xA9")
                      .target("#main")
                      .swap("innerMorph")
                      .select("#x")
                      .source("#b")
                      .values({{"n", 1}})
                      .headers({{"X-A", "b"}})
                      .no_history());
    EXPECT_EQ(Written(2, htmx)["HX-Location"],
              R"({"path":"/cart/%C3%A9","swap":"morph:innerHTML","target":"#main","select":"#x","source":"#b",)"
              R"("values":{"n":1},"headers":{"X-A":"b"},"push":"false"})");
    htmx.location(Location("/cart").replace_url("/c"));
    for (int version : {2, 4})
        EXPECT_EQ(Written(version, htmx)["HX-Location"], R"({"path":"/cart","push":"","replace":"/c"})");
    EXPECT_THROW(htmx.location("https://other.example/"), std::invalid_argument);
    EXPECT_THROW(Location("/a").push_url("//evil"), std::invalid_argument);
}

TEST(HtmxResponse, StopsPollingInHtmx2) {
    ResponseHeaders htmx;
    htmx.stop_polling();
    EXPECT_EQ(Written(2, htmx).status(), 286);
    EXPECT_EQ(Written(4, htmx).status(), 200);
    EXPECT_EQ(Written(0, htmx).status(), 200);
    EXPECT_EQ(Written(2, htmx, 404).status(), 404);
    htmx.refresh();
    EXPECT_EQ(Written(4, htmx)["HX-Refresh"], "true");
}

TEST(HtmxResponse, RefusesARedirectThatHtmxWouldNotSee) {
    ResponseHeaders htmx;
    EXPECT_NO_THROW(Written(4, htmx, 303));
    htmx.trigger("a");
    for (int status : {301, 302, 303, 307, 308}) EXPECT_THROW(Written(4, htmx, status), std::logic_error) << status;
    EXPECT_NO_THROW(Written(4, htmx, 300));
}

TEST(HtmxResponse, SaysThatItVaries) {
    ResponseHeaders htmx;
    EXPECT_EQ(Written(4, htmx)["Vary"], "-");
    htmx.refresh();
    EXPECT_EQ(Written(4, htmx)["Vary"], "HX-Request, HX-Request-Type");
    EXPECT_EQ(Written(4, htmx, 200, http::Method::Post)["Vary"], "-");
}

TEST(HtmxResponse, IsMergedWithWhatADependencySet) {
    ResponseHeaders earlier, htmx;
    EXPECT_TRUE(htmx.empty());
    earlier.trigger("flash", {{"n", 1}});
    earlier.trigger("both", {{"n", 1}});
    earlier.retarget("#early");
    earlier.reswap("none");
    htmx.trigger("both", {{"n", 2}});
    htmx.retarget("#late");
    htmx.merge(earlier);
    EXPECT_FALSE(htmx.empty());
    Written const written(4, htmx);
    EXPECT_EQ(written["HX-Trigger"], R"({"flash":{"n":1,"target":"body"},"both":{"n":2,"target":"body"}})");
    EXPECT_EQ(written["HX-Retarget"], "#late");
    EXPECT_EQ(written["HX-Reswap"], "none");
}

} // namespace
} // namespace hxx::htmx
