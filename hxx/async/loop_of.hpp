// From an executor to the event loop behind it, for what keeps something for each loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>

namespace boost::asio {
class io_context;
}

namespace hxx {

/// The io_context that the executor runs things on, also through the wrapper of watched() (hxx/async/watchdog.hpp).
/// Null for another kind of executor: a thread pool, a strand.
[[nodiscard]] boost::asio::io_context* loop_of(boost::asio::any_io_executor const& executor);

} // namespace hxx
