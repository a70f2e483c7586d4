#include "hxx/base/clock.hpp"

#include <atomic>

namespace hxx::clock {

namespace {
using Duration = std::chrono::system_clock::duration;
std::atomic<Duration::rep> moved_by{0};
} // namespace

TimePoint now() noexcept {
    return std::chrono::system_clock::now() + Duration(moved_by.load(std::memory_order_relaxed));
}

std::chrono::sys_seconds now_in_seconds() noexcept { return std::chrono::floor<std::chrono::seconds>(now()); }

void advance_for_test(Duration by) noexcept { moved_by.fetch_add(by.count(), std::memory_order_relaxed); }

} // namespace hxx::clock
