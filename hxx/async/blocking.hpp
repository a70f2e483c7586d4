// co_await blocking(function): runs it on a thread that may block, and goes on on the caller's loop with its value.
//
//     auto totals = co_await blocking([&] { return compute_totals(year); });
#pragma once

#include "hxx/async/blocking_pool.hpp"
#include "hxx/async/errors.hpp"
#include "hxx/async/task.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace hxx {
namespace detail {

/// One call: the function, and its outcome.
class BlockingCall : public BlockingPool::Job, public Cancellable {
  public:
    std::optional<Signal> run() noexcept final;
    void cancel() noexcept final;

    /// Suspends until the function has returned; rethrows what it throws. If the coroutine is destroyed meanwhile, its
    /// destruction waits for the function, which may refer to the coroutine's locals.
    static Task<void> complete(std::shared_ptr<BlockingCall> call, std::shared_ptr<BlockingPool> pool);

  protected:
    ~BlockingCall() override = default;

  private:
    class Guard;
    virtual void invoke() = 0;

    Signal done_;
    std::exception_ptr error_;
    std::weak_ptr<BlockingPool> pool_;
    bool withdrawn_ = false;
};

template <class F, class R>
class BlockingCallOf final : public BlockingCall {
  public:
    explicit BlockingCallOf(F&& function) : function_(std::move(function)) {}
    explicit BlockingCallOf(F const& function) : function_(function) {}
    std::optional<std::conditional_t<std::is_void_v<R>, bool, R>> result;

  private:
    void invoke() override {
        if constexpr (std::is_void_v<R>)
            function_();
        else
            result.emplace(function_());
    }
    F function_;
};

template <class F, class R>
Task<R> await_blocking(std::shared_ptr<BlockingCallOf<F, R>> call, std::shared_ptr<BlockingPool> pool) {
    co_await BlockingCall::complete(call, std::move(pool));
    if constexpr (!std::is_void_v<R>) co_return std::move(*call->result);
}

} // namespace detail

/// Runs function() on the loop's BlockingPool (BlockingPool::use; else the process's), or on the pool given. Captures
/// by reference are safe: the coroutine does not go on, nor is it destroyed, before the function has returned. Throws
/// what the function throws, and Overloaded if the pool's queue is full (a web application answers 503). A cancellation
/// takes a call that waits for a thread out of the queue (system_error, operation_aborted); one that runs is waited
/// for.
template <class F>
[[nodiscard]] auto blocking(F&& function, std::shared_ptr<BlockingPool> pool = nullptr) {
    using Function = std::decay_t<F>;
    using R = std::invoke_result_t<Function&>;
    static_assert(!std::is_reference_v<R>,
                  "hxx::blocking: return a value; a reference would outlive its thread's work");
    return detail::await_blocking<Function, R>(
        std::make_shared<detail::BlockingCallOf<Function, R>>(std::forward<F>(function)), std::move(pool));
}

} // namespace hxx
