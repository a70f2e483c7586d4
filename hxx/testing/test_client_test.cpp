#include "hxx/async/generator.hpp"
#include "hxx/testing/test_client.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/extract_body.hpp"

#include "hxx/async/blocking.hpp"
#include "hxx/async/deadline.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/testing/matchers.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/htmx.hpp"
#include "hxx/web/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

App quiet_app() {
    AppOptions options;
    options.access_log = false;
    options.env_file = "";
    return App(std::move(options));
}

// Answers with the request as it came: the request line, fields in order, body.
Response echo(Request& request) {
    std::string all(http::to_string(request.method()));
    ((all += ' ') += request.target()) += '\n';
    for (auto const& [name, value] : request.headers()) (((all += name) += ": ") += value) += '\n';
    (all += '\n') += request.body();
    return text(std::move(all));
}

App echo_app() {
    auto app = quiet_app();
    app.get("/echo", echo);
    app.post("/echo", echo);
    app.put("/echo", echo);
    app.patch("/echo", echo);
    app.del("/echo", echo);
    return app;
}

std::string head_and_body(std::string const& request_line, std::string const& fields, std::string const& body = "") {
    return request_line + "\n" + fields + "\n" + body;
}

TEST(TestClientRequest, IsThatOfAnApiClient) {
    TestClient client{echo_app()};
    EXPECT_EQ(client.get("/echo?a=b").text(),
              head_and_body("GET /echo?a=b", "Accept: */*\nUser-Agent: hxx-test-client\nHost: testserver\n"));
    EXPECT_EQ(client.header("Accept", "text/html").header("X-A", "1").header("x-a", "2").get("/echo").text(),
              head_and_body("GET /echo", "Accept: text/html\nx-a: 2\nUser-Agent: hxx-test-client\nHost: testserver\n"));
    EXPECT_THROW(static_cast<void>(client.header("X-A", "a\r\nb")), std::invalid_argument);
}

TEST(TestClientRequest, CarriesForms) {
    TestClient client{echo_app()};
    auto const fields = form({{"name", "Ada & Co"}, {"age", 36}, {"note", "~*\xC3\xA9"}});
    auto const posted = client.post("/echo", fields).text();
    EXPECT_THAT(posted, HasSubstr("Content-Type: application/x-www-form-urlencoded\nContent-Length: 38\n"));
    EXPECT_THAT(posted, HasSubstr("\n\nname=Ada+%26+Co&age=36&note=%7E*%C3%A9"));
    EXPECT_THAT(client.get("/echo?x=1", fields).text(),
                HasSubstr("GET /echo?x=1&name=Ada+%26+Co&age=36&note=%7E*%C3%A9\n"));
    EXPECT_THAT(client.browser().get("/echo?x=1", form({{"q", "a"}})).text(), HasSubstr("GET /echo?q=a\n"));
    EXPECT_THAT(client.del("/echo", fields).text(), HasSubstr("\n\nname=Ada"));
}

TEST(TestClientRequest, CarriesJsonAndAnythingElse) {
    TestClient client{echo_app()};
    auto const text_reply = client.put("/echo", json_text(R"({"a":1})")).text();
    EXPECT_THAT(text_reply, HasSubstr("Content-Type: application/json\n"));
    EXPECT_THAT(text_reply, HasSubstr("\n\n{\"a\":1}"));
    EXPECT_THAT(client.patch("/echo", RequestBody("<a/>", "application/xml")).text(),
                AllOf(HasSubstr("PATCH /echo"), HasSubstr("Content-Type: application/xml\n"), HasSubstr("\n\n<a/>")));
}

struct Note {
    std::string title;
    int stars = 0;
};

