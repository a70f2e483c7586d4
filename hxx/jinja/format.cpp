#include "hxx/jinja/format.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format_detail.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hxx::jinja {
namespace detail {
namespace {

std::string digits_of(double value, std::chars_format format, int precision) {
    std::string buffer(static_cast<std::size_t>(precision) + 400, '\0');
    auto const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), format, precision).ptr;
    buffer.resize(static_cast<std::size_t>(end - buffer.data()));
    return buffer;
}

// "%g": as many digits as the precision says, with an exponent if that is shorter.
std::string general_digits(double value, FloatStyle style) {
    int const precision = std::max(style.precision, 1);
    auto text = digits_of(value, std::chars_format::scientific, precision - 1);
    int exponent = 0;
    auto const e = text.find('e');
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
    bool const scientific = exponent < -4 || exponent >= precision - (style.keep_float ? 1 : 0);
    std::string tail;
    if (scientific) {
        tail = text.substr(e);
        text.resize(e);
    } else
        text = digits_of(value, std::chars_format::fixed, precision - 1 - exponent);
    if (!style.alternate && text.find('.') != std::string::npos) {
        text.resize(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    bool const pointless = text.find('.') == std::string::npos;
    if (pointless && style.alternate) text += '.';
    if (pointless && !style.alternate && style.keep_float && !scientific) text += ".0";
    return text + tail;
}

// Digits in groups, with zeros in front up to a width; the zeros are grouped as well.
std::string grouped(std::string_view digits, std::int64_t width, FormatSpec const& spec) {
    std::int64_t const size = spec.type == 'b' || spec.type == 'o' || spec.type == 'x' || spec.type == 'X' ? 4 : 3;
    std::string backwards;
    auto left = static_cast<std::int64_t>(digits.size());
    for (;;) {
        auto const count = std::min(size, std::max({left, width, std::int64_t(1)}));
        for (std::int64_t i = 0; i < count; ++i, --left)
            backwards += left > 0 ? digits[static_cast<std::size_t>(left - 1)] : '0';
        width -= count;
        if (left <= 0 && width <= 0) break;
        backwards += spec.grouping;
        --width;
    }
    return {backwards.rbegin(), backwards.rend()};
}

} // namespace

void refuse_width() {
    throw Error(ErrorKind::LimitError, "a field of more than " + std::to_string(widest_field) + " characters");
}

std::string float_digits(double value, FloatStyle style) {
    std::string text;
    char const kind = static_cast<char>(style.type | 0x20);
    if (!std::isfinite(value))
        text = std::isnan(value) ? "nan" : "inf";
    else if (kind == 'g')
        text = general_digits(value, style);
    else {
        text =
            digits_of(value, kind == 'e' ? std::chars_format::scientific : std::chars_format::fixed, style.precision);
        if (style.precision == 0 && style.alternate) text.insert(std::min(text.find('e'), text.size()), ".");
    }
    if (style.type != kind)
        for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return text;
}

std::string integer_digits(Value const& number, char type) {
    Value const positive = absolute(number);
    int const base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    std::string digits;
    if (base == 10)
        append_integer(digits, positive);
    else
        digits = integer_text(positive, base);
    if (type == 'X')
        for (char& c : digits) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    return digits;
}

bool is_negative(Value const& number) {
    if (number.kind() == Kind::Float) return std::signbit(number.raw_double()) && !std::isnan(number.raw_double());
    return compare_numbers(number, Value(0)) < 0;
}

std::string sign_text(bool negative, char sign) { return negative ? "-" : sign == '+' ? "+" : sign == ' ' ? " " : ""; }

std::string ascii_repr(Value const& value) {
    std::string const text = value.repr();
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto const point = static_cast<std::uint32_t>(next_code_point(text, i));
        if (point < 0x80) {
            out += static_cast<char>(point);
            continue;
        }
        int const width = point < 0x100 ? 2 : point < 0x10000 ? 4 : 8;
        auto digits = integer_text(Value(point), 16);
        digits.insert(0, static_cast<std::size_t>(width) - digits.size(), '0');
        out += std::string("\\") + (width == 2 ? 'x' : width == 4 ? 'u' : 'U') + digits;
    }
    return out;
}

