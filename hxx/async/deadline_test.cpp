#include "hxx/async/deadline.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hxx {
namespace {

using Clock = Deadline::Clock;

TEST(Deadline, IsSharedByCopiesAndLiftedForAll) {
    auto const at = Clock::now() + std::chrono::hours(1);
    Deadline deadline(at);
    auto const copy = deadline;
    EXPECT_EQ(copy.at(), at);
    deadline.lift();
    EXPECT_FALSE(copy.at());
    EXPECT_FALSE(deadline.at());
}

TEST(Deadline, NoneIsNoneAndCanBeLiftedAllTheSame) {
    Deadline none;
    EXPECT_FALSE(none.at());
    none.lift();
    EXPECT_FALSE(none.at());
    EXPECT_FALSE(Deadline(Clock::time_point::max()).at());
}

struct Bound {
    [[nodiscard]] Bound with_deadline(Deadline const&) const { return *this; }
};
struct Other {
    [[nodiscard]] int with_deadline(Deadline const&) const { return 0; }
};
static_assert(TakesDeadline<Bound>);
static_assert(!TakesDeadline<Other> && !TakesDeadline<std::string>);

} // namespace
} // namespace hxx
