#include "hxx/async/signal.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

TEST(Signal, SetBeforeTheWaitLetsItReturnAtOnce) {
    Signal const signal;
    EXPECT_FALSE(signal.is_set());
    signal.set();
    signal.set();
    EXPECT_TRUE(signal.is_set());
    sync_wait(signal.wait());
    EXPECT_TRUE(sync_wait(signal.wait_for(1h)));
}

TEST(Signal, WakesFromAnotherThread) {
    for (int i = 0; i < 200; ++i) {
        Signal const signal;
        std::thread setter([signal] { signal.set(); });
        sync_wait(signal.wait());
        setter.join();
    }
}

TEST(Signal, AWaitWithALimitEnds) {
    Signal const signal;
    EXPECT_FALSE(sync_wait(signal.wait_for(5ms)));
    signal.set();
    Signal const another;
    std::thread setter([another] { another.set(); });
    EXPECT_TRUE(sync_wait(another.wait_for(10min)));
    setter.join();
}

TEST(Signal, MayBeWaitedForAgainAfterALimit) {
    Signal const signal;
    for (int i = 0; i < 3; ++i) {
        auto const start = std::chrono::steady_clock::now();
        EXPECT_FALSE(sync_wait(signal.wait_for(5ms)));
        EXPECT_GE(std::chrono::steady_clock::now() - start, 5ms);
    }
    std::thread setter([signal] { signal.set(); });
    EXPECT_TRUE(sync_wait(signal.wait_for(10min)));
    setter.join();
    EXPECT_TRUE(sync_wait(signal.wait_for(10min)));
}

TEST(Signal, SetRacesWithTheLimit) {
    for (int i = 0; i < 100; ++i) {
        Signal const signal;
        std::thread setter([signal, i] {
            std::this_thread::sleep_for(std::chrono::microseconds(i * 10));
            signal.set();
        });
        bool const set = sync_wait(signal.wait_for(500us));
        setter.join();
        EXPECT_TRUE(set || signal.is_set());
    }
}

TEST(Signal, ADestroyedLoopTakesItsCoroutineWithIt) {
    Signal const signal;
    auto const token = std::make_shared<int>(1);
    auto waiter = [](Signal until, std::shared_ptr<int>) -> Task<void> { co_await until.wait(); };
    {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, waiter(signal, token), boost::asio::detached);
        loop.poll();
        EXPECT_EQ(token.use_count(), 2);
    }
    EXPECT_EQ(token.use_count(), 1);
    signal.set();
}

TEST(Signal, LoopsMayGoWhileSignalsAreSet) {
    for (int i = 0; i < 100; ++i) {
        std::vector<Signal> signals(8);
        std::thread setter([signals] {
            for (auto const& signal : signals) signal.set();
        });
        {
            boost::asio::io_context loop;
            auto waiter = [](Signal until) -> Task<void> { co_await until.wait(); };
            for (auto const& signal : signals) boost::asio::co_spawn(loop, waiter(signal), boost::asio::detached);
            loop.poll();
        }
        setter.join();
    }
}

TEST(Signal, CancellationIsHandedOn) {
    struct Hook final : Cancellable {
        explicit Hook(Signal to_set) : signal(std::move(to_set)) {}
        void cancel() noexcept override {
            ++calls;
            signal.set();
        }
        Signal signal;
        int calls = 0;
    };
    Signal const signal;
    auto const hook = std::make_shared<Hook>(signal);
    sync_wait(with_timeout(signal.wait(hook), 5ms));
    EXPECT_EQ(hook->calls, 1);
}

} // namespace
} // namespace hxx
