// The parts of the program that are not its list: another service, jobs, and a thread that is watched.
#include "app.hpp"
#include "operations.hpp"

#include <hxx/async/sleep.hpp>
#include <hxx/client/client.hpp>
#include <hxx/http/error.hpp>
#include <hxx/testing/matchers.hpp>
#include <hxx/testing/test_client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace hxx;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

App app_with(http::Client client) {
    auto app = make_app({.database_url = "sqlite::memory:"});
    app.state(std::move(client));
    return app;
}

class Services : public testing::TestWithParam<int> {
  protected:
    TestRequest htmx() { return client.htmx(GetParam()); }
    TestClient client{make_app({.database_url = "sqlite::memory:"})};
};
INSTANTIATE_TEST_SUITE_P(, Services, testing::Values(2, 4), testing::PrintToStringParamName());

// ── Weather ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Weather, IsWhatTheServiceSays) {
    std::string asked;
    TestClient client{app_with(http::Client::with_transport([&asked](http::ClientRequest const& request) {
        asked = request.url();
        return http::Reply(200, "application/json", R"({"city":"São Paulo","sky":"rain","celsius":21})");
    }))};
    auto const page = client.browser().get("/weather/S%C3%A3o%20Paulo");
    EXPECT_THAT(page, AllOf(HasStatus(200), HasText("#weather", "São Paulo: rain, 21 °C"), HasElement("header.site")));
    EXPECT_EQ(asked, "http://127.0.0.1:8001/v1/weather/S%C3%A3o%20Paulo");
    EXPECT_THAT(client.htmx().target("section#weather").get("/weather/Oslo"),
                AllOf(HasStatus(200), HasElement("section#weather"), Not(HasElement("header.site"))));
}

TEST(Weather, AServiceThatFailsIsSaidSo) {
    TestClient broken{app_with(
        http::Client::with_transport([](http::ClientRequest const&) { return http::Reply(503, "text/plain", "no"); }))};
    EXPECT_THAT(broken.browser().get("/weather/Oslo"),
                AllOf(HasStatus(502), HasText("#weather [role=alert]", HasSubstr("out of order"))));
    TestClient nonsense{app_with(http::Client::with_transport(
        [](http::ClientRequest const&) { return http::Reply(200, "text/html", "<p>not JSON"); }))};
    EXPECT_THAT(nonsense.browser().get("/weather/Oslo"), HasStatus(502));
    TestClient missing{
        app_with(http::Client::with_transport([](http::ClientRequest const&) { return http::Reply(404); }))};
    EXPECT_THAT(missing.browser().get("/weather/Atlantis"), HasStatus(404));
}

TEST(Weather, AServiceThatTakesTooLongIsNotWaitedFor) {
    TestClient client{app_with(http::Client::with_transport([](http::ClientRequest const&) -> Task<http::Reply> {
        co_await sleep_for(1h);
        co_return http::Reply(200);
    }))};
    EXPECT_THAT(client.browser().get("/weather/Oslo"),
                AllOf(HasStatus(504), HasText("#weather [role=alert]", HasSubstr("takes too long"))));
}

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Services, AJobIsPolledToItsEnd) {
    auto const begun = htmx().target("#task").post("/process", form({{"dataset", "measurements"}}));
    EXPECT_THAT(begun, AllOf(HasStatus(202), HasText("#task p", "waits for its turn")));
    auto const status = begun.html().attr("#task", "hx-get").value();
    EXPECT_THAT(htmx().get(status), AllOf(HasStatus(200), HasElement("#task[hx-trigger]")));
    client.run_jobs();
    auto const end = htmx().get(status);
    EXPECT_THAT(end, AllOf(HasStatus(GetParam() == 2 ? 286 : 200), Not(HasElement("[hx-get]")),
                           HasText("#task .result", "All of measurements has been processed."),
                           HasElement("progress[value='100']")));
}

TEST_P(Services, AJobThatFailsSaysWhy) {
    auto const begun = htmx().post("/process", form({{"dataset", "broken"}}));
    client.run_jobs();
    EXPECT_THAT(htmx().get(begun.html().attr("#task", "hx-get").value()),
                AllOf(HasText("#task .error", "It failed: row 4,711 is not a number"), Not(HasElement("[hx-get]"))));
}

