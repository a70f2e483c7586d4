#include "hxx/sql/value.hpp"

#include "hxx/sql/error.hpp"

#include <fmt/format.h>

#include <limits>

namespace hxx::sql {

std::string_view to_string(Kind kind) noexcept {
    switch (kind) {
    case Kind::Null: return "NULL";
    case Kind::Integer: return "an integer";
    case Kind::Real: return "a floating-point number";
    case Kind::Text: return "text";
    case Kind::Blob: return "a blob";
    }
    return "";
}

Value Value::integer(std::int64_t number) noexcept {
    Value value;
    value.kind_ = Kind::Integer;
    value.integer_ = number;
    return value;
}

Value Value::real(double number) noexcept {
    Value value;
    value.kind_ = Kind::Real;
    value.real_ = number;
    return value;
}

Value Value::text(std::string_view utf8) {
    Value value;
    value.kind_ = Kind::Text;
    value.bytes_ = utf8;
    return value;
}

Value Value::blob(std::string_view bytes) {
    Value value;
    value.kind_ = Kind::Blob;
    value.bytes_ = bytes;
    return value;
}

namespace detail {

Value unsigned_value(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw Error(ErrorKind::Parameter,
                    fmt::format("{} is too large for an SQL integer, which ends at 2^63 - 1", number));
    return Value::integer(static_cast<std::int64_t>(number));
}

Value enum_value(std::string_view name, std::string_view type) {
    if (name.empty())
        throw Error(ErrorKind::Parameter, fmt::format("a value of the enum {} has no name to be stored as", type));
    return Value::text(name);
}

} // namespace detail

Cell ResultSet::at(std::size_t row, std::size_t column) const noexcept {
    auto const& field = fields_[row * names_.size() + column];
    Cell cell;
    cell.kind = field.kind;
    switch (field.kind) {
    case Kind::Null: break;
    case Kind::Integer: cell.integer = field.integer; break;
    case Kind::Real: cell.real = field.real; break;
    case Kind::Text:
    case Kind::Blob: cell.bytes = std::string_view(bytes_).substr(field.start, field.size); break;
    }
    return cell;
}

std::size_t ResultSet::find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (names_[i] == name) return i;
    return reflect::npos;
}

void ResultSet::add(Cell const& cell) {
    Field field{cell.kind, {}, 0};
    switch (cell.kind) {
    case Kind::Null: break;
    case Kind::Integer: field.integer = cell.integer; break;
    case Kind::Real: field.real = cell.real; break;
    case Kind::Text:
    case Kind::Blob:
        field.start = bytes_.size();
        field.size = cell.bytes.size();
        bytes_ += cell.bytes;
        break;
    }
    fields_.push_back(field);
}

} // namespace hxx::sql
