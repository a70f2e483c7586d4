// App::stop and App::stop_now: what is waited for, and what is cut off.
#include "hxx/app/serving_for_test.hpp"

#include "hxx/async/signal.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/extract.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace hxx {
namespace {

using http::test::RawClient;
using namespace std::chrono_literals;

/// A request and a background task that stay until they are released.
struct Held {
    std::atomic<int> requests = 0, tasks = 0, ended_tasks = 0;
    Signal release, release_task;
};

Task<Response> hold(State<Held> held) {
    ++held->requests;
    co_await held->release.wait();
    co_return text("at last");
}
Task<Response> hold_task(State<Held> held, BackgroundTasks& tasks) {
    tasks.add("held", [held = &*held]() -> Task<void> {
        ++held->tasks;
        co_await held->release_task.wait();
        ++held->ended_tasks;
    });
    co_return text("soon");
}

App holding(Held& held, int grace_seconds = 30) {
    auto options = quiet();
    options.grace_seconds = grace_seconds;
    App app(std::move(options));
    app.state_reference(held);
    app.get("/hold", hold);
    app.get("/task", hold_task);
    return app;
}

TEST(Stopping, WaitsForRequestsInFlight) {
    Held held;
    auto app = holding(held);
    app.start(anywhere);
    auto const port = app.port();
    RawClient client(port);
    client.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return held.requests == 1; }));
    auto stopped = std::async(std::launch::async, [&app] { app.stop(); });
    EXPECT_TRUE(eventually([&] { return refuses(port); })) << "no new connections";
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    held.release.set();
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "at last");
    stopped.get();
}

TEST(Stopping, WaitsForBackgroundTasks) {
    Held held;
    auto app = holding(held);
    app.start(anywhere);
    auto const port = app.port();
    EXPECT_EQ(get(RawClient(port), "/task"), "soon");
    ASSERT_TRUE(eventually([&] { return held.tasks == 1; }));
    auto stopped = std::async(std::launch::async, [&app] { app.stop(); });
    EXPECT_TRUE(eventually([&] { return refuses(port); }));
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    held.release_task.set();
    stopped.get();
    EXPECT_EQ(held.ended_tasks, 1);
}

TEST(Stopping, TheGraceEnds) {
    log::KeptLog const log; // which says that a handler went on
    Held held;
    auto app = holding(held, 0);
    app.start(anywhere);
    RawClient client(app.port());
    client.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(get(RawClient(app.port()), "/task"), "soon");
    ASSERT_TRUE(eventually([&] { return held.requests == 1 && held.tasks == 1; }));
    app.stop();
    EXPECT_FALSE(client.read());
    EXPECT_EQ(held.ended_tasks, 0);
    EXPECT_EQ(app.dispatcher().running_tasks(), 0) << "a task that was cut off is gone";
}

TEST(Stopping, AtOnceEndsAStopThatWaits) {
    log::KeptLog const log; // which says that a handler went on
    Held held;
    auto app = holding(held, 1'000'000);
    app.start(anywhere);
    auto const port = app.port();
    RawClient client(port);
    client.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(get(RawClient(port), "/task"), "soon");
    ASSERT_TRUE(eventually([&] { return held.requests == 1 && held.tasks == 1; }));
    auto stopped = std::async(std::launch::async, [&app] { app.stop(); });
    EXPECT_TRUE(eventually([&] { return refuses(port); }));
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    app.stop_now();
    stopped.get();
    EXPECT_FALSE(client.read());
    app.stop_now(); // which has nothing to do
    app.start(anywhere);
    EXPECT_EQ(get(RawClient(app.port()), "/task"), "soon");
    app.stop_now();
    app.stop();
}

TEST(Stopping, SeveralThreadsMayStopIt) {
    for (int round = 0; round < 20; ++round) {
        auto app = hello();
        app.start(anywhere);
        auto const port = app.port();
        EXPECT_EQ(get(RawClient(port)), "hello");
        std::thread one([&app] { app.stop(); }), two([&app] { app.stop_now(); }), three([&app] { app.stop(); });
        one.join(), two.join(), three.join();
        EXPECT_TRUE(refuses(port));
    }
}

} // namespace
} // namespace hxx
