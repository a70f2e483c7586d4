// What the async room keeps for one event loop. For its own sources.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace hxx {
class BlockingPool;

namespace detail {

using WaitHandler = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

/// A coroutine that sleeps on a loop until another thread wakes it.
struct Waiter {
    Waiter* previous = nullptr;
    Waiter* next = nullptr;
    bool linked = false;
    std::optional<WaitHandler> handler;
    boost::asio::any_io_executor work; // keeps the loop's run() from returning
};

/// The loop's waiters, shared with those who wake them. Whoever wants to post to the loop holds the mutex and finds its
/// waiter still linked: then the loop is alive, because its destruction needs the mutex too.
class WaiterList {
  public:
    /// False if the loop is being destroyed.
    bool add(Waiter& waiter) noexcept;
    /// Resumes the coroutine on its loop, unless that has gone.
    void wake(Waiter& waiter) noexcept;
    /// Ends the coroutines that still wait.
    void close() noexcept;

  private:
    void unlink(Waiter& waiter) noexcept;

    std::mutex mutex_;
    Waiter* first_ = nullptr;
    bool closed_ = false;
};

/// One for each execution context.
class LoopState final : public boost::asio::execution_context::service {
  public:
    using key_type = LoopState;
    static boost::asio::execution_context::id id;

    explicit LoopState(boost::asio::execution_context& context);

    static LoopState& of(boost::asio::any_io_executor const& executor);

    std::shared_ptr<WaiterList> const waiters = std::make_shared<WaiterList>();
    std::shared_ptr<BlockingPool> pool; // null: the process's; set before the loop runs

  private:
    void shutdown() override;
};

} // namespace detail
} // namespace hxx
