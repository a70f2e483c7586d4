// What the parsers need to know about a struct's members: outside names, and whether a value must be there. Internal.
#pragma once

#include "hxx/model/checks.hpp"
#include "hxx/reflect/annotated.hpp"
#include "hxx/reflect/reflect.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace hxx::model {

template <class Constraint>
inline constexpr bool is_alias = false;
template <std::size_t N>
inline constexpr bool is_alias<Alias<N>> = true;
template <class Constraint>
inline constexpr bool is_title = false;
template <std::size_t N>
inline constexpr bool is_title<Title<N>> = true;
template <class Constraint>
inline constexpr bool is_description = false;
template <std::size_t N>
inline constexpr bool is_description<Description<N>> = true;

/// The member's name for the outside: its Alias, or its own.
template <class T, std::size_t I>
constexpr std::string_view outside_name() noexcept {
    std::string_view name = reflect::member_names<T>[I];
    reflect::Constraints<reflect::member_type<T, I>>::for_each([&](auto const& constraint) {
        if constexpr (is_alias<std::remove_cvref_t<decltype(constraint)>>) name = constraint.text.view();
    });
    return name;
}

template <class T, std::size_t... I>
constexpr std::array<std::string_view, sizeof...(I)> make_outside_names(std::index_sequence<I...>) noexcept {
    return {outside_name<T, I>()...};
}

/// One name a member, in the order of declaration.
template <class T>
inline constexpr std::array<std::string_view, reflect::member_count<T>> outside_names =
    make_outside_names<T>(std::make_index_sequence<reflect::member_count<T>>());

template <class T>
struct InnerType {
    using type = T;
};
template <class T, auto... Constraints>
struct InnerType<Annotated<T, Constraints...>> : InnerType<T> {};
template <class T>
struct InnerType<std::optional<T>> : InnerType<T> {};
/// Without Annotated and optional around it.
template <class T>
using inner_type = typename InnerType<T>::type;

/// Whether a value must be there for a member that the fresh object holds like this: unless it is optional, a
/// container, marked NotRequired, or has a default other than zero, false or empty. (No compiler can say whether an
/// `int n = 0;` was written with its zero.)
template <class M>
bool is_required(M const& fresh) {
    if constexpr (reflect::has_constraint<M, NotRequired>)
        return false;
    else if constexpr (reflect::is_annotated<M>)
        return is_required(fresh.get());
    else if constexpr (is_optional<M> || Sequence<M> || requires { typename M::mapped_type; })
        return false;
    else if constexpr (std::equality_comparable<M>)
        return fresh == M{};
    else
        return true;
}

} // namespace hxx::model
