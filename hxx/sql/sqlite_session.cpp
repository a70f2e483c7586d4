#include "hxx/sql/sqlite_session.hpp"

#include "hxx/sql/keyword.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace hxx::sql::sqlite {
/// What a piece of work leaves for the coroutine; shared, for it may outlive the coroutine.
struct Outcome {
    std::optional<ResultSet> rows; // none: the statement writes, and was not run
    bool forgotten_rolled_back = false;
};

namespace {

/// Runs a statement that seems to read, on a connection of its own; nothing if it turns out to write.
Task<std::optional<ResultSet>> run_reading(std::shared_ptr<Pool> pool, std::string text, Parameters parameters) {
    auto lease = co_await pool->readers().acquire(pool, text);
    auto const outcome = std::make_shared<Outcome>();
    auto work = [outcome, text = std::move(text), parameters = std::move(parameters)](Connection& connection) {
        if (connection.only_reads(text)) outcome->rows = connection.run(text, parameters);
    };
    co_await work_on(std::move(lease), true, std::move(work));
    co_return std::move(outcome->rows);
}

constexpr char const* begin_write = "begin immediate";

void roll_back_forgotten(Connection& connection, std::vector<std::uint64_t> const& savepoints, Outcome& outcome) {
    for (auto const savepoint : savepoints) {
        connection.control(fmt::format("rollback to hxx_{}", savepoint));
        connection.control(fmt::format("release hxx_{}", savepoint));
    }
    outcome.forgotten_rolled_back = true;
}

} // namespace

Task<ResultSet> run_alone(std::shared_ptr<Pool> pool, std::string text, Parameters parameters) {
    if (detail::looks_like_reading(text)) {
        auto rows = co_await run_reading(pool, text, parameters);
        if (rows) co_return std::move(*rows);
    }
    auto lease = co_await pool->writer().acquire(pool, text);
    auto const outcome = std::make_shared<Outcome>();
    auto work = [outcome, text = std::move(text), parameters = std::move(parameters)](Connection& connection) {
        outcome->rows = connection.run(text, parameters);
    };
    co_await work_on(std::move(lease), true, std::move(work));
    co_return std::move(*outcome->rows);
}

/// One statement at a time: a second one would run inside the first one's transaction without knowing.
class Session::InUse {
  public:
    InUse(Session& session, std::string_view text) : session_(session) {
        if (session.in_use_)
            throw Error(ErrorKind::Misuse,
                        "a session runs one statement at a time: await the one before, or use a session for each",
                        std::string(text));
        session.in_use_ = true;
    }
    ~InUse() { session_.in_use_ = false; }
    InUse(InUse const&) = delete;
    InUse& operator=(InUse const&) = delete;

  private:
    Session& session_;
};

void Session::check_alive(std::string_view text) const {
    if (!aborted_by_.empty())
        throw Error(
            ErrorKind::Aborted,
            fmt::format("the transaction was ended by the error of an earlier statement ({}); nothing of it was "
                        "kept: roll back and begin again",
                        aborted_by_),
            std::string(text));
}

void Session::end() noexcept {
    lease_.reset();
    mode_ = Mode::Write;
    savepoints_.clear();
    forgotten_.clear();
}

/// SQLite ends the transaction by itself on some errors: a full disk, an interrupted write.
void Session::notice_end(std::string_view text) {
    if (!lease_ || lease_->in_transaction()) return;
    aborted_by_ = text;
    end();
}

/// Waits for what runs on the transaction's connection, and sees what has become of it.
Task<void> Session::settle(Task<void> work, std::shared_ptr<Outcome> outcome, std::string text) {
    std::exception_ptr error;
    try {
        co_await std::move(work);
    } catch (...) {
        error = std::current_exception();
    }
    if (outcome->forgotten_rolled_back) forgotten_.clear();
    if (!error) co_return;
    notice_end(text);
    std::rethrow_exception(error);
}

Task<ResultSet> Session::run(std::string text, Parameters parameters) {
    InUse const in_use(*this, text);
    check_alive(text);
    if (lease_) co_return co_await run_inside(std::move(text), std::move(parameters));
    if (detail::looks_like_reading(text)) {
        auto rows = co_await run_reading(pool_, text, parameters);
        if (rows) co_return std::move(*rows);
    }
    co_return co_await run_first(std::move(text), std::move(parameters));
}

