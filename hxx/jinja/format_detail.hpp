// What both kinds of formatting share: the parts of a number, and where they go in its field.
#pragma once

#include "hxx/jinja/value.hpp"

#include <cstdint>
#include <string>

namespace hxx::jinja::detail {

/// A width or precision beyond this is a LimitError.
inline constexpr std::int64_t widest_field = 1'000'000;
[[noreturn]] void refuse_width();

/// A specification such as "*>+#010,.3f".
struct FormatSpec {
    std::string fill = " ";
    char align = 0; // < > ^ =
    char sign = 0;  // + - and blank
    bool alternate = false;
    std::int64_t width = 0;
    char grouping = 0;
    std::int64_t precision = -1;
    char type = 0;
};

/// How a float's digits are written: as "%e", "%f" and "%g" do. `keep_float` is for no type at all, where a "%g" keeps
/// looking like a float and has an exponent one digit earlier.
struct FloatStyle {
    char type = 'g';
    int precision = 6;
    bool alternate = false;
    bool keep_float = false;
};

/// Of the absolute value: "1.50", "inf".
[[nodiscard]] std::string float_digits(double value, FloatStyle style);
/// Of the absolute value, in the base that the type names.
[[nodiscard]] std::string integer_digits(Value const& number, char type);
[[nodiscard]] bool is_negative(Value const& number);
/// "-", "+", " " or nothing.
[[nodiscard]] std::string sign_text(bool negative, char sign);
/// repr() with escapes for all that is not ASCII.
[[nodiscard]] std::string ascii_repr(Value const& value);
/// chr(number) for "%c"; throws OverflowError.
[[nodiscard]] std::string character(Value const& number);

/// Text in a field, by the specification's fill, width and alignment.
[[nodiscard]] std::string pad_text(std::string_view text, FormatSpec const& spec, char default_align);
/// A number in a field. `lead` is its sign and prefix; `digits` may go on with a point or an exponent.
[[nodiscard]] std::string pad_number(std::string const& lead, std::string digits, FormatSpec const& spec);

/// value[key] as Python has it, without the attributes that a template's [] falls back to; throws what Python throws.
[[nodiscard]] Value subscript(Value const& value, Value const& key);

} // namespace hxx::jinja::detail
