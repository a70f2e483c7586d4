#include "hxx/async/channel.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

TEST(Channel, KeepsTheOrder) {
    Channel<int> const channel(10);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(channel.push(i));
    EXPECT_EQ(channel.size(), 3u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sync_wait(channel.pop()), i);
    EXPECT_EQ(channel.try_pop(), std::nullopt);
}

TEST(Channel, RefusesOrDropsWhenFull) {
    Channel<int> const refusing(2);
    EXPECT_TRUE(refusing.push(1) && refusing.push(2));
    EXPECT_FALSE(refusing.push(3));
    EXPECT_EQ(refusing.try_pop(), 1);
    Channel<int> const dropping(2, WhenFull::DropOldest);
    for (int i = 1; i <= 4; ++i) EXPECT_TRUE(dropping.push(i));
    EXPECT_EQ(dropping.dropped(), 2u);
    EXPECT_EQ(dropping.try_pop(), 3);
}

TEST(Channel, WhatWasPushedBeforeTheCloseStillComes) {
    Channel<std::unique_ptr<int>> const channel(10);
    channel.push(std::make_unique<int>(1));
    channel.close();
    EXPECT_FALSE(channel.push(std::make_unique<int>(2)));
    EXPECT_EQ(*sync_wait(channel.pop()).value(), 1);
    EXPECT_EQ(sync_wait(channel.pop()), std::nullopt);
}

TEST(Channel, WaitsForAThread) {
    Channel<int> const channel(1);
    std::thread producer([channel] {
        for (int i = 0; i < 1000; ++i)
            while (!channel.push(i)) std::this_thread::yield();
        channel.close();
    });
    auto consume = [](Channel<int> from) -> Task<int> {
        int sum = 0;
        while (auto value = co_await from.pop()) sum += *value;
        co_return sum;
    };
    EXPECT_EQ(sync_wait(consume(channel)), 499500);
    producer.join();
}

TEST(Channel, ManyProducersAndManyLoops) {
    Channel<int> const channel(100000);
    std::atomic<int> sum = 0;
    std::vector<std::thread> producers, loops;
    for (int i = 0; i < 3; ++i)
        producers.emplace_back([channel] {
            for (int k = 0; k < 500; ++k) channel.push(1);
        });
    for (int i = 0; i < 3; ++i)
        loops.emplace_back([&sum, channel] {
            boost::asio::io_context loop;
            auto consume = [](Channel<int> from, std::atomic<int>& into) -> Task<void> {
                while (auto value = co_await from.pop()) into += *value;
            };
            for (int k = 0; k < 4; ++k) boost::asio::co_spawn(loop, consume(channel, sum), boost::asio::detached);
            loop.run();
        });
    for (auto& producer : producers) producer.join();
    channel.close();
    for (auto& loop : loops) loop.join();
    EXPECT_EQ(sum, 1500);
}

TEST(Channel, CloseLetsAllGo) {
    Channel<int> const channel(1);
    boost::asio::io_context loop;
    int ended = 0;
    auto consume = [&]() -> Task<void> {
        EXPECT_EQ(co_await channel.pop(), std::nullopt);
        ++ended;
    };
    for (int i = 0; i < 3; ++i) boost::asio::co_spawn(loop, consume(), boost::asio::detached);
    loop.poll();
    EXPECT_EQ(ended, 0);
    channel.close();
    loop.run();
    EXPECT_EQ(ended, 3);
}

TEST(Channel, ACancelledConsumerLosesNothing) {
    Channel<int> const channel(10);
    auto task = [&]() -> Task<void> {
        bool timed_out = false;
        try {
            co_await with_timeout(channel.pop(), 5ms);
        } catch (TimeoutError const&) {
            timed_out = true;
        }
        EXPECT_TRUE(timed_out);
        channel.push(7);
        EXPECT_EQ(co_await channel.pop(), 7);
    };
    sync_wait(task());
}

TEST(Channel, AConsumerThatGoesHandsItsTurnOn) {
    Channel<int> const channel(10);
    int taken = 0;
    auto consume = [](Channel<int> from, int& into) -> Task<void> {
        if (auto value = co_await from.pop()) into = *value;
    };
    boost::asio::io_context second;
    {
        boost::asio::io_context first;
        int never = 0;
        boost::asio::co_spawn(first, consume(channel, never), boost::asio::detached);
        first.poll();
        boost::asio::co_spawn(second, consume(channel, taken), boost::asio::detached);
        second.poll();
        channel.push(9); // wakes the first, whose loop goes before it runs
        EXPECT_EQ(never, 0);
    }
    second.run();
    EXPECT_EQ(taken, 9);
}

} // namespace
} // namespace hxx
