#include "hxx/security/csrf.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/base/form_fields.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/security/app_secrets.hpp"
#include "hxx/security/session.hpp"
#include "hxx/security/token_mask.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract_body.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/view.hpp"

#include <gmock/gmock.h>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char form_type[] = "application/x-www-form-urlencoded";

struct Note {
    std::string text;
};

Router routes(bool with_sessions) {
    Router router;
    if (with_sessions) router.use(sessions());
    router.get("/token", [](Csrf csrf) { return csrf.token(); });
    router.get("/page", [](View view) { return view("page.html"); });
    router.get("/imported", [](View view) { return view("imported.html"); });
    router.get("/log-in", [](Session session, Csrf csrf) {
        session.rotate();
        session.set("user", 7);
        return csrf.token();
    });
    router.get("/log-out", [](Session session) { session.clear(); });
    auto const write = [](Form<Note> note) { return "wrote " + note->text; };
    router.post("/notes", write);
    router.put("/notes", write);
    router.patch("/notes", write);
    router.del("/notes", []() { return std::string("deleted"); });
    router.post("/json", [](Json<Note> note) { return "wrote " + note->text; });
    router.post("/hook", []() { return std::string("hooked"); }, {.name = "hook"});
    return router;
}

DriveExtras extras(std::shared_ptr<AppSecrets> const& secrets, CsrfOptions options) {
    DriveExtras made;
    made.guard = UnsafeGuard{csrf_guard(), options.exempt};
    made.states.push_back({type_key<AppSecrets>, "AppSecrets", secrets});
    made.states.push_back(
        {type_key<CsrfProtection>, "CsrfProtection", std::make_shared<CsrfProtection>(std::move(options), secrets)});
    made.templates.loader = jinja::dict_loader({
        {"page.html", "<body {{ csrf_headers() }}><form>{{ csrf_field() }}</form>{{ csrf_token() }}"},
        {"macros.html", "{% macro form() %}{{ csrf_field() }}{% endmacro %}"},
        {"imported.html", "{% from 'macros.html' import form %}{{ form() }}"},
    });
    made.globals = &add_csrf_globals;
    return made;
}

class CsrfTest : public testing::Test {
  protected:
    explicit CsrfTest(bool with_sessions = true, CsrfOptions options = {.exempt = {"hook"}})
        : drive(routes(with_sessions), extras(secrets, std::move(options))) {}

    // As a browser: keeps the cookies that it gets.
    std::string get(std::string_view target) {
        reply = drive.send({"GET", target, {{"Cookie", cookies()}}});
        for (auto const set : reply.headers().get_all("Set-Cookie")) {
            auto const pair = std::string(set.substr(0, set.find(';')));
            auto const name = pair.substr(0, pair.find('='));
            jar[name] = pair.substr(name.size() + 1);
        }
        return std::string(reply.text());
    }
    std::string cookies() const {
        std::string all = "x=y";
        for (auto const& [name, value] : jar) all += "; " + name + "=" + value;
        return all;
    }
    int post_header(std::string_view token, std::string_view method = "POST") {
        reply = drive.send({method,
                            "/notes",
                            {{"Cookie", cookies()}, {"X-CSRF-Token", token}, {"Content-Type", form_type}},
                            "text=x"});
        return reply.status();
    }
    int post_field(std::string_view token) {
        reply = drive.send({"POST",
                            "/notes",
                            {{"Cookie", cookies()}, {"Content-Type", form_type}},
                            "csrf_token=" + std::string(token) + "&text=x"});
        return reply.status();
    }

    log::KeptLog log;
    std::shared_ptr<AppSecrets> secrets =
        std::make_shared<AppSecrets>(Secrets("a secret of more than 32 bytes, for tests"));
    Drive drive;
    http::Response reply;
    std::map<std::string, std::string> jar;
};

class CsrfWithoutSessions : public CsrfTest {
  protected:
    CsrfWithoutSessions() : CsrfTest(false, {}) {}
};

TEST_F(CsrfTest, EveryUnsafeMethodNeedsAToken) {
    for (auto const* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        EXPECT_EQ(drive.send({method, "/notes", {{"Content-Type", form_type}}, "text=x"}).status(), 403) << method;
        auto const token = get("/token");
        EXPECT_EQ(post_header(token, method), 200) << method;
    }
    EXPECT_FALSE(log.lines_with("no token").empty());
}

TEST_F(CsrfTest, SafeMethodsNeedNone) {
    EXPECT_EQ(drive.send({"GET", "/token"}).status(), 200);
    EXPECT_EQ(drive.send({"HEAD", "/token"}).status(), 200);
    EXPECT_EQ(drive.send({"OPTIONS", "/notes"}).status(), 204);
    // Nor does a page of another site that links here.
    EXPECT_EQ(drive.send({"GET", "/token", {{"Sec-Fetch-Site", "cross-site"}}}).status(), 200);
}