TEST(TestClientRequest, CarriesFilesAndStructs) {
    auto app = quiet_app();
    app.post("/files", [](Request& request) {
        auto const* const title = request.form().get("title");
        std::string all = title ? *title : "-";
        for (auto const& file : request.files())
            all += "|" + file.field + "," + file.filename + "," + std::string(file.content_type) + "," +
                   std::string(file.data);
        return text(std::move(all));
    });
    app.post("/json", [](Json<Note> note) {
        Note copy = *note;
        copy.stars += 1;
        return json(copy);
    });
    TestClient client{std::move(app)};
    EXPECT_EQ(
        client.post("/files", form({{"title", "x"}}).file("f", "a.txt", "data", "text/plain").file("g", "", "")).text(),
        "x|f,a.txt,text/plain,data" /* a file input that was left empty is no file */);
    EXPECT_EQ(client.post("/files", form({{"title", "x"}}).multipart()).text(), "x");
    auto const reply = client.post("/json", json(Note{"t", 4}));
    EXPECT_EQ(reply.json().at("title"), "t");
    EXPECT_EQ(reply.json().at("stars"), 5);
    EXPECT_THROW(client.get("/files", form().file("f", "a", "b")), std::invalid_argument);
}

TEST(TestClientRequest, SendsPathsAsTheyAreWritten) {
    auto app = quiet_app();
    app.get("/{rest:path}", echo);
    TestClient client{std::move(app)};
    EXPECT_THAT(client.get("/a/../b%2F%zz?q=%").text(), HasSubstr("GET /a/../b%2F%zz?q=%\n"));
    EXPECT_THAT(client.get("/\xC3\xA9 x#fragment").text(), HasSubstr("GET /%C3%A9%20x\n"));
    EXPECT_THAT(client.get("b?c").text(), HasSubstr("GET /b?c\n"));
    EXPECT_THAT(client.get("http://other.org:81/x").text(),
                AllOf(HasSubstr("GET /x\n"), HasSubstr("Host: other.org:81\n")));
    EXPECT_THROW(client.get("ftp://x/"), std::invalid_argument);
}

// ── htmx ────────────────────────────────────────────────────────────────────────────────────────────────────────────

std::string htmx_fields(TestReply const& reply) {
    std::string chosen;
    for (auto line = reply.text().substr(reply.text().find('\n') + 1); !line.starts_with('\n') && !line.empty();
         line = line.substr(line.find('\n') + 1))
        if (!line.starts_with("Host:") && !line.starts_with("User-Agent:"))
            chosen += line.substr(0, line.find('\n') + 1);
    return chosen;
}

TEST(TestClientHtmx, ClicksAsHtmx4) {
    TestClient client{echo_app()};
    EXPECT_EQ(
        htmx_fields(
            client.htmx().source("button#btn", "bn").target("div#out").current_url("/users?q=1#top").get("/echo")),
        "HX-Request: true\nHX-Source: button#btn\nHX-Target: div#out\n"
        "HX-Current-URL: http://testserver/users?q=1#top\nHX-Request-Type: partial\nAccept: text/html\n"
        "Sec-Fetch-Mode: same-origin\nSec-Fetch-Site: same-origin\n");
}

TEST(TestClientHtmx, ClicksAsHtmx2) {
    TestClient client{echo_app()};
    EXPECT_EQ(
        htmx_fields(client.htmx(2).source("button#btn", "bn").target("div#out").get("/echo")),
        "HX-Request: true\nHX-Trigger: btn\nHX-Trigger-Name: bn\nHX-Target: out\nHX-Current-URL: http://testserver/\n"
        "Accept: */*\nSec-Fetch-Mode: cors\nSec-Fetch-Site: same-origin\n");
    EXPECT_EQ(htmx_fields(client.htmx(2).source("button").get("/echo")),
              "HX-Request: true\nHX-Current-URL: http://testserver/\nAccept: */*\nSec-Fetch-Mode: cors\n"
              "Sec-Fetch-Site: same-origin\n");
    EXPECT_THROW(static_cast<void>(client.htmx(3)), std::invalid_argument);
}

