#include "hxx/jinja/number.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/object.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <limits>

namespace hxx::jinja {
namespace {

using Big = boost::multiprecision::cpp_int;

// Bits that one integer may have, so that 9 ** 9 ** 9 ends with an error and not with the machine's memory.
constexpr std::size_t max_bits = 1 << 18;
// Digits of a number that is read or written: Python's limit.
constexpr std::size_t max_digits = 4300;

class BigInt final : public Object {
  public:
    explicit BigInt(Big big) : value(std::move(big)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "int"; }
    Big value;
};

Value make_integer(Big const& big) {
    if (big >= std::numeric_limits<std::int64_t>::min() && big <= std::numeric_limits<std::int64_t>::max())
        return Value(static_cast<long>(static_cast<std::int64_t>(big)));
    if (msb(abs(big)) > max_bits) throw Error(ErrorKind::OverflowError, "integer is too large");
    return Value::of_object(Kind::BigInt, std::make_unique<BigInt>(big).release());
}

Big to_big(Value const& value) {
    if (value.kind() == Kind::BigInt) return static_cast<BigInt const*>(value.raw_object())->value;
    return Big(value.raw_int());
}

[[noreturn]] void zero_division(char const* message) { throw Error(ErrorKind::ZeroDivisionError, message); }

Big floor_divide(Big const& a, Big const& b, Big* remainder) {
    Big quotient, rest;
    divide_qr(a, b, quotient, rest);
    if (rest != 0 && (rest < 0) != (b < 0)) {
        --quotient;
        rest += b;
    }
    if (remainder) *remainder = rest;
    return quotient;
}

Value integer_power(Value const& base, Value const& exponent) {
    Big const power = to_big(exponent);
    if (power < 0) {
        if (to_big(base) == 0) zero_division("0.0 cannot be raised to a negative power");
        return std::pow(to_double(base), to_double(exponent));
    }
    Big const value = to_big(base);
    if (value == 0 || value == 1)
        return power == 0 ? Value(1) : base.kind() == Kind::Bool ? Value(base.raw_int()) : base;
    if (value == -1) return (power & 1) == 0 ? Value(1) : Value(-1);
    if (power > max_bits || static_cast<std::size_t>(power) * msb(abs(value)) > max_bits)
        throw Error(ErrorKind::OverflowError, "integer is too large");
    return make_integer(boost::multiprecision::pow(value, static_cast<unsigned>(power)));
}

// a / b as the closest double, for integers that a double cannot hold.
double divide_exactly(Value const& left, Value const& right) {
    if (left.kind() != Kind::BigInt && right.kind() != Kind::BigInt) {
        constexpr std::int64_t exact = std::int64_t(1) << 53;
        auto const a = left.raw_int(), b = right.raw_int();
        if (a >= -exact && a <= exact && b >= -exact && b <= exact)
            return static_cast<double>(a) / static_cast<double>(b);
    }
    Big a = to_big(left), b = to_big(right);
    if (a == 0) return 0.0;
    bool const negative = (a < 0) != (b < 0);
    a = abs(a);
    b = abs(b);
    // A quotient of 64 bits and more, with a sticky last bit, rounds as the exact one does.
    int const shift = 66 - (static_cast<int>(msb(a)) - static_cast<int>(msb(b)));
    if (shift > 0)
        a <<= static_cast<unsigned>(shift);
    else
        b <<= static_cast<unsigned>(-shift);
    Big quotient, rest;
    divide_qr(a, b, quotient, rest);
    if (rest != 0) quotient |= 1;
    double const result = std::ldexp(quotient.convert_to<double>(), -shift);
    if (std::isinf(result)) throw Error(ErrorKind::OverflowError, "integer division result too large for a float");
    return negative ? -result : result;
}

Value integer_arithmetic(ast::BinaryOp op, Value const& left, Value const& right) {
    bool const small = left.kind() != Kind::BigInt && right.kind() != Kind::BigInt;
    using enum ast::BinaryOp;
    if (small) {
        std::int64_t const a = left.raw_int(), b = right.raw_int();
        std::int64_t result = 0;
        switch (op) {
        case Add:
            if (!__builtin_add_overflow(a, b, &result)) return result;
            break;
        case Sub:
            if (!__builtin_sub_overflow(a, b, &result)) return result;
            break;
        case Mul:
            if (!__builtin_mul_overflow(a, b, &result)) return result;
            break;
        case FloorDiv:
        case Mod: {
            if (b == 0) zero_division(op == Mod ? "integer modulo by zero" : "integer division or modulo by zero");
            if (b == -1) break; // the lowest integer has no negative
            std::int64_t quotient = a / b, rest = a % b;
            if (rest != 0 && (rest < 0) != (b < 0)) {
                --quotient;
                rest += b;
            }
            return op == Mod ? rest : quotient;
        }
        case Div:
        case Pow: break;
        }
    }
    switch (op) {
    case Add: return make_integer(to_big(left) + to_big(right));
    case Sub: return make_integer(to_big(left) - to_big(right));
    case Mul: return make_integer(to_big(left) * to_big(right));
    case Div:
        if (to_big(right) == 0) zero_division("division by zero");
        return divide_exactly(left, right);
    case FloorDiv:
    case Mod: {
        if (to_big(right) == 0)
            zero_division(op == Mod ? "integer modulo by zero" : "integer division or modulo by zero");
        Big rest;
        Big const quotient = floor_divide(to_big(left), to_big(right), &rest);
        return make_integer(op == Mod ? rest : quotient);
    }
    case Pow: return integer_power(left, right);
    }
    return {};
}

Value float_arithmetic(ast::BinaryOp op, double a, double b) {
    using enum ast::BinaryOp;
    switch (op) {
    case Add: return a + b;
    case Sub: return a - b;
    case Mul: return a * b;
    case Div:
        if (b == 0) zero_division("float division by zero");
        return a / b;
    case FloorDiv:
    case Mod: {
        if (b == 0) zero_division(op == Mod ? "float modulo" : "float floor division by zero");
        double rest = std::fmod(a, b);
        double quotient = (a - rest) / b;
        if (rest != 0) {
            if ((b < 0) != (rest < 0)) {
                rest += b;
                quotient -= 1;
            }
        } else
            rest = std::copysign(0.0, b);
        if (op == Mod) return rest;
        if (quotient == 0) return std::copysign(0.0, a / b);
        double const whole = std::floor(quotient);
        return quotient - whole > 0.5 ? whole + 1 : whole;
    }
    case Pow: {
        if (a == 0 && b < 0) zero_division("0.0 cannot be raised to a negative power");
        if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b))
            throw Error(ErrorKind::TypeError, "a negative number to a fractional power is complex");
        double const result = std::pow(a, b);
        if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
            throw Error(ErrorKind::OverflowError, "(34, 'Numerical result out of range')");
        return result;
    }
    }
    return {};
}

