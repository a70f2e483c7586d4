// Identities and names of types and functions, without RTTI.
#pragma once

#include <string_view>

namespace hxx {

namespace detail {
template <class T>
struct TypeKey {
    static constexpr char here = 0;
};
template <auto Function>
struct FunctionKey {
    static constexpr char here = 0;
};
} // namespace detail

/// An address that is the same for the same type, and for no other.
template <class T>
inline constexpr void const* type_key = &detail::TypeKey<T>::here;
template <auto Function>
inline constexpr void const* function_key = &detail::FunctionKey<Function>::here;

/// The function's name as it is written: "get_db", "(anonymous namespace)::current_user".
template <auto Function>
constexpr std::string_view function_name() noexcept {
    std::string_view text = __PRETTY_FUNCTION__; // "… [Function = &get_db]" or "… [with auto Function = get_db; …]"
    text.remove_prefix(text.find("Function = ") + 11);
    text = text.substr(0, text.find_first_of(";]"));
    if (text.starts_with('&')) text.remove_prefix(1);
    return text;
}

} // namespace hxx
