#include "hxx/async/loop_state.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace hxx::detail {

bool WaiterList::add(Waiter& waiter) noexcept {
    std::lock_guard const lock(mutex_);
    if (closed_) return false;
    waiter.next = first_;
    if (first_ != nullptr) first_->previous = &waiter;
    first_ = &waiter;
    waiter.linked = true;
    return true;
}

void WaiterList::unlink(Waiter& waiter) noexcept {
    (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
    if (waiter.next != nullptr) waiter.next->previous = waiter.previous;
    waiter.previous = waiter.next = nullptr;
    waiter.linked = false;
}

void WaiterList::wake(Waiter& waiter) noexcept {
    std::lock_guard const lock(mutex_);
    if (!waiter.linked) return;
    unlink(waiter);
    // The coroutine may run on its loop at once, and end the Signal that holds this waiter: take all of it out before.
    auto handler = std::move(*waiter.handler);
    waiter.handler.reset();
    auto const work = std::exchange(waiter.work, {});
    boost::asio::post(std::move(handler));
}

void WaiterList::close() noexcept {
    std::unique_lock lock(mutex_);
    closed_ = true;
    while (first_ != nullptr) {
        auto& waiter = *first_;
        unlink(waiter);
        auto handler = std::move(waiter.handler);
        waiter.handler.reset();
        waiter.work = {};
        // Destroying the handler unwinds the coroutine, whose locals may come back here.
        lock.unlock();
        handler.reset();
        lock.lock();
    }
}

boost::asio::execution_context::id LoopState::id;

LoopState::LoopState(boost::asio::execution_context& context) : service(context) {}

LoopState& LoopState::of(boost::asio::any_io_executor const& executor) {
    return boost::asio::use_service<LoopState>(boost::asio::query(executor, boost::asio::execution::context));
}

void LoopState::shutdown() { waiters->close(); }

} // namespace hxx::detail
