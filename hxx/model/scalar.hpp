// One text, one value: numbers, bool, strings, enums by name, UUIDs, decimal numbers, and what a program adds.
//
//     ErrorReport report;
//     auto page = parse_value<Annotated<int, Ge{1}>>("7", "query.page", report);
//
// Dates and times are in hxx/model/chrono.hpp, since <chrono> is heavy. A type of one's own takes part by a
// specialization of hxx::ScalarTraits.
#pragma once

#include "hxx/base/decimal.hpp"
#include "hxx/base/uuid.hpp"
#include "hxx/model/checks.hpp"
#include "hxx/model/error_report.hpp"
#include "hxx/model/field_context.hpp"
#include "hxx/reflect/annotated.hpp"
#include "hxx/reflect/reflect.hpp"

#include <array>
#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hxx {

/// How a type is read from one text and written as one. A specialization has
///   static bool parse(std::string_view text, T& out, FieldContext const& context);   false after context.fail(code)
///   static void format(T const& value, std::string& out);                            appends
///   static constexpr std::string_view input_type;                                    of HTML's <input>
template <class T>
struct ScalarTraits;

template <class T>
concept Scalar = requires(std::string_view text, T& value, FieldContext const& context, std::string& out) {
    ScalarTraits<T>::parse(text, value, context);
    ScalarTraits<T>::format(value, out);
};

namespace model {

template <class T>
inline constexpr bool is_character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                                     std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !is_character<T>;

// Numbers may have white space around them and a sign; nothing else.
bool parse_signed(std::string_view text, long long min, long long max, long long& out, FieldContext const& context);
bool parse_unsigned(std::string_view text, unsigned long long max, unsigned long long& out,
                    FieldContext const& context);
bool parse_floating(std::string_view text, double& out, FieldContext const& context);
bool parse_floating(std::string_view text, float& out, FieldContext const& context);
bool parse_bool(std::string_view text, bool& out, FieldContext const& context);
bool parse_string(std::string_view text, std::string& out, FieldContext const& context);
bool parse_uuid(std::string_view text, Uuid& out, FieldContext const& context);
bool parse_decimal(std::string_view text, Decimal& out, FieldContext const& context);
/// The position of the text in names, or npos after reporting what is allowed.
std::size_t parse_name(std::string_view text, std::span<std::string_view const> names, FieldContext const& context);

} // namespace model

template <model::Integer T>
struct ScalarTraits<T> {
    static constexpr std::string_view input_type = "number";
    static bool parse(std::string_view text, T& out, FieldContext const& context) {
        using Limits = std::numeric_limits<T>;
        if constexpr (std::is_signed_v<T>) {
            long long value = 0;
            if (!model::parse_signed(text, Limits::min(), Limits::max(), value, context)) return false;
            out = static_cast<T>(value);
        } else {
            unsigned long long value = 0;
            if (!model::parse_unsigned(text, Limits::max(), value, context)) return false;
            out = static_cast<T>(value);
        }
        return true;
    }
    static void format(T value, std::string& out) { out += model::to_number_text(value); }
};

/// float and double; NaN and infinity are refused.
template <class T>
    requires(std::same_as<T, float> || std::same_as<T, double>)
struct ScalarTraits<T> {
    static constexpr std::string_view input_type = "number";
    static bool parse(std::string_view text, T& out, FieldContext const& context) {
        return model::parse_floating(text, out, context);
    }
    static void format(T value, std::string& out) { out += model::to_number_text(value); }
};

/// true 1 on yes y t, false 0 off no n f, in any case.
template <>
struct ScalarTraits<bool> {
    static constexpr std::string_view input_type = "checkbox";
    static bool parse(std::string_view text, bool& out, FieldContext const& context) {
        return model::parse_bool(text, out, context);
    }
    static void format(bool value, std::string& out) { out += value ? "true" : "false"; }
};

/// Any UTF-8 without NUL.
template <>
struct ScalarTraits<std::string> {
    static constexpr std::string_view input_type = "text";
    static bool parse(std::string_view text, std::string& out, FieldContext const& context) {
        return model::parse_string(text, out, context);
    }
    static void format(std::string const& value, std::string& out) { out += value; }
};

template <reflect::Enum T>
struct ScalarTraits<T> {
    static constexpr std::string_view input_type = "select";
    static bool parse(std::string_view text, T& out, FieldContext const& context) {
        auto const index = model::parse_name(text, reflect::enum_names<T>(), context);
        if (index == reflect::npos) return false;
        out = reflect::enum_values<T>()[index];
        return true;
    }
    /// Nothing for a value without a name.
    static void format(T value, std::string& out) { out += reflect::enum_name(value); }
};

