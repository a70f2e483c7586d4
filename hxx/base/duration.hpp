// Duration: how long something may take, in headers that everybody includes: <chrono> would cost each of their files
// more than any other header that they have.
//
//     {.deadline = 5min}    // whatever std::chrono has literals for
#pragma once

#include <cstdint>
#include <limits>

namespace hxx {

class Duration {
  public:
    /// Zero.
    constexpr Duration() noexcept = default;
    /// Of any std::chrono::duration. What is left of a millisecond counts as one, so that a short time is not none;
    /// what is too long for 64 bits is as long as they can say.
    template <class D>
        requires requires(D duration) {
            duration.count();
            D::period::num;
        }
    constexpr Duration(D duration) noexcept : milliseconds_(ceil<typename D::period>(duration.count())) {}

    [[nodiscard]] static constexpr Duration of_milliseconds(std::int64_t count) noexcept {
        Duration made;
        made.milliseconds_ = count;
        return made;
    }
    [[nodiscard]] constexpr std::int64_t milliseconds() const noexcept { return milliseconds_; }
    friend constexpr bool operator==(Duration, Duration) noexcept = default;

  private:
    static constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

    template <class Period, class Count>
    static constexpr std::int64_t ceil(Count count) noexcept {
        constexpr std::int64_t factor = 1000 * Period::num; // milliseconds in Period::den ticks
        if constexpr (std::numeric_limits<Count>::is_integer) {
            std::int64_t const whole = count / Period::den, rest = count % Period::den * factor;
            if (whole >= most / factor) return most;
            if (whole <= -most / factor) return -most;
            return whole * factor + rest / Period::den + (rest % Period::den > 0);
        } else {
            auto const exact = count * static_cast<Count>(factor) / static_cast<Count>(Period::den);
            if (!(exact < static_cast<Count>(most))) return most;
            if (exact <= -static_cast<Count>(most)) return -most;
            auto const whole = static_cast<std::int64_t>(exact);
            return whole + (static_cast<Count>(whole) < exact);
        }
    }

    std::int64_t milliseconds_ = 0;
};

} // namespace hxx
