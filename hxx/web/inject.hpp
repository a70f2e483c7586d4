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

#include "hxx/async/coroutine_types.hpp"
#include "hxx/web/handler.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/signature.hpp"

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace hxx {

// With decltype, a Task that is not complete here is no obstacle.
template <class T>
concept FromRequest = requires { typename std::type_identity_t<decltype(T::from_request(std::declval<Request&>()))>; };
/// For what is resolved otherwise when it may suspend (Depends, whose function may have been overridden).
template <class T>
concept FromRequestAsync =
    requires { typename std::type_identity_t<decltype(T::from_request_async(std::declval<Request&>()))>; };

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
    using parameter = P;
    static constexpr bool is_synchronous = synchronous<P>();

    Slot() = default; // to be filled
    explicit Slot(Request& request)
        requires is_synchronous
        : value_(P::from_request(request)) {}
    void fill_with(std::optional<P>&& value) { value_ = std::move(value); }
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
    using parameter = P;
    // Background tasks run on the loop of a coroutine, so what adds some is run as one.
    static constexpr bool is_synchronous = !std::same_as<P, BackgroundTasks>;
    Slot() = default;
    explicit Slot(Request& request) {
        if constexpr (std::same_as<P, Request>)
            value_ = &request;
        else
            value_ = &Request::lend(request, type_tag<P>{});
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

// A tuple that costs a compiler less than std::tuple, of which every handler would make one more.
template <std::size_t I, class P>
struct SlotAt {
    Slot<P> slot{};
};
template <class Indices, class... P>
struct SlotRow;
template <std::size_t... I, class... P>
struct SlotRow<std::index_sequence<I...>, P...> : SlotAt<I, P>... {
    SlotRow() = default;
    SlotRow([[maybe_unused]] Request& request, std::index_sequence<I...>) : SlotAt<I, P>{Slot<P>(request)}... {}
    template <std::size_t N, class Parameter>
    static Slot<Parameter>& get(SlotAt<N, Parameter>& at) noexcept {
        return at.slot;
    }
    template <std::size_t N>
    auto& at() noexcept {
        return get<N>(*this);
    }
    bool filled() const noexcept { return (SlotAt<I, P>::slot.filled() && ... && true); }
};

/// All parameters of one call. Every one is extracted even if one before it was wrong, so that a report names all
/// mistakes.
template <class... P>
class Slots {
  public:
    static constexpr bool is_synchronous = (Slot<std::remove_cvref_t<P>>::is_synchronous && ... && true);
    /// Synchronous, and stays so when dependencies are overridden.
    static constexpr bool never_suspend =
        ((Slot<std::remove_cvref_t<P>>::is_synchronous && !FromRequestAsync<std::remove_cvref_t<P>>) && ... && true);

    Slots() = default; // to be filled one by one
    explicit Slots(Request& request)
        requires is_synchronous
        : slots_(request, std::index_sequence_for<P...>{}) {}

    template <std::size_t I>
    [[nodiscard]] auto& slot() noexcept {
        return slots_.template at<I>();
    }
    [[nodiscard]] bool filled() const noexcept { return slots_.filled(); }
    /// Calls with the parameters, after `first` if there is one: the exception of an exception handler.
    template <class Callable, class... First>
    decltype(auto) call(Callable& callable, First&... first) {
        return call_with(std::index_sequence_for<P...>{}, callable, first...);
    }

  private:
    template <std::size_t... I, class Callable, class... First>
    decltype(auto) call_with(std::index_sequence<I...>, Callable& callable, First&... first) {
        return callable(first..., slot<I>().template as<P>()...);
    }

    SlotRow<std::index_sequence_for<P...>, std::remove_cvref_t<P>...> slots_;
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
        if constexpr (std::same_as<Parameter, Request>)
            all.push_back({Requirement::Kind::RawRequest, nullptr, "Request&"});
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
