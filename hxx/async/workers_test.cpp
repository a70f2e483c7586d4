#include "hxx/async/workers.hpp"

#include "hxx/async/task.hpp"
#include "hxx/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {
using namespace std::chrono_literals;

template <class F>
auto on(Workers& workers, std::size_t index, F job) {
    std::promise<decltype(job())> promise;
    auto future = promise.get_future();
    workers.post(index, [&promise, &job] { promise.set_value(job()); });
    return future.get();
}

TEST(Workers, RunEachOnAThreadOfItsOwn) {
    Workers workers(3);
    workers.start();
    std::set<std::thread::id> threads;
    for (std::size_t i = 0; i < workers.size(); ++i) {
        threads.insert(on(workers, i, [] { return std::this_thread::get_id(); }));
        EXPECT_EQ(on(workers, i, [&] { return workers.current(); }), i);
    }
    EXPECT_EQ(threads.size(), 3u);
    EXPECT_EQ(workers.current(), Workers::none);
}

TEST(Workers, AreAsManyAsCoresByDefault) {
    EXPECT_EQ(Workers().size(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST(Workers, ThreadsLeaveSignalsToTheProgram) {
    Workers workers(1);
    workers.start();
    EXPECT_TRUE(on(workers, 0, [] {
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        return sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGSEGV) == 0;
    }));
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

TEST(Workers, TakeWorkFromManyThreadsInTheOrderOfEach) {
    Workers workers(2);
    workers.start();
    constexpr int each = 2000;
    std::vector<std::vector<int>> seen(4); // written on one loop only
    std::atomic<int> left = 4 * each;
    std::promise<void> done;
    std::vector<std::thread> posters;
    for (std::size_t t = 0; t < 4; ++t) {
        posters.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                workers.post(t % 2, [&, t, i] {
                    seen[t].push_back(i);
                    if (--left == 0) done.set_value();
                });
            }
        });
    }
    for (auto& poster : posters) poster.join();
    done.get_future().wait();
    for (auto const& numbers : seen) {
        ASSERT_EQ(numbers.size(), static_cast<std::size_t>(each));
        EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
    }
}

TEST(Workers, GoOnAfterAJobThatThrows) {
    log::set_sink([](void*, log::Level, std::string_view) {}, nullptr);
    Workers workers(1);
    workers.start();
    workers.post(0, [] { throw std::runtime_error("no"); });
    workers.post(0, [] { throw 1; });
    EXPECT_EQ(on(workers, 0, [] { return 7; }), 7);
    log::set_sink(nullptr, nullptr);
}

TEST(Workers, KeepWorkThatIsPostedBeforeTheyStart) {
    Workers workers(1);
    std::promise<int> promise;
    workers.post(0, [&] { promise.set_value(1); });
    workers.start();
    EXPECT_EQ(promise.get_future().get(), 1);
}

TEST(Workers, StopAndStartAgain) {
    Workers workers(2);
    for (int round = 0; round < 20; ++round) {
        workers.start();
        workers.start();
        EXPECT_EQ(on(workers, 1, [] { return 1; }), 1);
        workers.stop();
        workers.stop();
        workers.join();
        workers.join();
    }
}

TEST(Workers, MayBeStoppedFromAWorker) {
    Workers workers(2);
    workers.start();
    workers.post(0, [&] { workers.stop(); });
    workers.join();
}

TEST(Workers, RefuseToJoinThemselves) {
    Workers workers(1);
    workers.start();
    EXPECT_TRUE(on(workers, 0, [&] {
        try {
            workers.join();
        } catch (std::logic_error const&) {
            return true;
        }
        return false;
    }));
}

struct Counted {
    explicit Counted(std::atomic<int>& alive) : alive_(&alive) { ++*alive_; }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;
    ~Counted() { --*alive_; }
    std::atomic<int>* alive_;
};

// Waits on one loop with the timer of another.
Task<void> wait_for_ever(Workers& workers, std::atomic<int>& alive, std::atomic<int>& started) {
    Counted const counted(alive);
    boost::asio::steady_timer timer(workers.context(1), 24h);
    ++started;
    co_await timer.async_wait(boost::asio::use_awaitable);
}

TEST(Workers, DestroyWhatIsSuspendedOnThem) {
    std::atomic<int> alive = 0, started = 0;
    {
        Workers workers(2);
        for (std::size_t i = 0; i < 2; ++i) {
            boost::asio::co_spawn(workers.context(i), wait_for_ever(workers, alive, started), boost::asio::detached);
        }
        workers.start();
        while (started != 2) std::this_thread::yield();
        EXPECT_EQ(alive, 2);
    }
    EXPECT_EQ(alive, 0);
}

} // namespace
} // namespace hxx
