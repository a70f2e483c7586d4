#include "hxx/async/blocking.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

BlockingPool::Options options(std::size_t threads, std::size_t queue_limit) { return {threads, queue_limit}; }

TEST(Blocking, RunsElsewhereAndComesBack) {
    auto task = []() -> Task<bool> {
        auto const here = std::this_thread::get_id();
        auto const there = co_await blocking([] { return std::this_thread::get_id(); });
        co_return here != there&& here == std::this_thread::get_id();
    };
    EXPECT_TRUE(sync_wait(task()));
}

TEST(Blocking, GivesValuesOfAllKinds) {
    EXPECT_EQ(sync_wait(blocking([] { return std::string(100, 'x'); })), std::string(100, 'x'));
    EXPECT_EQ(*sync_wait(blocking([] { return std::make_unique<int>(3); })), 3);
    int changed = 0;
    sync_wait(blocking([&] { changed = 1; }));
    EXPECT_EQ(changed, 1);
    auto only_movable = [value = std::make_unique<int>(4)] { return *value; };
    EXPECT_EQ(sync_wait(blocking(std::move(only_movable))), 4);
}

TEST(Blocking, Rethrows) {
    auto failing = []() -> int { throw std::out_of_range("too far out"); };
    try {
        sync_wait(blocking(failing));
        FAIL() << "nothing was thrown";
    } catch (std::out_of_range const& error) {
        EXPECT_STREQ(error.what(), "too far out");
    }
}

TEST(Blocking, ManyCallsFromManyLoops) {
    auto const pool = std::make_shared<BlockingPool>(options(4, 100000));
    std::atomic<int> sum = 0;
    std::vector<std::thread> loops;
    for (int i = 0; i < 4; ++i)
        loops.emplace_back([&] {
            boost::asio::io_context loop;
            auto call = [&]() -> Task<void> {
                for (int k = 0; k < 20; ++k) sum += co_await blocking([k] { return k; }, pool);
            };
            for (int k = 0; k < 10; ++k) boost::asio::co_spawn(loop, call(), boost::asio::detached);
            loop.run();
        });
    for (auto& loop : loops) loop.join();
    EXPECT_EQ(sum, 4 * 10 * 190);
    EXPECT_LE(pool->threads(), 4u);
}

TEST(Blocking, ThreadsStartOnDemand) {
    auto const pool = std::make_shared<BlockingPool>(options(8, 10));
    EXPECT_EQ(pool->threads(), 0u);
    for (int i = 0; i < 5; ++i) sync_wait(blocking([] {}, pool));
    EXPECT_GE(pool->threads(), 1u);
    EXPECT_LE(pool->threads(), 5u);
}

TEST(Blocking, UsesAllThreads) {
    auto const pool = std::make_shared<BlockingPool>(options(4, 10));
    std::latch together(4); // passes only if four run at once
    boost::asio::io_context loop;
    auto call = [&]() -> Task<void> { co_await blocking([&] { together.arrive_and_wait(); }, pool); };
    for (int i = 0; i < 4; ++i) boost::asio::co_spawn(loop, call(), boost::asio::detached);
    loop.run();
    EXPECT_EQ(pool->threads(), 4u);
}

TEST(Blocking, AFullQueueIsAnError) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 2));
    std::latch release(1);
    std::latch running(1);
    boost::asio::io_context loop;
    int ended = 0;
    std::string message;
    auto call = [&]() -> Task<void> {
        try {
            co_await blocking(
                [&] {
                    if (running.try_wait()) return;
                    running.count_down();
                    release.wait();
                },
                pool);
            ++ended;
        } catch (Overloaded const& error) {
            message = error.what();
            release.count_down();
        }
    };
    boost::asio::co_spawn(loop, call(), boost::asio::detached);
    loop.poll();
    running.wait();
    for (int i = 0; i < 3; ++i) boost::asio::co_spawn(loop, call(), boost::asio::detached);
    loop.run();
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(message, "all 1 threads for blocking calls are busy, and 2 calls wait already");
}

