// Deadline: a moment by which something has to be done, known to all who work on it.
#pragma once

#include "hxx/async/takes_deadline.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace hxx {

/// A handle, cheap to copy. Copies share the moment, and forget it together once the work is done: who goes on with
/// something else is not bound by it. Any thread.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    /// None.
    Deadline() noexcept = default;
    explicit Deadline(Clock::time_point at);

    /// Nothing where there is none, or where it was lifted.
    [[nodiscard]] std::optional<Clock::time_point> at() const noexcept;
    /// The work is done.
    void lift() noexcept;

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

} // namespace hxx
