// Channel: values from any thread to coroutines on any loop, in order, as many as its capacity may wait.
//
//     Channel<Reading> readings(1000, WhenFull::DropOldest);
//     std::thread sensor([readings] { while (auto reading = measure()) readings.push(*reading); readings.close(); });
//     while (auto reading = co_await readings.pop()) show(*reading);
#pragma once

#include "hxx/async/signal.hpp"
#include "hxx/async/task.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace hxx {

/// What push() does with a value for which there is no room. It never waits: a thread that pushes may be a loop's.
enum class WhenFull : unsigned char { Refuse, DropOldest };

namespace detail {

struct ChannelWaiter;

/// The coroutines that wait for a value, in order. Guarded by the channel's mutex.
class ChannelWaiters {
  public:
    std::shared_ptr<ChannelWaiter> add();
    /// The first of them, taken off; null if there is none.
    std::shared_ptr<ChannelWaiter> take();
    /// False if it has been taken off before.
    bool remove(std::shared_ptr<ChannelWaiter> const& waiter) noexcept;

  private:
    std::deque<std::shared_ptr<ChannelWaiter>> waiters_;
};

/// Without the mutex; does nothing for null.
void wake(std::shared_ptr<ChannelWaiter> const& waiter) noexcept;
/// Suspends until woken. Throws system_error (operation_aborted) if cancelled.
Task<void> sleep(std::shared_ptr<ChannelWaiter> waiter);

} // namespace detail

/// A handle: copies stand for the same channel.
template <class T>
class Channel {
    static_assert(std::is_nothrow_move_constructible_v<T>, "hxx::Channel: a value that cannot be lost on its way");

  public:
    /// capacity: at least 1.
    explicit Channel(std::size_t capacity, WhenFull when_full = WhenFull::Refuse)
        : state_(std::make_shared<State>(capacity, when_full)) {}

    /// Any thread; does not wait. False if the value was refused: the channel is full, or closed.
    bool push(T value) const {
        auto& state = *state_;
        std::shared_ptr<detail::ChannelWaiter> waiter;
        std::optional<T> dropped; // destroyed after the mutex is released
        {
            std::lock_guard const lock(state.mutex);
            if (state.closed) return false;
            if (state.values.size() >= state.capacity) {
                if (state.when_full == WhenFull::Refuse) return false;
                dropped.emplace(std::move(state.values.front()));
                state.values.pop_front();
                ++state.dropped;
            }
            state.values.push_back(std::move(value));
            waiter = state.waiters.take();
        }
        detail::wake(waiter);
        return true;
    }

    /// The next value; nothing once the channel is closed and empty. Each value goes to one of those that wait, who are
    /// served in order. A cancellation (system_error, operation_aborted) takes no value with it.
    [[nodiscard]] Task<std::optional<T>> pop() const { return pop_from(state_); }

    /// The next value if there is one.
    [[nodiscard]] std::optional<T> try_pop() const {
        std::lock_guard const lock(state_->mutex);
        return state_->take();
    }

    /// Refuses further values, and lets those who wait go once the channel is empty. Any thread, any number of times.
    void close() const noexcept {
        for (;;) {
            std::shared_ptr<detail::ChannelWaiter> waiter;
            {
                std::lock_guard const lock(state_->mutex);
                state_->closed = true;
                waiter = state_->waiters.take();
            }
            if (!waiter) return;
            detail::wake(waiter);
        }
    }

    [[nodiscard]] std::size_t size() const noexcept {
        std::lock_guard const lock(state_->mutex);
        return state_->values.size();
    }
    /// How many values DropOldest has dropped.
    [[nodiscard]] std::size_t dropped() const noexcept {
        std::lock_guard const lock(state_->mutex);
        return state_->dropped;
    }

  private:
    struct State {
        State(std::size_t most, WhenFull policy) : capacity(most > 0 ? most : 1), when_full(policy) {}

        std::optional<T> take() {
            if (values.empty()) return std::nullopt;
            std::optional<T> value(std::move(values.front()));
            values.pop_front();
            return value;
        }

        std::mutex mutex;
        std::deque<T> values;
        detail::ChannelWaiters waiters;
        std::size_t const capacity;
        WhenFull const when_full;
        std::size_t dropped = 0;
        bool closed = false;
    };

    /// Leaves the queue; whoever was woken and goes without a value hands the turn on.
    class Turn {
      public:
        Turn(State& state, std::shared_ptr<detail::ChannelWaiter> waiter) noexcept
            : state_(state), waiter_(std::move(waiter)) {}
        ~Turn() {
            std::shared_ptr<detail::ChannelWaiter> next;
            {
                std::lock_guard const lock(state_.mutex);
                if (!state_.waiters.remove(waiter_) && !state_.values.empty()) next = state_.waiters.take();
            }
            detail::wake(next);
        }
        Turn(Turn const&) = delete;
        Turn& operator=(Turn const&) = delete;

      private:
        State& state_;
        std::shared_ptr<detail::ChannelWaiter> waiter_;
    };

    static Task<std::optional<T>> pop_from(std::shared_ptr<State> state) {
        for (;;) {
            std::shared_ptr<detail::ChannelWaiter> waiter;
            {
                std::lock_guard const lock(state->mutex);
                auto value = state->take();
                if (value || state->closed) co_return value;
                waiter = state->waiters.add();
            }
            Turn const turn(*state, waiter);
            co_await detail::sleep(waiter);
            // Before the turn is handed on: the value that this one was woken for.
            std::unique_lock lock(state->mutex);
            auto value = state->take();
            lock.unlock();
            if (value) co_return value;
        }
    }

    std::shared_ptr<State> state_;
};

} // namespace hxx
