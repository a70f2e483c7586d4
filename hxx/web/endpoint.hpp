// Handlers and exception handlers of ordinary C++ callables, behind the interfaces of hxx/web/handler.hpp: here those
// that never suspend; hxx/web/endpoint_async.hpp has the others.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/web/handler.hpp"
#include "hxx/web/inject.hpp"
#include "hxx/web/response.hpp"

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

/// Calls `callable` with the slots' values (after `first`, if there is one) and makes a Response of what it returns.
template <class Callable, class S, class... First>
Response call_sync(Callable& callable, Request& request, S& slots, First&... first) {
    if constexpr (std::is_void_v<result_of_t<Callable>>) {
        slots.call(callable, first...);
        return empty_response();
    } else if constexpr (std::is_same_v<result_of_t<Callable>, Response>) {
        return slots.call(callable, first...);
    } else {
        return to_response(request, slots.call(callable, first...));
    }
}

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

/// True for a plain function of parameters that never suspend.
template <class Callable, class CallSlots = SlotsFor<Callable>>
inline constexpr bool never_suspends = !is_task_v<result_of_t<Callable>> && CallSlots::never_suspend;

/// The endpoint of a plain function.
template <Injectable Callable>
class FunctionEndpoint final : public Endpoint {
  public:
    explicit FunctionEndpoint(Callable callable) : callable_(std::move(callable)) {}

    bool streams_body() const noexcept override { return inject::SlotsOf<parameters_of_t<Callable>>::streams_body; }
    Response call(Request& request) const override {
        SlotsFor<Callable> slots(request);
        endpoint_detail::require_valid(request, slots);
        return endpoint_detail::call_sync(callable_, request, slots);
    }
    Requirements requirements() const override { return requirements_of<Callable>(); }

  private:
    Callable callable_;
};

/// A plain function that answers exceptions of type E: its first parameter is E const&, the others are injected.
template <class E, Injectable Callable>
class FunctionExceptionHandler : public ExceptionHandler {
    using Split = endpoint_detail::FirstAndRest<parameters_of_t<Callable>>;
    static_assert(std::is_same_v<std::remove_cvref_t<typename Split::first>, E>,
                  "hxx: an exception handler takes the exception first, as E const&");

  public:
    /// status: only an HttpError of that status; 0 for any E.
    FunctionExceptionHandler(Callable callable, int status) : callable_(std::move(callable)), status_(status) {}

    bool matches(std::exception_ptr const& error) const final {
        auto const* caught = endpoint_detail::as<E>(error);
        if constexpr (requires { caught->status(); })
            return caught && (status_ == 0 || caught->status() == status_);
        else
            return caught != nullptr;
    }
    Response call(Request& request, std::exception_ptr error) const override {
        if constexpr (!is_task_v<result_of_t<Callable>> && RestSlots::is_synchronous) {
            RestSlots slots(request);
            return endpoint_detail::call_sync(callable_, request, slots, *endpoint_detail::as<E>(error));
        } else {
            std::terminate(); // the caller asked synchronous() first
        }
    }
    Requirements requirements() const final {
        Requirements all;
        inject::SlotsOf<typename Split::rest>::requirements(all);
        return all;
    }

  protected:
    using RestSlots = typename inject::SlotsOf<typename Split::rest>::type;
    Callable callable_;

  private:
    int status_;
};

// What may suspend is in hxx/web/endpoint_async.hpp.
template <Injectable Callable>
class CoroutineEndpoint;
template <class E, Injectable Callable>
class CoroutineExceptionHandler;
template <class Callable>
class CallableMiddleware;

namespace endpoint_detail {
template <class T>
concept Complete = requires { sizeof(T); };
} // namespace endpoint_detail

template <Injectable Callable>
auto make_endpoint(Callable callable) {
    if constexpr (never_suspends<Callable>) {
        return std::make_unique<FunctionEndpoint<Callable>>(std::move(callable));
    } else {
        static_assert(endpoint_detail::Complete<CoroutineEndpoint<Callable>>,
                      "hxx: a handler that is a coroutine or has dependencies wants #include <hxx/hxx.hpp>");
        return std::make_unique<CoroutineEndpoint<Callable>>(std::move(callable));
    }
}

/// For exceptions of type E; with a status, for HttpErrors of that status alone.
template <class E, Injectable Callable>
auto make_exception_handler(Callable callable, int status = 0) {
    using Rest = typename endpoint_detail::FirstAndRest<parameters_of_t<Callable>>::rest;
    if constexpr (never_suspends<Callable, typename inject::SlotsOf<Rest>::type>) {
        return std::make_unique<FunctionExceptionHandler<E, Callable>>(std::move(callable), status);
    } else {
        static_assert(endpoint_detail::Complete<CoroutineExceptionHandler<E, Callable>>,
                      "hxx: a handler that is a coroutine or has dependencies wants #include <hxx/hxx.hpp>");
        return std::make_unique<CoroutineExceptionHandler<E, Callable>>(std::move(callable), status);
    }
}

template <class Callable>
auto make_middleware(Callable callable) {
    static_assert(endpoint_detail::Complete<CallableMiddleware<Callable>>,
                  "hxx: a middleware is a coroutine, which wants #include <hxx/hxx.hpp>");
    return std::make_unique<CallableMiddleware<Callable>>(std::move(callable));
}

} // namespace hxx
