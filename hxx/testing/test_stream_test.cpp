// Event streams from the handler to the client's events, and the test client's stream itself.
#include "hxx/hxx.hpp"
#include "hxx/testing/test_client.hpp"

#include "hxx/async/signal.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/jinja/loader.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Reading {
    int number;
    std::string text;
};
using Readings = Broadcast<Reading>;

EventStream readings(State<Readings> readings, LastEventId last) {
    auto subscription = readings->subscribe_after(last);
    if (subscription.gap()) co_yield Event("reset", "");
    while (auto const reading = co_await subscription.next()) {
        if (reading.missed() > 0) co_yield Event::json("missed", reading.missed());
        co_yield Event("reading", reading->text).id(reading.id());
    }
}

class Streams : public testing::Test {
  protected:
    Streams() {
        app.state_reference(broadcast);
        app.get("/readings", readings);
    }
    void publish(int first, int last) {
        for (int i = first; i <= last; ++i) broadcast.publish(Reading{i, "reading " + std::to_string(i)});
    }
    /// The data of the next events, as many as there are.
    static std::vector<std::string> ready(TestStream& stream) {
        std::vector<std::string> all;
        while (auto const event = stream.try_event()) all.push_back(event->data);
        return all;
    }

    [[nodiscard]] std::string logged() const {
        std::string all;
        for (auto const& line : log.lines()) all.append(line).append(1, '\n');
        return all;
    }

    log::KeptLog log;
    Readings broadcast{BroadcastOptions{4, WhenBehind::DropOldest, 8}};
    App app{AppOptions{}};
};

TEST_F(Streams, EachEventAsItIsPublished) {
    TestClient client(app);
    auto stream = client.stream("/readings");
    EXPECT_EQ(stream.reply().status(), 200);
    EXPECT_EQ(stream.reply().header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(stream.reply().header("Cache-Control"), "no-cache");
    EXPECT_EQ(stream.reply().header("X-Accel-Buffering"), "no");
    EXPECT_EQ(stream.try_event(), std::nullopt);

    broadcast.publish(Reading{1, "one\r\ntwo\rthree"});
    auto const event = stream.next_event();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->name, "reading");
    EXPECT_EQ(event->data, "one\ntwo\nthree");
    EXPECT_EQ(event->id, broadcast.last_id());
    EXPECT_EQ(stream.last_event_id(), broadcast.last_id());
    EXPECT_EQ(stream.try_event(), std::nullopt);

    std::thread publisher([this] { publish(2, 4); });
    for (int i = 2; i <= 4; ++i) EXPECT_EQ(stream.next_event()->data, "reading " + std::to_string(i));
    publisher.join();
    EXPECT_FALSE(stream.ended());
}

TEST_F(Streams, WhatWasPublishedComesBeforeDone) {
    TestClient client(app);
    auto stream = client.stream("/readings");
    EXPECT_EQ(stream.try_event(), std::nullopt);
    publish(1, 2);
    broadcast.close();
    EXPECT_EQ(stream.next_event()->data, "reading 1");
    EXPECT_EQ(stream.next_event()->data, "reading 2");
    auto const done = stream.next_event();
    EXPECT_EQ(done->name, "done");
    EXPECT_EQ(done->data, "");
    EXPECT_EQ(stream.next_event(), std::nullopt);
    EXPECT_TRUE(stream.ended());
}

TEST_F(Streams, ReplayBeginsBehindTheLastEventThatWasSeen) {
    TestClient client(app);
    auto first = client.stream("/readings");
    EXPECT_THAT(ready(first), IsEmpty());
    publish(1, 2);
    EXPECT_EQ(first.next_event()->data, "reading 1");
    first.close();
    publish(3, 4);
    auto second = client.header("Last-Event-ID", first.last_event_id()).stream("/readings");
    EXPECT_THAT(ready(second), ElementsAre("reading 2", "reading 3", "reading 4"));
    second.close();

    publish(5, 20);
    auto third = client.header("Last-Event-ID", second.last_event_id()).stream("/readings");
    EXPECT_EQ(third.try_event()->name, "reset") << "only 8 are kept: that some are gone is said";
    EXPECT_EQ(third.try_event()->data, "reading 13");
    third.close();
    auto foreign = client.header("Last-Event-ID", "0123-4").stream("/readings");
    EXPECT_EQ(foreign.try_event()->name, "reset");
    EXPECT_EQ(foreign.try_event()->data, "reading 13");
}

