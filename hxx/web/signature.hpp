// What a callable takes and returns: for function pointers, lambdas and function objects with one operator().
#pragma once

#include <type_traits>

namespace hxx {

template <class... T>
struct TypeList {
    static constexpr int size = sizeof...(T);
};

template <class Callable>
struct Signature : Signature<decltype(&Callable::operator())> {};

template <class R, class... P>
struct Signature<R (*)(P...)> {
    using Result = R;
    using Parameters = TypeList<P...>;
};
template <class R, class... P>
struct Signature<R(P...)> : Signature<R (*)(P...)> {};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class C, class R, class... P>
struct Signature<R (C::*)(P...) const noexcept> : Signature<R (*)(P...)> {};

/// True for what can be a handler or a dependency; a generic lambda ([](auto x) …) cannot, as it has no parameter
/// types.
template <class Callable>
concept Injectable = requires { typename Signature<std::decay_t<Callable>>::Result; };

template <class Callable>
using result_of_t = typename Signature<std::decay_t<Callable>>::Result;
template <class Callable>
using parameters_of_t = typename Signature<std::decay_t<Callable>>::Parameters;

} // namespace hxx
