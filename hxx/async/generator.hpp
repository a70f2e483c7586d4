// Generator<T>: a coroutine that yields values one after the other and may await Tasks between them.
//
//     Generator<std::string> numbers() {
//         for (int i = 0; i < 3; ++i) { co_await sleep_for(1s); co_yield std::to_string(i); }
//     }
//     while (auto value = co_await generator.next()) use(*value);
//
// It suspends inside the Task that calls next(), so it needs no loop of its own; destroying it ends it where it stands.
#pragma once

#include "hxx/async/task.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace hxx {

template <class T>
class [[nodiscard]] Generator {
  public:
    class promise_type;
    using Handle = std::coroutine_handle<promise_type>;

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

    /// Runs to the next co_yield; nothing once the generator has returned. Rethrows what the generator throws.
    /// One call at a time.
    Task<std::optional<T>> next() {
        auto& promise = handle_.promise();
        promise.value.reset();
        if (handle_.done()) co_return std::nullopt;
        for (;;) {
            handle_.resume();
            if (promise.awaiting == nullptr) break;
            // The generator wants a Task awaited: it is run here, in the awaiting coroutine, and the generator goes on.
            auto* awaiting = std::exchange(promise.awaiting, nullptr);
            co_await awaiting->run();
        }
        if (promise.error) std::rethrow_exception(std::exchange(promise.error, nullptr));
        co_return std::move(promise.value);
    }

  private:
    struct Pending {
        virtual Task<void> run() = 0;

      protected:
        ~Pending() = default;
    };

    template <class U>
    struct TaskAwaiter final : Pending {
        explicit TaskAwaiter(Task<U>&& task, promise_type& owner) : task_(std::move(task)), owner_(&owner) {}
        bool await_ready() const noexcept { return false; }
        void await_suspend(Handle) noexcept { owner_->awaiting = this; }
        U await_resume() {
            if (error_) std::rethrow_exception(error_);
            if constexpr (!std::is_void_v<U>) return std::move(*result_);
        }
        Task<void> run() override {
            try {
                if constexpr (std::is_void_v<U>)
                    co_await std::move(task_);
                else
                    result_.emplace(co_await std::move(task_));
            } catch (...) {
                error_ = std::current_exception();
            }
        }

        Task<U> task_;
        promise_type* owner_;
        std::exception_ptr error_;
        std::optional<std::conditional_t<std::is_void_v<U>, bool, U>> result_;
    };

  public:
    class promise_type {
      public:
        Generator get_return_object() noexcept { return Generator(Handle::from_promise(*this)); }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        std::suspend_always final_suspend() const noexcept { return {}; }
        template <class V>
        std::suspend_always yield_value(V&& yielded) {
            value.emplace(std::forward<V>(yielded));
            return {};
        }
        void return_void() const noexcept {}
        void unhandled_exception() noexcept { error = std::current_exception(); }
        template <class U>
        TaskAwaiter<U> await_transform(Task<U> task) {
            return TaskAwaiter<U>(std::move(task), *this);
        }

      private:
        friend class Generator;
        std::optional<T> value;
        std::exception_ptr error;
        Pending* awaiting = nullptr;
    };

  private:
    explicit Generator(Handle handle) noexcept : handle_(handle) {}

    Handle handle_;
};

} // namespace hxx