TEST(Blocking, ALoopCanHaveAPoolOfItsOwn) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 10));
    boost::asio::io_context loop;
    BlockingPool::use(loop, pool);
    std::set<std::thread::id> seen;
    auto call = [&]() -> Task<void> { seen.insert(co_await blocking([] { return std::this_thread::get_id(); })); };
    for (int i = 0; i < 5; ++i) boost::asio::co_spawn(loop, call(), boost::asio::detached);
    loop.run();
    EXPECT_EQ(seen.size(), 1u);
    EXPECT_EQ(pool->threads(), 1u);
}

TEST(Blocking, StopWaitsForWhatWasAccepted) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 10));
    std::atomic<int> ran = 0;
    boost::asio::io_context loop;
    auto call = [&]() -> Task<void> {
        co_await blocking(
            [&] {
                std::this_thread::sleep_for(2ms);
                ++ran;
            },
            pool);
    };
    for (int i = 0; i < 5; ++i) boost::asio::co_spawn(loop, call(), boost::asio::detached);
    loop.poll();
    pool->stop();
    EXPECT_EQ(ran, 5);
    loop.run();
    EXPECT_THROW(sync_wait(blocking([] {}, pool)), Overloaded);
}

TEST(Blocking, ADestroyedCoroutineWaitsForWhatRefersToIt) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 10));
    std::latch running(1);
    std::atomic<bool> ended = false, queued_ran = false;
    {
        boost::asio::io_context loop;
        auto call = [](BlockingPool& of, std::latch& started, std::atomic<bool>& end,
                       std::shared_ptr<BlockingPool> owner) -> Task<void> {
            static_cast<void>(of);
            std::string local(1000, 'a');
            co_await blocking(
                [&] {
                    started.count_down();
                    std::this_thread::sleep_for(20ms);
                    local.assign(2000, 'b'); // the coroutine's own: use after free if it were gone
                    end = true;
                },
                owner);
        };
        auto queued = [&]() -> Task<void> { co_await blocking([&] { queued_ran = true; }, pool); };
        boost::asio::co_spawn(loop, call(*pool, running, ended, pool), boost::asio::detached);
        boost::asio::co_spawn(loop, queued(), boost::asio::detached);
        loop.poll();
        running.wait();
        EXPECT_EQ(pool->queued(), 1u);
    }
    EXPECT_TRUE(ended);
}

TEST(Blocking, CancellationTakesAQueuedCallOut) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 10));
    std::latch release(1);
    bool ran = false;
    auto task = [&]() -> Task<void> {
        auto queued = [&]() -> Task<void> { co_await blocking([&] { ran = true; }, pool); };
        EXPECT_EQ(pool->queued(), 0u);
        bool timed_out = false;
        try {
            co_await with_timeout(queued(), 20ms);
        } catch (TimeoutError const&) {
            timed_out = true;
        }
        EXPECT_TRUE(timed_out);
        EXPECT_EQ(pool->queued(), 0u);
        release.count_down();
    };
    std::latch running(1);
    std::thread holder([&] {
        sync_wait(blocking(
            [&] {
                running.count_down();
                release.wait();
            },
            pool));
    });
    running.wait();
    sync_wait(task());
    holder.join();
    EXPECT_FALSE(ran);
}

TEST(Blocking, CancellationWaitsForACallThatRuns) {
    auto const pool = std::make_shared<BlockingPool>(options(1, 10));
    bool ended = false;
    auto call = [&]() -> Task<int> {
        co_return co_await blocking(
            [&] {
                std::this_thread::sleep_for(50ms);
                ended = true;
                return 1;
            },
            pool);
    };
    // Whether the time is up first or not: the function's locals were in use, so it must have ended.
    try {
        EXPECT_EQ(sync_wait(with_timeout(call(), 10ms)), 1);
    } catch (TimeoutError const&) {
    }
    EXPECT_TRUE(ended);
}

TEST(Blocking, ThePoolMayGoBeforeTheProgram) {
    auto pool = std::make_shared<BlockingPool>(options(2, 10));
    auto call = [](std::shared_ptr<BlockingPool> owner) -> Task<int> {
        co_return co_await blocking([keep = owner] { return 5; }, owner);
    };
    EXPECT_EQ(sync_wait(call(std::move(pool))), 5);
}

TEST(SyncWait, RefusesToBlockALoop) {
    auto task = []() -> Task<void> {
        EXPECT_THROW(sync_wait(sleep_for(1ms)), std::logic_error);
        co_return;
    };
    sync_wait(task());
}

} // namespace
} // namespace hxx
