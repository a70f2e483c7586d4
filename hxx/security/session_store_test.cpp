// Sessions that are kept in SQLite; what is the same wherever they are kept is in session_test.cpp.
#include "hxx/security/session_store.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/security/session.hpp"
#include "hxx/sql/database.hpp"
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

Secrets const secrets("a secret of more than 32 bytes, for tests");

Router routes(sql::Database const& database) {
    Router router;
    router.use(sessions(secrets, {.store = sqlite_sessions(database)}));
    router.get("/", [](Session session) { return "user " + std::to_string(session.integer("user").value_or(0)); });
    router.get("/plain", []() { return std::string("plain"); });
    router.get("/login/{id:int}", [](Path<std::int64_t, "id"> id, Session session) {
        session.rotate();
        session.set("user", *id);
    });
    router.get("/logout", [](Session session) { session.clear(); });
    router.get("/large", [](Session session) { session.set("basket", std::string(50'000, 'x')); });
    return router;
}

class SessionStoreTest : public testing::Test {
  protected:
    std::string visit(std::string_view target) {
        auto const reply = drive.send({"GET", target, {{"Cookie", cookie.empty() ? "x=y" : cookie}}});
        set_cookie = header_of(reply, "Set-Cookie");
        if (set_cookie.find("Max-Age=0") != std::string::npos)
            cookie.clear();
        else if (set_cookie != "(none)")
            cookie = set_cookie.substr(0, set_cookie.find(';'));
        return std::string(reply.text());
    }
    int stored() { return sync_wait(database.query_value<int>("select count(*) from hxx_sessions")); }

    log::KeptLog log;
    sql::Database database = sql::Database::connect("sqlite::memory:");
    Drive drive{routes(database)};
    std::string cookie, set_cookie;
};

TEST_F(SessionStoreTest, RemembersValuesOfWhichTheCookieSaysNothing) {
    visit("/login/7");
    EXPECT_EQ(visit("/"), "user 7");
    EXPECT_EQ(stored(), 1);
    auto const short_one = cookie.size();
    visit("/large");
    EXPECT_EQ(cookie.size(), short_one);
    EXPECT_EQ(visit("/"), "user 7");
}

TEST_F(SessionStoreTest, VisitorsWithoutValuesLeaveNothing) {
    visit("/");
    visit("/plain");
    visit("/logout");
    EXPECT_EQ(set_cookie, "(none)");
    EXPECT_EQ(stored(), 0);
}

TEST_F(SessionStoreTest, ALogOutEndsTheSessionForWhoeverHasTheCookie) {
    visit("/login/7");
    auto const stolen = cookie;
    visit("/logout");
    EXPECT_THAT(set_cookie, HasSubstr("Max-Age=0"));
    EXPECT_EQ(stored(), 0);
    cookie = stolen;
    EXPECT_EQ(visit("/"), "user 0");
}

TEST_F(SessionStoreTest, ANewIdTakesTheOldOnesPlace) {
    visit("/login/7");
    auto const before = cookie;
    visit("/login/8");
    EXPECT_EQ(stored(), 1);
    EXPECT_EQ(visit("/"), "user 8");
    cookie = before;
    EXPECT_EQ(visit("/"), "user 0");
}

TEST_F(SessionStoreTest, AnIdThatIsUnknownIsRefusedEvenIfItIsSigned) {
    auto const planted =
        "session=" + Signer(secrets, "session").sign("AAAAAAAAAAAAAAAAAAAAAA", clock::now_in_seconds());
    cookie = planted;
    EXPECT_EQ(visit("/"), "user 0");
    cookie = planted;
    visit("/login/7");
    EXPECT_NE(cookie, planted);
    cookie = planted;
    EXPECT_EQ(visit("/"), "user 0");
    cookie = "session=nonsense";
    EXPECT_EQ(visit("/"), "user 0");
}

TEST_F(SessionStoreTest, TheStoreKnowsNoIdThatCouldBeUsed) {
    visit("/login/7");
    auto const key = sync_wait(database.query_value<std::string>("select key from hxx_sessions"));
    EXPECT_THAT(cookie, Not(HasSubstr(key)));
    EXPECT_EQ(key.size(), 43U);
}

TEST_F(SessionStoreTest, ExpiredSessionsAreNoneAndAreDeleted) {
    visit("/login/7");
    auto const old = cookie;
    clock::advance_for_test(15 * 24h);
    EXPECT_EQ(visit("/"), "user 0");
    cookie.clear();
    visit("/login/8");
    EXPECT_EQ(stored(), 1);
    clock::advance_for_test(-15 * 24h);
}

} // namespace
} // namespace hxx
