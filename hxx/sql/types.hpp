// hxx's own value types in SQL: Uuid and Decimal are stored as text. (A database that compares or sums decimals needs
// another form: a whole number of the smallest unit, say.)
#pragma once

#include "hxx/base/decimal.hpp"
#include "hxx/base/uuid.hpp"
#include "hxx/sql/value.hpp"

#include <optional>
#include <stdexcept>

namespace hxx::sql {

template <>
struct Codec<Uuid> {
    static Value to_value(Uuid const& uuid) { return Value::text(uuid.str()); }
    static Uuid from_cell(Cell const& cell) {
        auto const uuid = cell.kind == Kind::Text ? Uuid::parse(cell.bytes) : std::nullopt;
        if (!uuid) throw std::invalid_argument("the text of a UUID");
        return *uuid;
    }
};

/// Reading accepts an integer, too; not a floating-point number, which is not exact.
template <>
struct Codec<Decimal> {
    static Value to_value(Decimal const& decimal) { return Value::text(decimal.str()); }
    static Decimal from_cell(Cell const& cell) {
        if (cell.kind == Kind::Integer) return Decimal(cell.integer);
        auto const decimal = cell.kind == Kind::Text ? Decimal::parse(cell.bytes) : std::nullopt;
        if (!decimal) throw std::invalid_argument("the text of a decimal number");
        return *decimal;
    }
};

} // namespace hxx::sql
