// Rows of a result as C++ values: a struct by its members' names, a tuple by position, anything else from one column.
#pragma once

#include "hxx/sql/value.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx::sql::detail {

/// Where a value is read from and what into, for the message when it does not fit.
struct Place {
    ResultSet const& rows;
    std::size_t row, column;
    std::string_view member; // empty outside a struct
    std::string_view type;   // the struct, or the value's own type
};

[[noreturn]] void missing_column(ResultSet const& rows, std::string_view member, std::string_view type);
[[noreturn]] void wrong_column_count(ResultSet const& rows, std::size_t expected, std::string_view type);
[[noreturn]] void more_than_one_row(ResultSet const& rows);
[[noreturn]] void no_rows(ResultSet const& rows);
[[noreturn]] void wrong_value(Place const& place, std::string_view wanted);

std::int64_t read_integer(Cell const& cell, Place const& place);
double read_real(Cell const& cell, Place const& place);
bool read_bool(Cell const& cell, Place const& place);
std::string_view read_text(Cell const& cell, Place const& place);
std::string_view read_blob(Cell const& cell, Place const& place);
/// Calls a Codec's from_cell and turns std::invalid_argument into an Error with the place.
void read_with(void (*read)(void* result, Cell const& cell), void* result, Cell const& cell, Place const& place);

template <class T>
T read(Cell const& cell, Place const& place) {
    if constexpr (Wrapper<T>) {
        return T(read<typename T::wrapped_type>(cell, place));
    } else if constexpr (HasCodec<T>) {
        std::optional<T> result;
        read_with([](void* into,
                     Cell const& from) { static_cast<std::optional<T>*>(into)->emplace(Codec<T>::from_cell(from)); },
                  &result, cell, place);
        return std::move(*result);
    } else if constexpr (is_optional<T>) {
        if (cell.kind == Kind::Null) return std::nullopt;
        return read<typename T::value_type>(cell, place);
    } else if constexpr (std::same_as<T, bool>) {
        return read_bool(cell, place);
    } else if constexpr (std::floating_point<T>) {
        return static_cast<T>(read_real(cell, place));
    } else if constexpr (Number<T>) {
        auto const number = read_integer(cell, place);
        if (!std::in_range<T>(number)) wrong_value(place, "an integer in the member's range");
        return static_cast<T>(number);
    } else if constexpr (std::same_as<T, std::string>) {
        return std::string(read_text(cell, place));
    } else if constexpr (std::same_as<T, std::vector<std::byte>>) {
        auto const bytes = read_blob(cell, place);
        auto const* first = reinterpret_cast<std::byte const*>(bytes.data());
        return T(first, first + bytes.size());
    } else if constexpr (std::is_enum_v<T>) {
        auto const value = reflect::enum_from_name<T>(read_text(cell, place));
        if (!value) wrong_value(place, "the name of an enumerator");
        return *value;
    } else {
        static_assert(always_false<T>, "hxx::sql: no column can be read into this type; specialise hxx::sql::Codec");
    }
}

template <class T>
concept Scalar = Wrapper<T> || HasCodec<T> || is_optional<T> || Number<T> || std::is_enum_v<T> ||
                 std::same_as<T, std::string> || std::same_as<T, std::vector<std::byte>>;
template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };

/// Reads the rows of one result into Rows; finds each member's column once.
template <class Row>
class RowReader {
  public:
    explicit RowReader(ResultSet const& rows) : rows_(rows) {
        if constexpr (Scalar<Row>) {
            if (rows.columns() != 1) wrong_column_count(rows, 1, reflect::type_name<Row>());
        } else if constexpr (TupleLike<Row>) {
            if (rows.columns() != std::tuple_size_v<Row>)
                wrong_column_count(rows, std::tuple_size_v<Row>, reflect::type_name<Row>());
        } else {
            static_assert(reflect::Aggregate<Row>, "hxx::sql: a row is read into a plain struct, a tuple or a value");
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                auto const name = reflect::member_names<Row>[i];
                columns_[i] = rows.find(name);
                if (columns_[i] == reflect::npos) missing_column(rows, name, reflect::type_name<Row>());
            }
        }
    }

    [[nodiscard]] Row operator()(std::size_t row) const {
        if constexpr (Scalar<Row>)
            return read<Row>(rows_.at(row, 0), Place{rows_, row, 0, {}, reflect::type_name<Row>()});
        else if constexpr (TupleLike<Row>)
            return read_tuple(row, std::make_index_sequence<std::tuple_size_v<Row>>());
        else
            return read_struct(row);
    }

  private:
    static constexpr std::size_t member_count() {
        if constexpr (Scalar<Row> || TupleLike<Row>)
            return 0;
        else
            return reflect::member_count<Row>;
    }

    template <std::size_t... I>
    Row read_tuple(std::size_t row, std::index_sequence<I...>) const {
        return Row{read<std::tuple_element_t<I, Row>>(
            rows_.at(row, I), Place{rows_, row, I, {}, reflect::type_name<std::tuple_element_t<I, Row>>()})...};
    }
    Row read_struct(std::size_t row) const {
        Row result{};
        std::size_t i = 0;
        reflect::for_each_member(result, [&]<class M>(std::string_view name, M& member) {
            auto const column = columns_[i++];
            member = read<M>(rows_.at(row, column), Place{rows_, row, column, name, reflect::type_name<Row>()});
        });
        return result;
    }

    ResultSet const& rows_;
    std::array<std::size_t, member_count()> columns_{};
};

template <class Row>
std::vector<Row> read_all(ResultSet const& rows) {
    RowReader<Row> const reader(rows);
    std::vector<Row> result;
    result.reserve(rows.rows());
    for (std::size_t i = 0; i < rows.rows(); ++i) result.push_back(reader(i));
    return result;
}

template <class Row>
std::optional<Row> read_one(ResultSet const& rows) {
    RowReader<Row> const reader(rows);
    if (rows.rows() == 0) return std::nullopt;
    if (rows.rows() > 1) more_than_one_row(rows);
    return reader(0);
}

template <class T>
T read_value(ResultSet const& rows) {
    RowReader<T> const reader(rows);
    if (rows.rows() == 0) no_rows(rows);
    if (rows.rows() > 1) more_than_one_row(rows);
    return reader(0);
}

} // namespace hxx::sql::detail
