// The connections of one SQLite database: some that read at the same time, and one that writes.
#pragma once

#include "hxx/async/blocking_pool.hpp"
#include "hxx/async/task.hpp"
#include "hxx/sql/database.hpp"
#include "hxx/sql/sqlite_connection.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx::sql::sqlite {

class Pool;

/// Places for connections of one role, handed out in the order of asking. A place's connection opens when it is first
/// used, on the thread that uses it.
class Places {
  public:
    Places(std::size_t count, Role role) : free_(count), count_(count), role_(role) {}

    /// The caller's next connection. Throws Overloaded (readers) or Error Busy (the writer) if none is free in time.
    /// `text` is the statement that wants it, for the message to others who wait.
    Task<std::shared_ptr<class Lease>> acquire(std::shared_ptr<Pool> pool, std::string text);
    void give_back(std::unique_ptr<Connection> connection) noexcept;
    /// Without waiting, for the first connection; before the pool is shared.
    void add_idle(std::unique_ptr<Connection> connection) { idle_.push_back(std::move(connection)); }

    [[nodiscard]] Role role() const noexcept { return role_; }

  private:
    struct Waiter;
    class Waiting;
    [[noreturn]] void fail(Pool const& pool, std::string text) const;

    std::mutex mutable mutex_;
    std::size_t free_;
    std::size_t const count_;
    Role const role_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::deque<std::shared_ptr<Waiter>> waiters_;
    std::string holder_; // the statement for which a place was taken last
};

class Pool : public std::enable_shared_from_this<Pool> {
  public:
    /// Opens the connection that writes. Throws Error(Connection).
    Pool(std::string path, Options const& options);

    /// Connections outside a transaction that writes. An in-memory database has the writer's only.
    [[nodiscard]] Places& readers() noexcept { return in_memory() ? writer_ : readers_; }
    [[nodiscard]] Places& writer() noexcept { return writer_; }
    [[nodiscard]] bool in_memory() const noexcept { return path == ":memory:"; }
    [[nodiscard]] std::unique_ptr<Connection> open(Role role) const;

    std::string const path;
    Options const options;

  private:
    Places readers_, writer_;

  public:
    BlockingPool threads; // last: it stops before the connections close
};

/// A place of a connection. Gives it back when it goes, after a rollback on the pool's threads if a transaction is
/// open.
class Lease {
  public:
    Lease(std::shared_ptr<Pool> pool, Places& places, std::unique_ptr<Connection> connection) noexcept
        : pool_(std::move(pool)), places_(&places), connection_(std::move(connection)) {}
    ~Lease();
    Lease(Lease const&) = delete;
    Lease& operator=(Lease const&) = delete;

    /// Opened if it was not yet. For the pool's threads.
    [[nodiscard]] Connection& connection();
    [[nodiscard]] bool in_transaction() const noexcept { return connection_ && connection_->in_transaction(); }
    [[nodiscard]] Pool& pool() const noexcept { return *pool_; }

  private:
    std::shared_ptr<Pool> pool_;
    Places* places_;
    std::unique_ptr<Connection> connection_;
};

/// One piece of work on a connection's thread, and the coroutine that waits for it. It owns all that it uses, so the
/// coroutine may go meanwhile.
class Work : public BlockingPool::Job, public Cancellable {
  public:
    Work(std::shared_ptr<Lease> lease, bool limited) : lease_(std::move(lease)), limited_(limited) {}

    std::optional<Signal> run() noexcept final;
    void cancel() noexcept final { cancelled_.store(true, std::memory_order_relaxed); }

    /// Suspends until it has run; rethrows. A cancellation interrupts the statement.
    static Task<void> complete(std::shared_ptr<Work> work);

  protected:
    ~Work() override = default;

  private:
    virtual void invoke(Connection& connection) = 0;

    std::shared_ptr<Lease> lease_; // given up when it has run
    std::atomic<bool> cancelled_ = false;
    bool limited_;
    Signal done_;
    std::exception_ptr error_;
};

template <class F>
class WorkOf final : public Work {
  public:
    WorkOf(std::shared_ptr<Lease> lease, bool limited, F function)
        : Work(std::move(lease), limited), function_(std::move(function)) {}

  private:
    void invoke(Connection& connection) override { function_(connection); }
    F function_;
};

/// Runs function(Connection&) on a thread of the pool; `limited` by time and cancellation. What it refers to must be
/// its own: the coroutine may be destroyed while it runs.
template <class F>
Task<void> work_on(std::shared_ptr<Lease> lease, bool limited, F function) {
    return Work::complete(std::make_shared<WorkOf<F>>(std::move(lease), limited, std::move(function)));
}

} // namespace hxx::sql::sqlite
