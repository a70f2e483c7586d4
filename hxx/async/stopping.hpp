// Stopping: how long whoever stops may wait for what still runs. Hooks of App::on_stop are told it.
#pragma once

#include <atomic>
#include <chrono>

namespace hxx {

class Stopping {
  public:
    /// at_once outlives it; any thread may set it.
    Stopping(std::chrono::steady_clock::time_point until, std::atomic<bool> const& at_once) noexcept
        : until_(until), at_once_(&at_once) {}
    /// When the grace is over (AppOptions::grace_seconds); it is shared by all that the stop waits for.
    [[nodiscard]] std::chrono::steady_clock::time_point until() const noexcept { return until_; }
    /// True once stop_now() was called, by a second signal for example: nothing is to be waited for.
    [[nodiscard]] bool at_once() const noexcept { return *at_once_; }

  private:
    std::chrono::steady_clock::time_point until_;
    std::atomic<bool> const* at_once_;
};

} // namespace hxx
