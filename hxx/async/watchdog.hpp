// Watchdog: reports handlers that hold their event loop, with the route, the place in the source, and for how long.
//
//     Watchdog watchdog;                                   // one for an application
//     auto guard = watchdog.watch_this_thread();           // in each worker's thread, before its loop runs
//     Watchdog::Scope scope(&info);                        // around a synchronous handler
//     co_await watched_task(std::move(task), &info);       // a coroutine: each of its steps is a Scope
#pragma once

#include "hxx/async/handler_info.hpp"
#include "hxx/async/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hxx {

class Watchdog {
  public:
    struct Stall {
        HandlerInfo const& handler;
        std::chrono::nanoseconds held; // so far, or in all; accurate to some milliseconds
        bool ended;                    // false: it still holds the loop
    };

    struct Options {
        std::chrono::milliseconds threshold{100};
        /// Called at most once while a stall lasts, from the watchdog's thread, and once when it has ended, from the
        /// thread that was held; by one thread at a time. Null: a warning in the log. It must not use the watchdog.
        void (*report)(void* context, Stall const& stall) = nullptr;
        void* context = nullptr;
    };

    Watchdog();
    explicit Watchdog(Options const& options);
    /// Nothing is reported any more; threads may keep their guards.
    ~Watchdog();
    Watchdog(Watchdog const&) = delete;
    Watchdog& operator=(Watchdog const&) = delete;

    class [[nodiscard]] ThreadGuard;
    /// Scopes on this thread count for this watchdog while the guard lives, which the same thread destroys.
    ThreadGuard watch_this_thread();

    class Scope;

  private:
    struct Impl;
    struct Marker;
    std::shared_ptr<Impl> impl_; // shared with the guards
};

class [[nodiscard]] Watchdog::ThreadGuard {
  public:
    ThreadGuard(ThreadGuard&& other) noexcept;
    ThreadGuard& operator=(ThreadGuard&&) = delete;
    ~ThreadGuard();

  private:
    friend class Watchdog;
    explicit ThreadGuard(std::shared_ptr<Impl> watchdog);
    std::shared_ptr<Impl> watchdog_;
    std::unique_ptr<Marker> marker_;
    Marker* outer_;
};

/// While it lives, this thread runs that handler. Not across a suspension. The time of an inner scope is not counted in
/// the outer one. On a thread that nobody watches it does nothing.
class [[nodiscard]] Watchdog::Scope {
  public:
    explicit Scope(HandlerInfo const* handler) noexcept;
    ~Scope();
    Scope(Scope const&) = delete;
    Scope& operator=(Scope const&) = delete;

  private:
    Marker* marker_;
    HandlerInfo const* outer_ = nullptr;
    std::int64_t outer_since_ = 0;
};

/// An executor that runs everything on the one given, inside a Scope; at once if it is called on its loop's thread.
/// For co_spawn: each step of the coroutine is then watched.
[[nodiscard]] boost::asio::any_io_executor watched(boost::asio::any_io_executor executor, HandlerInfo const* handler);

/// Awaits the task on the caller's loop with each of its steps watched.
[[nodiscard]] Task<void> watched_task(Task<void> task, HandlerInfo const* handler);

} // namespace hxx
