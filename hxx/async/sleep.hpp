// Time for coroutines.
#pragma once

#include "hxx/async/errors.hpp"
#include "hxx/async/task.hpp"

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace hxx {

/// Suspends for at least that long. Ends early, with boost::system::system_error (operation_aborted), if cancelled.
[[nodiscard]] Task<void> sleep_for(std::chrono::nanoseconds duration);

namespace detail {
Task<void> limit(Task<void> task, std::chrono::nanoseconds duration);

template <class T>
Task<T> limit_value(Task<T> task, std::chrono::nanoseconds duration) {
    std::optional<T> result;
    auto keep = [](Task<T> inner, std::optional<T>& into) -> Task<void> { into.emplace(co_await std::move(inner)); };
    co_await limit(keep(std::move(task), result), duration);
    co_return std::move(*result);
}
} // namespace detail

/// The task's result, or TimeoutError if it takes longer: then what it awaits is cancelled, and it is waited for until
/// it has ended (for sleep, sockets and SQL at once; a function that runs in blocking() is not interrupted).
template <class T>
[[nodiscard]] Task<T> with_timeout(Task<T> task, std::chrono::nanoseconds duration) {
    if constexpr (std::is_void_v<T>)
        return detail::limit(std::move(task), duration);
    else
        return detail::limit_value(std::move(task), duration);
}

} // namespace hxx
