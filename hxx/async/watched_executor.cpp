#include "hxx/async/loop_of.hpp"
#include "hxx/async/watchdog.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace hxx {
namespace {
namespace asio = boost::asio;

/// Runs what it is given on another executor, inside a Scope.
template <class Inner>
class WatchedExecutor {
  public:
    WatchedExecutor(Inner inner, HandlerInfo const* handler) noexcept : inner_(std::move(inner)), handler_(handler) {}

    template <class Property>
        requires asio::can_query<Inner const&, Property const&>::value
    decltype(auto) query(Property const& property) const { // the context comes by reference
        return asio::query(inner_, property);
    }
    template <class Property>
        requires asio::can_require<Inner const&, Property const&>::value
    auto require(Property const& property) const {
        return with(asio::require(inner_, property));
    }
    template <class Property>
        requires asio::can_prefer<Inner const&, Property const&>::value
    auto prefer(Property const& property) const {
        return with(asio::prefer(inner_, property));
    }

    template <class Function>
    void execute(Function&& function) const {
        inner_.execute(
            [handler = handler_, function = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
                Watchdog::Scope const scope(handler);
                std::move(function)();
            });
    }

    [[nodiscard]] Inner const& inner() const noexcept { return inner_; }

    friend bool operator==(WatchedExecutor const&, WatchedExecutor const&) noexcept = default;

  private:
    template <class Other>
    WatchedExecutor<Other> with(Other other) const {
        return WatchedExecutor<Other>(std::move(other), handler_);
    }

    Inner inner_;
    HandlerInfo const* handler_;
};

} // namespace

asio::any_io_executor watched(asio::any_io_executor executor, HandlerInfo const* handler) {
    // Around the loop's own executor, where that is what it is, there is one indirection less at each step.
    if (auto const* const loop = executor.target<asio::io_context::executor_type>())
        return WatchedExecutor<asio::io_context::executor_type>(*loop, handler);
    return WatchedExecutor<asio::any_io_executor>(std::move(executor), handler);
}

asio::io_context* loop_of(asio::any_io_executor const& executor) {
    using Loop = asio::io_context::executor_type;
    if (!executor) return nullptr;
    // The type of a loop's executor depends on these properties; these values are those of the plain one.
    auto const plain = asio::prefer(executor, asio::execution::blocking.possibly, asio::execution::relationship.fork,
                                    asio::execution::outstanding_work.untracked);
    if (auto const* const loop = plain.target<Loop>()) return &loop->context();
    if (auto const* const loop = plain.target<WatchedExecutor<Loop>>()) return &loop->inner().context();
    if (auto const* const other = plain.target<WatchedExecutor<asio::any_io_executor>>())
        return loop_of(other->inner());
    return nullptr;
}

Task<void> watched_task(Task<void> task, HandlerInfo const* handler) {
    auto const executor = watched(co_await asio::this_coro::executor, handler);
    co_await asio::co_spawn(executor, std::move(task), asio::use_awaitable);
}

} // namespace hxx
