// One SQL value, the parameters of a statement, and how C++ types become them.
//
// Taken as they are: integers, floating-point numbers, bool (0 or 1), strings, std::nullptr_t and std::nullopt (NULL),
// std::optional, enums (as the name of the enumerator), bytes (std::vector or std::span of std::byte: a blob), and
// every Wrapper around these (Annotated, Path, Query, Form fields …). Another type says how with a Codec.
#pragma once

#include "hxx/reflect/reflect.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx::sql {

enum class Kind : unsigned char { Null, Integer, Real, Text, Blob };
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// A value that owns its bytes.
class Value {
  public:
    Value() noexcept = default;
    static Value integer(std::int64_t number) noexcept;
    static Value real(double number) noexcept;
    static Value text(std::string_view utf8);
    static Value blob(std::string_view bytes);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::int64_t integer() const noexcept { return integer_; }
    [[nodiscard]] double real() const noexcept { return real_; }
    /// The bytes of a text or a blob.
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

  private:
    Kind kind_ = Kind::Null;
    union {
        std::int64_t integer_ = 0;
        double real_;
    };
    std::string bytes_;
};

/// A statement's parameters in order; made by the caller, so that a coroutine never refers to what the caller passed.
using Parameters = std::vector<Value>;

/// One field of a result. Views into its ResultSet.
struct Cell {
    Kind kind = Kind::Null;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view bytes;
};

/// How a type of your own is stored. Specialise it with
///     static Value to_value(T const&);
///     static T from_cell(Cell const&);     // throws std::invalid_argument saying what it expected
/// hxx/sql/chrono.hpp does so for dates and times.
template <class T>
struct Codec;

namespace detail {
template <class T>
concept HasCodec = requires(T const& value, Cell const& cell) {
    { Codec<T>::to_value(value) } -> std::same_as<Value>;
    { Codec<T>::from_cell(cell) } -> std::same_as<T>;
};
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
/// A contiguous range of std::byte.
template <class T>
concept Bytes = requires(T const& value) {
    { value.data() } -> std::convertible_to<std::byte const*>;
    { value.size() } -> std::convertible_to<std::size_t>;
};
template <class T>
concept Number = (std::integral<T> || std::floating_point<T>) && !std::same_as<T, char> && !std::same_as<T, char8_t> &&
                 !std::same_as<T, char16_t> && !std::same_as<T, char32_t> && !std::same_as<T, wchar_t>;
template <class T>
inline constexpr bool always_false = false;

Value unsigned_value(std::uint64_t number);
/// Throws Error(Parameter) for a value of an enum that has no name.
Value enum_value(std::string_view name, std::string_view type);
} // namespace detail

/// The Value for a C++ value. Throws Error(Parameter) for an unsigned integer above 2^63 - 1 and an enumerator without
/// a name.
template <class T>
[[nodiscard]] Value to_value(T const& value) {
    if constexpr (Wrapper<T>)
        return to_value(unwrap(value));
    else if constexpr (std::same_as<T, Value>)
        return value;
    else if constexpr (detail::HasCodec<T>)
        return Codec<T>::to_value(value);
    else if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::nullopt_t>)
        return Value();
    else if constexpr (detail::is_optional<T>)
        return value ? to_value(*value) : Value();
    else if constexpr (std::same_as<T, char const*> || std::same_as<T, char*>)
        return value ? Value::text(value) : Value();
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        return Value::text(value);
    else if constexpr (detail::Bytes<T>)
        return Value::blob({reinterpret_cast<char const*>(value.data()), value.size()});
    else if constexpr (std::is_enum_v<T>)
        return detail::enum_value(reflect::enum_name(value), reflect::type_name<T>());
    else if constexpr (std::floating_point<T>)
        return Value::real(static_cast<double>(value));
    else if constexpr (detail::Number<T> && std::unsigned_integral<T>)
        return detail::unsigned_value(value);
    else if constexpr (detail::Number<T>)
        return Value::integer(value);
    else
        static_assert(detail::always_false<T>, "hxx::sql: this type is no SQL parameter; specialise hxx::sql::Codec");
}

/// All rows of one statement, in memory: column names, and the fields row by row in one buffer.
class ResultSet {
  public:
    [[nodiscard]] std::size_t rows() const noexcept { return names_.empty() ? 0 : fields_.size() / names_.size(); }
    [[nodiscard]] std::size_t columns() const noexcept { return names_.size(); }
    [[nodiscard]] std::string_view name(std::size_t column) const noexcept { return names_[column]; }
    [[nodiscard]] Cell at(std::size_t row, std::size_t column) const noexcept;
    /// The column's position, or reflect::npos.
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept;
    /// Rows that the statement inserted, updated or deleted (those of triggers and cascades not counted).
    [[nodiscard]] std::int64_t changes() const noexcept { return changes_; }
    /// The rowid of the row that the statement inserted last, or 0.
    [[nodiscard]] std::int64_t last_insert_id() const noexcept { return last_insert_id_; }
    /// The statement, for messages.
    [[nodiscard]] std::string const& statement() const noexcept { return statement_; }

    // For drivers.
    void set_statement(std::string_view statement) { statement_ = statement; }
    void add_column(std::string_view name) { names_.emplace_back(name); }
    void add(Cell const& cell);
    void set_outcome(std::int64_t changes, std::int64_t last_insert_id) noexcept {
        changes_ = changes;
        last_insert_id_ = last_insert_id;
    }

  private:
    struct Field {
        Kind kind;
        union {
            std::int64_t integer;
            double real;
            std::size_t start;
        };
        std::size_t size;
    };
    std::string statement_;
    std::vector<std::string> names_;
    std::vector<Field> fields_;
    std::string bytes_;
    std::int64_t changes_ = 0, last_insert_id_ = 0;
};

} // namespace hxx::sql
