// Dates and times in templates: {{ user.created }} is "2024-05-31 14:30:00", a date is "2024-05-31", a duration is its
// number of seconds. Include this header where such values are given to templates. Other formats are a filter's job.
#pragma once

#include "hxx/jinja/value.hpp"

#include <chrono>

namespace hxx::jinja {

namespace detail {
/// "2024-05-31 14:30:00", with the fraction if there is one ("….25"); UTC.
[[nodiscard]] std::string time_text(std::chrono::sys_time<std::chrono::nanoseconds> time);
[[nodiscard]] std::string date_text(std::chrono::year_month_day date);
} // namespace detail

template <class D>
struct ToValue<std::chrono::time_point<std::chrono::system_clock, D>> {
    static Value make(std::chrono::time_point<std::chrono::system_clock, D> const& time) {
        if constexpr (std::is_same_v<D, std::chrono::days>)
            return detail::date_text(std::chrono::year_month_day(time));
        else
            return detail::time_text(std::chrono::time_point_cast<std::chrono::nanoseconds>(time));
    }
};

template <>
struct ToValue<std::chrono::year_month_day> {
    static Value make(std::chrono::year_month_day const& date) { return detail::date_text(date); }
};

template <class R, class P>
struct ToValue<std::chrono::duration<R, P>> {
    static Value make(std::chrono::duration<R, P> const& duration) {
        // A whole number of seconds stays an integer.
        if constexpr (std::is_integral_v<R> && P::den == 1)
            return static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
        else
            return std::chrono::duration<double>(duration).count();
    }
};

} // namespace hxx::jinja
