// What a client does whatever the transport: building requests, redirects, time, limits, replies.
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/form_fields.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/kind_of_for_test.hpp"
#include "hxx/client/servers_for_test.hpp"
#include "hxx/http/url.hpp"
#include "hxx/model/json.hpp"
#include "hxx/reflect/annotated.hpp"
#include "hxx/reflect/constraints.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace hxx::http {
namespace {

using namespace std::chrono_literals;
using test::kind_of;
using testing::HasSubstr;

struct Weather {
    std::string city;
    Annotated<int, Ge{-90}, Le{60}> degrees;
};

/// What was sent, one after the other, and an echo of it.
struct Recorder {
    std::vector<ClientRequest> requests;
    Client client = Client::with_transport([this](ClientRequest const& request) {
        requests.push_back(request);
        return Reply(200, "text/plain", request.body());
    });
    ClientRequest const& last() { return requests.back(); }
};

TEST(ClientRequests, QueryIsEncodedAndAdded) {
    Recorder recorder;
    auto& client = recorder.client;
    sync_wait<Reply>(client.get("https://a.example/x?one=1#there").query("q", "a&b c").query("n", 7).query("on", true));
    EXPECT_EQ(recorder.last().url(), "https://a.example/x?one=1&q=a%26b%20c&n=7&on=true");
    EXPECT_EQ(recorder.last().path(), "/x");
    EXPECT_EQ(recorder.last().query(), "one=1&q=a%26b%20c&n=7&on=true");
    sync_wait<Reply>(client.get("https://a.example").query("ü", 1.5));
    EXPECT_EQ(recorder.last().url(), "https://a.example?%C3%BC=1.5");
    EXPECT_EQ(recorder.last().path(), "/");
}

TEST(ClientRequests, BodiesHaveTheirTypes) {
    Recorder recorder;
    auto& client = recorder.client;
    Weather const oslo{"Oslo", {7}};
    sync_wait<Reply>(client.post("https://a.example/").json(oslo));
    EXPECT_EQ(recorder.last().body(), R"({"city":"Oslo","degrees":7})");
    EXPECT_EQ(recorder.last().header("content-type"), "application/json");

    boost::json::object const object = {{"a", 1}};
    sync_wait<Reply>(client.put("https://a.example/").json(object));
    EXPECT_EQ(recorder.last().body(), R"({"a":1})");

    FormFields more;
    more.add("c", "d&e");
    sync_wait<Reply>(client.post("https://a.example/").field("a", "ö ").field("n", 3).fields(more));
    EXPECT_EQ(recorder.last().body(), "a=%C3%B6+&n=3&c=d%26e");
    EXPECT_EQ(recorder.last().header("content-type"), "application/x-www-form-urlencoded");

    sync_wait<Reply>(client.patch("https://a.example/").header("Content-Type", "application/x+json").json(1));
    EXPECT_EQ(recorder.last().method(), "PATCH");
    EXPECT_EQ(recorder.last().header("content-type"), "application/x+json");
    EXPECT_THROW(client.post("https://a.example/").json(1).field("a", "b"), std::logic_error);
    EXPECT_THROW(sync_wait<Reply>(client.head("https://a.example/").body("text/plain", "x")), std::logic_error);
}

TEST(ClientRequests, CredentialsAndDefaults) {
    Recorder recorder;
    auto& client = recorder.client;
    sync_wait<Reply>(client.get("https://a.example/").bearer("t0ken"));
    EXPECT_EQ(recorder.last().header("Authorization"), "Bearer t0ken");
    EXPECT_EQ(recorder.last().header("Accept"), "*/*");
    EXPECT_EQ(recorder.last().header("User-Agent")->substr(0, 4), "hxx/");
    // RFC 7617 section 2.
    sync_wait<Reply>(client.get("https://a.example/").basic("Aladdin", "open sesame"));
    EXPECT_EQ(recorder.last().header("Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_THROW(client.get("https://a.example/").basic("a:b", "c"), std::invalid_argument);
}

TEST(ClientRequests, NothingCanBeSmuggledIn) {
    Recorder recorder;
    auto& client = recorder.client;
    for (std::string const& bad :
         {std::string("a\r\nX: y"), std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3)}) {
        EXPECT_THROW(client.get("https://a.example/").header("X", bad), std::invalid_argument);
        EXPECT_THROW(client.get("https://a.example/").header(bad, "x"), std::invalid_argument);
        EXPECT_THROW(client.get("https://a.example/").bearer(bad), std::invalid_argument);
        EXPECT_THROW(client.post("https://a.example/").body(bad, "x"), std::invalid_argument);
        EXPECT_THROW(static_cast<void>(client.request(bad, "https://a.example/")), std::invalid_argument);
        EXPECT_EQ(kind_of(client.get("https://a.example/" + bad)), ClientErrorKind::InvalidUrl);
    }
    for (auto const* own : {"Content-Length", "transfer-encoding", "Connection", "Expect"})
        EXPECT_THROW(client.get("https://a.example/").header(own, "1"), std::invalid_argument) << own;
    EXPECT_THROW(static_cast<void>(client.request("CONNECT", "https://a.example/")), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(client.request("", "https://a.example/")), std::invalid_argument);
    EXPECT_TRUE(recorder.requests.empty());
}

TEST(ClientRequests, UrlsAreStrict) {
    Recorder recorder;
    for (std::string_view const bad :
         {"", "a.example", "/path", "//a.example/", "ftp://a.example/", "file:///etc/passwd", "https://", "https:///x",
          "https://a b.example/", "https://a.example/a b", "https://zürich.example/", "https://a.example/%zz",
          "https://a.example:99999/", "https://a.example:port/", "https://[::1/", "https://a.example\\@b.example/",
          "https://user:secret@a.example/", "https://a.example/<x>", "javascript:alert(1)"})
        EXPECT_EQ(kind_of(recorder.client.get(bad)), ClientErrorKind::InvalidUrl) << bad;
    EXPECT_TRUE(recorder.requests.empty());
    for (std::string_view const good : {"http://a.example", "HTTPS://A.example:8443/x?y", "http://[::1]:80/",
                                        "http://127.0.0.1/", "https://a.example/a%20b/../c;d=e"}) {
        sync_wait<Reply>(recorder.client.get(good));
        EXPECT_EQ(recorder.last().url(), good);
    }
}

TEST(ClientErrors, HideSecrets) {
    EXPECT_EQ(redacted_url("https://me:pass@word@a.example/x@y?key=secret#f"), "https://***@a.example/x@y?…");
    EXPECT_EQ(redacted_url("https://a.example/x#f"), "https://a.example/x");
    EXPECT_EQ(redacted_url("a\nb"), "a?b");
    Recorder recorder;
    std::string text;
    kind_of(recorder.client.get("https://me:hidden@a.example/?key=hidden"), &text);
    EXPECT_THAT(text, HasSubstr("basic()"));
    EXPECT_THAT(text, testing::Not(HasSubstr("hidden")));
}

// ---- redirects -----------------------------------------------------------------------------------------------------

struct Redirects {
    std::function<Reply(ClientRequest const&)> answer;
    std::vector<ClientRequest> requests;
    Client client = Client::with_transport([this](ClientRequest const& request) {
        requests.push_back(request);
        return answer(request);
    });
};

Reply to(int status, std::string_view location) { return Reply(status).header("Location", location); }

TEST(ClientRedirects, MethodsAreThoseOfBrowsers) {
    struct Case {
        int status;
        std::string method, then;
        bool body;
    };
    for (auto const& [status, method, then, body] : std::vector<Case>{{301, "GET", "GET", false},
                                                                      {302, "HEAD", "HEAD", false},
                                                                      {301, "POST", "GET", false},
                                                                      {302, "POST", "GET", false},
                                                                      {302, "PUT", "PUT", true},
                                                                      {303, "POST", "GET", false},
                                                                      {303, "DELETE", "GET", false},
                                                                      {303, "HEAD", "HEAD", false},
                                                                      {307, "POST", "POST", true},
                                                                      {308, "PATCH", "PATCH", true}}) {
        Redirects server;
        server.answer = [status = status](ClientRequest const& request) {
            return request.path() == "/a" ? to(status, "b?c=d#e") : Reply(200);
        };
        auto request = server.client.request(method, "https://a.example/a");
        bool const sends = method != "GET" && method != "HEAD";
        if (sends) request.body("text/plain", "data");
        auto const reply = sync_wait<Reply>(std::move(request));
        ASSERT_EQ(server.requests.size(), 2U) << status << method;
        EXPECT_EQ(server.requests[1].method(), then) << status << method;
        EXPECT_EQ(server.requests[1].body(), body ? "data" : "");
        EXPECT_EQ(server.requests[1].header("Content-Type").has_value(), body);
        EXPECT_EQ(reply.url(), "https://a.example/b?c=d");
    }
}

TEST(ClientRedirects, SecretsStayWithTheirOrigin) {
    for (auto const& [location, same] : std::vector<std::pair<std::string, bool>>{{"/b", true},
                                                                                  {"https://A.example:443/b", true},
                                                                                  {"https://b.example/b", false},
                                                                                  {"https://sub.a.example/b", false},
                                                                                  {"//b.example/b", false},
                                                                                  {"http://a.example/b", false},
                                                                                  {"https://a.example:444/b", false}}) {
        Redirects server;
        server.answer = [&](ClientRequest const& request) {
            return request.path() == "/a" ? to(307, location) : Reply(200);
        };
        sync_wait<Reply>(server.client.post("https://a.example/a")
                             .bearer("t")
                             .header("Cookie", "c=d")
                             .header("X-Api-Key", "k")
                             .header("Accept", "text/html")
                             .body("text/plain", "x"));
        ASSERT_EQ(server.requests.size(), 2U) << location;
        auto const& second = server.requests[1];
        for (auto const* secret : {"Authorization", "Cookie", "X-Api-Key"})
            EXPECT_EQ(second.header(secret).has_value(), same) << location << secret;
        EXPECT_EQ(second.header("Accept"), "text/html");
        EXPECT_EQ(second.header("Content-Type"), "text/plain");
    }
}

TEST(ClientRedirects, AreLimited) {
    Redirects server;
    server.answer = [](ClientRequest const& request) { return to(302, request.path() == "/a" ? "/b" : "/a"); };
    EXPECT_EQ(kind_of(server.client.get("https://a.example/a")), ClientErrorKind::TooManyRedirects);
    EXPECT_EQ(server.requests.size(), 6U);
    server.requests.clear();
    EXPECT_EQ(kind_of(server.client.get("https://a.example/a").redirects(1)), ClientErrorKind::TooManyRedirects);
    EXPECT_EQ(server.requests.size(), 2U);
    EXPECT_EQ(sync_wait<Reply>(server.client.get("https://a.example/a").redirects(0)).status(), 302);

    server.answer = [](ClientRequest const&) { return Reply(302); };
    EXPECT_EQ(sync_wait<Reply>(server.client.get("https://a.example/a")).status(), 302);
    for (std::string_view const bad :
         {"ftp://a.example/", "javascript:alert(1)", "file:///etc/passwd", "http://", "https://u:p@b.example/"}) {
        server.answer = [bad](ClientRequest const&) { return to(302, bad); };
        EXPECT_EQ(kind_of(server.client.get("https://a.example/a")), ClientErrorKind::InvalidUrl) << bad;
    }
}

// ---- time and limits -----------------------------------------------------------------------------------------------

TEST(ClientTime, TheTransportIsCancelled) {
    bool ended = false;
    auto const client = Client::with_transport([&](ClientRequest const&) -> Task<Reply> {
        struct Ended {
            bool& flag;
            ~Ended() { flag = true; }
        };
        Ended const guard{ended};
        co_await sleep_for(24h);
        co_return Reply(200);
    });
    std::string text;
    EXPECT_EQ(kind_of(client.get("https://a.example/").timeout(5ms), &text), ClientErrorKind::Timeout);
    EXPECT_TRUE(ended);
    EXPECT_THAT(text, HasSubstr("within 5 ms"));
    auto const soon = std::chrono::steady_clock::now() + 5ms;
    EXPECT_EQ(kind_of(client.get("https://a.example/").deadline(soon)), ClientErrorKind::Timeout);
    // The earlier of the two, whichever it is.
    EXPECT_EQ(kind_of(client.get("https://a.example/").deadline(soon + 24h).timeout(5ms)), ClientErrorKind::Timeout);
    EXPECT_EQ(kind_of(client.get("https://a.example/").timeout(0s)), ClientErrorKind::Timeout);
    EXPECT_THROW(sync_wait(with_timeout(Task<Reply>(client.get("https://a.example/")), 5ms)), TimeoutError);
}

TEST(ClientTime, ADeadlineOfTheClientIsKeptByEachCallUntilItIsLifted) {
    auto const client = Client::with_transport([](ClientRequest const& request) -> Task<Reply> {
        if (request.path() == "/slow") co_await sleep_for(24h);
        co_return Reply(204);
    });
    Deadline deadline(std::chrono::steady_clock::now() + 5ms);
    auto const bound = client.with_deadline(deadline);
    std::string text;
    EXPECT_EQ(kind_of(bound.get("https://a.example/slow"), &text), ClientErrorKind::Timeout);
    EXPECT_THAT(text, HasSubstr("the deadline"));
    EXPECT_EQ(kind_of(bound.get("https://a.example/")), ClientErrorKind::Timeout) << "over is over";
    // The call's own time-out is the smaller one.
    auto const later = client.with_deadline(Deadline(std::chrono::steady_clock::now() + 24h));
    EXPECT_EQ(kind_of(later.get("https://a.example/slow").timeout(5ms), &text), ClientErrorKind::Timeout);
    EXPECT_THAT(text, HasSubstr("within 5 ms; ask"));
    EXPECT_EQ(sync_wait<Reply>(client.get("https://a.example/")).status(), 204) << "the other one is not bound";
    deadline.lift();
    EXPECT_EQ(sync_wait<Reply>(bound.get("https://a.example/")).status(), 204);
}

TEST(ClientTime, OneTimeOutForAllRedirects) {
    auto const client = Client::with_transport([](ClientRequest const&) -> Task<Reply> {
        co_await sleep_for(1ms);
        co_return to(302, "/again");
    });
    EXPECT_EQ(kind_of(client.get("https://a.example/").redirects(1'000'000).timeout(30ms)), ClientErrorKind::Timeout);
}

TEST(ClientTime, NoLimitIsOne) {
    auto const client = Client::with_transport([](ClientRequest const&) { return Reply(204); });
    EXPECT_EQ(sync_wait<Reply>(client.get("https://a.example/").timeout(std::chrono::nanoseconds::max())).status(),
              204);
}

TEST(ClientFaults, ArePlayedByThrowing) {
    auto const client = Client::with_transport([](ClientRequest const& request) -> Reply {
        if (request.path() == "/slow") throw TimeoutError("played");
        throw ClientError(ClientErrorKind::Connect, request.url(), "nobody there");
    });
    EXPECT_EQ(kind_of(client.get("https://a.example/")), ClientErrorKind::Connect);
    EXPECT_EQ(kind_of(client.get("https://a.example/slow")), ClientErrorKind::Timeout);
}

TEST(ClientFaults, BodiesAreLimited) {
    Recorder recorder;
    EXPECT_EQ(kind_of(recorder.client.post("https://a.example/").body("a/b", "12345").max_body(4)),
              ClientErrorKind::TooLarge);
    EXPECT_EQ(sync_wait<Reply>(recorder.client.post("https://a.example/").body("a/b", "1234").max_body(4)).text(),
              "1234");
}

TEST(ClientOptionsTest, AreChecked) {
    ClientOptions options;
    options.ca_file = "/there/is/none.pem";
    EXPECT_THROW(Client{options}, std::invalid_argument);
    options = {};
    options.public_only = true;
    options.proxy = "http://proxy.example:3128";
    EXPECT_THROW(Client{options}, std::invalid_argument);
    options = {};
    options.user_agent = "a\r\nb";
    EXPECT_THROW(Client{options}, std::invalid_argument);
}

// ---- replies -------------------------------------------------------------------------------------------------------

Reply reply_of(Reply reply) {
    auto const client = Client::with_transport([&](ClientRequest const&) { return reply; });
    return sync_wait<Reply>(client.get("https://a.example/x?key=hidden"));
}

TEST(Replies, JsonIsReadStrictly) {
    auto const reply = reply_of(Reply(200, "application/json", R"({"city":"Oslo","degrees":7})"));
    EXPECT_EQ(reply.json().at("city"), "Oslo");
    EXPECT_EQ(reply.json<Weather>().degrees.get(), 7);
    EXPECT_EQ(Reply::of_json(Weather{"Oslo", {7}}).text(), reply.text());

    auto const wrong = reply_of(Reply(200, "application/json", R"({"degrees":700})"));
    ErrorReport report;
    EXPECT_FALSE(wrong.json<Weather>(report));
    EXPECT_EQ(report.size(), 2U);
    EXPECT_EQ(report[0].where, "reply.city");
    try {
        static_cast<void>(wrong.json<Weather>());
        FAIL();
    } catch (ClientError const& error) {
        EXPECT_EQ(error.kind(), ClientErrorKind::InvalidReply);
        EXPECT_THAT(error.what(), HasSubstr("reply.degrees"));
        EXPECT_THAT(error.what(), HasSubstr("https://a.example/x?…"));
        EXPECT_EQ(error.status(), 200);
    }
    for (auto const* bad : {"", "<html>", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "NaN", "1 2"}) {
        auto const broken = reply_of(Reply(200, "text/html", bad));
        EXPECT_THROW(static_cast<void>(broken.json()), ClientError) << bad;
        EXPECT_THROW(static_cast<void>(broken.json<std::vector<int>>()), ClientError) << bad;
    }
}

TEST(Replies, StatusIsNoErrorUntilAskedFor) {
    auto reply = reply_of(Reply(404, "text/plain", "no such\ncity"));
    EXPECT_FALSE(reply.ok());
    try {
        reply.raise_for_status();
        FAIL();
    } catch (ClientError const& error) {
        EXPECT_EQ(error.kind(), ClientErrorKind::Status);
        EXPECT_EQ(error.status(), 404);
        EXPECT_THAT(error.what(), HasSubstr("404 Not Found: no such city"));
    }
    EXPECT_EQ(reply_of(Reply(302)).raise_for_status().status(), 302);
    EXPECT_THROW(Reply(42), std::invalid_argument);
}

// ---- an application as the transport -------------------------------------------------------------------------------

struct Application {
    static Dispatcher dispatcher() {
        Router router;
        router.get("/weather/{city}", [](Path<std::string, "city"> city) { return Weather{*city, {7}}; });
        router.post("/echo", [](Json<Weather> weather) -> Task<Weather> { co_return *weather; });
        router.get("/hang", []() -> Task<hxx::Response> {
            co_await sleep_for(24h);
            co_return text("never");
        });
        router.get("/where",
                   [](hxx::Request& request) { return std::string(request.host()) + (request.secure() ? "!" : "?"); });
        router.get("/stream", []() -> Generator<std::string> {
            for (int i = 0; i < 3; ++i) co_yield std::to_string(i);
        });
        router.get("/endless", []() -> Generator<std::string> {
            for (;;) co_yield std::string(1000, 'x');
        });
        DispatcherOptions options;
        options.access_log = false;
        return Dispatcher(Blueprint{std::move(router), {}, {}, {}, jinja::Environment::Builder().build(), options});
    }
};

TEST(HandlerTransport, AsksAnApplication) {
    auto app = Application::dispatcher();
    auto const client = Client::with_handler(app);
    EXPECT_EQ(sync_wait<Reply>(client.get("https://x.example/weather/" + url_quote("Bodø"))).json<Weather>().city,
              "Bodø");
    EXPECT_EQ(sync_wait<Reply>(client.post("https://x.example/echo").json(Weather{"Oslo", {5}})).json<Weather>().city,
              "Oslo");
    EXPECT_EQ(sync_wait<Reply>(client.post("https://x.example/echo").body("application/json", "{}")).status(), 422);
    EXPECT_EQ(sync_wait<Reply>(client.get("https://x.example:81/where")).text(), "x.example:81!");
    EXPECT_EQ(sync_wait<Reply>(client.get("http://x.example/stream")).text(), "012");
    EXPECT_EQ(sync_wait<Reply>(client.get("http://x.example/none")).status(), 404);
    EXPECT_EQ(sync_wait<Reply>(client.head("http://x.example/where")).text(), "");
    EXPECT_EQ(sync_wait<Reply>(client.request("BREW", "http://x.example/")).status(), 501);
    EXPECT_EQ(kind_of(client.get("http://x.example/hang").timeout(5ms)), ClientErrorKind::Timeout);
    EXPECT_EQ(kind_of(client.get("http://x.example/endless").max_body(5000)), ClientErrorKind::TooLarge);
}

} // namespace
} // namespace hxx::http
