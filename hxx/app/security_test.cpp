// The safe defaults that an App has on.
#include "hxx/app/serving_for_test.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/model/settings.hpp"
#include "hxx/security/app_secrets.hpp"
#include "hxx/security/csrf.hpp"
#include "hxx/security/session.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract_body.hpp"
#include "hxx/web/response.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Note {
    std::string text;
};

http::Response send(App& app, http::Method method, std::string_view target,
                    std::initializer_list<std::pair<std::string_view, std::string_view>> headers = {}) {
    auto& dispatcher = app.dispatcher();
    auto const request = dispatcher.make_request();
    request->set_method(method);
    EXPECT_TRUE(request->set_target(target));
    request->set_host("testserver");
    for (auto const& [name, value] : headers) request->mutable_headers().add(name, value);
    dispatcher.plan(*request);
    http::Response response;
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, dispatcher.handle_async(*request, response), boost::asio::detached);
    loop.run();
    dispatcher.sent(*request);
    return response;
}

int count = 0;
void count_up() { ++count; }

TEST(AppSecurity, UnsafeRequestsNeedATokenUnlessItIsSwitchedOff) {
    log::KeptLog log;
    App guarded(quiet());
    guarded.post("/", []() { return std::string("done"); });
    EXPECT_EQ(send(guarded, http::Method::Post, "/").status(), 403);
    auto options = quiet();
    options.csrf.on = false;
    App open(std::move(options));
    open.post("/", []() { return std::string("done"); });
    EXPECT_EQ(send(open, http::Method::Post, "/").status(), 200);
}

TEST(AppSecurity, TheCheckComesBeforeDependenciesAndMountedRoutersToo) {
    log::KeptLog log;
    count = 0;
    App app(quiet());
    Router admin{"/admin"};
    admin.post("/do", [](Depends<count_up>) { return std::string("done"); });
    app.mount(std::move(admin));
    EXPECT_EQ(send(app, http::Method::Post, "/admin/do").status(), 403);
    EXPECT_EQ(count, 0);
}

TEST(AppSecurity, SecurityHeadersAreOn) {
    App app(quiet());
    app.get("/", []() { return html("<p>"); });
    auto const reply = send(app, http::Method::Get, "/");
    EXPECT_THAT(std::string(reply.headers().get_or("Content-Security-Policy", "")), HasSubstr("'nonce-"));
    EXPECT_EQ(reply.headers().get_or("X-Content-Type-Options", ""), "nosniff");
    auto options = quiet();
    options.security_headers.on = false;
    App open(std::move(options));
    open.get("/", []() { return html("<p>"); });
    EXPECT_FALSE(send(open, http::Method::Get, "/").headers().contains("Content-Security-Policy"));
}

TEST(AppSecurity, NoOtherOriginMayReadAnAnswer) {
    App app(quiet());
    app.get("/", []() { return std::string("x"); });
    for (auto const* origin : {"http://evil.example", "null", "http://testserver"}) {
        for (auto const method : {http::Method::Get, http::Method::Options}) {
            auto const reply = send(app, method, "/", {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}});
            for (auto const& [name, value] : reply.headers()) EXPECT_FALSE(name.starts_with("Access-Control-")) << name;
        }
    }
}

TEST(AppSecurity, AWebSocketIsNotOpened) {
    App app(quiet());
    app.get("/", []() { return std::string("x"); });
    app.start(anywhere);
    http::test::RawClient client(app.port());
    client.send("GET / HTTP/1.1\r\nHost: test\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    auto const reply = client.read().value();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "x");
    EXPECT_FALSE(reply.headers.contains("upgrade"));
    EXPECT_FALSE(reply.headers.contains("sec-websocket-accept"));
    // It goes on as HTTP: what follows is a request, and a frame would be a bad one.
    client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.read().value().body, "x");
    client.send(std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11));
    client.end_sending();
    auto const refused = client.read();
    EXPECT_TRUE(!refused || refused->status == 400);
}

TEST(AppSecurity, AMistakeIsMadeOnceAndStays) {
    auto const mistake_of = [](App& app) {
        try {
            static_cast<void>(app.dispatcher());
        } catch (std::invalid_argument const&) {
            return std::current_exception();
        }
        return std::exception_ptr();
    };
    auto options = quiet();
    options.security_headers.content_security_policy = "script-src {nonce}; style-src {nonce}";
    App app(std::move(options));
    auto const first = mistake_of(app);
    EXPECT_TRUE(first);
    EXPECT_EQ(mistake_of(app), first) << "and is not tried again on what the first time left half done";
    EXPECT_THROW(app.start(anywhere), std::invalid_argument);
}

TEST(AppSecurity, ALogInPageIsWhereA401Leads) {
    log::KeptLog log;
    auto options = quiet();
    options.login = "/login";
    App app(std::move(options));
    app.get("/", []() -> Response { throw HttpError(401); });
    EXPECT_EQ(send(app, http::Method::Get, "/", {{"Accept", "text/html"}}).headers().get_or("Location", ""), "/login");
    EXPECT_EQ(send(app, http::Method::Get, "/").status(), 401);
}