TEST(TestClientHtmx, SendsFormsAsEachVersionDoes) {
    TestClient client{echo_app()};
    auto const fields = form({{"a", "x y"}, {"a", "z"}});
    auto const four = client.htmx().post("/echo", fields).text();
    EXPECT_THAT(four, AllOf(HasSubstr("Content-Type: application/x-www-form-urlencoded;charset=UTF-8\n"),
                            HasSubstr("HX-Source: form\nHX-Target: form\n"), HasSubstr("Origin: http://testserver\n"),
                            HasSubstr("\n\na=x+y&a=z")));
    auto const two = client.htmx(2).post("/echo", fields).text();
    EXPECT_THAT(two,
                AllOf(HasSubstr("Content-Type: application/x-www-form-urlencoded\n"), HasSubstr("\n\na=x%20y&a=z")));
    // Fields that are in the query already: htmx 4 replaces them, htmx 2 appends.
    EXPECT_THAT(client.htmx().get("/echo?a=0&keep=1", fields).text(), HasSubstr("GET /echo?keep=1&a=x+y&a=z\n"));
    EXPECT_THAT(client.htmx(2).get("/echo?a=0&keep=1", fields).text(), HasSubstr("GET /echo?a=0&keep=1&a=x%20y&a=z\n"));
    // DELETE has no body in either; htmx 2 names the type all the same.
    EXPECT_THAT(client.htmx().del("/echo", fields).text(),
                AllOf(HasSubstr("DELETE /echo?a=x+y&a=z\n"), Not(HasSubstr("Content-Type"))));
    EXPECT_THAT(client.htmx(2).del("/echo").text(), HasSubstr("Content-Type: application/x-www-form-urlencoded\n"));
}

TEST(TestClientHtmx, BoostsRestoresAndPrompts) {
    TestClient client{echo_app()};
    EXPECT_THAT(htmx_fields(client.htmx().boosted().get("/echo")),
                HasSubstr("HX-Source: a\nHX-Target: body\nHX-Current-URL: http://testserver/\nHX-Boosted: true\n"
                          "HX-Request-Type: full\n"));
    EXPECT_THAT(htmx_fields(client.htmx().boosted().target("main#m").get("/echo")),
                HasSubstr("HX-Request-Type: partial\n"));
    EXPECT_THAT(htmx_fields(client.htmx().select().get("/echo")), HasSubstr("HX-Request-Type: full\n"));
    EXPECT_THAT(htmx_fields(client.htmx(2).boosted().get("/echo")), HasSubstr("HX-Boosted: true\n"));
    EXPECT_EQ(htmx_fields(client.htmx().history_restore().get("/echo")),
              "HX-History-Restore-Request: true\nHX-Request-Type: full\nAccept: */*\nSec-Fetch-Mode: cors\n"
              "Sec-Fetch-Site: same-origin\n");
    EXPECT_EQ(htmx_fields(client.htmx(2).history_restore().get("/echo")),
              "HX-Request: true\nHX-History-Restore-Request: true\nHX-Current-URL: http://testserver/\nAccept: */*\n"
              "Sec-Fetch-Mode: cors\nSec-Fetch-Site: same-origin\n");
    EXPECT_THAT(htmx_fields(client.htmx().prompt("\xE2\x82\xAC a&b").get("/echo")),
                HasSubstr("HX-Prompt: %E2%82%AC%20a&b\n"));
    EXPECT_THAT(htmx_fields(client.htmx(2).prompt("\xE2\x82\xAC a&b").get("/echo")),
                HasSubstr("HX-Prompt: %E2%82%AC%20a%26b\nHX-Prompt-URI-AutoEncoded: true\n"));
    EXPECT_THAT(htmx_fields(client.htmx(2).prompt("\xC3\xA9").get("/echo")), HasSubstr("HX-Prompt: \xE9\n"));
    EXPECT_THROW(client.request().target("#x"), std::logic_error);
    // hx-headers wins, as in the browser.
    EXPECT_THAT(htmx_fields(client.htmx().header("Accept", "x/y").get("/echo")),
                AllOf(HasSubstr("Accept: x/y\n"), Not(HasSubstr("text/html"))));
}

TEST(TestClientHtmx, IsUnderstoodByTheApplication) {
    auto app = quiet_app();
    app.get("/who", [](Request& request) {
        auto const& htmx = request.htmx();
        return text(std::to_string(htmx.version()) + " " + htmx.source().id + " " + htmx.target().id + " " +
                    htmx.prompt() + " " + std::string(htmx.current_path()) +
                    (htmx.wants_fragment() ? " fragment" : " page"));
    });
    TestClient client{std::move(app)};
    for (int const version : {2, 4}) {
        auto asking = client.htmx(version);
        asking.source("button#\xC5\xBE").target("#gr\xC3\xB6\xC3\x9F").prompt("50% \xE2\x82\xAC").current_url("/p?x");
        EXPECT_EQ(asking.get("/who").text(),
                  std::to_string(version) + " \xC5\xBE gr\xC3\xB6\xC3\x9F 50% \xE2\x82\xAC /p?x fragment");
        EXPECT_THAT(client.htmx(version).history_restore().get("/who").text(), HasSubstr(" page"));
    }
    EXPECT_THAT(client.browser().get("/who").text(), HasSubstr("0 "));
}

