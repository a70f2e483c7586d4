// Operators of expressions, with Python's semantics.
#pragma once

#include "hxx/jinja/ast.hpp"

namespace hxx::jinja {

[[nodiscard]] bool truthy_slow(Value const& value);
[[nodiscard]] inline bool truthy(Value const& value) {
    switch (value.kind()) {
    case Kind::None: return false;
    case Kind::Bool:
    case Kind::Int: return value.raw_int() != 0;
    case Kind::String: return !value.raw_text().empty();
    default: return truthy_slow(value);
    }
}
[[nodiscard]] bool equal(Value const& left, Value const& right);
[[nodiscard]] bool compare(ast::CompareOp op, Value const& left, Value const& right);
/// left < right, as sorting needs it.
[[nodiscard]] bool less(Value const& left, Value const& right);
[[nodiscard]] bool contains(Value const& container, Value const& item);
[[nodiscard]] Value binary(ast::BinaryOp op, Value const& left, Value const& right);
[[nodiscard]] Value unary(ast::UnaryOp op, Value const& operand);
/// a ~ b ~ …: with `escape`, as soon as one part is Markup the others are escaped.
[[nodiscard]] Value concat(Value const* parts, std::size_t count, bool escape);

/// Stable, throws the TypeError of the first pair that cannot be compared.
/// `wrapped`: keys are compared as lists of one are, which asks for an order only if they are not equal.
void sort_values(std::vector<Value>& values, std::vector<Value> const& keys, bool reverse, bool wrapped = false);

} // namespace hxx::jinja