template <>
struct ScalarTraits<Uuid> {
    static constexpr std::string_view input_type = "text";
    static bool parse(std::string_view text, Uuid& out, FieldContext const& context) {
        return model::parse_uuid(text, out, context);
    }
    static void format(Uuid const& value, std::string& out) { out += value.str(); }
};

template <>
struct ScalarTraits<Decimal> {
    static constexpr std::string_view input_type = "number";
    static bool parse(std::string_view text, Decimal& out, FieldContext const& context) {
        return model::parse_decimal(text, out, context);
    }
    static void format(Decimal const& value, std::string& out) { out += value.str(); }
};

namespace model {

template <class T>
[[nodiscard]] consteval bool empty_means_missing() noexcept {
    if constexpr (reflect::has_constraint<T, EmptyIsKept> || reflect::has_constraint<T, EmptyIsNull>)
        return false;
    else if constexpr (reflect::has_constraint<T, EmptyIsMissing>)
        return true;
    else if constexpr (reflect::is_annotated<T>)
        return empty_means_missing<typename T::wrapped_type>();
    else
        return !std::same_as<T, std::string>;
}

/// Reads a text that is there; only what Annotated says of an empty one is heeded.
template <class T>
bool read_text(std::string_view text, T& out, FieldContext context) {
    if constexpr (reflect::is_annotated<T>) {
        context.secret = context.secret || reflect::has_constraint<T, Secret>;
        if constexpr (reflect::has_constraint<T, EmptyIsNull>) {
            static_assert(is_optional<typename T::wrapped_type>, "hxx: EmptyIsNull is for std::optional");
            if (text.empty()) {
                out.get().reset();
                return true;
            }
        }
        return read_text(text, out.get(), context) && apply_constraints(out, context);
    } else if constexpr (is_optional<T>) {
        return read_text(text, out.emplace(), context);
    } else {
        static_assert(Scalar<T>, "hxx: a value of this type cannot be read from text (for dates and times include "
                                 "hxx/model/chrono.hpp; for a type of your own specialize hxx::ScalarTraits)");
        return ScalarTraits<T>::parse(text, out, context);
    }
}

template <class T>
void format_text(T const& value, std::string& out) {
    if constexpr (reflect::is_annotated<T>)
        format_text(value.get(), out);
    else if constexpr (is_optional<T>) {
        if (value) format_text(*value, out);
    } else
        ScalarTraits<T>::format(value, out);
}

} // namespace model

/// True if an empty text stands for a missing value of type T: for all but std::string, unless Annotated says
/// otherwise.
template <class T>
inline constexpr bool empty_is_missing = model::empty_means_missing<T>();

/// Reads a scalar, an enum, an optional or an Annotated of these. What is wrong is added to the report under `where`
/// ("query.page"), and nothing is returned. An empty text is nullopt for an optional and "missing" for anything else
/// that has no empty value.
template <class T>
[[nodiscard]] std::optional<T> parse_value(std::string_view text, Where const& where, ErrorReport& report) {
    FieldContext const context{where, report, text, reflect::has_constraint<T, Secret>};
    if constexpr (empty_is_missing<T>) {
        if (text.empty()) {
            if constexpr (model::is_optional<unwrapped_t<T>>) return T{};
            context.fail("missing");
            return std::nullopt;
        }
    }
    std::optional<T> value{std::in_place};
    if (!model::read_text(text, *value, context)) value.reset();
    return value;
}

/// Reads the items of a container, or an Annotated one, from one text each. An item's error is at "query.id.0".
template <class T>
[[nodiscard]] std::optional<T> parse_values(std::span<std::string const> texts, Where const& where,
                                            ErrorReport& report) {
    using Container = unwrapped_t<T>;
    using Item = typename Container::value_type;
    static_assert(model::Sequence<Container>, "hxx: parse_values reads containers");
    std::optional<T> result{std::in_place};
    auto& items = const_cast<Container&>(unwrap(*result)); // *result is not const
    bool right = true;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].empty() && empty_is_missing<Item>) continue;
        Item item{};
        Where const place(where, i);
        FieldContext const context{place, report, texts[i], reflect::has_constraint<T, Secret>};
        if (model::read_text(texts[i], item, context))
            items.insert(items.end(), std::move(item));
        else
            right = false;
    }
    if constexpr (reflect::is_annotated<T>)
        right = right && model::apply_constraints(*result, FieldContext{where, report});
    if (!right) result.reset();
    return result;
}

/// The text that parse_value reads as this value: "7", "Red", "" for nullopt.
template <class T>
[[nodiscard]] std::string format_value(T const& value) {
    std::string out;
    model::format_text(value, out);
    return out;
}

} // namespace hxx
