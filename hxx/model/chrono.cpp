#include "hxx/model/chrono.hpp"

#include "hxx/base/ascii.hpp"

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>

namespace hxx::model {
namespace {

using namespace std::chrono;

/// Takes pieces off the front of a text; a piece that is not there makes it fail for good.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}

    /// Exactly that many digits.
    int digits(int count) {
        int value = 0;
        for (int i = 0; i < count; ++i) {
            if (rest_.empty() || !ascii::is_digit(rest_.front())) return fail();
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    /// At least one digit; fails over 18 of them.
    std::int64_t number() {
        std::int64_t value = 0;
        std::size_t count = 0;
        for (; count < rest_.size() && ascii::is_digit(rest_[count]); ++count) {
            if (count == 18) return fail();
            value = value * 10 + (rest_[count] - '0');
        }
        if (count == 0) return fail();
        rest_.remove_prefix(count);
        return value;
    }
    /// ".25" as 250000000; at most nine digits.
    nanoseconds fraction() {
        if (!accept('.') && !accept(',')) return {};
        std::int64_t value = 0;
        int count = 0;
        for (; !rest_.empty() && ascii::is_digit(rest_.front()); ++count) {
            if (count == 9) return nanoseconds(fail());
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        if (count == 0) return nanoseconds(fail());
        for (; count < 9; ++count) value *= 10;
        return nanoseconds(value);
    }
    bool accept(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool accept(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    void expect(char c) {
        if (!accept(c)) fail();
    }
    void require(bool condition) {
        if (!condition) fail();
    }
    [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// True if all pieces were there and nothing is left.
    [[nodiscard]] bool complete() const noexcept { return right_ && rest_.empty(); }
    [[nodiscard]] bool right() const noexcept { return right_; }

  private:
    int fail() {
        right_ = false;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool right_ = true;
};

year_month_day scan_date(Scanner& scan) {
    int const y = scan.digits(4);
    scan.expect('-');
    int const m = scan.digits(2);
    scan.expect('-');
    int const d = scan.digits(2);
    year_month_day const date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
    scan.require(date.ok());
    return date;
}

nanoseconds scan_time(Scanner& scan) {
    int const h = scan.digits(2);
    scan.expect(':');
    int const m = scan.digits(2);
    int const s = scan.accept(':') ? scan.digits(2) : 0;
    scan.require(h < 24 && m < 60 && s < 60);
    return hours(h) + minutes(m) + seconds(s) + scan.fraction();
}

/// "Z", "+02:00", "-0530", or nothing for UTC.
minutes scan_offset(Scanner& scan) {
    if (scan.at_end() || scan.accept('Z') || scan.accept('z')) return {};
    bool const west = scan.accept('-');
    if (!west) scan.expect('+');
    int const h = scan.digits(2);
    scan.accept(':');
    int const m = scan.digits(2);
    scan.require(h < 24 && m < 60);
    minutes const offset = hours(h) + minutes(m);
    return west ? -offset : offset;
}

/// Adds number · unit (in nanoseconds) and its fraction; false if that is too much.
bool add_part(std::int64_t& total, std::int64_t number, nanoseconds fraction, std::int64_t unit) {
    std::int64_t part = 0;
    if (__builtin_mul_overflow(number, unit, &part) || __builtin_add_overflow(total, part, &total)) return false;
    // fraction is in billionths of the unit.
    __extension__ typedef __int128 Wide;
    Wide const scaled = static_cast<Wide>(fraction.count()) * unit;
    if (scaled % 1'000'000'000 != 0) return false; // finer than a nanosecond
    return !__builtin_add_overflow(total, static_cast<std::int64_t>(scaled / 1'000'000'000), &total);
}

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::int64_t second = 1'000'000'000;
// A longer name stands before one that it begins with.
constexpr std::array units{Unit{"ms", 1'000'000},  Unit{"us", 1'000},        Unit{"µs", 1'000},
                           Unit{"ns", 1},          Unit{"s", second},        Unit{"min", 60 * second},
                           Unit{"m", 60 * second}, Unit{"h", 3600 * second}, Unit{"d", 86400 * second}};

/// "1h30m", "250ms", "1.5s", and a bare number of seconds.
bool scan_units(Scanner& scan, std::int64_t& total) {
    bool first = true;
    do {
        auto const number = scan.number();
        auto const fraction = scan.fraction();
        if (first && scan.at_end()) return scan.right() && add_part(total, number, fraction, second);
        Unit const* found = nullptr;
        for (auto const& unit : units)
            if (!found && scan.accept(unit.name)) found = &unit;
        scan.require(found != nullptr);
        if (!scan.right() || !add_part(total, number, fraction, found->nanoseconds)) return false;
        first = false;
        while (scan.accept(' ')) {
        }
    } while (!scan.at_end());
    return true;
}

/// "P1DT2H3M4.5S" after its P; weeks too, but no months and years, which have no fixed length.
bool scan_iso(Scanner& scan, std::int64_t& total) {
    bool any = false;
    bool in_time = false;
    std::string_view allowed = "WD";
    while (!scan.at_end()) {
        if (!in_time && scan.accept('T')) {
            in_time = true;
            any = false;
            allowed = "HMS";
            continue;
        }
        auto const number = scan.number();
        auto const fraction = scan.fraction();
        auto const at = allowed.find(scan.peek());
        scan.require(!scan.at_end() && at != std::string_view::npos);
        if (!scan.right()) return false;
        char const name = allowed[at];
        scan.expect(name);
        allowed.remove_prefix(at + 1);
        std::int64_t const unit = name == 'W'   ? 7 * 86400 * second
                                  : name == 'D' ? 86400 * second
                                  : name == 'H' ? 3600 * second
                                  : name == 'M' ? 60 * second
                                                : second;
        if (!add_part(total, number, fraction, unit)) return false;
        any = true;
    }
    return any && scan.right();
}

/// "01:30:00", "1:30:00.5"
bool scan_clock(Scanner& scan, std::int64_t& total) {
    auto const h = scan.number();
    scan.expect(':');
    int const m = scan.digits(2);
    scan.expect(':');
    int const s = scan.digits(2);
    auto const fraction = scan.fraction();
    scan.require(m < 60 && s < 60);
    return scan.complete() && add_part(total, h, {}, 3600 * second) && add_part(total, m, {}, 60 * second) &&
           add_part(total, s, fraction, second);
}

void append_fraction(std::int64_t nanoseconds, std::string& out) {
    if (nanoseconds == 0) return;
    auto digits = fmt::format("{:09}", nanoseconds);
    digits.erase(digits.find_last_not_of('0') + 1);
    out += '.';
    out += digits;
}

} // namespace

bool parse_date(std::string_view text, year_month_day& out, FieldContext const& context) {
    Scanner scan(ascii::trim(text));
    auto const date = scan_date(scan);
    if (!scan.complete()) return context.fail("date_parsing");
    out = date;
    return true;
}

bool parse_month(std::string_view text, year_month& out, FieldContext const& context) {
    Scanner scan(ascii::trim(text));
    int const y = scan.digits(4);
    scan.expect('-');
    int const m = scan.digits(2);
    year_month const month_of_year(year(y), month(static_cast<unsigned>(m)));
    if (!scan.complete() || !month_of_year.ok()) return context.fail("month_parsing");
    out = month_of_year;
    return true;
}

bool parse_date_time(std::string_view text, bool with_offset, Instant& out, FieldContext const& context) {
    Scanner scan(ascii::trim(text));
    auto const date = scan_date(scan);
    if (!scan.accept('T') && !scan.accept('t')) scan.expect(' ');
    auto const time = scan_time(scan);
    auto const offset = with_offset ? scan_offset(scan) : minutes(0);
    if (!scan.complete()) return context.fail("datetime_parsing");
    auto const whole = duration_cast<seconds>(time);
    out.since_epoch = sys_days(date).time_since_epoch() + whole - offset;
    out.fraction = time - whole;
    return true;
}

bool parse_time_of_day(std::string_view text, nanoseconds& out, FieldContext const& context) {
    Scanner scan(ascii::trim(text));
    auto const time = scan_time(scan);
    if (!scan.complete()) return context.fail("time_parsing");
    out = time;
    return true;
}

bool parse_duration(std::string_view text, nanoseconds& out, FieldContext const& context) {
    text = ascii::trim(text);
    Scanner scan(text);
    bool const negative = scan.accept('-');
    std::int64_t total = 0;
    bool right = false;
    if (scan.accept('P'))
        right = scan_iso(scan, total);
    else if (text.find(':') != std::string_view::npos)
        right = scan_clock(scan, total);
    else
        right = scan_units(scan, total);
    if (!right) return context.fail("duration_parsing");
    out = nanoseconds(negative ? -total : total);
    return true;
}

void format_date(year_month_day date, std::string& out) {
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void format_month(year_month month, std::string& out) {
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}", static_cast<int>(month.year()),
                   static_cast<unsigned>(month.month()));
}

void format_date_time(Instant instant, bool utc_mark, std::string& out) {
    auto const days_since = floor<days>(instant.since_epoch);
    format_date(year_month_day(sys_days(days_since)), out);
    out += 'T';
    format_time_of_day(instant.since_epoch - days_since + instant.fraction, out);
    if (utc_mark) out += 'Z';
}

void format_time_of_day(nanoseconds time, std::string& out) {
    auto const whole = duration_cast<seconds>(time).count();
    fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    append_fraction((time % seconds(1)).count(), out);
}

void format_duration(nanoseconds duration, std::string& out) {
    if (duration < nanoseconds(0)) out += '-';
    // As unsigned, since the least value has no positive counterpart.
    auto const count = duration.count() < 0 ? 0 - static_cast<std::uint64_t>(duration.count())
                                            : static_cast<std::uint64_t>(duration.count());
    auto const whole = count / 1'000'000'000;
    auto const fraction = static_cast<std::int64_t>(count % 1'000'000'000);
    out += "PT";
    if (whole >= 3600) fmt::format_to(std::back_inserter(out), "{}H", whole / 3600);
    if (whole / 60 % 60 != 0) fmt::format_to(std::back_inserter(out), "{}M", whole / 60 % 60);
    if (whole % 60 != 0 || fraction != 0 || whole == 0) {
        fmt::format_to(std::back_inserter(out), "{}", whole % 60);
        append_fraction(fraction, out);
        out += 'S';
    }
}

} // namespace hxx::model
