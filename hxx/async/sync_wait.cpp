#include "hxx/async/sync_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detail/thread_context.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace hxx::detail {

void run_to_end(Task<void> task) {
    if (boost::asio::detail::thread_context::top_of_thread_call_stack() != nullptr)
        throw std::logic_error("hxx::sync_wait (or a function whose name ends in _blocking) was called on an event "
                               "loop's thread, which it would block; co_await the task instead");
    boost::asio::io_context loop(1);
    bool ended = false;
    std::exception_ptr error;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown) {
        ended = true;
        error = std::move(thrown);
    });
    loop.run();
    if (error) std::rethrow_exception(error);
    if (!ended) throw std::logic_error("hxx::sync_wait: the task waits for something that nobody is going to do");
}

} // namespace hxx::detail
