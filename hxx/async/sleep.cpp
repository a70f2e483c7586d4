#include "hxx/async/sleep.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <exception>
#include <string>

namespace hxx {
namespace {

std::chrono::steady_clock::duration clamp(std::chrono::nanoseconds duration) {
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

} // namespace

Task<void> sleep_for(std::chrono::nanoseconds duration) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(clamp(duration));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

namespace detail {

Task<void> limit(Task<void> task, std::chrono::nanoseconds duration) {
    namespace asio = boost::asio;
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    timer.expires_after(clamp(duration));
    auto group = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(task), asio::deferred),
                                                         timer.async_wait(asio::deferred));
    auto outcome = co_await std::move(group).async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    auto& [order, error, timer_error] = outcome;
    // The timer first, and the task ended by its cancellation: a task that came to its end all the same is welcome.
    if (error && order[0] == 1 && !timer_error) {
        auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
        throw TimeoutError("nothing came of it within " + std::to_string(milliseconds) + " ms");
    }
    if (error) std::rethrow_exception(error);
}

} // namespace detail
} // namespace hxx