std::string character(Value const& number) {
    if (number.kind() == Kind::BigInt)
        throw Error(ErrorKind::OverflowError, "Python int too large to convert to C long");
    if (number.raw_int() < 0 || number.raw_int() > 0x10FFFF)
        throw Error(ErrorKind::OverflowError, "%c arg not in range(0x110000)");
    std::string text;
    utf8::append(text, static_cast<char32_t>(number.raw_int()));
    return text;
}

std::string pad_text(std::string_view text, FormatSpec const& spec, char default_align) {
    auto const length = static_cast<std::int64_t>(code_points(text));
    if (spec.width <= length) return std::string(text);
    auto const missing = spec.width - length;
    char const align = spec.align ? spec.align : default_align;
    std::int64_t const before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
    std::string result;
    for (std::int64_t i = 0; i < before; ++i) result += spec.fill;
    result += text;
    for (std::int64_t i = before; i < missing; ++i) result += spec.fill;
    return result;
}

std::string pad_number(std::string const& lead, std::string digits, FormatSpec const& spec) {
    auto const length = [](std::string const& text) { return static_cast<std::int64_t>(text.size()); };
    bool const inner = spec.align == '=';
    if (spec.grouping || (inner && spec.fill == "0")) {
        auto const of_base = spec.type == 'x' || spec.type == 'X' ? "0123456789abcdefABCDEF" : "0123456789";
        auto const end = std::min(digits.find_first_not_of(of_base), digits.size());
        std::int64_t const rest = length(lead) + length(digits) - static_cast<std::int64_t>(end);
        std::int64_t const least = inner && spec.fill == "0" ? spec.width - rest : 0;
        auto const whole = std::string_view(digits).substr(0, end);
        std::string const front =
            spec.grouping && (end > 0 || least > 0)
                ? grouped(whole, least, spec)
                : std::string(
                      static_cast<std::size_t>(std::max(least - static_cast<std::int64_t>(end), std::int64_t(0))),
                      '0') +
                      std::string(whole);
        digits.replace(0, end, front);
    }
    if (!inner) return pad_text(lead + digits, spec, '>');
    FormatSpec field = spec;
    field.width -= length(lead);
    return lead + pad_text(digits, field, '=');
}

Value subscript(Value const& value, Value const& key) {
    Value found;
    if (value.is_undefined()) {
        static_cast<void>(find_item(value, key, found)); // fails, or is chained
        return found;
    }
    if (is_mapping(value)) {
        if (find_own_item(value, key, found)) return found;
        throw Error(ErrorKind::KeyError, key.repr());
    }
    bool const sequence = value.is_string() || value.kind() == Kind::List || value.kind() == Kind::Tuple ||
                          (value.kind() == Kind::View && value.is_sequence());
    std::string const type(value.type_name());
    if (sequence && !is_integer(key)) {
        if (value.is_string())
            throw Error(ErrorKind::TypeError, "string indices must be integers, not " + quote(key.type_name()));
        throw Error(ErrorKind::TypeError,
                    type + " indices must be integers or slices, not " + std::string(key.type_name()));
    }
    if (find_own_item(value, key, found)) return found;
    if (!sequence && !value.is_sequence())
        throw Error(ErrorKind::TypeError, quote(type) + " object is not subscriptable");
    throw Error(ErrorKind::IndexError, (value.is_string() ? "string" : type) + " index out of range");
}

} // namespace detail

std::string fixed(double value, int precision) {
    return (std::signbit(value) ? "-" : "") + detail::float_digits(value, {.type = 'f', .precision = precision});
}

} // namespace hxx::jinja
