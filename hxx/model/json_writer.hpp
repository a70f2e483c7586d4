// Values as JSON: what parse_json reads, and ranges, pointers and string views beside.
//
//     std::string text = to_json(order);
//
// Structs are objects in the order of their members, under the members' outside names; nullopt and null pointers are
// null; enums are their names; a Decimal, a UUID, a date or a time is a string. A type with a member
// `void write_json(model::JsonWriter&) const` writes itself.
#pragma once

#include "hxx/model/members.hpp"
#include "hxx/model/scalar.hpp"
#include "hxx/model/where.hpp"

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace hxx {

/// A value that JSON has no text for; what() names it: "total.price is not a number that JSON can express (nan)".
class JsonError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class JsonStyle : unsigned char {
    Plain,
    Html, // < > & and U+2028 U+2029 as \uXXXX: safe inside <script> and, escaped as any text, in attributes
};

namespace model {

/// Writes one text; the parts that are no templates.
class JsonWriter {
  public:
    JsonWriter(std::string& out, JsonStyle style) noexcept : out_(&out), style_(style) {}

    void null() { *out_ += "null"; }
    void boolean(bool value) { *out_ += value ? "true" : "false"; }
    void number(double value, Where const& where);
    void number(float value, Where const& where);
    void raw(std::string_view text) { *out_ += text; }
    void string(std::string_view text);
    void key(std::string_view name, bool first);
    void character(char c) { *out_ += c; }

  private:
    std::string* out_;
    JsonStyle style_;
};

template <class T>
concept Range = requires(T const& range) {
    range.begin();
    range.end();
};
template <class T>
concept Pointer = std::is_pointer_v<T> || requires(T const& pointer) {
    typename T::element_type;
    pointer.get();
    *pointer;
};

template <class T>
void write_value(JsonWriter& writer, T const& value, Where const& where);

template <class T>
void write_members(JsonWriter& writer, T const& map, Where const& where) {
    bool first = true;
    writer.character('{');
    for (auto const& [name, item] : map) {
        writer.key(name, first);
        write_value(writer, item, Where(where, std::string_view(name)));
        first = false;
    }
    writer.character('}');
}

template <class T>
void write_items(JsonWriter& writer, T const& range, Where const& where) {
    std::size_t index = 0;
    writer.character('[');
    for (auto const& item : range) {
        if (index > 0) writer.character(',');
        write_value(writer, static_cast<typename T::value_type const&>(item), Where(where, index++));
    }
    writer.character(']');
}

template <class T>
void write_object(JsonWriter& writer, T const& object, Where const& where) {
    writer.character('{');
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((writer.key(outside_names<T>[I], I == 0),
          write_value(writer, reflect::get<I>(object), Where(where, outside_names<T>[I]))),
         ...);
    }(std::make_index_sequence<reflect::member_count<T>>());
    writer.character('}');
}

template <class T>
void write_value(JsonWriter& writer, T const& value, Where const& where) {
    if constexpr (Wrapper<T>) {
        write_value(writer, value.get(), where);
    } else if constexpr (requires { value.write_json(writer); }) {
        value.write_json(writer);
    } else if constexpr (std::same_as<T, bool>) {
        writer.boolean(value);
    } else if constexpr (std::same_as<T, std::nullptr_t> || std::same_as<T, std::nullopt_t>) {
        writer.null();
    } else if constexpr (Integer<T>) {
        writer.raw(to_number_text(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        writer.number(value, where);
    } else if constexpr (std::convertible_to<T const&, std::string_view>) {
        writer.string(value);
    } else if constexpr (is_optional<T> || Pointer<T>) {
        if (value)
            write_value(writer, *value, where);
        else
            writer.null();
    } else if constexpr (Scalar<T>) {
        writer.string(format_value(value));
    } else if constexpr (Range<T>) {
        if constexpr (requires { typename T::mapped_type; })
            write_members(writer, value, where);
        else
            write_items(writer, value, where);
    } else {
        static_assert(reflect::Aggregate<T>, "hxx: a value of this type cannot be written as JSON");
        write_object(writer, value, where);
    }
}

} // namespace model

/// Appends the value. Throws JsonError for NaN and infinity.
template <class T>
void write_json(T const& value, std::string& out, JsonStyle style = JsonStyle::Plain) {
    model::JsonWriter writer(out, style);
    model::write_value(writer, value, Where(""));
}

template <class T>
[[nodiscard]] std::string to_json(T const& value, JsonStyle style = JsonStyle::Plain) {
    std::string out;
    write_json(value, out, style);
    return out;
}

} // namespace hxx
