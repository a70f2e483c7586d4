// Task<T>, complete: for what writes a coroutine or awaits one. Headers that only name it include
// hxx/async/coroutine_types.hpp.
#pragma once

#include "hxx/async/coroutine_types.hpp"

#include <boost/asio/awaitable.hpp>
