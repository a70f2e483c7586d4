#include "hxx/async/signal.hpp"

#include "hxx/async/loop_state.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <utility>

namespace hxx {

class Signal::State : public std::enable_shared_from_this<State> {
  public:
    [[nodiscard]] bool is_set() const noexcept { return phase_.load(std::memory_order_acquire) == Phase::Set; }

    void set() noexcept {
        if (phase_.exchange(Phase::Set, std::memory_order_acq_rel) == Phase::Waiting) loop_->wake(waiter_);
    }

    void expire() noexcept {
        auto expected = Phase::Waiting;
        if (phase_.compare_exchange_strong(expected, Phase::Expired, std::memory_order_acq_rel)) loop_->wake(waiter_);
    }

    void start(detail::WaitHandler handler, std::weak_ptr<Cancellable> on_cancel) {
        auto const executor = handler.get_executor();
        if (auto slot = handler.get_cancellation_slot(); slot.is_connected()) {
            slot.assign([on_cancel = std::move(on_cancel)](boost::asio::cancellation_type) {
                if (auto const cancellable = on_cancel.lock()) cancellable->cancel();
            });
        }
        auto const loop = loop_ = detail::LoopState::of(executor).waiters;
        waiter_.work = boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
        waiter_.handler.emplace(std::move(handler));
        if (!loop->add(waiter_)) {
            waiter_.work = {};
            waiter_.handler.reset(); // the loop is being destroyed, and the coroutine with it
            return;
        }
        auto expected = Phase::Idle;
        if (!phase_.compare_exchange_strong(expected, Phase::Waiting, std::memory_order_acq_rel)) loop->wake(waiter_);
    }

    static Task<void> wait(std::shared_ptr<State> self, std::weak_ptr<Cancellable> on_cancel) {
        if (self->is_set()) co_return;
        auto initiation = [&self, &on_cancel](detail::WaitHandler handler) {
            // The coroutine, and with it what this refers to, may go on in another thread before start() returns.
            auto const state = self; // NOLINT(performance-unnecessary-copy-initialization)
            state->start(std::move(handler), std::move(on_cancel));
        };
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void()>(initiation,
                                                                                           boost::asio::use_awaitable);
    }

    static Task<bool> wait_for(std::shared_ptr<State> self, std::chrono::nanoseconds limit,
                               std::weak_ptr<Cancellable> on_cancel) {
        if (self->is_set()) co_return true;
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit));
        timer.async_wait([self](boost::system::error_code const& error) {
            if (!error) self->expire();
        });
        co_await wait(self, std::move(on_cancel));
        auto expected = Phase::Expired; // which the next wait must not take for its own end
        self->phase_.compare_exchange_strong(expected, Phase::Idle, std::memory_order_acq_rel);
        co_return self->is_set();
    }

  private:
    enum class Phase : unsigned char { Idle, Waiting, Set, Expired };

    std::atomic<Phase> phase_ = Phase::Idle;
    std::shared_ptr<detail::WaiterList> loop_; // set before the phase is Waiting
    detail::Waiter waiter_;
};

Signal::Signal() : state_(std::make_shared<State>()) {}

void Signal::set() const noexcept {
    auto const state = state_; // the coroutine that wakes up may destroy this handle
    state->set();
}

bool Signal::is_set() const noexcept { return state_->is_set(); }

Task<void> Signal::wait(std::weak_ptr<Cancellable> on_cancel) const {
    return State::wait(state_, std::move(on_cancel));
}

Task<bool> Signal::wait_for(std::chrono::nanoseconds limit, std::weak_ptr<Cancellable> on_cancel) const {
    return State::wait_for(state_, limit, std::move(on_cancel));
}

} // namespace hxx