TEST_F(CsrfTest, ATokenInAFormFieldLeavesTheBodyToTheHandler) {
    auto const token = get("/token");
    EXPECT_EQ(post_field(token), 200);
    EXPECT_EQ(reply.text(), "wrote x");
}

TEST_F(CsrfTest, ATokenInAMultipartFormToo) {
    auto const token = get("/token");
    auto const body = "--b\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n" + token +
                      "\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nlong\r\n--b--\r\n";
    auto const answer = drive.send(
        {"POST", "/notes", {{"Cookie", cookies()}, {"Content-Type", "multipart/form-data; boundary=b"}}, body});
    EXPECT_EQ(answer.status(), 200);
    EXPECT_EQ(answer.text(), "wrote long");
}

TEST_F(CsrfTest, AnotherOriginIsRefusedWhateverItBrings) {
    auto const token = get("/token");
    auto const sent = [&](std::string_view name, std::string_view value) {
        return drive.send({"POST",
                           "/notes",
                           {{"Cookie", cookies()}, {"X-CSRF-Token", token}, {"Content-Type", form_type}, {name, value}},
                           "text=x"});
    };
    EXPECT_EQ(sent("Sec-Fetch-Site", "same-origin").status(), 200);
    EXPECT_EQ(sent("Sec-Fetch-Site", "same-site").status(), 403);
    EXPECT_EQ(sent("Sec-Fetch-Site", "cross-site").status(), 403);
    EXPECT_EQ(sent("Origin", "http://testserver").status(), 200);
    EXPECT_EQ(sent("Origin", "http://evil.example").status(), 403);
    EXPECT_EQ(sent("Origin", "null").status(), 403);
    EXPECT_FALSE(log.lines_with("http://evil.example").empty());
}

TEST_F(CsrfTest, ATokenOfSomebodyElseIsRefused) {
    auto const mine = get("/token");
    jar.clear();
    auto const theirs = get("/token");
    EXPECT_EQ(post_header(mine), 403);
    EXPECT_EQ(post_header(theirs), 200);
    jar.clear(); // a token without its cookie
    EXPECT_EQ(post_header(theirs), 403);
}

TEST_F(CsrfTest, ForgedTokensAreRefused) {
    auto const good = get("/token");
    auto changed = good;
    changed[10] = changed[10] == 'A' ? 'B' : 'A';
    auto const other = Signer(Secrets("another secret of more than 32 bytes, yes"), "csrf");
    for (std::string const& forged :
         {std::string(), std::string("x"), changed, good.substr(1), good + "AA", good.substr(0, 43),
          std::string(86, 'A'), jar.at("csrf"), mask(other.digest("cookie:" + jar.at("csrf")))})
        EXPECT_EQ(post_header(forged), 403) << forged;
    EXPECT_EQ(post_header(good), 200);
}

TEST_F(CsrfTest, ATokenIsNeverTakenFromTheUrl) {
    auto const token = get("/token");
    EXPECT_EQ(drive.send({"DELETE", "/notes?csrf_token=" + token, {{"Cookie", cookies()}}}).status(), 403);
}

TEST_F(CsrfTest, TokensChangeAtLogInAndLogOut) {
    auto const before = get("/token");
    EXPECT_EQ(post_header(before), 200);
    auto const after = get("/log-in");
    EXPECT_EQ(post_header(before), 403);
    EXPECT_THAT(std::string(reply.text()), HasSubstr("out of date"));
    EXPECT_EQ(post_header(after), 200);
    get("/log-out");
    EXPECT_EQ(post_header(after), 403);
}

TEST_F(CsrfTest, TheCookieOfAVisitorWithoutASessionIsSafe) {
    get("/token");
    auto const set = header_of(reply, "Set-Cookie");
    EXPECT_THAT(set, AllOf(StartsWith("csrf="), HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax"), HasSubstr("Path=/")));
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(reply, "Vary"), "Cookie");
    get("/token");
    EXPECT_EQ(header_of(reply, "Set-Cookie"), "(none)"); // once is enough
    drive.secure = true;
    get("/token");
    EXPECT_THAT(header_of(reply, "Set-Cookie"), AllOf(StartsWith("__Host-csrf="), HasSubstr("Secure")));
}

TEST_F(CsrfTest, ByTlsACookieThatASubdomainCanSetIsNotLookedAt) {
    auto const token = get("/token"); // by plain HTTP
    drive.secure = true;
    EXPECT_EQ(post_header(token), 403);
}

TEST_F(CsrfTest, ARequestWithABearerTokenNeedsNone) {
    auto const sent = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
        return drive.send({"POST", "/json", headers, R"({"text":"x"})"}).status();
    };
    EXPECT_EQ(sent({{"Content-Type", "application/json"}, {"Authorization", "Bearer abc"}}), 200);
    EXPECT_EQ(sent({{"Content-Type", "application/json"}, {"Authorization", "Bearer "}}), 403);
    // What a browser sends by itself is no sign of anybody's will.
    EXPECT_EQ(sent({{"Content-Type", "application/json"}, {"Authorization", "Basic YTpi"}}), 403);
    EXPECT_EQ(
        sent({{"Content-Type", "application/json"}, {"Authorization", "Bearer abc"}, {"Sec-Fetch-Site", "cross-site"}}),
        403);
}

