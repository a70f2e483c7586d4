// Generator<T>: a coroutine that yields values one after the other and may await Tasks between them.
//
//     Generator<std::string> numbers() {
//         for (int i = 0; i < 3; ++i) {
//             co_await sleep_for(1s);
//             co_yield std::to_string(i);
//         }
//     }
//     auto generator = numbers();
//     while (auto value = co_await generator.next()) use(*value);
//
// Lazy: it starts with the first next(). It has no loop of its own: what it awaits is awaited by the Task that calls
// next(). Destroying it ends it where it stands and runs the destructors of its locals.
#pragma once

#include "hxx/async/task.hpp"

#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace hxx {

namespace generator_detail {

/// What a generator waits for, in the generator's own frame. The Task that called next() runs it.
class Pending {
  public:
    virtual Task<void> run() = 0;
    void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }

  protected:
    ~Pending() = default;
    void rethrow() {
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

  private:
    std::exception_ptr error_;
};

template <class U>
class TaskAwaiter final : public Pending {
  public:
    /// slot: where the generator's promise looks for what is to be awaited.
    TaskAwaiter(Task<U>&& task, Pending*& slot) noexcept : task_(std::move(task)), slot_(&slot) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) noexcept { *slot_ = this; }
    U await_resume() {
        this->rethrow();
        if constexpr (!std::is_void_v<U>) return std::move(*result_);
    }
    Task<void> run() override {
        if constexpr (std::is_void_v<U>)
            co_await std::move(task_);
        else
            result_.emplace(co_await std::move(task_));
    }

  private:
    Task<U> task_;
    Pending** slot_;
    std::optional<std::conditional_t<std::is_void_v<U>, bool, U>> result_;
};

} // namespace generator_detail

template <class T>
class GeneratorPromise {
    using Pending = generator_detail::Pending;
    template <class U>
    using TaskAwaiter = generator_detail::TaskAwaiter<U>;

  public:
    Generator<T> get_return_object() noexcept {
        return Generator<T>(std::coroutine_handle<GeneratorPromise>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    template <class V>
        requires std::constructible_from<T, V&&>
    std::suspend_always yield_value(V&& yielded) {
        value_.emplace(std::forward<V>(yielded));
        return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept {
        value_.reset();
        error_ = std::current_exception();
    }
    template <class U>
    TaskAwaiter<U> await_transform(Task<U> task) noexcept {
        return TaskAwaiter<U>(std::move(task), awaiting_);
    }
    /// co_await boost::asio::this_coro::executor: the executor of the coroutine that called next().
    TaskAwaiter<boost::asio::any_io_executor> await_transform(boost::asio::this_coro::executor_t) {
        return await_transform(executor_of_caller());
    }

    /// Generator<T>::next(). Static, so that it holds on to the coroutine and not to a Generator that may move
    /// meanwhile.
    static Task<std::optional<T>> next(std::coroutine_handle<GeneratorPromise> handle) {
        if (!handle) throw std::logic_error("hxx::Generator::next() of a generator that was moved from");
        return advance(handle);
    }

  private:
    static Task<std::optional<T>> advance(std::coroutine_handle<GeneratorPromise> handle) {
        auto& promise = handle.promise();
        promise.value_.reset();
        if (handle.done()) co_return std::nullopt;
        for (;;) {
            handle.resume();
            if (promise.awaiting_ == nullptr) break;
            // The generator wants a Task awaited: it is run here, in the awaiting coroutine, and the generator goes on.
            // Whatever ends the wait, a cancellation too, comes out of the generator's own co_await.
            auto* awaiting = std::exchange(promise.awaiting_, nullptr);
            std::exception_ptr error;
            try {
                co_await awaiting->run();
            } catch (...) {
                error = std::current_exception();
            }
            if (error) awaiting->fail(std::move(error));
        }
        if (promise.error_) std::rethrow_exception(std::exchange(promise.error_, nullptr));
        co_return std::move(promise.value_);
    }
    static Task<boost::asio::any_io_executor> executor_of_caller() {
        co_return co_await boost::asio::this_coro::executor;
    }

    std::optional<T> value_;
    std::exception_ptr error_;
    Pending* awaiting_ = nullptr;
};

} // namespace hxx
