// The extraction of parameters of which some suspend: the body of a stream, a coroutine dependency, an overridden one.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/web/inject.hpp"

#include <cstddef>
#include <utility>

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 reports the frame of a coroutine template that is instantiated with a lambda or a type of an unnamed
// namespace.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

namespace hxx::inject {

template <class S>
Task<void> fill_slot_async(S& slot, Request& request) {
    using P = typename S::parameter;
    if constexpr (FromRequestAsync<P>)
        slot.fill_with(co_await P::from_request_async(request));
    else if constexpr (!Lent<P> && !S::is_synchronous)
        slot.fill_with(co_await P::from_request(request));
    else
        slot = S(request);
    co_return;
}

/// Every parameter is extracted even if one before it was wrong, so that a report names all mistakes.
template <std::size_t I = 0, class... P>
Task<void> fill_async(Slots<P...>& slots, Request& request) {
    if constexpr (I < sizeof...(P)) {
        auto& slot = slots.template slot<I>();
        using S = std::remove_reference_t<decltype(slot)>;
        if constexpr (S::is_synchronous && !FromRequestAsync<typename S::parameter>)
            slot = S(request);
        else
            co_await fill_slot_async(slot, request);
        if constexpr (I + 1 < sizeof...(P)) co_await fill_async<I + 1>(slots, request);
    }
    co_return;
}

} // namespace hxx::inject

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
