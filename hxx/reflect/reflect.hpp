// Names and values of aggregates' members and of enumerators, without macros or registration.
//
// Works for plain structs of up to 100 members: no base classes, no constructors, no C arrays (use std::array), no
// references. A struct declared inside a function works too. Do not ask about a type that is still incomplete.
#pragma once

#include "hxx/reflect/detail/pretty_name.hpp"

#include <array>
#include <boost/pfr/core.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hxx::reflect {

/// A struct whose members can be listed: an aggregate class without bases that is not an array or a tuple-like type.
template <class T>
concept Aggregate = std::is_class_v<T> && std::is_aggregate_v<T> && !requires { std::tuple_size<T>::value; } &&
                    !requires { T{std::declval<detail::AnyBaseOf<T>>()}; };

template <class T>
concept Enum = std::is_enum_v<T>;

/// The type as the compiler prints it: "int", "shop::Order". For messages; not the same text in every compiler.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
    return detail::type_name_text<T>();
}

template <Aggregate T>
inline constexpr std::size_t member_count = boost::pfr::tuple_size_v<T>;

template <Aggregate T, std::size_t I>
using member_type = boost::pfr::tuple_element_t<I, T>;

/// The I-th member, const if the object is.
template <std::size_t I, class T>
    requires Aggregate<std::remove_const_t<T>>
[[nodiscard]] constexpr auto& get(T& object) noexcept {
    return boost::pfr::get<I>(object);
}

/// The members' names in the order of declaration.
template <Aggregate T>
inline constexpr std::array<std::string_view, member_count<T>> member_names =
    detail::make_member_names<T>(std::make_index_sequence<member_count<T>>());

inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

/// The position of the member of that name, or npos.
template <Aggregate T>
[[nodiscard]] constexpr std::size_t member_index(std::string_view name) noexcept {
    for (std::size_t i = 0; i < member_count<T>; ++i)
        if (member_names<T>[i] == name) return i;
    return npos;
}

/// Calls f(std::string_view name, member&) for each member in order; the members are const if the object is.
template <class T, class F>
    requires Aggregate<std::remove_const_t<T>>
constexpr void for_each_member(T& object, F&& f) {
    using Plain = std::remove_const_t<T>;
    if constexpr (member_count<Plain> > 0) {
        auto members = boost::pfr::detail::tie_as_tuple(object);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (static_cast<void>(f(member_names<Plain>[I], boost::pfr::detail::sequence_tuple::get<I>(members))), ...);
        }(std::make_index_sequence<member_count<Plain>>());
    }
}

/// Calls f.template operator()<I, Type>(std::string_view name) for each member in order, without an object:
/// for_each_member_type<User>([]<std::size_t I, class M>(std::string_view name) { … }).
template <Aggregate T, class F>
constexpr void for_each_member_type(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (static_cast<void>(f.template operator()<I, member_type<T, I>>(member_names<T>[I])), ...);
    }(std::make_index_sequence<member_count<T>>());
}

/// Which values of an enum are looked at for names; 256 of them by default: -128 to 127, or 0 to 255 if it is unsigned.
/// An enum with others says so: template <> inline constexpr hxx::reflect::EnumRange
/// hxx::reflect::enum_range<Code>{400, 599};
struct EnumRange {
    int min, max;
};
template <Enum E>
inline constexpr EnumRange enum_range{detail::default_enum_min<E>(), detail::default_enum_max<E>()};

/// The enumerators' names by rising value; of several with one value the compiler picks one.
template <Enum E>
[[nodiscard]] constexpr auto const& enum_names() noexcept {
    return detail::EnumTable<E, enum_range<E>.min, enum_range<E>.max>::names;
}

/// The enumerators' values, in the order of enum_names.
template <Enum E>
[[nodiscard]] constexpr auto const& enum_values() noexcept {
    return detail::EnumTable<E, enum_range<E>.min, enum_range<E>.max>::values;
}

/// The enumerator's name without its enum's; empty for a value that has none (or lies outside enum_range).
template <Enum E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
    for (std::size_t i = 0; i < enum_values<E>().size(); ++i)
        if (enum_values<E>()[i] == value) return enum_names<E>()[i];
    return {};
}

/// The enumerator of exactly that name.
template <Enum E>
[[nodiscard]] constexpr std::optional<E> enum_from_name(std::string_view name) noexcept {
    for (std::size_t i = 0; i < enum_names<E>().size(); ++i)
        if (enum_names<E>()[i] == name) return enum_values<E>()[i];
    return std::nullopt;
}

} // namespace hxx::reflect
