#include "hxx/sql/row.hpp"

#include "hxx/sql/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

namespace hxx::sql::detail {
namespace {

[[noreturn]] void fail(ResultSet const& rows, std::string message) {
    throw Error(ErrorKind::Row, std::move(message), rows.statement());
}

std::string column_list(ResultSet const& rows) {
    if (rows.columns() == 0) return "none (an insert, update or delete gives rows with a `returning` clause)";
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < rows.columns(); ++i) names.push_back(rows.name(i));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string shown(Cell const& cell) {
    switch (cell.kind) {
    case Kind::Integer: return fmt::format("the integer {}", cell.integer);
    case Kind::Real: return fmt::format("the number {}", cell.real);
    default: return std::string(to_string(cell.kind)); // no contents: they may be personal
    }
}

} // namespace

void missing_column(ResultSet const& rows, std::string_view member, std::string_view type) {
    fail(rows, fmt::format("no column for {}::{}: the statement's columns are {}; select it, or name it with `as {}`",
                           type, member, column_list(rows), member));
}

void wrong_column_count(ResultSet const& rows, std::size_t expected, std::string_view type) {
    fail(rows, fmt::format("a row is read into {}, which takes {} column{}, but the statement's columns are {}", type,
                           expected, expected == 1 ? "" : "s", column_list(rows)));
}

void more_than_one_row(ResultSet const& rows) {
    fail(rows, fmt::format("one row was asked for and {} came; add `limit 1` if any will do", rows.rows()));
}

void no_rows(ResultSet const& rows) {
    fail(rows, "a value was asked for and no row came; use query_one if there may be none");
}

void wrong_value(Place const& place, std::string_view wanted) {
    auto const cell = place.rows.at(place.row, place.column);
    auto const target =
        place.member.empty() ? std::string(place.type) : fmt::format("{}::{}", place.type, place.member);
    auto const advice = cell.kind == Kind::Null ? "; make it std::optional, or the column `not null`" : "";
    fail(place.rows, fmt::format("column '{}' is {} in row {}, but {} takes {}{}", place.rows.name(place.column),
                                 shown(cell), place.row + 1, target, wanted, advice));
}

std::int64_t read_integer(Cell const& cell, Place const& place) {
    if (cell.kind != Kind::Integer) wrong_value(place, "an integer");
    return cell.integer;
}

double read_real(Cell const& cell, Place const& place) {
    if (cell.kind == Kind::Integer) return static_cast<double>(cell.integer);
    if (cell.kind != Kind::Real) wrong_value(place, "a number");
    return cell.real;
}

bool read_bool(Cell const& cell, Place const& place) {
    if (cell.kind != Kind::Integer || (cell.integer != 0 && cell.integer != 1)) wrong_value(place, "0 or 1");
    return cell.integer == 1;
}

std::string_view read_text(Cell const& cell, Place const& place) {
    if (cell.kind != Kind::Text) wrong_value(place, "text");
    return cell.bytes;
}

std::string_view read_blob(Cell const& cell, Place const& place) {
    if (cell.kind != Kind::Blob) wrong_value(place, "a blob");
    return cell.bytes;
}

void read_with(void (*read)(void* result, Cell const& cell), void* result, Cell const& cell, Place const& place) {
    try {
        read(result, cell);
    } catch (std::invalid_argument const& error) {
        wrong_value(place, error.what());
    }
}

} // namespace hxx::sql::detail