// ── Cookies and redirects ───────────────────────────────────────────────────────────────────────────────────────────

App cookie_app() {
    auto app = quiet_app();
    app.post("/login", [](Request&) { return redirect("/home").cookie(SetCookie("session", "s1")); });
    app.get("/home", [](Request& request) { return text("session " + request.cookie("session").value_or("none")); });
    app.get("/secure", [](Request&) { return text("x").cookie(SetCookie("safe", "1").secure()); });
    app.post("/logout", [](Request&) { return text("bye").delete_cookie("session"); });
    app.post("/keep", [](Request&) { return redirect("/echo", 307); });
    app.post("/echo", echo);
    app.get("/away", [](Request&) { return redirect("http://other.org/x", 303, htmx::Destination::Anywhere); });
    app.get("/loop", [](Request&) { return redirect("/loop"); });
    return app;
}

TEST(TestClientCookies, AreKept) {
    TestClient client{cookie_app()};
    EXPECT_EQ(client.get("/home").text(), "session none");
    EXPECT_THAT(client.post("/login"), AllOf(HasStatus(303), HasHeader("Location", "/home")));
    EXPECT_EQ(client.cookies().get("session"), "s1");
    EXPECT_EQ(client.get("/home").text(), "session s1");
    client.post("/logout");
    EXPECT_EQ(client.get("/home").text(), "session none");
    client.cookies().set("session", "mine");
    EXPECT_EQ(client.htmx().get("/home").text(), "session mine");
    EXPECT_EQ(client.header("Cookie", "session=other").get("/home").text(), "session other");
}

TEST(TestClientCookies, ThatAreSecureNeedTls) {
    TestClient client{cookie_app()};
    client.get("/secure");
    EXPECT_EQ(client.cookies().size(), 0u);
    client.base_url("https://testserver");
    client.get("/secure");
    EXPECT_EQ(client.cookies().get("safe"), "1");
    EXPECT_THROW(client.base_url("testserver"), std::invalid_argument);
}

TEST(TestClientRedirects, AreFollowedOnRequest) {
    TestClient client{cookie_app()};
    client.follow_redirects();
    auto const home = client.browser().post("/login", form({{"a", "b"}}));
    EXPECT_THAT(home, HasStatus(200));
    EXPECT_EQ(home.text(), "session s1");
    EXPECT_EQ(home.url(), "http://testserver/home");
    EXPECT_THAT(client.post("/keep", form({{"a", "b"}})).text(),
                AllOf(HasSubstr("POST /echo\n"), HasSubstr("\n\na=b")));
    EXPECT_THAT(client.get("/away"), AllOf(HasStatus(303), HasHeader("Location", "http://other.org/x")));
    EXPECT_THROW(client.get("/loop"), std::runtime_error);
}

// ── What comes back ─────────────────────────────────────────────────────────────────────────────────────────────────

TEST(TestClientReply, IsHtmlOrJson) {
    auto app = quiet_app();
    app.get("/page",
            [](Request&) { return html("<h1 class=a>Hello  <b>you</b></h1><p>1</p><p>2</p>").header("X-A", "1"); });
    app.get("/data", [](Request&) { return json_text(R"({"users":[{"name":"Ada"}],"n":2})"); });
    TestClient client{std::move(app)};
    auto const page = client.get("/page");
    EXPECT_THAT(page,
                AllOf(HasStatus(200), HasHeader("X-A", "1"), HasHeader("content-length", "50"), Not(HasHeader("X-B")),
                      HasElement("h1.a"), Not(HasElement("h2")), HasElements("p", 2), HasText("h1", "Hello you"),
                      HasText("h1", HasSubstr("you")), Not(HasText("h2", "x")), Not(HasText("h1", "x"))));
    EXPECT_EQ(page.html().text("p:last-child"), "2");
    EXPECT_THROW(static_cast<void>(page.json()), std::runtime_error);
    auto const data = client.get("/data");
    EXPECT_EQ(data.json().at("users").at(0).at("name"), "Ada");
    EXPECT_EQ(data.json().at("n"), 2);
    EXPECT_THAT(client.head("/page"), AllOf(HasStatus(200), HasHeader("Content-Length", "50")));
    EXPECT_EQ(client.head("/page").text(), "");
}

