// Handlers, exception handlers and middleware that may suspend: coroutines, and functions of which a parameter is
// resolved by one.
#pragma once

#include "hxx/web/endpoint.hpp"
#include "hxx/web/inject_async.hpp"

#include <exception>
#include <type_traits>
#include <utility>

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 reports the frame of a coroutine template that is instantiated with a lambda or a type of an unnamed
// namespace.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

namespace hxx {

namespace endpoint_detail {

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
        co_return to_response(request, std::move(result));
    }
}

} // namespace endpoint_detail

template <Injectable Callable>
class CoroutineEndpoint final : public Endpoint {
    using CallSlots = SlotsFor<Callable>;
    static constexpr bool is_synchronous = !is_task_v<result_of_t<Callable>> && CallSlots::is_synchronous;

  public:
    explicit CoroutineEndpoint(Callable callable) : callable_(std::move(callable)) {}

    bool synchronous() const noexcept override { return is_synchronous; }
    bool streams_body() const noexcept override { return inject::SlotsOf<parameters_of_t<Callable>>::streams_body; }
    Response call(Request& request) const override {
        if constexpr (is_synchronous) {
            CallSlots slots(request);
            endpoint_detail::require_valid(request, slots);
            return endpoint_detail::call_sync(callable_, request, slots);
        } else {
            std::terminate(); // the caller asked synchronous() first
        }
    }
    Task<Response> call_async(Request& request) const override {
        CallSlots slots;
        co_await inject::fill_async(slots, request);
        endpoint_detail::require_valid(request, slots);
        co_return co_await endpoint_detail::call_async(callable_, request, slots);
    }
    Requirements requirements() const override { return requirements_of<Callable>(); }

  private:
    Callable callable_;
};

template <class E, Injectable Callable>
class CoroutineExceptionHandler final : public FunctionExceptionHandler<E, Callable> {
    using Base = FunctionExceptionHandler<E, Callable>;
    using typename Base::RestSlots;

  public:
    using Base::Base;

    bool synchronous() const noexcept override {
        return !is_task_v<result_of_t<Callable>> && RestSlots::is_synchronous;
    }
    Task<Response> call_async(Request& request, std::exception_ptr error) const override {
        RestSlots slots;
        co_await inject::fill_async(slots, request);
        E const& caught = *endpoint_detail::as<E>(error);
        co_return co_await endpoint_detail::call_async(this->callable_, request, slots, caught);
    }
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

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
