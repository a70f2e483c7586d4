// A task's result for code that is no coroutine: main() before the loops run, a test, a command line tool.
#pragma once

#include "hxx/async/task.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace hxx {

namespace detail {
void run_to_end(Task<void> task);

template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
}
} // namespace detail

/// Runs the task on a loop of its own, on this thread, until it has ended; gives its value or rethrows.
/// Throws std::logic_error on an event loop's thread, which it would block.
template <class T>
T sync_wait(Task<T> task) {
    if constexpr (std::is_void_v<T>) {
        detail::run_to_end(std::move(task));
    } else {
        std::optional<T> result;
        detail::run_to_end(detail::keep_result(std::move(task), result));
        return std::move(*result);
    }
}

} // namespace hxx
