#include "hxx/security/login.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/response.hpp"

#include <gmock/gmock.h>

namespace hxx {
namespace {

using testing::HasSubstr;

Router routes() {
    Router router;
    auto const refuse = []() -> Response { throw HttpError(401); };
    router.get("/users", refuse);
    router.post("/users", refuse);
    router.get("/basic", []() -> Response { throw HttpError(401).header("WWW-Authenticate", "Basic realm=\"x\""); });
    router.exception(401,
                     [](HttpError const& error, Request& request) { return login_answer(request, error, "/login"); });
    return router;
}

class LoginTest : public testing::Test {
  protected:
    http::Response send(std::string_view method, std::string_view target,
                        std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
        return drive.send({method, target, headers});
    }
    log::KeptLog log;
    Drive drive{routes()};
};

TEST_F(LoginTest, ABrowserIsSentToLogInWithTheWayBack) {
    auto const reply = send("GET", "/users?page=2&q=a%20b", {{"Accept", "text/html"}});
    EXPECT_EQ(reply.status(), 303);
    EXPECT_EQ(header_of(reply, "Location"), "/login?next=%2Fusers%3Fpage%3D2%26q%3Da%2520b");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
    EXPECT_THAT(header_of(reply, "Vary"), HasSubstr("HX-Request"));
}

TEST_F(LoginTest, AFormComesBackToThePageItWasOn) {
    auto const back = [&](std::string_view referer) {
        return header_of(send("POST", "/users", {{"Accept", "text/html"}, {"Referer", referer}}), "Location");
    };
    EXPECT_EQ(back("http://testserver/users?page=2"), "/login?next=%2Fusers%3Fpage%3D2");
    EXPECT_EQ(back("http://evil.example/users"), "/login");
    EXPECT_EQ(back("http://testserver.evil.example/users"), "/login");
    EXPECT_EQ(back("http://testserver//evil.example"), "/login");
    EXPECT_EQ(back("nonsense"), "/login");
    EXPECT_EQ(header_of(send("POST", "/users", {{"Accept", "text/html"}}), "Location"), "/login");
}

TEST_F(LoginTest, HtmxIsToldToLoadThePage) {
    auto const reply =
        send("GET", "/users", {{"HX-Request", "true"}, {"HX-Current-URL", "http://testserver/dashboard?tab=1"}});
    EXPECT_EQ(reply.status(), 401);
    EXPECT_EQ(reply.text(), "");
    EXPECT_EQ(header_of(reply, "HX-Redirect"), "/login?next=%2Fdashboard%3Ftab%3D1");
    auto const foreign = send("GET", "/users", {{"HX-Request", "true"}, {"HX-Current-URL", "http://evil.example/x"}});
    EXPECT_EQ(header_of(foreign, "HX-Redirect"), "/login");
}

TEST_F(LoginTest, APageThatBackLeadsToIsABrowsers) {
    auto const reply = send("GET", "/users", {{"HX-History-Restore-Request", "true"}, {"Accept", "text/html"}});
    EXPECT_EQ(header_of(reply, "Location"), "/login?next=%2Fusers");
}

TEST_F(LoginTest, AProgramKeepsThe401WithAChallenge) {
    auto const reply = send("GET", "/users", {{"Accept", "application/json"}});
    EXPECT_EQ(reply.status(), 401);
    EXPECT_EQ(header_of(reply, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header_of(reply, "Content-Type"), "application/problem+json");
    EXPECT_EQ(header_of(send("GET", "/basic", {}), "WWW-Authenticate"), "Basic realm=\"x\"");
}

TEST(SafeNext, IsAPathOnThisServerAndNothingElse) {
    for (auto const* good : {"/", "/users", "/users?page=2&x=//y", "/a/b#c", "/%2F%2Fevil.example"})
        EXPECT_EQ(safe_next(good), good);
    for (std::string const& bad :
         {std::string(), std::string("users"), std::string("//evil.example"), std::string("/\\evil.example"),
          std::string("\\\\evil.example"), std::string("https://evil.example"), std::string("javascript:alert(1)"),
          std::string("/a\r\nSet-Cookie: x=y"), std::string("/a b"), std::string(" /a"),
          std::string("/\t/evil.example"), std::string("/a\0b", 4), "/" + std::string(2048, 'a')})
        EXPECT_EQ(safe_next(bad, "/home"), "/home") << bad;
}

} // namespace
} // namespace hxx
