#include "hxx/base/clock.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

TEST(Clock, IsTheTimeOfDay) {
    auto const before = std::chrono::system_clock::now();
    auto const now = hxx::clock::now();
    EXPECT_LE(before, now);
    EXPECT_LE(now, std::chrono::system_clock::now());
    EXPECT_LE(hxx::clock::now_in_seconds(), hxx::clock::now());
}

TEST(Clock, IsMovedByATestAndBack) {
    hxx::clock::advance_for_test(240h);
    EXPECT_GT(hxx::clock::now(), std::chrono::system_clock::now() + 239h);
    hxx::clock::advance_for_test(-240h);
    EXPECT_LT(hxx::clock::now(), std::chrono::system_clock::now() + 1h);
}
