#include "hxx/async/watchdog.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

struct Record {
    std::string route;
    bool ended;
    std::chrono::nanoseconds held;
};

/// Gathers reports, and lets a handler block until the watchdog has noticed: no test depends on how fast that is.
class Reports {
  public:
    Watchdog::Options options(std::chrono::milliseconds threshold) { return {threshold, &Reports::add, this}; }

    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, 60s, [&] { return records_.size() >= count; }));
    }
    std::vector<Record> all() {
        std::lock_guard const lock(mutex_);
        return records_;
    }

  private:
    static void add(void* self, Watchdog::Stall const& stall) {
        auto& reports = *static_cast<Reports*>(self);
        std::lock_guard const lock(reports.mutex_);
        reports.records_.push_back({std::string(stall.handler.route), stall.ended, stall.held});
        reports.changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Record> records_;
};

HandlerInfo const slow = {"GET /slow", "app.cpp", 12};
HandlerInfo const quick = {"GET /quick", "app.cpp", 34};

TEST(Watchdog, ReportsWhileAHandlerBlocksAndWhenItEnds) {
    Reports reports;
    Watchdog watchdog(reports.options(20ms));
    auto const guard = watchdog.watch_this_thread();
    {
        Watchdog::Scope const scope(&slow);
        reports.wait_for(1);
        std::this_thread::sleep_for(60ms); // and only once, however long it lasts
    }
    auto const records = reports.all();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].route, "GET /slow");
    EXPECT_FALSE(records[0].ended);
    EXPECT_GE(records[0].held, 20ms);
    EXPECT_TRUE(records[1].ended);
    EXPECT_GE(records[1].held, records[0].held);
}

TEST(Watchdog, LetsQuickHandlersBe) {
    Reports reports;
    Watchdog watchdog(reports.options(10min));
    auto const guard = watchdog.watch_this_thread();
    for (int i = 0; i < 100000; ++i) Watchdog::Scope const scope(&quick);
    EXPECT_TRUE(reports.all().empty());
}

TEST(Watchdog, ReportsTheEndOfEachStall) {
    Reports reports;
    Watchdog watchdog(reports.options(20ms));
    auto const guard = watchdog.watch_this_thread();
    for (int i = 0; i < 3; ++i) {
        Watchdog::Scope const scope(&slow);
        std::this_thread::sleep_for(40ms);
    }
    std::size_t ended = 0;
    for (auto const& record : reports.all()) ended += record.ended ? 1u : 0u;
    EXPECT_EQ(ended, 3u);
}

TEST(Watchdog, ChargesTheInnerScopeOnly) {
    Reports reports;
    Watchdog watchdog(reports.options(200ms));
    auto const guard = watchdog.watch_this_thread();
    {
        Watchdog::Scope const outer(&quick);
        Watchdog::Scope const inner(&slow);
        reports.wait_for(1);
    }
    for (auto const& record : reports.all()) EXPECT_EQ(record.route, "GET /slow");
}