TEST_F(CsrfTest, JsonNeedsTheHeader) {
    auto const token = get("/token");
    auto const sent = [&](std::string_view field, std::string_view value) {
        return drive
            .send({"POST",
                   "/json",
                   {{"Cookie", cookies()}, {"Content-Type", "application/json"}, {field, value}},
                   R"({"text":"x","csrf_token":")" + token + R"("})"})
            .status();
    };
    EXPECT_EQ(sent("X-CSRF-Token", token), 200);
    EXPECT_EQ(sent("X-Other", token), 403);
}

TEST_F(CsrfTest, ExemptRoutesTakeAnything) {
    EXPECT_EQ(drive.send({"POST", "/hook", {{"Origin", "http://evil.example"}}}).text(), "hooked");
}

TEST_F(CsrfTest, TemplatesHaveFieldHeadersAndToken) {
    auto const page = get("/page");
    EXPECT_THAT(page, HasSubstr(R"(<input type="hidden" name="csrf_token" value=")"));
    EXPECT_THAT(page, HasSubstr(R"(<body hx-headers='{"X-CSRF-Token":")"));
    EXPECT_THAT(page, HasSubstr(R"( hx-headers:inherited='{"X-CSRF-Token":")"));
    auto const header = page.find("Token\":\"") + 8;
    EXPECT_EQ(post_header(page.substr(header, 86)), 200);
    auto const field = page.find("value=\"") + 7;
    EXPECT_EQ(post_field(page.substr(field, 86)), 200);
    EXPECT_EQ(post_header(page.substr(page.size() - 86)), 200);
}

TEST_F(CsrfTest, AMacroThatWasImportedHasThemToo) {
    auto const page = get("/imported");
    auto const field = page.find("value=\"") + 7;
    EXPECT_EQ(post_field(page.substr(field, 86)), 200);
}

TEST_F(CsrfTest, ARefusalIsWhatTheClientCanShow) {
    auto const sent = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
        return drive.send({"POST", "/notes", headers});
    };
    auto const page = sent({{"Accept", "text/html"}});
    EXPECT_THAT(std::string(page.text()), AllOf(HasSubstr("<!doctype html>"), HasSubstr("Reload the page")));
    auto const fragment = sent({{"HX-Request", "true"}});
    EXPECT_THAT(std::string(fragment.text()), AllOf(HasSubstr("Reload the page"), Not(HasSubstr("<html"))));
    auto const problem = sent({{"Accept", "*/*"}});
    EXPECT_EQ(header_of(problem, "Content-Type"), "application/problem+json");
    EXPECT_THAT(std::string(problem.text()), HasSubstr("X-CSRF-Token"));
}

TEST_F(CsrfWithoutSessions, TokensBelongToTheCookie) {
    auto const token = get("/token");
    EXPECT_EQ(post_field(token), 200);
    jar["csrf"] = std::string(22, 'A');
    EXPECT_EQ(post_field(token), 403);
    jar["csrf"] = "short";
    get("/token"); // replaces what it cannot have set
    EXPECT_EQ(jar["csrf"].size(), 22U);
}

TEST(Csrf, AnExemptNameThatNoRouteHasIsAnErrorAtStart) {
    auto const secrets = std::make_shared<AppSecrets>(Secrets::random());
    EXPECT_THROW(Drive(routes(true), extras(secrets, {.exempt = {"hok"}})), std::logic_error);
}

TEST(Csrf, ATrustedOriginThatIsNoneIsAnErrorAtStart) {
    auto const secrets = std::make_shared<AppSecrets>(Secrets::random());
    EXPECT_THROW(CsrfProtection({.trusted_origins = {"admin.example.org"}}, secrets), std::invalid_argument);
}

TEST(Csrf, TokensOfAFormerSecretAreTaken) {
    log::KeptLog log;
    std::string const old = "an old secret of more than 32 bytes, yes.";
    Drive before(routes(false), extras(std::make_shared<AppSecrets>(Secrets(old)), {}));
    Drive after(routes(false),
                extras(std::make_shared<AppSecrets>(Secrets("a new secret of more than 32 bytes, yes.", {old})), {}));
    auto const page = before.send({"GET", "/token"});
    auto const set = header_of(page, "Set-Cookie");
    EXPECT_EQ(
        after.send({"DELETE", "/notes", {{"Cookie", set.substr(0, set.find(';'))}, {"X-CSRF-Token", page.text()}}})
            .status(),
        200);
}

} // namespace
} // namespace hxx
