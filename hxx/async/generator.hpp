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

#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace hxx {

template <class T>
class [[nodiscard]] Generator {
    static_assert(std::is_object_v<T>, "hxx::Generator: yield values or pointers, not references");

  public:
    class promise_type;
    using Handle = std::coroutine_handle<promise_type>;
    using value_type = T;

    Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Generator& operator=(Generator&& other) noexcept {
        if (this != &other) {
            if (handle_) handle_.destroy();
            handle_ = std::exchange(other.handle_, {});
        }
        return *this;
    }
    ~Generator() {
        if (handle_) handle_.destroy();
    }

    /// Runs to the next co_yield; nothing once the generator has returned, or has thrown before. Rethrows what the
    /// generator throws. One call at a time; the generator may be moved, but not destroyed, while the call is pending.
    /// Throws std::logic_error for a generator that was moved from.
    Task<std::optional<T>> next() {
        if (!handle_) throw std::logic_error("hxx::Generator::next() of a generator that was moved from");
        return advance(handle_);
    }

  private:
    // What the generator waits for, in the generator's own frame.
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
        TaskAwaiter(Task<U>&& task, promise_type& owner) noexcept : task_(std::move(task)), owner_(&owner) {}
        bool await_ready() const noexcept { return false; }
        void await_suspend(Handle) noexcept { owner_->awaiting_ = this; }
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
        promise_type* owner_;
        std::optional<std::conditional_t<std::is_void_v<U>, bool, U>> result_;
    };

    // Static, so that it holds on to the coroutine and not to a Generator that may move meanwhile.
    static Task<std::optional<T>> advance(Handle handle) {
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

  public:
    class promise_type {
      public:
        Generator get_return_object() noexcept { return Generator(Handle::from_promise(*this)); }
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
            return TaskAwaiter<U>(std::move(task), *this);
        }
        /// co_await boost::asio::this_coro::executor: the executor of the coroutine that called next().
        TaskAwaiter<boost::asio::any_io_executor> await_transform(boost::asio::this_coro::executor_t) {
            return await_transform(executor_of_caller());
        }

      private:
        friend class Generator;
        static Task<boost::asio::any_io_executor> executor_of_caller() {
            co_return co_await boost::asio::this_coro::executor;
        }

        std::optional<T> value_;
        std::exception_ptr error_;
        Pending* awaiting_ = nullptr;
    };

  private:
    explicit Generator(Handle handle) noexcept : handle_(handle) {}

    Handle handle_;
};

} // namespace hxx
