// Handlers, exception handlers and middleware of ordinary C++ callables, behind the interfaces of hxx/web/route.hpp.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/web/inject.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/route.hpp"

#include <concepts>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace hxx {

namespace endpoint_detail {

/// Throws what was collected while parameters were extracted, to be answered with 422.
[[noreturn]] void throw_validation_error(Request& request);
template <class S>
void require_valid(Request& request, S const& slots) {
    if (!slots.filled() || request.has_errors()) throw_validation_error(request);
}

template <class Result>
Response convert(Request& request, Result&& result) {
    return to_response(request, std::forward<Result>(result));
}

/// Calls `callable` with the slots' values (after `first`, if there is one) and makes a Response of what it returns.
template <class Callable, class S, class... First>
Response call_sync(Callable& callable, Request& request, S& slots, First&... first) {
    if constexpr (std::is_void_v<result_of_t<Callable>>) {
        slots.call(callable, first...);
        return empty_response();
    } else {
        return convert(request, slots.call(callable, first...));
    }
}

template <class Callable, class S, class... First>
Task<Response> call_async(Callable& callable, Request& request, S& slots, First&... first) {
    using Result = result_of_t<Callable>;
    if constexpr (!is_task_v<Result>) {
        co_return call_sync(callable, request, slots, first...);
    } else if constexpr (std::is_void_v<task_result_t<Result>>) {
        co_await slots.call(callable, first...);
        co_return empty_response();
    } else {
        auto result = co_await slots.call(callable, first...);
        co_return convert(request, std::move(result));
    }
}

} // namespace endpoint_detail

template <Injectable Callable>
class HandlerEndpoint final : public Endpoint {
    using CallSlots = SlotsFor<Callable>;
    static constexpr bool is_synchronous = !is_task_v<result_of_t<Callable>> && CallSlots::is_synchronous;

  public:
    explicit HandlerEndpoint(Callable callable) : callable_(std::move(callable)) {}

    bool synchronous() const noexcept override { return is_synchronous; }
    bool streams_body() const noexcept override { return inject::SlotsOf<parameters_of_t<Callable>>::streams_body; }
    Response call(Request& request) const override {
        if constexpr (is_synchronous) {
            CallSlots slots;
            slots.fill(request);
            endpoint_detail::require_valid(request, slots);
            return endpoint_detail::call_sync(callable_, request, slots);
        } else {
            std::terminate(); // the caller asked synchronous() first
        }
    }
    Task<Response> call_async(Request& request) const override {
        CallSlots slots;
        co_await slots.fill_async(request);
        endpoint_detail::require_valid(request, slots);
        co_return co_await endpoint_detail::call_async(callable_, request, slots);
    }
    Requirements requirements() const override { return requirements_of<Callable>(); }

  private:
    Callable callable_;
};

namespace endpoint_detail {

template <class List>
struct FirstAndRest;
template <class First, class... Rest>
struct FirstAndRest<TypeList<First, Rest...>> {
    using first = First;
    using rest = TypeList<Rest...>;
};

/// A view of the exception that `error` holds, if it is an E.
template <class E>
E const* as(std::exception_ptr const& error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (E const& caught) {
        return &caught; // the exception_ptr keeps the object alive
    } catch (...) {
        return nullptr;
    }
}

} // namespace endpoint_detail

/// A handler of exceptions of type E: its first parameter is E const&, the others are injected.
template <class E, Injectable Callable>
class TypedExceptionHandler final : public ExceptionHandler {
    using Split = endpoint_detail::FirstAndRest<parameters_of_t<Callable>>;
    static_assert(std::is_same_v<std::remove_cvref_t<typename Split::first>, E>,
                  "hxx: an exception handler takes the exception first, as E const&");
    using RestSlots = typename inject::SlotsOf<typename Split::rest>::type;
    static constexpr bool is_synchronous = !is_task_v<result_of_t<Callable>> && RestSlots::is_synchronous;

  public:
    /// status: only an HttpError of that status; 0 for any E.
    TypedExceptionHandler(Callable callable, int status) : callable_(std::move(callable)), status_(status) {}

    bool matches(std::exception_ptr const& error) const override {
        auto const* caught = endpoint_detail::as<E>(error);
        if constexpr (requires { caught->status(); })
            return caught && (status_ == 0 || caught->status() == status_);
        else
            return caught != nullptr;
    }
    bool synchronous() const noexcept override { return is_synchronous; }
    Response call(Request& request, std::exception_ptr error) const override {
        if constexpr (is_synchronous) {
            RestSlots slots;
            slots.fill(request);
            return endpoint_detail::call_sync(callable_, request, slots, *endpoint_detail::as<E>(error));
        } else {
            std::terminate(); // the caller asked synchronous() first
        }
    }
    Task<Response> call_async(Request& request, std::exception_ptr error) const override {
        RestSlots slots;
        co_await slots.fill_async(request);
        E const& caught = *endpoint_detail::as<E>(error);
        co_return co_await endpoint_detail::call_async(callable_, request, slots, caught);
    }
    Requirements requirements() const override {
        Requirements all;
        inject::SlotsOf<typename Split::rest>::requirements(all);
        return all;
    }

  private:
    Callable callable_;
    int status_;
};

/// What is left of the way to the handler. `co_await next(request)` gives its response; errors have become responses by
/// then.
class Next {
  public:
    Task<Response> operator()(Request& request) const;

    Next(Route const* route, std::size_t index) noexcept : route_(route), index_(index) {}

  private:
    Route const* route_; // null: no route was found, and the innermost answer is 404 or 405
    std::size_t index_;
};

template <class Callable>
class CallableMiddleware final : public Middleware {
  public:
    explicit CallableMiddleware(Callable callable) : callable_(std::move(callable)) {}
    Task<Response> call(Request& request, Next next) const override { return callable_(request, std::move(next)); }

  private:
    Callable callable_;
};

} // namespace hxx