int digit_value(char32_t c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
    if (c < 0x80) return is_alpha(c) ? static_cast<int>((c | 0x20) - 'a') + 10 : -1;
    if (!is_decimal(c)) return -1;
    // Decimal digits of every script come in runs of ten.
    char32_t zero = c;
    while (c - zero < 9 && is_decimal(zero - 1)) --zero;
    return static_cast<int>(c - zero);
}

Value from_digits(std::vector<int> const& digits, int base, bool negative) {
    std::int64_t small = 0;
    bool fits = true;
    for (int digit : digits)
        fits = fits && !__builtin_mul_overflow(small, base, &small) && !__builtin_add_overflow(small, digit, &small);
    if (fits) return negative ? -small : small;
    Big value = 0;
    for (int digit : digits) value = value * base + digit;
    return make_integer(negative ? Big(-value) : value);
}

} // namespace

namespace {

// Boost's conversion ends the program if the number is beyond a double's exponents.
double nearest(Big const& number) {
    if (number != 0 && msb(abs(number)) >= 1024) return number < 0 ? -INFINITY : INFINITY;
    return number.convert_to<double>();
}

} // namespace

double to_double(Value const& number) {
    switch (number.kind()) {
    case Kind::Float: return number.raw_double();
    case Kind::BigInt: {
        double const real = nearest(to_big(number));
        if (std::isinf(real)) throw Error(ErrorKind::OverflowError, "int too large to convert to float");
        return real;
    }
    default: return static_cast<double>(number.raw_int());
    }
}

Value int_from_unsigned(unsigned long long value) { return make_integer(Big(value)); }

