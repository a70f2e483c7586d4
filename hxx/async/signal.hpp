// Signal: one coroutine waits on its loop, and any thread wakes it, once. What blocking calls, pools and channels are
// made of.
//
//     Signal done;
//     std::thread worker([done] { work(); done.set(); });
//     co_await done.wait();
#pragma once

#include "hxx/async/task.hpp"

#include <chrono>
#include <memory>

namespace hxx {

/// Told on the loop when the wait is cancelled (by Asio's per-operation cancellation: with_timeout, a parallel group).
/// The wait itself goes on until the signal is set, which the one that cancels can do.
class Cancellable {
  public:
    virtual void cancel() noexcept = 0;

  protected:
    ~Cancellable() = default;
};

/// A handle: copies stand for the same signal.
class Signal {
  public:
    Signal();

    /// Wakes the coroutine on its loop, or lets the wait() to come return at once. Any thread, any number of times.
    /// If the loop was destroyed while the coroutine was waiting, the coroutine was with it: then nothing happens.
    void set() const noexcept;
    [[nodiscard]] bool is_set() const noexcept;

    /// Returns once set() has been called. At most one wait for a signal; its loop stays alive (run() does not return)
    /// while it waits. `on_cancel` is not kept alive; if there is none, a cancellation is ignored until the wait ends.
    [[nodiscard]] Task<void> wait(std::weak_ptr<Cancellable> on_cancel = {}) const;
    /// The same with a limit: false if the signal was not set within that time. It may be waited for again then.
    [[nodiscard]] Task<bool> wait_for(std::chrono::nanoseconds limit, std::weak_ptr<Cancellable> on_cancel = {}) const;

  private:
    class State;
    std::shared_ptr<State> state_;
};

} // namespace hxx
