#include "hxx/base/decimal.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace hxx {
namespace {

// NOLINTBEGIN(modernize-use-using): __extension__ stands before no using
__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;
// NOLINTEND(modernize-use-using)

constexpr Wide power_of_ten(int exponent) noexcept {
    Wide power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

constexpr Wide limit = power_of_ten(Decimal::max_digits); // 10^38 is less than 2^127

[[noreturn]] void overflow() { throw std::overflow_error("a decimal number of more than 38 digits"); }

void require_places(int places) {
    if (places < 0 || places > Decimal::max_digits) throw std::out_of_range("a Decimal has 0 to 38 places");
}

constexpr UnsignedWide magnitude(Wide value) noexcept {
    return value < 0 ? -static_cast<UnsignedWide>(value) : static_cast<UnsignedWide>(value);
}

/// numerator / denominator, halves to the even digit.
Wide divide_half_even(UnsignedWide numerator, UnsignedWide denominator, bool negative) noexcept {
    UnsignedWide quotient = numerator / denominator;
    UnsignedWide const rest = numerator % denominator;
    UnsignedWide const other = denominator - rest;
    if (rest > other || (rest == other && quotient % 2 != 0)) ++quotient;
    return negative ? -static_cast<Wide>(quotient) : static_cast<Wide>(quotient);
}

} // namespace

Decimal Decimal::checked(Coefficient coefficient, int places) {
    if (coefficient >= limit || coefficient <= -limit) overflow();
    Decimal result;
    result.coefficient_ = coefficient;
    result.places_ = places;
    return result;
}

Decimal Decimal::of(std::int64_t coefficient, int places) {
    require_places(places);
    return checked(coefficient, places);
}

Decimal::Decimal(double value) {
    if (!std::isfinite(value)) overflow();
    char buffer[512];
    auto const [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
    auto const parsed = error == std::errc() ? parse({buffer, end}) : std::nullopt;
    if (!parsed) overflow();
    *this = *parsed;
}

std::optional<Decimal> Decimal::parse(std::string_view text) noexcept {
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    auto const [whole, fraction] = ascii::cut(text, '.');
    if (fraction && fraction->empty()) return std::nullopt; // "5."
    if (whole.empty() && !fraction) return std::nullopt;
    Decimal result;
    for (auto const digits : {whole, fraction.value_or("")})
        for (char const c : digits) {
            if (!ascii::is_digit(c) || result.coefficient_ >= limit / 10) return std::nullopt;
            result.coefficient_ = result.coefficient_ * 10 + (c - '0');
        }
    if (fraction && fraction->size() > static_cast<std::size_t>(max_digits)) return std::nullopt;
    result.places_ = fraction ? static_cast<int>(fraction->size()) : 0;
    if (negative) result.coefficient_ = -result.coefficient_;
    return result;
}

std::string Decimal::str() const {
    std::string digits;
    for (UnsignedWide rest = magnitude(coefficient_); rest != 0; rest /= 10)
        digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    while (digits.size() <= static_cast<std::size_t>(places_)) digits += '0';
    if (places_ > 0) digits.insert(static_cast<std::size_t>(places_), 1, '.');
    if (coefficient_ < 0) digits += '-';
    std::reverse(digits.begin(), digits.end());
    return digits;
}

double Decimal::to_double() const {
    auto const text = str();
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Decimal Decimal::stripped() const noexcept {
    Decimal result = *this;
    while (result.places_ > 0 && result.coefficient_ % 10 == 0) {
        result.coefficient_ /= 10;
        --result.places_;
    }
    return result;
}

Decimal Decimal::widened(int places) const {
    Coefficient product;
    // 10^38 itself is no coefficient, so a difference of 38 places is right for zero alone.
    if (__builtin_mul_overflow(coefficient_, power_of_ten(places - places_), &product)) overflow();
    return checked(product, places);
}

Decimal Decimal::round(int places) const {
    require_places(places);
    if (places >= places_) return widened(places);
    auto const unit = static_cast<UnsignedWide>(power_of_ten(places_ - places));
    return checked(divide_half_even(magnitude(coefficient_), unit, coefficient_ < 0), places);
}

Decimal Decimal::divide(Decimal const& divisor, int places) const {
    require_places(places);
    if (divisor.is_zero()) throw std::domain_error("a Decimal divided by zero");
    // a/10^p : b/10^q = a·10^(q-p) / b, and ·10^places for the places wanted.
    auto const a = stripped();
    auto const b = divisor.stripped();
    int const shift = places + b.places_ - a.places_;
    bool const negative = (a.coefficient_ < 0) != (b.coefficient_ < 0);
    UnsignedWide numerator = magnitude(a.coefficient_);
    UnsignedWide denominator = magnitude(b.coefficient_);
    if (numerator == 0) return checked(0, places);
    auto const power = static_cast<UnsignedWide>(power_of_ten(std::min(std::abs(shift), max_digits)));
    if (shift >= 0) {
        if (shift > max_digits || __builtin_mul_overflow(numerator, power, &numerator)) overflow();
    } else if (-shift > max_digits || __builtin_mul_overflow(denominator, power, &denominator)) {
        return checked(0, places); // a divisor over 2^128 is more than twice any numerator: it rounds to nothing
    }
    UnsignedWide const quotient = numerator / denominator;
    if (quotient >= static_cast<UnsignedWide>(limit)) overflow();
    return checked(divide_half_even(numerator, denominator, negative), places);
}

bool Decimal::is_multiple_of(Decimal const& step) const {
    if (step.is_zero()) return false;
    auto const a = stripped();
    auto const b = step.stripped();
    if (a.places_ > b.places_) return false; // a digit that no multiple of the step has
    // a·10^(q-p) modulo b, without the product, which may be too large.
    UnsignedWide const modulus = magnitude(b.coefficient_);
    UnsignedWide rest = magnitude(a.coefficient_) % modulus;
    for (int i = a.places_; i < b.places_ && rest != 0; ++i) {
        UnsignedWide sum = 0;
        for (int j = 0; j < 10; ++j) sum = (sum + rest) % modulus; // below 2·10^38, which 128 bits hold
        rest = sum;
    }
    return rest == 0;
}

Decimal Decimal::operator-() const noexcept {
    Decimal result = *this;
    result.coefficient_ = -result.coefficient_;
    return result;
}

Decimal operator+(Decimal const& a, Decimal const& b) {
    int const places = std::max(a.places_, b.places_);
    return Decimal::checked(a.widened(places).coefficient_ + b.widened(places).coefficient_, places);
}

Decimal operator*(Decimal const& a, Decimal const& b) {
    Wide product;
    int places = a.places_ + b.places_;
    bool const fits = places <= Decimal::max_digits &&
                      !__builtin_mul_overflow(a.coefficient_, b.coefficient_, &product) && product < limit &&
                      product > -limit;
    if (fits) return Decimal::checked(product, places);
    // Zeros at the ends are the first to go where the exact product has no room for them.
    auto const x = a.stripped();
    auto const y = b.stripped();
    places = x.places_ + y.places_;
    if (__builtin_mul_overflow(x.coefficient_, y.coefficient_, &product)) overflow();
    while (places > 0 && product % 10 == 0) {
        product /= 10;
        --places;
    }
    if (places > Decimal::max_digits) overflow();
    return Decimal::checked(product, places);
}

bool operator==(Decimal const& a, Decimal const& b) noexcept {
    auto const x = a.stripped();
    auto const y = b.stripped();
    return x.coefficient_ == y.coefficient_ && x.places_ == y.places_;
}

std::weak_ordering operator<=>(Decimal const& a, Decimal const& b) noexcept {
    auto const sign = [](Decimal const& d) { return (d.coefficient_ > 0) - (d.coefficient_ < 0); };
    if (sign(a) != sign(b)) return sign(a) <=> sign(b);
    // Whole parts first, then fractions at the same number of places: neither can overflow.
    Wide const a_unit = power_of_ten(a.places_);
    Wide const b_unit = power_of_ten(b.places_);
    if (a.coefficient_ / a_unit != b.coefficient_ / b_unit)
        return a.coefficient_ / a_unit < b.coefficient_ / b_unit ? std::weak_ordering::less
                                                                 : std::weak_ordering::greater;
    int const places = std::max(a.places_, b.places_);
    Wide const a_part = a.coefficient_ % a_unit * power_of_ten(places - a.places_);
    Wide const b_part = b.coefficient_ % b_unit * power_of_ten(places - b.places_);
    if (a_part == b_part) return std::weak_ordering::equivalent;
    return a_part < b_part ? std::weak_ordering::less : std::weak_ordering::greater;
}

} // namespace hxx
