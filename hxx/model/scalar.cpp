#include "hxx/model/scalar.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"

#include <charconv>
#include <cmath>

namespace hxx::model {
namespace {

/// Without white space around it and without a plus sign, which std::from_chars does not take.
std::string_view number_part(std::string_view text) {
    text = ascii::trim(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') text.remove_prefix(1);
    return text;
}

bool all_digits(std::string_view text) {
    for (char const c : text)
        if (!ascii::is_digit(c)) return false;
    return !text.empty();
}

template <class N>
bool parse_integer(std::string_view text, N min, N max, N& out, FieldContext const& context) {
    text = number_part(text);
    bool const negative = text.starts_with('-');
    if (!all_digits(text.substr(negative ? 1 : 0))) return context.fail("int_parsing");
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    // A minus that an unsigned type cannot take, or digits beyond the type: a whole number all the same.
    bool const fits = error == std::errc() && end == text.data() + text.size() && out >= min && out <= max;
    return fits || context.fail("int_range", {{"min", number_text(min)}, {"max", number_text(max)}});
}

template <class N>
bool parse_real(std::string_view text, N& out, FieldContext const& context) {
    text = number_part(text);
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc::result_out_of_range) return context.fail("float_range");
    if (error != std::errc() || end != text.data() + text.size()) return context.fail("float_parsing");
    return std::isfinite(out) || context.fail("finite_number");
}

} // namespace

bool parse_signed(std::string_view text, long long min, long long max, long long& out, FieldContext const& context) {
    return parse_integer(text, min, max, out, context);
}

bool parse_unsigned(std::string_view text, unsigned long long max, unsigned long long& out,
                    FieldContext const& context) {
    return parse_integer(text, 0ULL, max, out, context);
}

bool parse_floating(std::string_view text, double& out, FieldContext const& context) {
    return parse_real(text, out, context);
}

bool parse_floating(std::string_view text, float& out, FieldContext const& context) {
    return parse_real(text, out, context);
}

bool parse_bool(std::string_view text, bool& out, FieldContext const& context) {
    text = ascii::trim(text);
    for (auto const* word : {"true", "1", "on", "yes", "y", "t"})
        if (ascii::iequals(text, word)) return out = true;
    for (auto const* word : {"false", "0", "off", "no", "n", "f"})
        if (ascii::iequals(text, word)) {
            out = false;
            return true;
        }
    return context.fail("bool_parsing");
}

bool parse_string(std::string_view text, std::string& out, FieldContext const& context) {
    if (text.find('\0') != std::string_view::npos) return context.fail("null_character");
    if (!utf8::is_valid(text)) return context.fail("string_unicode");
    out = text;
    return true;
}

bool parse_uuid(std::string_view text, Uuid& out, FieldContext const& context) {
    auto const uuid = Uuid::parse(ascii::trim(text));
    if (!uuid) return context.fail("uuid_parsing");
    out = *uuid;
    return true;
}

bool parse_decimal(std::string_view text, Decimal& out, FieldContext const& context) {
    text = number_part(text);
    auto const number = Decimal::parse(text);
    if (number) {
        out = *number;
        return true;
    }
    std::string_view rest = text.starts_with('-') ? text.substr(1) : text;
    std::string digits(rest);
    std::erase(digits, '.');
    bool const is_number = all_digits(digits) && rest.size() - digits.size() <= 1;
    if (!is_number) return context.fail("decimal_parsing");
    return context.fail("decimal_range", {{"max_digits", std::to_string(Decimal::max_digits)}});
}

std::size_t parse_name(std::string_view text, std::span<std::string_view const> names, FieldContext const& context) {
    std::string expected;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return i;
        if (!expected.empty()) expected += ", ";
        expected += names[i];
    }
    context.fail("enum", {{"expected", expected}});
    return reflect::npos;
}

} // namespace hxx::model
