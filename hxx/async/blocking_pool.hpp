// BlockingPool: threads for what blocks. blocking.hpp is how a coroutine uses it.
#pragma once

#include "hxx/async/signal.hpp"

#include <cstddef>
#include <memory>
#include <optional>

namespace boost::asio {
class execution_context;
}

namespace hxx {

class BlockingPool {
  public:
    struct Options {
        std::size_t threads = 32;       // at most; each starts when it is first needed and then stays
        std::size_t queue_limit = 1000; // calls that wait for a thread; one more is refused
    };

    /// Something to run. Destroyed on the pool's thread, before its signal is set, unless somebody else holds it.
    class Job {
      public:
        virtual ~Job() = default;
        /// On a thread of the pool. The signal it gives is set afterwards.
        virtual std::optional<Signal> run() noexcept = 0;

      private:
        friend class BlockingPool;
        enum class State : unsigned char { Idle, Queued, Running, Ended };
        State state_ = State::Idle; // guarded by the pool's mutex
    };

    BlockingPool();
    explicit BlockingPool(Options options);
    /// stop()
    ~BlockingPool();
    BlockingPool(BlockingPool const&) = delete;
    BlockingPool& operator=(BlockingPool const&) = delete;

    /// Any thread. Throws Overloaded if queue_limit jobs wait already, or the pool has been stopped.
    void submit(std::shared_ptr<Job> job);
    /// Takes a job out again; false if it runs or has run.
    bool withdraw(Job& job) noexcept;
    /// Withdraws the job or, if it runs, blocks until it has ended.
    void finish(Job& job) noexcept;
    /// Refuses new jobs, and blocks until those that were accepted have run. A second call returns at once.
    void stop() noexcept;

    [[nodiscard]] std::size_t threads() const noexcept;
    [[nodiscard]] std::size_t queued() const noexcept;

    /// The pool of loops that have been given no other; stopped when the process exits.
    [[nodiscard]] static std::shared_ptr<BlockingPool> const& process_default();
    /// Makes blocking() on this loop (an io_context, say) use that pool. Before the loop runs.
    static void use(boost::asio::execution_context& loop, std::shared_ptr<BlockingPool> pool);

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_; // shared with the threads
};

} // namespace hxx
