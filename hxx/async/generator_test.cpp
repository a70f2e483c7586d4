#include "hxx/async/generator.hpp"

#include "hxx/async/blocking.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

template <class T>
Task<std::vector<T>> collect(Generator<T> generator) {
    std::vector<T> all;
    while (auto value = co_await generator.next()) all.push_back(std::move(*value));
    co_return all;
}

Generator<int> count(int end) {
    for (int i = 0; i < end; ++i) co_yield i;
}

Task<int> doubled(int value) {
    co_await sleep_for(1us);
    co_return value * 2;
}

/// Counts its living copies, so that a coroutine that is destroyed twice, or never, shows.
struct Tracked {
    explicit Tracked(int& alive) : alive_(&alive) { ++*alive_; }
    Tracked(Tracked const& other) : alive_(other.alive_) { ++*alive_; }
    ~Tracked() { --*alive_; }
    Tracked& operator=(Tracked const&) = default;
    int* alive_;
};

TEST(Generator, YieldsInOrderAndThenNothing) {
    EXPECT_EQ(sync_wait(collect(count(3))), (std::vector{0, 1, 2}));
    EXPECT_TRUE(sync_wait(collect(count(0))).empty());
    auto generator = count(1);
    EXPECT_EQ(sync_wait(generator.next()), 0);
    EXPECT_EQ(sync_wait(generator.next()), std::nullopt);
    EXPECT_EQ(sync_wait(generator.next()), std::nullopt);
}

TEST(Generator, DoesNotStartBeforeTheFirstNext) {
    bool started = false;
    auto make = [](bool& flag) -> Generator<int> {
        flag = true;
        co_yield 1;
    };
    auto generator = make(started);
    EXPECT_FALSE(started);
    auto pending = generator.next();
    EXPECT_FALSE(started);
    EXPECT_EQ(sync_wait(std::move(pending)), 1);
    EXPECT_TRUE(started);
}

TEST(Generator, AwaitsTasksBetweenValues) {
    auto make = []() -> Generator<std::string> {
        for (int i = 0; i < 3; ++i) {
            int const value = co_await doubled(i);
            co_await sleep_for(1ms);
            co_yield std::to_string(value) + " and a text longer than a small string's buffer";
        }
    };
    auto const all = sync_wait(collect(make()));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[2].substr(0, 5), "4 and");
}

TEST(Generator, AwaitsAnotherGenerator) {
    auto make = []() -> Generator<int> {
        auto inner = count(3);
        while (auto value = co_await inner.next()) co_yield *value + 10;
        auto another = count(2);
        while (auto value = co_await another.next()) co_yield *value;
    };
    EXPECT_EQ(sync_wait(collect(make())), (std::vector{10, 11, 12, 0, 1}));
}

TEST(Generator, GivesTheExecutorOfTheCaller) {
    auto make = []() -> Generator<int> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_yield 7;
    };
    EXPECT_EQ(sync_wait(collect(make())), std::vector{7});
}

TEST(Generator, CarriesMoveOnlyValues) {
    auto make = []() -> Generator<std::unique_ptr<int>> {
        for (int i = 0; i < 3; ++i) {
            auto value = co_await blocking([i] { return std::make_unique<int>(i); });
            co_yield std::move(value);
        }
    };
    auto const all = sync_wait(collect(make()));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(*all[2], 2);
}

TEST(Generator, YieldsPointersForReferences) {
    std::vector<int> numbers = {1, 2, 3};
    auto make = [](std::vector<int>& of) -> Generator<int*> {
        for (auto& number : of) co_yield &number;
    };
    auto add = [](Generator<int*> generator) -> Task<void> {
        while (auto number = co_await generator.next()) **number += 10;
    };
    sync_wait(add(make(numbers)));
    EXPECT_EQ(numbers, (std::vector{11, 12, 13}));
}

TEST(Generator, RethrowsAndIsThenAtItsEnd) {
    auto make = []() -> Generator<int> {
        co_yield 1;
        throw std::runtime_error("no more");
    };
    auto generator = make();
    EXPECT_EQ(sync_wait(generator.next()), 1);
    EXPECT_THROW(sync_wait(generator.next()), std::runtime_error);
    EXPECT_EQ(sync_wait(generator.next()), std::nullopt);
}

TEST(Generator, CatchesWhatATaskThrows) {
    auto failing = []() -> Task<int> {
        co_await sleep_for(1us);
        throw std::out_of_range("task");
    };
    auto make = [&]() -> Generator<std::string> {
        std::string caught;
        try {
            co_await failing();
        } catch (std::out_of_range const& error) {
            caught = error.what();
        }
        co_yield caught;
        co_await failing();
    };
    auto generator = make();
    EXPECT_EQ(sync_wait(generator.next()), "task");
    EXPECT_THROW(sync_wait(generator.next()), std::out_of_range);
}

TEST(Generator, DestroyedBetweenValuesDestroysItsLocals) {
    int alive = 0;
    auto make = [](Tracked parameter) -> Generator<int> {
        Tracked const local(parameter);
        co_yield 1;
        co_yield 2;
    };
    {
        auto generator = make(Tracked(alive));
        EXPECT_EQ(sync_wait(generator.next()), 1);
        EXPECT_EQ(alive, 2);
    }
    EXPECT_EQ(alive, 0);
    {
        auto const never_started = make(Tracked(alive));
    }
    EXPECT_EQ(alive, 0);
}

TEST(Generator, DestroyedWhileItAwaits) {
    int alive = 0;
    auto make = [](int& counter) -> Generator<Tracked> {
        Tracked const local(counter);
        co_yield local;
        co_await sleep_for(24h);
        co_yield local;
    };
    auto consume = [&](int& taken) -> Task<void> {
        auto generator = make(alive);
        while (co_await generator.next()) ++taken;
    };
    int taken = 0;
    EXPECT_THROW(sync_wait(with_timeout(consume(taken), 20ms)), TimeoutError);
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(alive, 0);
}

TEST(Generator, ACancelledWaitComesOutOfItsOwnAwait) {
    auto make = [](bool& cancelled) -> Generator<int> {
        try {
            co_await sleep_for(24h);
        } catch (std::exception const&) {
            cancelled = true;
        }
        co_yield 5;
    };
    bool cancelled = false;
    auto generator = make(cancelled);
    // The generator swallows the cancellation and has a value all the same; it must not be lost.
    EXPECT_EQ(sync_wait(with_timeout(generator.next(), 20ms)), 5);
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(sync_wait(generator.next()), std::nullopt);
}

TEST(Generator, MayBeMovedWhileNextIsPending) {
    auto generator = count(2);
    auto first = generator.next();
    auto moved = std::move(generator);
    EXPECT_EQ(sync_wait(std::move(first)), 0);
    EXPECT_EQ(sync_wait(moved.next()), 1);
    EXPECT_THROW(static_cast<void>(generator.next()), std::logic_error); // NOLINT(bugprone-use-after-move): its subject
    generator = count(1);
    EXPECT_EQ(sync_wait(generator.next()), 0);
}

TEST(Generator, AwaitsOftenWithoutGrowingTheStack) {
    auto make = []() -> Generator<int> {
        auto nothing = []() -> Task<void> { co_return; };
        for (int i = 0; i < 100000; ++i) co_await nothing();
        co_yield 1;
    };
    EXPECT_EQ(sync_wait(collect(make())), std::vector{1});
}

} // namespace
} // namespace hxx
