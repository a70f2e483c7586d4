#include "hxx/async/blocking.hpp"

#include "hxx/async/loop_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace hxx::detail {

/// Keeps what the function may refer to alive until it has returned.
class BlockingCall::Guard {
  public:
    Guard(BlockingPool& pool, BlockingCall& call) noexcept : pool_(&pool), call_(&call) {}
    ~Guard() { pool_->finish(*call_); }
    Guard(Guard const&) = delete;
    Guard& operator=(Guard const&) = delete;

  private:
    BlockingPool* pool_;
    BlockingCall* call_;
};

std::optional<Signal> BlockingCall::run() noexcept {
    try {
        invoke();
    } catch (...) {
        error_ = std::current_exception();
    }
    return done_;
}

void BlockingCall::cancel() noexcept {
    auto const pool = pool_.lock();
    if (!pool || !pool->withdraw(*this)) return;
    withdrawn_ = true;
    done_.set();
}

Task<void> BlockingCall::complete(std::shared_ptr<BlockingCall> call, std::shared_ptr<BlockingPool> pool) {
    if (!pool) pool = LoopState::of(co_await boost::asio::this_coro::executor).pool;
    if (!pool) pool = BlockingPool::process_default();
    call->pool_ = pool;
    pool->submit(call);
    Guard const guard(*pool, *call);
    co_await call->done_.wait(call);
    if (call->withdrawn_) throw boost::system::system_error(boost::asio::error::operation_aborted, "blocking");
    if (call->error_) std::rethrow_exception(std::exchange(call->error_, nullptr));
}

} // namespace hxx::detail