std::size_t hash_number(Value const& number) {
    if (number.kind() == Kind::Float) {
        double const real = number.raw_double();
        if (real >= -9.2e18 && real <= 9.2e18 && real == std::floor(real))
            return std::hash<std::int64_t>()(static_cast<std::int64_t>(real));
        return std::hash<double>()(real);
    }
    if (number.kind() == Kind::BigInt) return std::hash<double>()(nearest(to_big(number)));
    return std::hash<std::int64_t>()(number.raw_int());
}

void append_integer(std::string& out, Value const& number) {
    if (number.kind() == Kind::BigInt) {
        std::string const digits = to_big(number).str();
        if (digits.size() > max_digits + 1)
            throw Error(ErrorKind::ValueError, "Exceeds the limit (4300 digits) for integer string conversion; use "
                                               "sys.set_int_max_str_digits() to increase the limit");
        out += digits;
        return;
    }
    char buffer[24];
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, number.raw_int()).ptr;
    out.append(buffer, static_cast<std::size_t>(end - buffer));
}

std::string integer_text(Value const& number, int base) {
    Big value = to_big(number);
    bool const negative = value < 0;
    value = abs(value);
    std::string digits;
    do {
        digits.insert(digits.begin(), "0123456789abcdef"[static_cast<int>(value % base)]);
        value /= base;
    } while (value != 0);
    return negative ? "-" + digits : digits;
}

std::optional<Value> int_from_text(std::string_view text, int base) {
    text = strip(text);
    bool negative = false;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    auto prefixed = [&](char letter) {
        return text.size() > 1 && text[0] == '0' && (text[1] == letter || text[1] == letter - 32);
    };
    bool had_prefix = false;
    for (auto const& [letter, its_base] : {std::pair{'x', 16}, std::pair{'o', 8}, std::pair{'b', 2}}) {
        if (!prefixed(letter) || (base != 0 && base != its_base)) continue;
        base = its_base;
        text.remove_prefix(2);
        if (!text.empty() && text.front() == '_') text.remove_prefix(1);
        had_prefix = true;
        break;
    }
    bool const guessed = base == 0;
    if (guessed) base = 10;
    if (text.empty() || base < 2 || base > 36) return std::nullopt;
    std::vector<int> digits;
    bool separator = true; // an underscore is allowed between digits only
    for (std::size_t i = 0; i < text.size();) {
        char32_t const c = next_code_point(text, i);
        if (c == '_') {
            if (separator) return std::nullopt;
            separator = true;
            continue;
        }
        int const digit = digit_value(c);
        if (digit < 0 || digit >= base) return std::nullopt;
        separator = false;
        digits.push_back(digit);
    }
    if (separator) return std::nullopt;
    bool const leading_zero = digits.size() > 1 && digits.front() == 0;
    if (guessed && !had_prefix && leading_zero &&
        std::any_of(digits.begin(), digits.end(), [](int d) { return d != 0; }))
        return std::nullopt;
    if (digits.size() > max_digits && (base & (base - 1)) != 0)
        throw Error(ErrorKind::ValueError, "Exceeds the limit (4300 digits) for integer string conversion: value has " +
                                               std::to_string(digits.size()) + " digits");
    return from_digits(digits, base, negative);
}

Value parse_int_literal(std::string const& digits) {
    if (auto value = int_from_text(digits, digits.size() > 1 && digits[0] == '0' ? 0 : 10)) return *std::move(value);
    return 0;
}

Value parse_float_literal(std::string const& digits) { return float_from_text(digits).value_or(0.0); }

std::optional<double> float_from_text(std::string_view text) {
    text = strip(text);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            digits += text[i];
            continue;
        }
        bool const between = i > 0 && i + 1 < text.size() && text[i - 1] >= '0' && text[i - 1] <= '9' &&
                             text[i + 1] >= '0' && text[i + 1] <= '9';
        if (!between) return std::nullopt;
    }
    char const* begin = digits.data();
    char const* const end = begin + digits.size();
    if (begin != end && *begin == '+') {
        ++begin;
        if (begin != end && (*begin == '+' || *begin == '-')) return std::nullopt;
    }
    double result = 0;
    auto const [stop, error] = std::from_chars(begin, end, result);
    if (stop != end || begin == end || error == std::errc::invalid_argument) return std::nullopt;
    // from_chars reads "nan(…)", Python does not.
    if (digits.find('(') != std::string::npos) return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        auto const exponent = digits.find_first_of("eE");
        bool const tiny = exponent != std::string::npos && exponent + 1 < digits.size() && digits[exponent + 1] == '-';
        result = tiny ? 0.0 : std::numeric_limits<double>::infinity();
        if (*begin == '-') result = -result;
    }
    return result;
}

