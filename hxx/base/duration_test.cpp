#include "hxx/base/duration.hpp"

#include <chrono>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <ratio>

namespace hxx {
namespace {

using namespace std::chrono_literals;

static_assert(Duration() == 0s);
static_assert(Duration(5min).milliseconds() == 300'000);
static_assert(Duration(1h) == 60min && Duration(1s) != 1ms);

TEST(Duration, CountsWhatIsLeftOfAMillisecondAsOne) {
    EXPECT_EQ(Duration(1ns).milliseconds(), 1);
    EXPECT_EQ(Duration(1'000'000ns).milliseconds(), 1);
    EXPECT_EQ(Duration(1'000'001ns).milliseconds(), 2);
    EXPECT_EQ(Duration(0.25s).milliseconds(), 250);
    EXPECT_EQ(Duration(0.2501s).milliseconds(), 251);
    EXPECT_EQ(Duration(std::chrono::duration<int, std::ratio<1, 60>>(1)).milliseconds(), 17);
    EXPECT_EQ(Duration(-5ms).milliseconds(), -5);
    EXPECT_EQ(Duration(-1500us).milliseconds(), -1);
}

TEST(Duration, DoesNotWrapAround) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(Duration(std::chrono::hours::max()).milliseconds(), most);
    EXPECT_EQ(Duration(std::chrono::nanoseconds::max()).milliseconds(), most / 1'000'000 + 1);
    EXPECT_EQ(Duration(std::chrono::milliseconds::max()).milliseconds(), most);
    EXPECT_EQ(Duration(std::chrono::hours::min()).milliseconds(), -most);
    EXPECT_EQ(Duration(std::chrono::duration<double>(1e300)).milliseconds(), most);
    EXPECT_EQ(Duration(std::chrono::duration<double>(-1e300)).milliseconds(), -most);
}

} // namespace
} // namespace hxx
