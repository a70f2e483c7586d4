#include "hxx/async/sleep.hpp"

#include "hxx/async/sync_wait.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace hxx {
namespace {

using namespace std::chrono_literals;

TEST(Sleep, LastsAtLeastThatLong) {
    auto const start = std::chrono::steady_clock::now();
    sync_wait(sleep_for(10ms));
    EXPECT_GE(std::chrono::steady_clock::now() - start, 10ms);
}

TEST(Timeout, GivesTheResultInTime) {
    auto task = []() -> Task<std::unique_ptr<std::string>> {
        co_await sleep_for(1ms);
        co_return std::make_unique<std::string>("done");
    };
    EXPECT_EQ(*sync_wait(with_timeout(task(), 10min)), "done");
    sync_wait(with_timeout(sleep_for(1us), 10min));
}

TEST(Timeout, EndsWhatTakesTooLong) {
    bool unwound = false;
    auto task = [](bool& flag) -> Task<int> {
        struct AtEnd {
            bool& flag;
            ~AtEnd() { flag = true; }
        };
        AtEnd const at_end{flag};
        co_await sleep_for(24h);
        co_return 1;
    };
    try {
        sync_wait(with_timeout(task(unwound), 5ms));
        FAIL() << "nothing was thrown";
    } catch (TimeoutError const& error) {
        EXPECT_STREQ(error.what(), "nothing came of it within 5 ms");
    }
    EXPECT_TRUE(unwound);
}

TEST(Timeout, HandsOnWhatTheTaskThrows) {
    auto task = []() -> Task<int> {
        co_await sleep_for(1us);
        throw std::out_of_range("own");
    };
    EXPECT_THROW(sync_wait(with_timeout(task(), 10min)), std::out_of_range);
}

TEST(Timeout, Nests) {
    auto inner = []() -> Task<void> { co_await with_timeout(sleep_for(24h), 12h); };
    EXPECT_THROW(sync_wait(with_timeout(inner(), 5ms)), TimeoutError);
    auto caught = []() -> Task<int> {
        try {
            co_await with_timeout(sleep_for(24h), 5ms);
        } catch (TimeoutError const&) {
            co_return 1;
        }
        co_return 0;
    };
    EXPECT_EQ(sync_wait(with_timeout(caught(), 10min)), 1);
}

} // namespace
} // namespace hxx