TEST(AppSecurity, ItsOwnHandlerOf401GoesBeforeThat) {
    log::KeptLog log;
    auto options = quiet();
    options.login = "/login";
    App app(std::move(options));
    app.get("/", []() -> Response { throw HttpError(401); });
    app.exception(401, [](HttpError const&) { return text("mine").status(401); });
    EXPECT_EQ(send(app, http::Method::Get, "/", {{"Accept", "text/html"}}).text(), "mine");
}

TEST(AppSecurity, ResponseHooksSeeEveryResponse) {
    log::KeptLog log;
    App app(quiet());
    app.on_response([](Request&, Response& response) { response.header("X-Seen", "yes"); });
    app.get("/", []() { return std::string("x"); });
    EXPECT_EQ(send(app, http::Method::Get, "/").headers().get_or("X-Seen", ""), "yes");
    EXPECT_EQ(send(app, http::Method::Get, "/nowhere").headers().get_or("X-Seen", ""), "yes");
}

TEST(AppSecurity, ItsSecretIsASettingOrSaysThatItIsNone) {
    auto const token_of = [](App& app) {
        app.use(sessions());
        app.get("/", [](Session session) { session.set("user", 1); });
        auto const reply = send(app, http::Method::Get, "/");
        auto const set = std::string(reply.headers().get_or("Set-Cookie", ""));
        return set.substr(8, set.find(';') - 8);
    };
    ::setenv("SECRET", "a secret of more than 32 bytes, for tests", 1);
    log::KeptLog log;
    App with(quiet()), again(quiet());
    Signer const signer(Secrets("a secret of more than 32 bytes, for tests"), "session");
    EXPECT_TRUE(signer.verify(token_of(with),
                              std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                              std::chrono::hours(1)));
    EXPECT_EQ(with.secrets().derive("x"), again.secrets().derive("x"));
    EXPECT_NE(with.secrets().derive("x"), with.secrets().derive("y"));
    EXPECT_TRUE(log.lines_with("SECRET is not set").empty());
    ::setenv("SECRET", "short", 1);
    App wrong(quiet());
    EXPECT_THROW(static_cast<void>(wrong.secrets()), std::invalid_argument);
    ::unsetenv("SECRET");
    App without(quiet());
    token_of(without);
    EXPECT_EQ(log.lines_with("SECRET is not set").size(), 1U);
}

TEST(AppSecurity, RoutesSaysWhatIsNotChecked) {
    auto options = quiet();
    options.csrf.exempt = {"hook"};
    App app(std::move(options));
    app.post("/notes", [](Form<Note> note) { return note->text; });
    app.post("/raw", [](Request& request) { return std::string(request.body()); });
    app.post("/hook", [](Request&, Json<Note> note) { return note->text; }, {.name = "hook"});
    app.get("/raw", [](Request& request) { return std::string(request.path()); });
    std::istringstream lines(app.list_routes());
    std::string header, notes, raw, hook, got;
    std::getline(lines, header);
    for (auto* line : {&notes, &raw, &hook, &got}) std::getline(lines, *line);
    EXPECT_THAT(notes, AllOf(HasSubstr(" csrf"), Not(HasSubstr("no CSRF")), Not(HasSubstr("not validated"))));
    EXPECT_THAT(raw, AllOf(HasSubstr(" csrf"), HasSubstr("input not validated")));
    EXPECT_THAT(hook, AllOf(HasSubstr("no CSRF check"), Not(HasSubstr("not validated"))));
    EXPECT_THAT(got, Not(HasSubstr("not validated")));
}

TEST(AppSecurity, JsonIsNotSentToHtmxUnlessTheRouteMeansIt) {
    log::KeptLog log;
    for (bool const development : {true, false}) {
        auto options = quiet();
        options.development = development;
        App app(std::move(options));
        app.get("/note", []() { return Note{"x"}; });
        auto const line = __LINE__ - 1;
        app.get("/explicit", []() { return json(Note{"x"}); });
        app.get("/meant", []() { return Note{"x"}; }, {.json_for_htmx = true});
        EXPECT_EQ(send(app, http::Method::Get, "/note").status(), 200);
        for (auto const* target : {"/note", "/explicit"}) {
            auto const reply = send(app, http::Method::Get, target, {{"HX-Request", "true"}});
            EXPECT_EQ(reply.status(), development ? 500 : 406);
            EXPECT_THAT(std::string(reply.text()), Not(HasSubstr("\"text\"")));
        }
        auto const shown = std::string(send(app, http::Method::Get, "/note", {{"HX-Request", "true"}}).text());
        auto const where = "security_test.cpp:" + std::to_string(line);
        EXPECT_EQ(shown.find(where) != shown.npos, development) << shown;
        EXPECT_FALSE(log.lines_with(where).empty());
        EXPECT_EQ(send(app, http::Method::Get, "/meant", {{"HX-Request", "true"}}).status(), 200);
    }
}

} // namespace
} // namespace hxx
