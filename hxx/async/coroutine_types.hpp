// Task<T> and Generator<T> as types, for headers that only name them. Who writes a coroutine or awaits one includes
// hxx/async/task.hpp or hxx/async/generator.hpp, which bring Asio's awaitable and its cost at compile time.
#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost::asio {
class any_io_executor;
template <class T, class Executor>
class awaitable;
} // namespace boost::asio

namespace hxx {

/// What a coroutine handler, dependency or query returns. It is Asio's awaitable, so every Asio operation can be
/// awaited in a handler. Lazy: it runs when it is awaited, on the loop of the one that awaits it.
template <class T = void>
using Task = boost::asio::awaitable<T, boost::asio::any_io_executor>;

/// What awaiting a T gives: T itself, or U for Task<U>.
template <class T>
struct TaskResult {
    using type = T;
    static constexpr bool is_task = false;
};
template <class T>
struct TaskResult<Task<T>> {
    using type = T;
    static constexpr bool is_task = true;
};
template <class T>
using task_result_t = typename TaskResult<T>::type;
template <class T>
inline constexpr bool is_task_v = TaskResult<T>::is_task;

template <class T>
class GeneratorPromise; // hxx/async/generator.hpp

/// A coroutine that yields values one after the other and may await Tasks between them; see hxx/async/generator.hpp.
template <class T>
class [[nodiscard]] Generator {
    static_assert(std::is_object_v<T>, "hxx::Generator: yield values or pointers, not references");

  public:
    using promise_type = GeneratorPromise<T>;
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
    Task<std::optional<T>> next() { return promise_type::next(handle_); }

  private:
    friend promise_type;
    explicit Generator(Handle handle) noexcept : handle_(handle) {}

    Handle handle_;
};

} // namespace hxx
