// A wrapper stands for one value of another type and says so: Annotated<T, …>, Path<T, "name">, Query<T, "name"> ….
// Templates, SQL parameters, JSON and validation all look through it.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

namespace hxx {

/// T has a nested `wrapped_type` and a `get()` that gives it.
template <class T>
concept Wrapper = requires(T const& wrapper) {
    typename T::wrapped_type;
    { wrapper.get() } -> std::convertible_to<typename T::wrapped_type const&>;
};

/// The innermost value: unwrap(Query<Annotated<int, Ge{1}>, "page", 1>) is an int const&.
template <class T>
constexpr auto const& unwrap(T const& value) noexcept {
    if constexpr (Wrapper<T>)
        return unwrap(value.get());
    else
        return value;
}

template <class T>
using unwrapped_t = std::remove_cvref_t<decltype(unwrap(std::declval<T const&>()))>;

} // namespace hxx
