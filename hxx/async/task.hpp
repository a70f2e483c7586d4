// Task<T>: what a coroutine handler, dependency or query returns. It is Asio's awaitable, so every Asio operation can
// be awaited in a handler. Lazy: it runs when it is awaited, on the loop of the one that awaits it.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace hxx {

template <class T = void>
using Task = boost::asio::awaitable<T>;

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

} // namespace hxx
