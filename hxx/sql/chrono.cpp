#include "hxx/sql/chrono.hpp"

#include "hxx/base/ascii.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hxx::sql::detail {
namespace {

using namespace std::chrono;

constexpr char const* date_wanted = "a date as 2026-01-31";
constexpr char const* time_wanted = "a time as 2026-01-31 12:30:00, or Unix seconds";

/// Reads a text from its front.
class Scanner {
  public:
    Scanner(std::string_view text, char const* wanted) noexcept : text_(text), wanted_(wanted) {}

    [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
    [[nodiscard]] bool accept(char c) noexcept {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!accept(c)) fail();
    }
    [[nodiscard]] int number(std::size_t digits) {
        if (text_.size() < digits) fail();
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!ascii::is_digit(text_[i])) fail();
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(digits);
        return value;
    }
    /// The digits after a point as nanoseconds; more than nine are cut off.
    [[nodiscard]] nanoseconds fraction() {
        std::int64_t value = 0;
        std::size_t digits = 0;
        for (; digits < text_.size() && ascii::is_digit(text_[digits]); ++digits)
            if (digits < 9) value = value * 10 + (text_[digits] - '0');
        if (digits == 0) fail();
        for (std::size_t i = digits; i < 9; ++i) value *= 10;
        text_.remove_prefix(digits);
        return nanoseconds(value);
    }
    [[noreturn]] void fail() const { throw std::invalid_argument(wanted_); }

  private:
    std::string_view text_;
    char const* wanted_;
};

year_month_day scan_date(Scanner& scanner) {
    auto const y = scanner.number(4);
    scanner.expect('-');
    auto const m = scanner.number(2);
    scanner.expect('-');
    auto const d = scanner.number(2);
    year_month_day const date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
    if (!date.ok()) scanner.fail();
    return date;
}

seconds scan_clock(Scanner& scanner) {
    auto const hour = scanner.number(2);
    scanner.expect(':');
    auto const minute = scanner.number(2);
    auto const second = scanner.accept(':') ? scanner.number(2) : 0;
    if (hour > 23 || minute > 59 || second > 59) scanner.fail();
    return hours(hour) + minutes(minute) + seconds(second);
}

seconds scan_offset(Scanner& scanner) {
    if (scanner.at_end() || scanner.accept('Z')) return seconds(0);
    auto const west = scanner.accept('-');
    if (!west) scanner.expect('+');
    auto const hour = scanner.number(2);
    static_cast<void>(scanner.accept(':'));
    auto const offset = hours(hour) + minutes(scanner.number(2));
    return west ? -offset : offset;
}

} // namespace

std::string format_date(year_month_day date) {
    if (!date.ok() || date.year() < year(0) || date.year() > year(9999))
        throw std::invalid_argument("a date outside the years 0 to 9999, or that does not exist, cannot be stored");
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string format_time(Instant time, int fraction_digits) {
    auto const whole_day = floor<days>(time.seconds);
    hh_mm_ss const clock(time.seconds - whole_day);
    auto text = fmt::format("{} {:02}:{:02}:{:02}", format_date(year_month_day(whole_day)), clock.hours().count(),
                            clock.minutes().count(), clock.seconds().count());
    if (fraction_digits > 0) {
        auto const fraction = fmt::format("{:09}", time.fraction.count());
        text += '.' + fraction.substr(0, static_cast<std::size_t>(fraction_digits));
    }
    return text;
}

year_month_day parse_date(Cell const& cell) {
    Scanner scanner(cell.kind == Kind::Text ? cell.bytes : std::string_view(), date_wanted);
    auto const date = scan_date(scanner);
    if (!scanner.at_end()) scanner.fail();
    return date;
}

Instant parse_time(Cell const& cell) {
    constexpr std::int64_t limit = 253'402'300'800; // the year 10000
    if (cell.kind == Kind::Integer && cell.integer > -limit && cell.integer < limit)
        return Instant{sys_seconds(seconds(cell.integer)), nanoseconds(0)};
    Scanner scanner(cell.kind == Kind::Text ? cell.bytes : std::string_view(), time_wanted);
    Instant time{sys_seconds(sys_days(scan_date(scanner))), nanoseconds(0)};
    if (scanner.at_end()) return time;
    if (!scanner.accept('T')) scanner.expect(' ');
    time.seconds += scan_clock(scanner);
    if (scanner.accept('.')) time.fraction = scanner.fraction();
    time.seconds -= scan_offset(scanner);
    if (!scanner.at_end()) scanner.fail();
    return time;
}

void time_out_of_range() { throw std::invalid_argument("a time in the range of the member's clock"); }

} // namespace hxx::sql::detail