TEST(TestClientReply, IsPrintedWhole) {
    auto app = quiet_app();
    app.get("/", [](Request&) { return text("not \xFF found").status(404); });
    TestClient client{std::move(app)};
    auto const printed = testing::PrintToString(client.get("/"));
    EXPECT_THAT(printed, HasSubstr("404 Not Found from http://testserver/\nContent-Type: text/plain; charset=utf-8\n"));
    EXPECT_THAT(printed, HasSubstr("\n\nnot \xEF\xBF\xBD found"));
}

Generator<std::string> count_up(int to) {
    for (int i = 1; to == 0 || i <= to; ++i) {
        if (i % 2 == 0) co_await sleep_for(1ms);
        co_yield std::to_string(i) + ";";
    }
}

Generator<std::string> break_down() {
    co_yield "1;";
    throw std::runtime_error("the stream broke");
}

TEST(TestClientReply, CollectsStreams) {
    auto app = quiet_app();
    app.get("/stream", [](Request&) { return stream(count_up(4)); });
    app.get("/endless", [](Request&) { return stream(count_up(0)); });
    app.get("/broken", [](Request&) { return stream(break_down()); });
    TestClient client{std::move(app)};
    auto const whole = client.get("/stream");
    EXPECT_EQ(whole.text(), "1;2;3;4;");
    EXPECT_EQ(whole.pieces().size(), 4u);
    EXPECT_FALSE(whole.cut_off());
    client.stream_limits(1000, 3);
    auto const cut = client.get("/endless");
    EXPECT_EQ(cut.text(), "1;2;3;");
    EXPECT_TRUE(cut.cut_off());
    EXPECT_THROW(client.get("/broken"), std::runtime_error);
    EXPECT_EQ(client.stream_limits(1000, 100).get("/stream").text(), "1;2;3;4;") << "the client goes on after that";
}

// ── Running the handler ─────────────────────────────────────────────────────────────────────────────────────────────

TEST(TestClientRun, WaitsForCoroutinesThreadsAndBackgroundTasks) {
    std::atomic<int> done{0};
    auto app = quiet_app();
    app.get("/slow", [&done](BackgroundTasks& tasks) -> Task<Response> {
        co_await sleep_for(2ms);
        auto const value = co_await blocking([] { return std::string("from a thread"); });
        tasks.add("first", [&done]() -> Task<void> {
            co_await sleep_for(2ms);
            ++done;
        });
        tasks.add("second", [&done] { ++done; });
        co_return text(value);
    });
    TestClient client{std::move(app)};
    EXPECT_EQ(client.get("/slow").text(), "from a thread");
    EXPECT_EQ(done, 2);
}

TEST(TestClientRun, GivesUpOnAHandlerThatHangs) {
    auto app = quiet_app();
    app.get("/hang", [](Request&) -> Task<Response> {
        co_await sleep_for(1h);
        co_return text("never");
    });
    app.get("/fine", [](Request&) { return text("fine"); });
    TestClient client{std::move(app)};
    client.timeout(1);
    EXPECT_THROW(client.get("/hang"), std::runtime_error);
    EXPECT_EQ(client.get("/fine").text(), "fine");
}

struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST(TestClientRun, ShowsOrThrowsUnexpectedExceptions) {
    auto app = quiet_app();
    app.get("/broken", [](Request&) -> Response { throw Broken("the wheel came off"); });
    app.get("/broken-later", [](Request&) -> Task<Response> {
        co_await sleep_for(1ms);
        throw Broken("the wheel came off");
    });
    app.get("/refused", [](Request&) -> Response { throw HttpError{409}; });
    TestClient client{std::move(app)};
    EXPECT_THAT(client.get("/broken"), HasStatus(500));
    client.rethrow_exceptions();
    EXPECT_THROW(client.get("/broken"), Broken);
    EXPECT_THROW(client.get("/broken-later"), Broken);
    EXPECT_THAT(client.get("/refused"), HasStatus(409)) << "an HttpError is an answer";
    client.rethrow_exceptions(false);
    EXPECT_THAT(client.get("/broken-later"), HasStatus(500));
}