Value int_from_float(double real) {
    if (std::isnan(real)) throw Error(ErrorKind::ValueError, "cannot convert float NaN to integer");
    if (std::isinf(real)) throw Error(ErrorKind::OverflowError, "cannot convert float infinity to integer");
    real = std::trunc(real);
    if (real >= -9.2e18 && real <= 9.2e18) return static_cast<long>(real);
    return make_integer(Big(real));
}

Value arithmetic(ast::BinaryOp op, Value const& left, Value const& right) {
    if (left.kind() != Kind::Float && right.kind() != Kind::Float) return integer_arithmetic(op, left, right);
    return float_arithmetic(op, to_double(left), to_double(right));
}

Value negate(Value const& number) {
    if (number.kind() == Kind::Float) return -number.raw_double();
    if (number.kind() != Kind::BigInt && number.raw_int() != std::numeric_limits<std::int64_t>::min())
        return -number.raw_int();
    return make_integer(-to_big(number));
}

Value absolute(Value const& number) {
    if (number.kind() == Kind::Float) return std::fabs(number.raw_double());
    bool const negative = number.kind() == Kind::BigInt ? to_big(number) < 0 : number.raw_int() < 0;
    if (negative) return negate(number);
    return number.kind() == Kind::Bool ? Value(number.raw_int()) : number;
}

int compare_numbers(Value const& left, Value const& right) {
    auto order = [](auto const& a, auto const& b) { return a < b ? -1 : a > b ? 1 : 0; };
    bool const real = left.kind() == Kind::Float || right.kind() == Kind::Float;
    if (!real) {
        if (left.kind() != Kind::BigInt && right.kind() != Kind::BigInt) return order(left.raw_int(), right.raw_int());
        return order(to_big(left), to_big(right));
    }
    if (left.kind() == Kind::Float && right.kind() == Kind::Float) {
        double const a = left.raw_double(), b = right.raw_double();
        return std::isnan(a) || std::isnan(b) ? 2 : order(a, b);
    }
    // An integer and a float: exactly, not by rounding the integer.
    bool const swapped = left.kind() == Kind::Float;
    Value const& integer = swapped ? right : left;
    double const other = swapped ? left.raw_double() : right.raw_double();
    if (std::isnan(other)) return 2;
    int result = 0;
    if (std::isinf(other))
        result = other > 0 ? -1 : 1;
    else {
        double const whole = std::floor(other);
        result = order(to_big(integer), Big(whole));
        if (result == 0 && whole != other) result = -1;
    }
    return swapped ? -result : result;
}

bool equal_numbers(Value const& left, Value const& right) { return compare_numbers(left, right) == 0; }

double round_float(double value, int digits) {
    if (!std::isfinite(value) || digits > 322) return value;
    if (digits < -308) return std::copysign(0.0, value);
    if (digits < 0) {
        double const power = std::pow(10.0, -digits);
        return std::nearbyint(value / power) * power;
    }
    // The exact decimal value, rounded half to even, as printf does it.
    char buffer[700];
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits);
    double result = value;
    if (end.ec == std::errc()) std::from_chars(buffer, end.ptr, result);
    return result;
}

Value round_integer(Value const& number, std::int64_t digits) {
    if (digits >= 0) return number.kind() == Kind::Bool ? Value(number.raw_int()) : number;
    if (digits < -static_cast<std::int64_t>(max_digits)) return 0;
    Big const unit = boost::multiprecision::pow(Big(10), static_cast<unsigned>(-digits));
    Big rest;
    Big quotient = floor_divide(to_big(number), unit, &rest);
    Big const twice = rest * 2;
    if (twice > unit || (twice == unit && (quotient & 1) != 0)) ++quotient;
    return make_integer(quotient * unit);
}

} // namespace hxx::jinja
