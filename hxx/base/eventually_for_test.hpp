// For tests: waiting for what another thread does.
#pragma once

#include <chrono>
#include <thread>

namespace hxx {

/// Waits until condition() holds; false after a minute.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
    auto const until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

} // namespace hxx
