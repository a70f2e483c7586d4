// A JSON text as a value: structs, containers, maps with string keys, optionals, enums by name, scalars.
//
//     auto order = parse_json<Order>(body, "body", report);
//
// Types are strict: "7" is no number and 7 no string. UUIDs, dates and times are strings; a Decimal is a string or a
// number, of which all digits count. A member is required as in a form (hxx/model/form.hpp), a bool too; null is
// nullopt.
#pragma once

#include "hxx/model/errors.hpp"
#include "hxx/model/json_document.hpp"
#include "hxx/model/members.hpp"
#include "hxx/model/scalar.hpp"

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {
namespace model {

/// A map from strings: std::map<std::string, V>, std::unordered_map<std::string, V>.
template <class T>
concept StringMap = requires(T& map, std::string key) {
    requires std::same_as<typename T::key_type, std::string>;
    map.try_emplace(std::move(key)).first->second;
};

/// False after reporting `code` if the value is of another kind.
bool require_kind(JsonValue value, JsonKind kind, std::string_view code, FieldContext const& context);
/// The text of a number without fraction and exponent; false after reporting int_type.
bool require_integer(JsonValue value, FieldContext const& context);
bool report_extra_keys(JsonValue object, std::span<std::string_view const> names, Where const& where,
                       ErrorReport& report);
std::optional<JsonValue> find_member(JsonValue object, std::string_view name);
/// What is echoed of a value in an error: the text of a string or number.
std::string_view echo(JsonValue value) noexcept;

template <class T>
bool read_json(JsonValue value, T& out, Where const& where, ErrorReport& report, bool secret = false);

template <class T>
bool read_json_scalar(JsonValue value, T& out, FieldContext const& context) {
    if constexpr (std::same_as<T, bool>) {
        if (value.kind() != JsonKind::True && value.kind() != JsonKind::False) return context.fail("bool_type");
        out = value.kind() == JsonKind::True;
        return true;
    } else if constexpr (Integer<T>) {
        return require_integer(value, context) && ScalarTraits<T>::parse(value.text(), out, context);
    } else if constexpr (std::is_floating_point_v<T>) {
        return require_kind(value, JsonKind::Number, "float_type", context) &&
               ScalarTraits<T>::parse(value.text(), out, context);
    } else {
        bool const number = std::same_as<T, Decimal> && value.kind() == JsonKind::Number;
        return (number || require_kind(value, JsonKind::String, "string_type", context)) &&
               ScalarTraits<T>::parse(value.text(), out, context);
    }
}

template <class M>
bool read_json_member(JsonValue object, std::string_view name, M& member, Where const& where, ErrorReport& report) {
    Where const place(where, name);
    if (auto const value = find_member(object, name)) return read_json(*value, member, place, report);
    return !is_required(member) || FieldContext{place, report}.fail("missing");
}

template <class T>
bool read_json_object(JsonValue value, T& out, Where const& where, ErrorReport& report) {
    bool right = true;
    if constexpr (forbids_extra<T>()) right = report_extra_keys(value, outside_names<T>, where, report);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((right = read_json_member(value, outside_names<T>[I], reflect::get<I>(out), where, report) && right), ...);
    }(std::make_index_sequence<reflect::member_count<T>>());
    return right && run_validate(out, where, report);
}

template <class T>
bool read_json(JsonValue value, T& out, Where const& where, ErrorReport& report, bool secret) {
    if constexpr (reflect::is_annotated<T>) {
        secret = secret || reflect::has_constraint<T, Secret>;
        return read_json(value, out.get(), where, report, secret) &&
               apply_constraints(out, FieldContext{where, report, echo(value), secret});
    } else if constexpr (is_optional<T>) {
        if (value.is_null()) {
            out.reset();
            return true;
        }
        return read_json(value, out.emplace(), where, report, secret);
    } else {
        FieldContext const context{where, report, echo(value), secret};
        if (value.is_null()) return context.fail("null_not_allowed");
        if constexpr (Scalar<T>) {
            return read_json_scalar(value, out, context);
        } else if constexpr (StringMap<T>) {
            if (!require_kind(value, JsonKind::Object, "object_type", context)) return false;
            out.clear();
            bool right = true;
            value.for_each_member([&](std::string_view key, JsonValue item) {
                right = read_json(item, out.try_emplace(std::string(key)).first->second, Where(where, key), report,
                                  secret) &&
                        right;
            });
            return right;
        } else if constexpr (Sequence<T>) {
            if (!require_kind(value, JsonKind::Array, "list_type", context)) return false;
            out.clear();
            bool right = true;
            value.for_each_item([&](JsonValue element, std::size_t index) {
                typename T::value_type item{};
                right = read_json(element, item, Where(where, index), report, secret) && right;
                out.insert(out.end(), std::move(item));
            });
            return right;
        } else {
            static_assert(reflect::Aggregate<T>,
                          "hxx: a value of this type cannot be read from JSON (for dates and times include "
                          "hxx/model/chrono.hpp; for a type of your own specialize hxx::ScalarTraits)");
            return require_kind(value, JsonKind::Object, "object_type", context) &&
                   read_json_object(value, out, where, report);
        }
    }
}

} // namespace model

/// Reads a whole text. where: "body", the first part of each error's place. All mistakes of the values are added to the
/// report, or the one of the syntax, and nothing is returned.
template <class T>
[[nodiscard]] std::optional<T> parse_json(std::string_view text, Where const& where, ErrorReport& report,
                                          JsonLimits const& limits = {}) {
    static_assert(std::is_default_constructible_v<T>,
                  "hxx: a value of this type cannot be read from JSON: it has no default constructor to begin with");
    model::JsonDocument document;
    if (!document.parse(text, limits, where, report)) return std::nullopt;
    T value{}; // as in parse_fields()
    if (!model::read_json(model::JsonValue(document, 0), value, where, report)) return std::nullopt;
    return value;
}

} // namespace hxx