TEST_P(Services, AnEmptyDatasetIsAMistake) {
    EXPECT_THAT(htmx().post("/process", form({{"dataset", " "}})),
                AllOf(HasStatus(422), HasHeader("HX-Retarget", "#process-form"), HasElement("#process-dataset-error")));
}

TEST_P(Services, JobsAreTheirOwnersAlone) {
    auto const sign_up = [&](std::string const& name) {
        client.cookies().clear();
        client.browser().post("/signup",
                              form({{"name", name}, {"email", name + "@example.org"}, {"password", "12345678"}}));
    };
    sign_up("kim");
    auto const status = htmx().post("/process", form({{"dataset", "x"}})).html().attr("#task", "hx-get").value();
    EXPECT_THAT(client.browser().get(status), HasStatus(200));
    sign_up("mallory");
    EXPECT_THAT(client.browser().get(status), HasStatus(404));
    client.cookies().clear();
    EXPECT_THAT(client.browser().get(status), HasStatus(404));
}

TEST(Jobs, WorkWithoutJavaScript) {
    TestClient client{make_app({.database_url = "sqlite::memory:"})};
    client.follow_redirects();
    auto const page = client.browser().get("/process");
    auto const begun = client.browser().submit(page, "#process-form", {{"dataset", "x"}});
    EXPECT_THAT(begun, AllOf(HasStatus(200), HasElement("noscript"), HasText("h1", "Task")));
    client.run_jobs();
    EXPECT_THAT(client.browser().get(begun.url()), AllOf(HasStatus(200), Not(HasElement("head noscript"))));
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Services, AnOperationIsWatchedToItsEnd) {
    auto const begun = htmx().post("/operations", form({}));
    auto const address = begun.html().attr("#steps", "sse-connect").value();
    EXPECT_EQ(begun.html().attr("#steps", "hx-sse:connect"), address);
    auto stream = htmx().stream(address);
    EXPECT_EQ(stream.reply().header("Content-Type"), "text/event-stream; charset=utf-8");
    for (int step = 1; step <= 20; ++step)
        EXPECT_THAT(stream.next_event()->data, HasSubstr("Step " + std::to_string(step) + " of 20")) << step;
    EXPECT_EQ(stream.next_event()->name, "done");
    EXPECT_FALSE(stream.next_event());
}

TEST_P(Services, WhoComesBackHearsWhatTheyMissed) {
    auto const address = htmx().post("/operations", form({})).html().attr("#steps", "sse-connect").value();
    std::string last;
    {
        auto stream = htmx().stream(address);
        for (int step = 1; step <= 5; ++step) stream.next_event();
        last = stream.last_event_id();
    }
    auto again = htmx().header("Last-Event-ID", last).stream(address);
    for (int step = 6; step <= 20; ++step)
        EXPECT_THAT(again.next_event()->data, HasSubstr("Step " + std::to_string(step) + " of 20")) << step;
    EXPECT_EQ(again.next_event()->name, "done");
}

TEST_P(Services, AnOperationThatFailsSaysSoAndEnds) {
    auto const begun = htmx().post("/operations", form({{"to_fail", "true"}}));
    auto stream = htmx().stream(begun.html().attr("#steps", "sse-connect").value());
    for (int step = 1; step <= 9; ++step) stream.next_event();
    EXPECT_THAT(stream.next_event()->data, HasSubstr("class=\"error\""));
    auto const error = stream.next_event();
    EXPECT_EQ(error->name, "error");
    EXPECT_EQ(error->data, "The valve does not open.");
    EXPECT_EQ(stream.next_event()->name, "done");
    EXPECT_FALSE(stream.next_event());
}

TEST_P(Services, AnOperationThatIsNoneIs404) {
    EXPECT_THAT(client.browser().get("/operations/none"), HasStatus(404));
    EXPECT_THAT(client.get("/operations/none/stream"), HasStatus(404));
}

} // namespace