TEST(Watchdog, IgnoresThreadsThatNobodyWatches) {
    Reports reports;
    Watchdog watchdog(reports.options(1ms));
    {
        Watchdog::Scope const scope(&slow);
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_TRUE(reports.all().empty());
}

TEST(Watchdog, WatchesEachStepOfACoroutine) {
    Reports reports;
    Watchdog watchdog(reports.options(300ms));
    auto const guard = watchdog.watch_this_thread();
    auto handler = [&]() -> Task<void> {
        co_await sleep_for(700ms); // holds nothing
        EXPECT_TRUE(reports.all().empty());
        reports.wait_for(1);
    };
    auto request = [&]() -> Task<void> {
        co_await watched_task(handler(), &slow);
        EXPECT_GE(reports.all().size(), 1u);
    };
    sync_wait(request());
    ASSERT_EQ(reports.all().size(), 2u);
    EXPECT_EQ(reports.all()[0].route, "GET /slow");
    EXPECT_TRUE(reports.all()[1].ended);
}

TEST(Watchdog, WatchedExecutorKeepsTheContextAndRunsInline) {
    boost::asio::io_context loop;
    auto const executor = watched(loop.get_executor(), &slow);
    EXPECT_EQ(&boost::asio::query(executor, boost::asio::execution::context), &loop);
    EXPECT_EQ(executor, watched(loop.get_executor(), &slow));
    EXPECT_NE(executor, watched(loop.get_executor(), &quick));
    bool inlined = false, later = false;
    boost::asio::post(executor, [&] {
        executor.execute([&] { inlined = true; });
        EXPECT_TRUE(inlined);
        boost::asio::post(executor, [&] { later = true; });
        EXPECT_FALSE(later);
    });
    loop.run();
    EXPECT_TRUE(later);
}

TEST(Watchdog, WatchesOtherExecutorsToo) {
    Reports reports;
    Watchdog watchdog(reports.options(20ms));
    auto const guard = watchdog.watch_this_thread();
    boost::asio::io_context loop;
    auto const executor = watched(boost::asio::any_io_executor(boost::asio::make_strand(loop)), &slow);
    auto handler = [&]() -> Task<void> {
        co_await sleep_for(1ms);
        reports.wait_for(1);
    };
    boost::asio::co_spawn(executor, handler(), boost::asio::detached);
    loop.run();
    ASSERT_GE(reports.all().size(), 2u);
    EXPECT_TRUE(reports.all().back().ended);
}

TEST(Watchdog, ExceptionsAndCancellationPass) {
    auto failing = []() -> Task<void> {
        co_await sleep_for(1us);
        throw std::out_of_range("own");
    };
    EXPECT_THROW(sync_wait(watched_task(failing(), &slow)), std::out_of_range);
    EXPECT_THROW(sync_wait(with_timeout(watched_task(sleep_for(24h), &slow), 5ms)), TimeoutError);
}

TEST(Watchdog, ManyThreadsAtOnce) {
    Reports reports;
    Watchdog watchdog(reports.options(2ms));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            auto const guard = watchdog.watch_this_thread();
            for (int k = 0; k < 20000; ++k) {
                Watchdog::Scope const outer(&quick);
                Watchdog::Scope const inner(&quick);
            }
            Watchdog::Scope const scope(&slow);
            std::this_thread::sleep_for(30ms);
        });
    for (auto& thread : threads) thread.join();
    std::size_t ended = 0;
    for (auto const& record : reports.all()) ended += record.ended && record.route == "GET /slow" ? 1u : 0u;
    EXPECT_EQ(ended, 4u);
}

TEST(Watchdog, MayGoBeforeItsThreads) {
    Reports reports;
    std::optional<Watchdog> watchdog(std::in_place, reports.options(1ms));
    auto const guard = watchdog->watch_this_thread();
    watchdog.reset();
    {
        Watchdog::Scope const scope(&slow);
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_TRUE(reports.all().empty());
}

TEST(Watchdog, LogsByDefault) {
    struct Captured {
        std::mutex mutex;
        std::string text;
    } captured;
    log::set_sink(
        [](void* to, log::Level, std::string_view line) {
            auto& into = *static_cast<Captured*>(to);
            std::lock_guard const lock(into.mutex);
            into.text.append(line).push_back('\n');
        },
        &captured);
    {
        Watchdog::Options options;
        options.threshold = 5ms;
        Watchdog watchdog(options);
        auto const guard = watchdog.watch_this_thread();
        Watchdog::Scope const scope(&slow);
        std::this_thread::sleep_for(30ms);
    }
    log::set_sink(nullptr, nullptr);
    EXPECT_NE(captured.text.find("GET /slow"), std::string::npos) << captured.text;
    EXPECT_NE(captured.text.find("app.cpp:12"), std::string::npos) << captured.text;
    EXPECT_NE(captured.text.find("blocking"), std::string::npos) << captured.text;
}

} // namespace
} // namespace hxx
