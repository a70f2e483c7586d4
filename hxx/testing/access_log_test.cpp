#include "hxx/base/log_for_test.hpp"
#include "hxx/testing/test_client.hpp"
#include "hxx/web/dispatcher.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

namespace hxx {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

App talking_app() {
    AppOptions options;
    options.env_file = "";
    App app(std::move(options));
    app.get("/", [] { return "ok"; });
    app.get("/broken", []() -> Response { throw std::runtime_error("x"); });
    return app;
}

TEST(TestClientLog, RequestsAreNotLoggedUnlessAskedFor) {
    log::KeptLog const log;
    TestClient client{talking_app()};
    EXPECT_EQ(client.get("/").status(), 200);
    EXPECT_THAT(log.lines(), IsEmpty());
    EXPECT_EQ(client.access_log().get("/?now").status(), 200);
    ASSERT_THAT(log.lines(), SizeIs(1));
    EXPECT_THAT(log.lines().front(), HasSubstr("INFO request method=GET target=/?now status=200"));
    EXPECT_EQ(client.access_log(false).get("/").status(), 200);
    EXPECT_THAT(log.lines(), SizeIs(1));
}

TEST(TestClientLog, ErrorsAreLoggedAlways) {
    log::KeptLog const log;
    TestClient client{talking_app()};
    EXPECT_EQ(client.get("/broken").status(), 500);
    ASSERT_THAT(log.lines(), SizeIs(1));
    EXPECT_THAT(log.lines().front(), HasSubstr("ERROR unexpected exception"));
}

TEST(TestClientLog, AnAppThatServesAfterwardsLogsAsItsOptionsSay) {
    log::KeptLog const log;
    auto app = talking_app();
    EXPECT_EQ(TestClient{app}.get("/").status(), 200);
    EXPECT_TRUE(app.dispatcher().options().access_log);
    EXPECT_THROW(TestClient{app}.rethrow_exceptions().get("/broken"), std::runtime_error);
    EXPECT_TRUE(app.dispatcher().options().access_log);
}

} // namespace
} // namespace hxx
