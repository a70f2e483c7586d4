#include "hxx/sql/sqlite_pool.hpp"

#include "hxx/async/errors.hpp"
#include "hxx/base/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace hxx::sql::sqlite {

struct Places::Waiter final : Cancellable {
    void cancel() noexcept override {
        cancelled.store(true, std::memory_order_relaxed);
        signal.set();
    }
    Signal signal;
    std::atomic<bool> cancelled = false;
    bool granted = false; // this and the next are guarded by the places' mutex
    std::unique_ptr<Connection> connection;
};

/// Stands in the queue while the coroutine lives.
class Places::Waiting {
  public:
    Waiting(Places& places, std::shared_ptr<Pool> pool, std::shared_ptr<Waiter> waiter)
        : places_(places), pool_(std::move(pool)), waiter_(std::move(waiter)) {}
    ~Waiting() { static_cast<void>(leave()); }
    Waiting(Waiting const&) = delete;
    Waiting& operator=(Waiting const&) = delete;

    /// The place, if it was granted.
    std::shared_ptr<Lease> leave() {
        if (!waiter_) return nullptr;
        auto const waiter = std::exchange(waiter_, nullptr);
        std::unique_lock lock(places_.mutex_);
        if (waiter->granted) {
            lock.unlock();
            return std::make_shared<Lease>(pool_, places_, std::move(waiter->connection));
        }
        std::erase(places_.waiters_, waiter);
        return nullptr;
    }

  private:
    Places& places_;
    std::shared_ptr<Pool> pool_;
    std::shared_ptr<Waiter> waiter_;
};

Task<std::shared_ptr<Lease>> Places::acquire(std::shared_ptr<Pool> pool, std::string text) {
    auto const waiter = std::make_shared<Waiter>();
    {
        std::lock_guard const lock(mutex_);
        if (free_ > 0) {
            --free_;
            holder_ = text;
            std::unique_ptr<Connection> connection;
            if (!idle_.empty()) {
                connection = std::move(idle_.back());
                idle_.pop_back();
            }
            co_return std::make_shared<Lease>(std::move(pool), *this, std::move(connection));
        }
        waiters_.push_back(waiter);
    }
    Waiting waiting(*this, pool, waiter);
    std::weak_ptr<Cancellable> const on_cancel = waiter;
    co_await waiter->signal.wait_for(pool->options.wait_timeout, on_cancel);
    if (auto lease = waiting.leave()) {
        std::lock_guard const lock(mutex_);
        holder_ = text;
        co_return lease;
    }
    if (waiter->cancelled)
        throw boost::system::system_error(boost::asio::error::operation_aborted, "waiting for a database connection");
    fail(*pool, std::move(text));
}

void Places::fail(Pool const& pool, std::string text) const {
    std::unique_lock lock(mutex_);
    auto const holder = holder_;
    lock.unlock();
    auto const milliseconds = pool.options.wait_timeout.count();
    if (role_ == Role::Writer)
        throw Error(ErrorKind::Busy,
                    fmt::format("another session has been {} the database for {} ms (Options::wait_timeout); its "
                                "transaction began with: {}",
                                pool.in_memory() ? "using the one connection of" : "writing to", milliseconds, holder),
                    std::move(text));
    throw Overloaded(
        fmt::format("no connection to the database {} was free within {} ms (Options::wait_timeout): all {} "
                    "are in use (Options::readers)",
                    pool.path, milliseconds, count_));
}

void Places::give_back(std::unique_ptr<Connection> connection) noexcept {
    std::shared_ptr<Waiter> next;
    {
        std::lock_guard const lock(mutex_);
        if (waiters_.empty()) {
            ++free_;
            if (connection) idle_.push_back(std::move(connection));
            return;
        }
        next = std::move(waiters_.front());
        waiters_.pop_front();
        next->granted = true;
        next->connection = std::move(connection);
    }
    next->signal.set();
}

namespace {

BlockingPool::Options one_thread_each(Options const& options) {
    BlockingPool::Options threads;
    threads.threads = std::max<std::size_t>(options.readers, 1) + 1;
    threads.queue_limit = static_cast<std::size_t>(-1) / 2; // who waits, waits for a connection
    return threads;
}

} // namespace

Pool::Pool(std::string file, Options const& given)
    : path(std::move(file)),
      options(given),
      readers_(std::max<std::size_t>(given.readers, 1), Role::Reader),
      writer_(1, Role::Writer),
      threads(one_thread_each(given)) {
    writer_.add_idle(open(Role::Writer));
}

std::unique_ptr<Connection> Pool::open(Role role) const { return std::make_unique<Connection>(path, options, role); }

Connection& Lease::connection() {
    if (!connection_) connection_ = pool_->open(places_->role());
    return *connection_;
}

namespace {

/// Rolls back what a session left open, and gives the place back.
class Rollback final : public BlockingPool::Job {
  public:
    Rollback(std::shared_ptr<Pool> pool, Places& places, std::unique_ptr<Connection> connection) noexcept
        : pool_(std::move(pool)), places_(places), connection_(std::move(connection)) {}
    ~Rollback() override {
        // It did not run, or did not succeed; to close the connection ends the transaction, too.
        if (connection_->in_transaction()) connection_.reset();
        places_.give_back(std::move(connection_));
    }
    std::optional<Signal> run() noexcept override {
        try {
            connection_->control("rollback");
        } catch (std::exception const& error) {
            log::error("a transaction could not be rolled back", {{"error", error.what()}});
        }
        return std::nullopt;
    }

  private:
    std::shared_ptr<Pool> pool_;
    Places& places_;
    std::unique_ptr<Connection> connection_;
};

} // namespace

Lease::~Lease() {
    if (!in_transaction()) {
        places_->give_back(std::move(connection_));
        return;
    }
    try {
        pool_->threads.submit(std::make_shared<Rollback>(pool_, *places_, std::move(connection_)));
    } catch (Overloaded const&) {
        // The database is being closed.
    }
}

std::optional<Signal> Work::run() noexcept {
    try {
        auto& connection = lease_->connection();
        Limits limits;
        if (limited_) {
            limits.cancelled = &cancelled_;
            auto const timeout = lease_->pool().options.statement_timeout;
            if (timeout.count() > 0) limits.deadline = std::chrono::steady_clock::now() + timeout;
        }
        connection.set_limits(limits);
        try {
            invoke(connection);
        } catch (...) {
            error_ = std::current_exception();
        }
        connection.set_limits({});
    } catch (...) {
        error_ = std::current_exception();
    }
    lease_.reset();
    return done_;
}

Task<void> Work::complete(std::shared_ptr<Work> work) {
    // Nobody waits for the outcome any more if the coroutine is destroyed.
    struct Hurry {
        Work& work;
        ~Hurry() {
            if (!work.done_.is_set()) work.cancel();
        }
    };
    Hurry const hurry{*work};
    auto const pool = work->lease_->pool().shared_from_this();
    pool->threads.submit(work);
    std::weak_ptr<Cancellable> const on_cancel = work;
    co_await work->done_.wait(on_cancel);
    if (work->error_ == nullptr) co_return;
    if (work->cancelled_)
        throw boost::system::system_error(boost::asio::error::operation_aborted, "an SQL statement was cancelled");
    std::rethrow_exception(std::exchange(work->error_, nullptr));
}

} // namespace hxx::sql::sqlite
