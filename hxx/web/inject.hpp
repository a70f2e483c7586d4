// How a handler's parameters come from a request.
//
// A parameter's type says so itself with a static `from_request(Request&)`, which returns the type, an optional of it
// (empty: what is wrong has been added to request.errors()), or a Task of either. That is all that Path, Query, Form,
// View and the others are, and all that a type of one's own needs:
//
//     struct Tenant {
//         std::string name;
//         static Tenant from_request(Request& request) { return {std::string(request.host())}; }
//     };
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/route.hpp"
#include "hxx/web/signature.hpp"

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hxx {

template <class T>
concept FromRequest = requires(Request& request) { T::from_request(request); };
/// For what is resolved otherwise when it may suspend (Depends, whose function may have been overridden).
template <class T>
concept FromRequestAsync = requires(Request& request) { T::from_request_async(request); };

namespace inject {

/// True if a parameter of this type never suspends.
template <class P>
constexpr bool synchronous() {
    if constexpr (requires { P::synchronous; })
        return P::synchronous;
    else if constexpr (FromRequest<P>)
        return !is_task_v<decltype(P::from_request(std::declval<Request&>()))>;
    else
        return true;
}

/// Holds one parameter between its extraction and the call.
template <class P>
class Slot {
    static_assert(
        FromRequest<P> || FromRequestAsync<P>,
        "hxx: this parameter cannot be injected. Use Request&, Path, Query, Header, Cookie, Form, Json, Checked, "
        "State, Depends, View, Htmx or BackgroundTasks&, or give your type a static from_request(Request&).");

  public:
    static constexpr bool is_synchronous = synchronous<P>();

    void fill(Request& request) {
        if constexpr (is_synchronous) value_ = P::from_request(request);
    }
    Task<void> fill_async(Request& request) {
        if constexpr (FromRequestAsync<P>)
            value_ = co_await P::from_request_async(request);
        else if constexpr (!is_synchronous)
            value_ = co_await P::from_request(request);
        else
            fill(request);
    }
    [[nodiscard]] bool filled() const noexcept { return value_.has_value(); }
    template <class As>
    As&& as() noexcept {
        return static_cast<As&&>(*value_);
    }

  private:
    std::optional<P> value_;
};

/// Things that the request owns and lends: Request&, Response&, BackgroundTasks&.
template <class P>
concept Lent = std::same_as<P, Request> || requires(Request& request) { Request::lend(request, type_tag<P>{}); };

template <Lent P>
class Slot<P> {
  public:
    // Background tasks run on the loop of a coroutine, so what adds some is run as one.
    static constexpr bool is_synchronous = !std::same_as<P, BackgroundTasks>;
    void fill(Request& request) {
        if constexpr (std::same_as<P, Request>)
            value_ = &request;
        else
            value_ = &Request::lend(request, type_tag<P>{});
    }
    Task<void> fill_async(Request& request) {
        fill(request);
        co_return;
    }
    [[nodiscard]] bool filled() const noexcept { return true; }
    template <class As>
    As&& as() noexcept {
        static_assert(std::is_lvalue_reference_v<As>, "hxx: take Request, Response and BackgroundTasks by reference");
        return static_cast<As&&>(*value_);
    }

  private:
    P* value_ = nullptr;
};

/// All parameters of one call.
template <class... P>
class Slots {
  public:
    static constexpr bool is_synchronous = (Slot<std::remove_cvref_t<P>>::is_synchronous && ... && true);

    void fill(Request& request) {
        std::apply([&](auto&... slot) { (slot.fill(request), ...); }, slots_);
    }
    // Every parameter is extracted even if one before it was wrong, so that a report names all mistakes.
    Task<void> fill_async(Request& request) { return fill_from<0>(request); }
    [[nodiscard]] bool filled() const noexcept {
        return std::apply([](auto const&... slot) { return (slot.filled() && ... && true); }, slots_);
    }
    template <class Callable>
    decltype(auto) call(Callable& callable) {
        return call_with(callable, std::index_sequence_for<P...>{});
    }
    /// With a first argument that is not injected: the exception of an exception handler.
    template <class Callable, class First>
    decltype(auto) call(Callable& callable, First&& first) {
        return call_first(callable, std::forward<First>(first), std::index_sequence_for<P...>{});
    }

  private:
    template <std::size_t I>
    Task<void> fill_from(Request& request) {
        if constexpr (I < sizeof...(P)) {
            auto& slot = std::get<I>(slots_);
            if constexpr (std::remove_reference_t<decltype(slot)>::is_synchronous && !has_async<I>())
                slot.fill(request);
            else
                co_await slot.fill_async(request);
            if constexpr (I + 1 < sizeof...(P)) co_await fill_from<I + 1>(request);
        }
        co_return;
    }
    template <std::size_t I>
    static constexpr bool has_async() {
        return FromRequestAsync<std::remove_cvref_t<std::tuple_element_t<I, std::tuple<P...>>>>;
    }
    template <class Callable, std::size_t... I>
    decltype(auto) call_with(Callable& callable, std::index_sequence<I...>) {
        return callable(std::get<I>(slots_).template as<P>()...);
    }
    template <class Callable, class First, std::size_t... I>
    decltype(auto) call_first(Callable& callable, First&& first, std::index_sequence<I...>) {
        return callable(std::forward<First>(first), std::get<I>(slots_).template as<P>()...);
    }

    std::tuple<Slot<std::remove_cvref_t<P>>...> slots_;
};

template <class List>
struct SlotsOf;
template <class... P>
struct SlotsOf<TypeList<P...>> {
    using type = Slots<P...>;
    /// What the parameters need from elsewhere.
    static void requirements(Requirements& all) { (add<std::remove_cvref_t<P>>(all), ...); }
    static constexpr bool streams_body = ((requires { std::remove_cvref_t<P>::streams_body; }) || ... || false);

  private:
    template <class Parameter>
    static void add(Requirements& all) {
        if constexpr (requires { Parameter::requirements(all); }) Parameter::requirements(all);
    }
};

} // namespace inject

/// The parameters of a callable.
template <class Callable>
using SlotsFor = typename inject::SlotsOf<parameters_of_t<Callable>>::type;

template <class Callable>
Requirements requirements_of() {
    Requirements all;
    inject::SlotsOf<parameters_of_t<Callable>>::requirements(all);
    return all;
}

} // namespace hxx