TEST_F(Streams, ASlowReaderIsToldWhatItMissed) {
    TestClient client(app);
    auto stream = client.stream("/readings");
    EXPECT_THAT(ready(stream), IsEmpty());
    publish(1, 10);
    EXPECT_THAT(ready(stream), ElementsAre("6", "reading 7", "reading 8", "reading 9", "reading 10"));
}

TEST_F(Streams, LeavingDestroysTheGeneratorWhereItWaits) {
    TestClient client(app);
    {
        auto one = client.stream("/readings"), two = client.stream("/readings");
        EXPECT_THAT(ready(one), IsEmpty());
        EXPECT_THAT(ready(two), IsEmpty());
        EXPECT_EQ(broadcast.subscribers(), 2u);
        one.close();
        EXPECT_EQ(broadcast.subscribers(), 1u);
        EXPECT_EQ(one.next_event(), std::nullopt);
        publish(1, 1);
        EXPECT_EQ(two.next_event()->data, "reading 1");
    }
    EXPECT_EQ(broadcast.subscribers(), 0u);
    EXPECT_THAT(logged(), Not(HasSubstr("exception"))) << "that a client leaves is no error";
}

TEST_F(Streams, HeadRunsNothing) {
    TestClient client(app);
    auto const reply = client.head("/readings");
    EXPECT_EQ(reply.status(), 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(broadcast.subscribers(), 0u);
}

TEST_F(Streams, RequestsGoOnBesideAStream) {
    app.post("/publish", [](State<Readings> to, BackgroundTasks& tasks) {
        to->publish(Reading{1, "now"});
        tasks.add("later", [to]() -> Task<void> {
            co_await sleep_for(1ms);
            to->publish(Reading{2, "later"});
        });
    });
    TestClient client(app);
    auto stream = client.stream("/readings");
    EXPECT_THAT(ready(stream), IsEmpty());
    EXPECT_EQ(client.post("/publish").status(), 204);
    EXPECT_EQ(stream.next_event()->data, "now");
    EXPECT_EQ(stream.next_event()->data, "later");
}

// ── How a stream ends ────────────────────────────────────────────────────────────────────────────────────────────────

template <class Error>
EventStream fails(Error error) {
    co_yield Event("before");
    co_await sleep_for(1us);
    throw error;
}

TEST_F(Streams, AnUnexpectedExceptionIsALastEventThatDoesNotShowIt) {
    app.get("/fails", [] { return fails(std::runtime_error("the <secret>")); }, {.name = "fails"});
    TestClient client(app);
    auto stream = client.stream("/fails");
    EXPECT_EQ(stream.next_event()->data, "before");
    auto const error = stream.next_event();
    EXPECT_EQ(error->name, "error");
    EXPECT_THAT(error->data, AllOf(HasSubstr("500 Internal Server Error"), Not(HasSubstr("secret")),
                                   HasSubstr(*stream.reply().header("X-Request-ID"))));
    EXPECT_THAT(error->data, Not(HasSubstr("<html"))) << "a fragment, to be swapped in";
    EXPECT_EQ(error->retry, 5'000ms);
    EXPECT_EQ(stream.next_event(), std::nullopt);
    EXPECT_THAT(logged(), AllOf(HasSubstr("unexpected exception"), HasSubstr("the <secret>"), HasSubstr("/fails")));

    auto again = client.rethrow_exceptions().stream("/fails");
    EXPECT_EQ(again.next_event()->data, "before");
    EXPECT_THROW(static_cast<void>(again.next_event()), std::runtime_error);
}

TEST(EventStream, ShowsTheExceptionInDevelopment) {
    log::KeptLog const log;
    AppOptions options;
    options.development = true;
    App app(std::move(options));
    app.get("/fails", [] { return fails(std::runtime_error("the <secret>")); });
    TestClient client(app);
    auto stream = client.stream("/fails");
    EXPECT_EQ(stream.next_event()->data, "before");
    EXPECT_THAT(stream.next_event()->data, HasSubstr("the &lt;secret&gt;"));
}

TEST_F(Streams, AnHttpErrorSaysWhatItIs) {
    app.get("/gone", [] { return fails(HttpError{410, "The sensor has been taken down"}); });
    TestClient client(app);
    auto stream = client.stream("/gone");
    EXPECT_EQ(stream.next_event()->data, "before");
    EXPECT_THAT(stream.next_event()->data, AllOf(HasSubstr("410 Gone"), HasSubstr("The sensor has been taken down")));
    EXPECT_THAT(logged(), Not(HasSubstr("unexpected")));
}

Task<EventStream> guarded(Query<int, "n"> n) {
    co_await sleep_for(1us);
    if (*n > 1) throw HttpError{404, "No such sensor"};
    co_return fails(HttpError{410}).done_event("finished").error_event("");
}

TEST_F(Streams, WhatIsThrownBeforeTheGeneratorIsAnOrdinaryAnswer) {
    app.get("/guarded", guarded);
    TestClient client(app);
    auto missing = client.stream("/guarded?n=2");
    EXPECT_EQ(missing.reply().status(), 404);
    EXPECT_THAT(missing.reply().text(), HasSubstr("No such sensor"));
    EXPECT_THROW(static_cast<void>(missing.next_event()), std::runtime_error) << "it is no stream";
    EXPECT_EQ(client.stream("/guarded?n=x").reply().status(), 422);
    auto stream = client.stream("/guarded?n=1");
    EXPECT_EQ(stream.next_event()->data, "before");
    EXPECT_EQ(stream.next_event(), std::nullopt) << "the last event was switched off";
}

EventStream two() {
    co_yield "plain text"; // an unnamed event
    co_yield Event::comment("a remark");
    co_yield Event::json("two", 2).id("b");
}

TEST_F(Streams, SettingsAreMadeInAChain) {
    app.get("/named", [] { return two().done_event("finished").retry(250ms); });
    app.get("/silent", [] { return two().done_event(""); });
    TestClient client(app);
    EXPECT_EQ(client.get("/named").text(), "retry: 250\n\n"
                                           "data: plain text\n\n"
                                           ": a remark\n\n"
                                           "event: two\nid: b\ndata: 2\n\n"
                                           "event: finished\ndata: \n\n");
    auto silent = client.stream("/silent");
    EXPECT_EQ(silent.next_event()->data, "plain text");
    auto const second = silent.next_event();
    EXPECT_EQ(second->name, "two");
    EXPECT_THAT(second->comments, ElementsAre("a remark"));
    EXPECT_EQ(silent.next_event(), std::nullopt);
    EXPECT_THROW(two().done_event("a\nb"), std::invalid_argument);
    EXPECT_THROW(two().error_event("a\rb"), std::invalid_argument);
    EXPECT_THROW(two().retry(-1ms), std::invalid_argument);
}

EventStream texts(Subscription<Reading> subscription) {
    while (auto const reading = co_await subscription.next()) co_yield Event(reading->text);
}

TEST_F(Streams, WhoFallsBehindIsDisconnectedWithAnErrorEvent) {
    Readings strict(BroadcastOptions{2, WhenBehind::Disconnect, 8});
    app.get("/strict", [&strict] { return texts(strict.subscribe()); });
    TestClient client(app);
    auto stream = client.stream("/strict");
    EXPECT_THAT(ready(stream), IsEmpty());
    for (int i = 0; i < 3; ++i) strict.publish(Reading{i, "x"});
    EXPECT_EQ(stream.next_event()->name, "error");
}

// ── The test client's own behaviour ──────────────────────────────────────────────────────────────────────────────────

EventStream deaf(Signal signal) {
    co_yield Event("here");
    co_await signal.wait(); // which ignores a cancellation
}

TEST_F(Streams, WhatIsNotHeardOfInTimeIsAnError) {
    Signal signal;
    app.get("/deaf", [signal] { return deaf(signal); });
    TestClient client(app);
    client.timeout(1);
    auto stream = client.stream("/deaf");
    EXPECT_EQ(stream.next_event()->data, "here");
    EXPECT_THROW(static_cast<void>(stream.next_event(1ms)), std::runtime_error);
    EXPECT_THROW(stream.close(), std::runtime_error) << "a handler that goes on when its client has left";
    EXPECT_EQ(client.get("/nothing").status(), 404) << "the client goes on";
}

EventStream with_teardown(std::shared_ptr<int> kept) {
    co_yield Event("x");
    co_await sleep_for(1h);
    ++*kept;
}

TEST_F(Streams, AStreamThatGoesOutOfScopeLeaves) {
    auto const kept = std::make_shared<int>(0);
    app.get("/sleeps", [kept] { return with_teardown(kept); });
    TestClient client(app);
    EXPECT_EQ(client.stream("/sleeps").next_event()->data, "x");
    EXPECT_EQ(*kept, 0);
    EXPECT_EQ(kept.use_count(), 2) << "the generator's own is gone";
}

} // namespace
} // namespace hxx
