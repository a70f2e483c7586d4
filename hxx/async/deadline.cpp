#include "hxx/async/deadline.hpp"

#include <atomic>

namespace hxx {

struct Deadline::Shared {
    std::atomic<Clock::time_point> at;
};

Deadline::Deadline(Clock::time_point at) : shared_(std::make_shared<Shared>(at)) {}

std::optional<Deadline::Clock::time_point> Deadline::at() const noexcept {
    if (!shared_) return std::nullopt;
    auto const at = shared_->at.load();
    return at == Clock::time_point::max() ? std::nullopt : std::optional(at);
}

void Deadline::lift() noexcept {
    if (shared_) shared_->at = Clock::time_point::max();
}

} // namespace hxx
