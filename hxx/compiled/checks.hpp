// What the compiler checks in a template. The checks stand at the template's line, and so does what it says: the text
// that the generator gives, the requirement that is not met, and its parts.
#pragma once

#include "hxx/compiled/values.hpp"

#include <algorithm>

namespace hxx::compiled {

/// The type of what a template has there, without references; where all variables are Values, any is good for anything.
template <class C, class T>
using Seen = std::conditional_t<unchecked<C>, Value, std::remove_cvref_t<T>>;

/// "id, name, email": what a struct has, for the compiler to show.
template <std::size_t size>
struct FieldNames {
    char text[size + 1]{};
};
template <class T>
[[nodiscard]] consteval auto make_fields() {
    if constexpr (!Struct<T>)
        return FieldNames<0>();
    else {
        constexpr std::size_t size = [] {
            std::size_t sum = 0;
            for (auto const member : reflect::member_names<T>) sum += member.size() + 2;
            return sum;
        }();
        FieldNames<size> names;
        std::size_t at = 0;
        for (auto const member : reflect::member_names<T>) {
            if (at > 0)
                for (char const c : {',', ' '}) names.text[at++] = c;
            for (char const c : member) names.text[at++] = c;
        }
        return names;
    }
}
template <class T>
inline constexpr auto fields_of = make_fields<T>();

/// A struct has the field; what is no struct is looked into when it is rendered.
template <class T, FixedString name, auto fields>
inline constexpr bool is_field_of = [] {
    if constexpr (Struct<T>)
        return has_field<T, name>;
    else
        return true;
}();

/// The struct that the context is, also in what its template includes.
template <class C>
struct ContextType {
    using type = Value;
};
template <HasNames C>
struct ContextType<C> {
    using type = typename C::Names::Context;
};
template <class C>
using ContextOf = typename ContextType<C>::type;
/// For the compiler to show what there is.
template <class Context, FixedString name, auto fields, bool known>
inline constexpr bool is_variable = known;

// What a C++ value is for operators; a Value may be anything.
template <class T>
inline constexpr bool is_number = std::is_arithmetic_v<T> && !std::is_same_v<T, char>;
template <class T>
inline constexpr bool is_text = Textual<T> || std::is_same_v<T, char>;

template <class T>
inline constexpr bool can_be_iterated_over =
    Dynamically<T> || (!is_number<T> && !Struct<T> && !std::is_enum_v<T> && !std::is_same_v<T, std::nullptr_t>);
// What an optional or a pointer has may be a function.
template <class T>
inline constexpr bool can_be_called =
    jinja::detail::Callable<T> ||
    (!is_number<T> && !is_text<T> && !Struct<T> && !std::is_enum_v<T> && !std::is_same_v<T, std::nullptr_t>);
template <class T, FixedString name>
inline constexpr bool can_call_field = [] {
    if constexpr (Struct<T>)
        if constexpr (has_field<T, name>)
            return can_be_called<std::remove_cvref_t<decltype(unwrap(
                reflect::get<reflect::member_index<T>(name.view())>(std::declval<T const&>())))>>;
    return true;
}();
template <class T>
inline constexpr bool can_be_negated = !is_text<T> && !Struct<T>;
/// A text and a number never are equal, and have no order.
template <class A, class B>
inline constexpr bool can_be_compared = !(is_text<A> && is_number<B>) && !(is_number<A> && is_text<B>);
/// A text can be added to a text, multiplied by a number, and be the left side of %.
template <BinaryOp op, class A, class B>
inline constexpr bool can_be_computed = [] {
    if constexpr (Struct<A> || Struct<B>)
        return false;
    else if constexpr (op == BinaryOp::Mod)
        return !(is_number<A> && is_text<B>);
    else if constexpr (op == BinaryOp::Mul)
        return !(is_text<A> && is_text<B>);
    else if constexpr (op == BinaryOp::Add)
        return can_be_compared<A, B>;
    else
        return !is_text<A> && !is_text<B>;
}();

// ── What filters and tests take ─────────────────────────────────────────────────────────────────────────────────

// A C++ type says no where its values certainly do not fit; an optional, a pointer or an enum may be anything.
template <class T>
inline constexpr bool is_container = jinja::detail::Range<T> || jinja::detail::TupleLike<T>;
template <class T>
inline constexpr bool is_no_scalar = Struct<T> || is_container<T> || std::is_same_v<T, std::nullptr_t>;

template <class T>
inline constexpr bool can_be_number = !is_text<T> && !is_no_scalar<T>;
template <class T>
inline constexpr bool can_be_integer = can_be_number<T> && !std::is_floating_point_v<T>;
template <class T>
inline constexpr bool can_be_integer_or_text = can_be_integer<T> || is_text<T>;
template <class T>
inline constexpr bool can_be_text = !is_number<T> && !is_no_scalar<T>;
template <class T>
inline constexpr bool has_length = !is_number<T> && !Struct<T> && !std::is_same_v<T, std::nullptr_t>;
template <class T>
inline constexpr bool can_be_mapping = has_length<T> && !is_text<T> && !(is_container<T> && !jinja::detail::MapLike<T>);
/// A text contains texts only.
template <class T, class Item>
inline constexpr bool can_contain = can_be_iterated_over<T> && !(is_text<T> && is_number<Item>);

/// Has the struct a field of each name in "address.city"?
template <class T, FixedString path, std::size_t from = 0>
[[nodiscard]] consteval bool has_path() {
    if constexpr (!Struct<T> || from > path.view().size())
        return true;
    else {
        constexpr auto dot = std::min(path.view().find('.', from), path.view().size());
        constexpr auto index = reflect::member_index<T>(path.view().substr(from, dot - from));
        if constexpr (index >= reflect::member_count<T>)
            return false;
        else
            return has_path<std::remove_cvref_t<decltype(unwrap(reflect::get<index>(std::declval<T const&>())))>, path,
                            dot + 1>();
    }
}
template <class T, FixedString path, auto fields>
inline constexpr bool items_have = has_path<T, path>();
/// Of items without an attribute; sum() begins with 0.
template <class T>
inline constexpr bool can_be_summed = !is_text<Item<T>> && !Struct<Item<T>>;

} // namespace hxx::compiled
