#include "hxx/async/channel.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>

namespace hxx::detail {

struct ChannelWaiter final : Cancellable {
    void cancel() noexcept override {
        cancelled.store(true, std::memory_order_relaxed);
        signal.set();
    }
    Signal signal;
    std::atomic<bool> cancelled = false;
};

std::shared_ptr<ChannelWaiter> ChannelWaiters::add() {
    return waiters_.emplace_back(std::make_shared<ChannelWaiter>());
}

std::shared_ptr<ChannelWaiter> ChannelWaiters::take() {
    if (waiters_.empty()) return nullptr;
    auto waiter = std::move(waiters_.front());
    waiters_.pop_front();
    return waiter;
}

bool ChannelWaiters::remove(std::shared_ptr<ChannelWaiter> const& waiter) noexcept {
    return std::erase(waiters_, waiter) > 0;
}

void wake(std::shared_ptr<ChannelWaiter> const& waiter) noexcept {
    if (waiter) waiter->signal.set();
}

Task<void> sleep(std::shared_ptr<ChannelWaiter> waiter) {
    std::weak_ptr<Cancellable> const on_cancel = waiter;
    co_await waiter->signal.wait(on_cancel);
    if (waiter->cancelled)
        throw boost::system::system_error(boost::asio::error::operation_aborted, "hxx: a wait for a value");
}

} // namespace hxx::detail