Task<ResultSet> Session::run_inside(std::string text, Parameters parameters) {
    auto const outcome = std::make_shared<Outcome>();
    auto work = [outcome, text, parameters = std::move(parameters), forgotten = forgotten_,
                 snapshot = mode_ == Mode::Snapshot](Connection& connection) {
        roll_back_forgotten(connection, forgotten, *outcome);
        if (snapshot && !connection.only_reads(text))
            throw Error(ErrorKind::ReadOnly, "the session reads a snapshot: commit() or rollback() before it writes",
                        text);
        outcome->rows = connection.run(text, parameters);
    };
    co_await settle(work_on(lease_, true, std::move(work)), outcome, std::move(text));
    co_return std::move(*outcome->rows);
}

/// Begins the transaction with its first statement; if that fails, there was none.
Task<ResultSet> Session::run_first(std::string text, Parameters parameters) {
    auto lease = co_await pool_->writer().acquire(pool_, text);
    auto const outcome = std::make_shared<Outcome>();
    auto work = [outcome, text = std::move(text), parameters = std::move(parameters)](Connection& connection) {
        connection.control(begin_write);
        try {
            outcome->rows = connection.run(text, parameters);
        } catch (...) {
            if (connection.in_transaction()) connection.control("rollback");
            throw;
        }
    };
    co_await work_on(lease, true, std::move(work));
    lease_ = std::move(lease);
    co_return std::move(*outcome->rows);
}

Task<void> Session::begin_writing(std::string text) {
    auto lease = co_await pool_->writer().acquire(pool_, std::move(text));
    co_await work_on(lease, true, [](Connection& connection) { connection.control(begin_write); });
    lease_ = std::move(lease);
}

Task<void> Session::begin() {
    InUse const in_use(*this, "begin");
    check_alive("begin");
    if (lease_ && mode_ == Mode::Snapshot)
        throw Error(ErrorKind::Misuse, "the session reads a snapshot: commit() or rollback() before begin()");
    if (!lease_) co_await begin_writing("begin");
}

Task<void> Session::begin_snapshot() {
    InUse const in_use(*this, "begin_snapshot");
    check_alive("begin_snapshot");
    if (lease_) throw Error(ErrorKind::Misuse, "a transaction is open: commit() or rollback() before begin_snapshot()");
    auto lease = co_await pool_->readers().acquire(pool_, "begin_snapshot");
    co_await work_on(lease, true, [](Connection& connection) {
        connection.control("begin");
        connection.control("select 1 from sqlite_schema limit 1"); // the first read takes the snapshot
    });
    lease_ = std::move(lease);
    mode_ = Mode::Snapshot;
}

Task<void> Session::control(std::string text) {
    auto const outcome = std::make_shared<Outcome>();
    auto work = [outcome, text, forgotten = forgotten_](Connection& connection) {
        roll_back_forgotten(connection, forgotten, *outcome);
        connection.control(text);
    };
    co_await settle(work_on(lease_, false, std::move(work)), outcome, std::move(text));
}

Task<void> Session::commit() {
    InUse const in_use(*this, "commit");
    check_alive("commit");
    if (!lease_) co_return;
    co_await control("commit");
    end();
}

Task<void> Session::rollback() {
    InUse const in_use(*this, "rollback");
    aborted_by_.clear();
    if (!lease_) co_return;
    forgotten_.clear();
    co_await control("rollback");
    end();
}

Task<std::uint64_t> Session::savepoint() {
    InUse const in_use(*this, "savepoint");
    check_alive("savepoint");
    if (!lease_) co_await begin_writing("savepoint");
    auto const number = next_savepoint_++;
    co_await control(fmt::format("savepoint hxx_{}", number));
    savepoints_.push_back(number);
    co_return number;
}

/// Takes it, and those made after it, off the list; false if its transaction has ended.
bool Session::take_off(std::uint64_t savepoint) noexcept {
    auto const found = std::find(savepoints_.begin(), savepoints_.end(), savepoint);
    if (found == savepoints_.end()) return false;
    savepoints_.erase(found, savepoints_.end());
    return true;
}

Task<void> Session::release(std::uint64_t savepoint) {
    InUse const in_use(*this, "release");
    check_alive("release");
    if (!take_off(savepoint)) throw Error(ErrorKind::Misuse, "the savepoint's transaction has ended");
    co_await control(fmt::format("release hxx_{}", savepoint));
}

Task<void> Session::rollback_to(std::uint64_t savepoint) {
    InUse const in_use(*this, "rollback");
    check_alive("rollback");
    if (!take_off(savepoint)) throw Error(ErrorKind::Misuse, "the savepoint's transaction has ended");
    co_await control(fmt::format("rollback to hxx_{}", savepoint));
    co_await control(fmt::format("release hxx_{}", savepoint));
}

void Session::forget(std::uint64_t savepoint) noexcept {
    if (take_off(savepoint)) forgotten_.push_back(savepoint);
}

} // namespace hxx::sql::sqlite
