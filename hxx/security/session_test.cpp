#include "hxx/security/session.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/response.hpp"

#include <gmock/gmock.h>

namespace hxx {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string const secret = "a secret of more than 32 bytes, for tests";

/// Moves the clock, and back at the end of a test.
class TimeTravel {
  public:
    TimeTravel() = default;
    TimeTravel(TimeTravel const&) = delete;
    TimeTravel& operator=(TimeTravel const&) = delete;
    ~TimeTravel() { to(0s); }
    void to(std::chrono::seconds after_start) {
        clock::advance_for_test(after_start - moved_);
        moved_ = after_start;
    }

  private:
    std::chrono::seconds moved_{0};
};

std::string show(Session& session) {
    auto const user = session.integer("user");
    return "user " + (user ? std::to_string(*user) : "none") + ", theme " + session.text("theme").value_or("none");
}

Router routes(SessionOptions options, Secrets const& secrets) {
    Router router;
    router.use(sessions(secrets, options));
    router.get("/", [](Session session) { return show(session); });
    router.get("/plain", []() { return std::string("plain"); });
    router.get("/login/{id:int}", [](Path<std::int64_t, "id"> id, Session session) {
        session.rotate();
        session.set("user", *id);
        return show(session);
    });
    router.get("/theme/{name}", [](Path<std::string, "name"> name, Session session) {
        session.set("theme", *name);
        return show(session);
    });
    router.get("/logout", [](Session session) {
        session.clear();
        return show(session);
    });
    router.get("/id", [](Session session) { return session.id(); });
    router.get("/large", [](Session session) { session.set("basket", std::string(5000, 'x')); });
    router.get("/cached", [](Session session) {
        session.set("seen", 1);
        return text("cached").header("Cache-Control", "private, max-age=5");
    });
    router.get("/fails", [](Session session) {
        session.set("user", 9);
        throw HttpError{409, "but the session is kept"};
    });
    return router;
}

class SessionTest : public testing::Test {
  protected:
    explicit SessionTest(SessionOptions options = {}, Secrets const& secrets = Secrets(secret))
        : drive(routes(std::move(options), secrets)) {}

    // Sends the cookie that it has and keeps the one that it gets, as a browser does.
    std::string visit(std::string_view target) {
        auto const header = "other=1; " + (cookie.empty() ? "x=y" : cookie);
        reply = drive.send({"GET", target, {{"Cookie", header}}});
        set_cookie = header_of(reply, "Set-Cookie");
        if (set_cookie.find("Max-Age=0") != std::string::npos)
            cookie.clear();
        else if (set_cookie != "(none)")
            cookie = set_cookie.substr(0, set_cookie.find(';'));
        return std::string(reply.text());
    }

