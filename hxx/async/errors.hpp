// What ends a wait.
#pragma once

#include <stdexcept>

namespace hxx {

/// Too much is waiting already: a queue or a pool is full. A web application answers 503.
class Overloaded : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Something took longer than it was allowed to.
class TimeoutError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

} // namespace hxx
