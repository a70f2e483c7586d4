// Decimal numbers that are exact: money, measures, whatever must add up. 0.1 + 0.2 == 0.3.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hxx {

/// A whole number of up to 38 digits and the places of its decimal point, which are kept as written: 1.50 prints as
/// "1.50" and equals 1.5. Arithmetic is exact or throws std::overflow_error; only round() and divide() round.
class Decimal {
    // NOLINTNEXTLINE(modernize-use-using): __extension__ stands before no using
    __extension__ typedef __int128 Coefficient;

  public:
    static constexpr int max_digits = 38;

    constexpr Decimal() = default;
    template <std::integral I>
    constexpr Decimal(I value) noexcept : coefficient_(value) {}
    /// The shortest decimal number that reads as the same double: Decimal(0.1) is 0.1. Throws std::overflow_error for
    /// NaN, infinity and numbers of more than 38 digits.
    explicit Decimal(double value);
    /// coefficient / 10^places: of(1999, 2) is 19.99. places: 0 to 38.
    [[nodiscard]] static Decimal of(std::int64_t coefficient, int places);

    /// "12", "-0.50", ".5", "+3.0": digits with at most one point and no exponent. Nothing for other text, or more than
    /// 38 digits after leading zeros, or more than 38 places.
    [[nodiscard]] static std::optional<Decimal> parse(std::string_view text) noexcept;

    /// As it is written, never with an exponent.
    [[nodiscard]] std::string str() const;
    /// The nearest double.
    [[nodiscard]] double to_double() const;
    /// Digits after the point, zeros at the end included.
    [[nodiscard]] constexpr int places() const noexcept { return places_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return coefficient_ == 0; }

    /// To exactly that many places (0 to 38), halves to the even digit: round(2) of 0.125 is 0.12, of 1 is 1.00.
    [[nodiscard]] Decimal round(int places) const;
    /// The quotient rounded to that many places, halves to the even digit. Throws std::domain_error for
    /// zero, and std::overflow_error where the dividend needs more than 38 digits to give that many places.
    [[nodiscard]] Decimal divide(Decimal const& divisor, int places) const;
    /// Whether this is a whole number times `step`; false for a step of zero.
    [[nodiscard]] bool is_multiple_of(Decimal const& step) const;

    [[nodiscard]] Decimal operator-() const noexcept;
    Decimal& operator+=(Decimal const& other) { return *this = *this + other; }
    Decimal& operator-=(Decimal const& other) { return *this = *this - other; }
    Decimal& operator*=(Decimal const& other) { return *this = *this * other; }
    friend Decimal operator+(Decimal const& a, Decimal const& b);
    friend Decimal operator-(Decimal const& a, Decimal const& b) { return a + -b; }
    friend Decimal operator*(Decimal const& a, Decimal const& b);
    /// By value: 1.5 equals 1.50.
    friend bool operator==(Decimal const& a, Decimal const& b) noexcept;
    friend std::weak_ordering operator<=>(Decimal const& a, Decimal const& b) noexcept;

  private:
    static Decimal checked(Coefficient coefficient, int places);
    [[nodiscard]] Decimal stripped() const noexcept;
    [[nodiscard]] Decimal widened(int places) const;

    Coefficient coefficient_ = 0;
    int places_ = 0;
};

} // namespace hxx
