// Numbers with Python's semantics: integers of any size, floats, bool as an integer.
#pragma once

#include "hxx/jinja/ast.hpp"
#include "hxx/jinja/value.hpp"

#include <optional>

namespace hxx::jinja {

[[nodiscard]] inline bool is_integer(Value const& value) noexcept {
    return value.kind() == Kind::Int || value.kind() == Kind::Bool || value.kind() == Kind::BigInt;
}
[[nodiscard]] inline bool is_number(Value const& value) noexcept {
    return is_integer(value) || value.kind() == Kind::Float;
}

/// Literals of the lexer, without underscores: decimal, 0b, 0o, 0x.
[[nodiscard]] Value parse_int_literal(std::string const& digits);
[[nodiscard]] Value parse_float_literal(std::string const& digits);
/// int(text, base) and float(text); nothing for text that is no number.
[[nodiscard]] std::optional<Value> int_from_text(std::string_view text, int base);
[[nodiscard]] std::optional<double> float_from_text(std::string_view text);
/// int(real): towards zero; throws ValueError and OverflowError for nan and infinity.
[[nodiscard]] Value int_from_float(double real);
[[nodiscard]] Value int_from_unsigned(unsigned long long value);

[[nodiscard]] double to_double(Value const& number);
[[nodiscard]] std::size_t hash_number(Value const& number);
void append_integer(std::string& out, Value const& number);
[[nodiscard]] std::string integer_text(Value const& number, int base);

/// Both are numbers. Throws ZeroDivisionError and OverflowError.
[[nodiscard]] Value arithmetic(ast::BinaryOp op, Value const& left, Value const& right);
[[nodiscard]] Value negate(Value const& number);
[[nodiscard]] Value absolute(Value const& number);
[[nodiscard]] bool equal_numbers(Value const& left, Value const& right);
/// -1, 0, 1; 2 if they cannot be ordered (nan).
[[nodiscard]] int compare_numbers(Value const& left, Value const& right);
/// round(number, digits) as Python 3 does it: half to even on the exact value.
[[nodiscard]] double round_float(double value, int digits);
[[nodiscard]] Value round_integer(Value const& number, std::int64_t digits);

} // namespace hxx::jinja