    log::KeptLog log;
    Drive drive;
    http::Response reply;
    std::string cookie, set_cookie;
};

TEST_F(SessionTest, RemembersValues) {
    EXPECT_EQ(visit("/"), "user none, theme none");
    EXPECT_EQ(visit("/login/7"), "user 7, theme none");
    EXPECT_EQ(visit("/theme/dark"), "user 7, theme dark");
    EXPECT_EQ(visit("/"), "user 7, theme dark");
}

TEST_F(SessionTest, HasASafeCookie) {
    visit("/login/7");
    EXPECT_THAT(set_cookie, StartsWith("session="));
    for (auto const* attribute : {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"})
        EXPECT_THAT(set_cookie, HasSubstr(attribute));
    EXPECT_THAT(set_cookie, Not(HasSubstr("Secure"))); // not by plain HTTP, where the browser would not send it back
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
}

TEST_F(SessionTest, IsWrittenOnlyWhenSomethingHasChanged) {
    visit("/plain");
    EXPECT_EQ(set_cookie, "(none)");
    EXPECT_EQ(header_of(reply, "Vary"), "(none)");
    visit("/");
    EXPECT_EQ(set_cookie, "(none)");
    EXPECT_EQ(header_of(reply, "Vary"), "Cookie");
    visit("/theme/dark");
    EXPECT_NE(set_cookie, "(none)");
    visit("/theme/dark"); // the same value again
    EXPECT_EQ(set_cookie, "(none)");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store"); // what is in it is this visitor's alone
}

TEST_F(SessionTest, IsRemovedWhenNothingIsLeft) {
    visit("/login/7");
    EXPECT_EQ(visit("/logout"), "user none, theme none");
    EXPECT_THAT(set_cookie, StartsWith("session=;"));
    EXPECT_THAT(set_cookie, HasSubstr("Max-Age=0"));
    EXPECT_EQ(visit("/"), "user none, theme none");
    visit("/logout");
    EXPECT_EQ(set_cookie, "(none)"); // there is nothing to remove
}

TEST_F(SessionTest, GetsANewIdAtLogIn) {
    auto const before = visit("/id");
    EXPECT_EQ(before.size(), 22U);
    EXPECT_EQ(visit("/id"), before);
    visit("/login/7");
    auto const after = visit("/id");
    EXPECT_NE(after, before);
    visit("/logout");
    EXPECT_NE(visit("/id"), after);
}

TEST_F(SessionTest, ForgedCookiesCountAsNone) {
    visit("/login/7");
    auto const good = cookie;
    for (std::string const& forged :
         {std::string("session="), std::string("session=7"), std::string("session=eyJ1c2VyIjo3fQ.1800000000.AAAA"),
          good + "A", good.substr(0, good.size() - 2), "session=A" + good.substr(9),
          "session=" + Signer(Secrets("another secret of more than 32 bytes, yes"), "session")
                           .sign("{}", clock::now_in_seconds()),
          "session=" + Signer(Secrets(secret), "csrf").sign("{}", clock::now_in_seconds())}) {
        cookie = forged;
        EXPECT_EQ(visit("/"), "user none, theme none") << forged;
        EXPECT_THAT(set_cookie, HasSubstr("Max-Age=0")) << forged;
    }
    cookie = good;
    EXPECT_EQ(visit("/"), "user 7, theme none");
}

TEST_F(SessionTest, ExpiresUnlessItIsInUse) {
    visit("/login/7");
    TimeTravel travel;
    travel.to(6 * 24h);
    visit("/");
    EXPECT_EQ(set_cookie, "(none)");
    travel.to(8 * 24h); // half of its time is over
    EXPECT_EQ(visit("/"), "user 7, theme none");
    EXPECT_NE(set_cookie, "(none)");
    travel.to(21 * 24h);
    EXPECT_EQ(visit("/"), "user 7, theme none");
    travel.to(35 * 24h + 1min);
    EXPECT_EQ(visit("/"), "user none, theme none");
}

TEST_F(SessionTest, TooLargeForACookieIsAnErrorThatNamesTheValues) {
    visit("/large");
    EXPECT_EQ(reply.status(), 500);
    EXPECT_EQ(set_cookie, "(none)");
    EXPECT_FALSE(log.lines_with("basket 5002").empty());
}

TEST_F(SessionTest, LeavesAHandlersCacheControl) {
    visit("/cached");
    EXPECT_NE(set_cookie, "(none)");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "private, max-age=5");
}

TEST_F(SessionTest, IsKeptWhenTheHandlerFails) {
    visit("/fails");
    EXPECT_EQ(reply.status(), 409);
    EXPECT_EQ(visit("/"), "user 9, theme none");
}

class SecureSession : public SessionTest {
  protected:
    SecureSession() : SessionTest({.secure = SecureCookie::Always}) {}
};

TEST_F(SecureSession, HasTheHostPrefix) {
    visit("/login/7");
    EXPECT_THAT(set_cookie, StartsWith("__Host-session="));
    EXPECT_THAT(set_cookie, HasSubstr("Secure"));
    EXPECT_EQ(visit("/"), "user 7, theme none");
    cookie = cookie.substr(7); // one without the prefix, which a subdomain can set, is not looked at
    EXPECT_EQ(visit("/"), "user none, theme none");
    EXPECT_EQ(visit("/logout"), "user none, theme none");
}

class RotatedSession : public SessionTest {
  protected:
    RotatedSession() : SessionTest({}, Secrets("a new secret of more than 32 bytes, too.", {secret})) {}
};

TEST_F(RotatedSession, TakesCookiesOfFormerSecrets) {
    Drive former(routes({}, Secrets(secret)));
    auto const old = header_of(former.send({"GET", "/login/5"}), "Set-Cookie");
    cookie = old.substr(0, old.find(';'));
    EXPECT_EQ(visit("/"), "user 5, theme none");
}

TEST(Sessions, MissingAreALogicError) {
    log::KeptLog log;
    Router router;
    router.get("/", [](Session session) { return show(session); });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 500);
    EXPECT_FALSE(log.lines_with("no sessions() lie around its route").empty());
}

TEST(Sessions, OptionsThatCannotBeAreRefused) {
    EXPECT_THROW(static_cast<void>(sessions(Secrets(secret), {.max_age = 0s})), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(sessions(Secrets(secret), {.cookie = "a b"})), std::invalid_argument);
}

} // namespace
} // namespace hxx
