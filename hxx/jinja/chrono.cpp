#include "hxx/jinja/chrono.hpp"

namespace hxx::jinja::detail {
namespace {

// At least `width` digits.
void append_padded(std::string& out, long long number, std::size_t width) {
    std::string const digits = std::to_string(number < 0 ? -number : number);
    if (number < 0) out += '-';
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

} // namespace

std::string date_text(std::chrono::year_month_day date) {
    std::string out;
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    return out;
}

std::string time_text(std::chrono::sys_time<std::chrono::nanoseconds> time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::hh_mm_ss const clock(time - day);
    std::string out = date_text(std::chrono::year_month_day(day));
    out += ' ';
    append_padded(out, clock.hours().count(), 2);
    out += ':';
    append_padded(out, clock.minutes().count(), 2);
    out += ':';
    append_padded(out, clock.seconds().count(), 2);
    if (auto const fraction = clock.subseconds().count(); fraction != 0) {
        out += '.';
        append_padded(out, fraction, 9);
        out.erase(out.find_last_not_of('0') + 1);
    }
    return out;
}

} // namespace hxx::jinja::detail
