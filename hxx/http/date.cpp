#include "hxx/http/date.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>

namespace hxx::http {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view days = "SunMonTueWedThuFriSat";
constexpr std::int64_t first_second = -62167219200; // 0000-01-01T00:00:00
constexpr std::int64_t last_second = 253402300799;  // 9999-12-31T23:59:59

// Takes a date apart from left to right; after the first mismatch, failed() stays true.
class Reader {
  public:
    explicit Reader(std::string_view text) noexcept : rest_(text) {}

    void expect(std::string_view literal) noexcept {
        if (rest_.starts_with(literal))
            rest_.remove_prefix(literal.size());
        else
            failed_ = true;
    }
    int number(std::size_t digits) noexcept {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (i >= rest_.size() || !ascii::is_digit(rest_[i])) {
                failed_ = true;
                return 0;
            }
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }
    // asctime pads the day with a space.
    int padded_day() noexcept {
        if (!rest_.starts_with(' ')) return number(2);
        rest_.remove_prefix(1);
        return number(1);
    }
    unsigned month() noexcept {
        auto const at = rest_.size() < 3 ? std::string_view::npos : months.find(rest_.substr(0, 3));
        if (at == std::string_view::npos || at % 3 != 0) {
            failed_ = true;
            return 1;
        }
        rest_.remove_prefix(3);
        return static_cast<unsigned>(at / 3 + 1);
    }
    void time() noexcept {
        hour = number(2);
        expect(":");
        minute = number(2);
        expect(":");
        second = number(2);
    }
    [[nodiscard]] bool failed() const noexcept { return failed_ || !rest_.empty(); }

    int hour = 0, minute = 0, second = 0;

  private:
    std::string_view rest_;
    bool failed_ = false;
};

int full_year(int two_digits, std::int64_t now) noexcept {
    if (now == 0) now = std::time(nullptr);
    auto const today = chrono::year_month_day(chrono::floor<chrono::days>(chrono::sys_seconds(chrono::seconds(now))));
    int const this_year = static_cast<int>(today.year());
    int const year = this_year - this_year % 100 + two_digits;
    return year > this_year + 50 ? year - 100 : year;
}

std::optional<std::int64_t> seconds_of(int year, unsigned month, int day, Reader const& time) noexcept {
    chrono::year_month_day const date(chrono::year(year), chrono::month(month),
                                      chrono::day(static_cast<unsigned>(day)));
    // 60 is a leap second.
    if (time.failed() || !date.ok() || time.hour > 23 || time.minute > 59 || time.second > 60) return std::nullopt;
    auto const day_count = chrono::sys_days(date).time_since_epoch().count();
    return day_count * std::int64_t{86400} + time.hour * 3600 + time.minute * 60 + time.second;
}

std::optional<std::int64_t> parse_imf(std::string_view text) noexcept {
    Reader reader(text.substr(3));
    reader.expect(", ");
    int const day = reader.number(2);
    reader.expect(" ");
    auto const month = reader.month();
    reader.expect(" ");
    int const year = reader.number(4);
    reader.expect(" ");
    reader.time();
    reader.expect(" GMT");
    return seconds_of(year, month, day, reader);
}

std::optional<std::int64_t> parse_rfc850(std::string_view text, std::int64_t now) noexcept {
    Reader reader(text.substr(text.find(',')));
    reader.expect(", ");
    int const day = reader.number(2);
    reader.expect("-");
    auto const month = reader.month();
    reader.expect("-");
    int const year = reader.number(2);
    reader.expect(" ");
    reader.time();
    reader.expect(" GMT");
    return seconds_of(full_year(year, now), month, day, reader);
}

std::optional<std::int64_t> parse_asctime(std::string_view text) noexcept {
    Reader reader(text.substr(3));
    reader.expect(" ");
    auto const month = reader.month();
    reader.expect(" ");
    int const day = reader.padded_day();
    reader.expect(" ");
    reader.time();
    reader.expect(" ");
    int const year = reader.number(4);
    return seconds_of(year, month, day, reader);
}

bool is_day_name(std::string_view word) noexcept {
    auto const at = days.find(word.substr(0, 3));
    if (word.size() < 3 || at == std::string_view::npos || at % 3 != 0) return false;
    return word.size() == 3 || word.ends_with("day");
}

} // namespace

std::array<char, 29> date_text(std::int64_t unix_seconds) noexcept {
    auto const time = std::clamp(unix_seconds, first_second, last_second);
    auto const day = chrono::floor<chrono::days>(chrono::sys_seconds(chrono::seconds(time)));
    chrono::year_month_day const date(day);
    auto const second = static_cast<int>(time - day.time_since_epoch().count() * std::int64_t{86400});

    std::array<char, 29> text;
    std::string_view("Day, 00 Mon 0000 00:00:00 GMT").copy(text.data(), text.size());
    auto const put = [&text](std::size_t at, int value, std::size_t digits) {
        for (std::size_t i = digits; i > 0; --i, value /= 10) text[at + i - 1] = static_cast<char>('0' + value % 10);
    };
    days.copy(text.data(), 3, std::size_t{chrono::weekday(day).c_encoding()} * 3);
    put(5, static_cast<int>(static_cast<unsigned>(date.day())), 2);
    months.copy(text.data() + 8, 3, (std::size_t{static_cast<unsigned>(date.month())} - 1) * 3);
    put(12, static_cast<int>(date.year()), 4);
    put(17, second / 3600, 2);
    put(20, second / 60 % 60, 2);
    put(23, second % 60, 2);
    return text;
}

std::string format_date(std::int64_t unix_seconds) {
    auto const text = date_text(unix_seconds);
    return {text.data(), text.size()};
}

std::optional<std::int64_t> parse_date(std::string_view text, std::int64_t now) noexcept {
    auto const word = text.substr(0, text.find_first_of(", "));
    if (!is_day_name(word) || word.size() == text.size()) return std::nullopt;
    bool const comma = text[word.size()] == ',';
    if (word.size() > 3) return comma ? parse_rfc850(text, now) : std::nullopt;
    return comma ? parse_imf(text) : parse_asctime(text);
}

} // namespace hxx::http
