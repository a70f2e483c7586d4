// App::on_start and App::on_stop.
#include "hxx/app/serving_for_test.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/stopping.hpp"
#include "hxx/base/log_for_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

struct Hooks : testing::Test {
    std::vector<std::string> calls;
    auto says(std::string what) {
        return [this, what] { calls.push_back(what); };
    }
};

TEST_F(Hooks, StartInOrderAndStopInReverse) {
    auto app = hello();
    app.on_start(says("one")).on_start(says("two")).on_stop(says("end of one")).on_stop(says("end of two"));
    EXPECT_THAT(calls, ElementsAre());
    app.start(anywhere);
    EXPECT_THAT(calls, ElementsAre("one", "two"));
    calls.clear();
    EXPECT_EQ(get(http::test::RawClient(app.port())), "hello");
    app.stop();
    EXPECT_THAT(calls, ElementsAre("end of two", "end of one"));
    calls.clear();
    app.start(anywhere);
    app.stop();
    EXPECT_THAT(calls, ElementsAre("one", "two", "end of two", "end of one")) << "each time";
}

TEST_F(Hooks, MayBeCoroutinesAndTakeWhatTheyAreAbout) {
    auto app = hello();
    std::uint16_t port = 0;
    app.on_start([&](App& started) -> Task<void> {
        co_await sleep_for(1ms);
        port = started.port();
    });
    app.on_stop([&](Stopping const& stopping) -> Task<void> {
        co_await sleep_for(1ms);
        EXPECT_GT(stopping.until(), std::chrono::steady_clock::now());
        EXPECT_FALSE(stopping.at_once());
        calls.emplace_back("stop");
    });
    app.start(anywhere);
    EXPECT_EQ(port, app.port());
    EXPECT_NE(port, 0);
    app.stop();
    EXPECT_THAT(calls, ElementsAre("stop"));
}

TEST_F(Hooks, FollowAnAppThatIsMoved) {
    App* seen = nullptr;
    auto made = hello();
    made.on_start([&](App& started) { seen = &started; });
    App app(std::move(made));
    app.start(anywhere);
    EXPECT_EQ(seen, &app);
    app.stop();
}

TEST_F(Hooks, OneThatThrowsEndsTheStart) {
    auto app = hello();
    bool broken = true;
    app.on_start(says("one"));
    app.on_start([&] {
        if (broken) throw std::runtime_error("no disk");
    });
    app.on_start(says("three"));
    app.on_stop(says("stop"));
    EXPECT_THROW(app.start(anywhere), std::runtime_error);
    EXPECT_EQ(app.port(), 0);
    EXPECT_THAT(calls, ElementsAre("one", "stop"));
    app.stop(); // which has nothing to do
    EXPECT_EQ(calls.size(), 2u);
    broken = false;
    app.start(anywhere);
    EXPECT_EQ(get(http::test::RawClient(app.port())), "hello");
    app.stop();
}

TEST_F(Hooks, AreNotCalledWithoutAnAddress) {
    auto first = hello(), second = hello();
    first.start(anywhere);
    second.on_start(says("start")).on_stop(says("stop"));
    EXPECT_THROW(second.start({.host = "127.0.0.1", .port = first.port(), .workers = 1}), std::system_error);
    EXPECT_THAT(calls, ElementsAre());
    first.stop();
}

TEST_F(Hooks, OneThatThrowsAtTheEndIsLoggedAndTheOthersRun) {
    log::KeptLog const log;
    auto app = hello();
    app.on_stop(says("first"));
    app.on_stop([] { throw std::runtime_error("no disk"); });
    app.on_stop([] { throw 7; });
    app.start(anywhere);
    app.stop();
    EXPECT_THAT(calls, ElementsAre("first"));
    EXPECT_EQ(log.lines_with("no disk").size(), 1u);
    EXPECT_EQ(log.lines_with("a hook of on_stop").size(), 2u);
}

TEST_F(Hooks, LearnThatTheStopHasNoTimeAnyMore) {
    auto options = quiet();
    options.grace_seconds = 1'000'000;
    App app(std::move(options));
    std::atomic<bool> waiting = false;
    app.on_stop([&](Stopping const& stopping) {
        waiting = true;
        while (!stopping.at_once()) std::this_thread::sleep_for(1ms);
    });
    app.start(anywhere);
    auto stopped = std::async(std::launch::async, [&] { app.stop(); });
    ASSERT_TRUE(eventually([&] { return waiting.load(); }));
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    app.stop_now();
    stopped.get();
}

TEST_F(Hooks, AreAddedBeforeTheStart) {
    auto app = hello();
    app.start(anywhere);
    EXPECT_THROW(app.on_start([] {}), std::logic_error);
    EXPECT_THROW(app.on_stop([] {}), std::logic_error);
    app.stop();
}

} // namespace
} // namespace hxx