int answer() { return 42; }

TEST(TestClientRun, LetsATestReplaceDependencies) {
    auto app = quiet_app();
    app.get("/answer", [](Depends<answer> value) { return text(std::to_string(*value)); });
    TestClient client{app};
    EXPECT_EQ(client.get("/answer").text(), "42");
    client.app().override<answer>([] { return 7; });
    EXPECT_EQ(client.get("/answer").text(), "7");
}

TEST(TestClientRun, KeepsTheLimitOfTheBody) {
    AppOptions options;
    options.access_log = false;
    options.env_file = "";
    options.body_limit = 10;
    App app(std::move(options));
    app.post("/echo", echo);
    TestClient client{std::move(app)};
    EXPECT_THAT(client.post("/echo", RequestBody("0123456789", "text/plain")), HasStatus(200));
    EXPECT_THAT(client.post("/echo", RequestBody("0123456789a", "text/plain")), HasStatus(413));
}

struct Caller {
    Deadline deadline;
    [[nodiscard]] Caller with_deadline(Deadline const& given) const { return {given}; }
};

Generator<std::string> later(State<Caller> caller) {
    co_await sleep_for(5ms); // of the stream's own time
    co_yield caller->deadline.at() ? "bound" : "free";
}

TEST(TestClientRun, KeepsTheRequestsDeadline) {
    log::KeptLog const log;
    AppOptions options;
    options.access_log = false;
    options.env_file = "";
    options.request_deadline = 1ms;
    App app(std::move(options));
    app.state(Caller());
    app.get("/slow", []() -> Task<Response> {
        co_await sleep_for(24h);
        co_return text("too late");
    });
    app.get("/stream", [](State<Caller> caller) -> Task<Response> { co_return stream(later(caller)); },
            {.deadline = 1h});
    TestClient client{std::move(app)};
    EXPECT_THAT(client.get("/slow"), HasStatus(503));
    EXPECT_THAT(client.browser().get("/slow"), AllOf(HasStatus(503), HasElement("h1")));
    EXPECT_THAT(client.htmx().get("/slow"), AllOf(HasStatus(503), HasElement("[role=alert]")));
    EXPECT_EQ(client.get("/stream").text(), "free");
    client.rethrow_exceptions();
    EXPECT_THAT(client.get("/slow"), HasStatus(503)) << "no exception of the app's";
}

TEST(TestClientRun, TellsTheAppAboutTheConnection) {
    auto app = quiet_app();
    app.get("/", [](Request& request) {
        return text(request.peer().address + (request.secure() ? " https " : " http ") + std::string(request.host()));
    });
    TestClient client{std::move(app)};
    EXPECT_EQ(client.get("/").text(), "127.0.0.1 http testserver");
    client.base_url("https://example.org:444").peer("10.0.0.9").default_header("X-A", "1");
    EXPECT_EQ(client.get("/").text(), "10.0.0.9 https example.org:444");
    EXPECT_EQ(client.header("Host", "evil.example").get("/").text(), "10.0.0.9 https evil.example");
    TestClient moved = std::move(client);
    EXPECT_EQ(moved.get("/").text(), "10.0.0.9 https example.org:444");
}

// A handler without an app around it.
class Bare final : public http::Handler {
  public:
    http::Plan plan(http::Request&) noexcept override { return {true, false, 100}; }
    void handle(http::Request& request, http::Response& response) noexcept override {
        response.set_body(std::string(request.path()));
    }
    Task<void> handle_async(http::Request&, http::Response&) override { co_return; }
    void sent(http::Request&) noexcept override { ++sent_count; }
    int sent_count = 0;
};

TEST(TestClientRun, DrivesAnyHandler) {
    Bare handler;
    TestClient client{handler};
    EXPECT_EQ(client.get("/x").text(), "/x");
    EXPECT_EQ(handler.sent_count, 1);
    EXPECT_THROW(static_cast<void>(client.app()), std::logic_error);
}

} // namespace
} // namespace hxx
