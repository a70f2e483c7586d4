// The time of day, which a test may move.
//
// Whatever in hxx asks for the date (a session that expires, a token's exp, a job that is due) asks here, so that a
// test can see a session expire without waiting for it. Intervals (time-outs, the watchdog) are measured with
// std::chrono::steady_clock, which nothing moves.
#pragma once

#include <chrono>

namespace hxx::clock {

using TimePoint = std::chrono::system_clock::time_point;

/// Any thread.
[[nodiscard]] TimePoint now() noexcept;
/// The same in whole seconds, which cookies and tokens count in.
[[nodiscard]] std::chrono::sys_seconds now_in_seconds() noexcept;

/// For tests: moves this process's time of day, for all threads. TestClient::advance() does it for one client's life.
void advance_for_test(std::chrono::system_clock::duration by) noexcept;

} // namespace hxx::clock
