// Databases from coroutines: statements run on threads of the database, never on an event loop, and their results are
// awaited on the caller's.
//
//     auto database = sql::Database::connect("sqlite:users.db");
//     database.migrate_blocking("migrations");
//
//     Task<void> rename(sql::Database database, std::int64_t id, std::string name) {
//         auto session = co_await database.session();
//         auto user = co_await session.query_one<User>("select id, name from users where id = $1", id);
//         if (!user) throw HttpError(404);
//         co_await session.execute("update users set name = $2 where id = $1", id, name);
//         co_await session.commit();                       // without it, all is rolled back
//     }
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/base/embedded.hpp"
#include "hxx/sql/error.hpp"
#include "hxx/sql/migration.hpp"
#include "hxx/sql/row.hpp"
#include "hxx/sql/text.hpp"
#include "hxx/sql/value.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx::sql {

enum class JournalMode : unsigned char { Wal, Delete, Truncate, Memory, Off };
enum class Synchronous : unsigned char { Off, Normal, Full, Extra };

/// Settings of a Database. Of SQLite's (https://sqlite.org/pragma.html) those that matter to a server.
struct Options {
    /// Connections that read at the same time; one more writes. Each opens when it is first needed.
    std::size_t readers = 4;
    /// How long a statement waits for a free connection (then: hxx::Overloaded) or for the lock for writing (then:
    /// Error Busy), also when another process holds it.
    std::chrono::milliseconds wait_timeout{5000};
    /// A statement that runs longer is interrupted (Error Timeout). 0: never.
    std::chrono::milliseconds statement_timeout{30000};
    /// More rows than this in one result are an error. 0: no limit.
    std::size_t row_limit = 1000000;
    JournalMode journal_mode = JournalMode::Wal;
    Synchronous synchronous = Synchronous::Normal;
    bool foreign_keys = true;
    /// Prepared statements that a connection keeps.
    std::size_t statement_cache = 128;
    /// Refuses to write, and to create the file.
    bool read_only = false;
};

/// What a statement without rows did.
struct Result {
    std::int64_t changes = 0;        // rows inserted, updated or deleted
    std::int64_t last_insert_id = 0; // the rowid of the last row inserted, or 0
};

namespace detail {
class Driver;
class SessionDriver;

template <class Row>
Task<std::vector<Row>> all_rows(Task<ResultSet> pending) {
    ResultSet const rows = co_await std::move(pending);
    co_return read_all<Row>(rows);
}
template <class Row>
Task<std::optional<Row>> one_row(Task<ResultSet> pending) {
    ResultSet const rows = co_await std::move(pending);
    co_return read_one<Row>(rows);
}
template <class T>
Task<T> one_value(Task<ResultSet> pending) {
    ResultSet const rows = co_await std::move(pending);
    co_return read_value<T>(rows);
}
Task<Result> outcome(Task<ResultSet> pending);

template <class... P>
Parameters make_parameters(P const&... values) {
    Parameters parameters;
    parameters.reserve(sizeof...(P));
    (parameters.push_back(to_value(values)), ...);
    return parameters;
}
inline Parameters make_parameters(Parameters const& parameters) { return parameters; }
} // namespace detail

/// The statements of Database and Session. The text is a literal (or sql::unchecked(text)) with $1, $2 … for the
/// parameters, as many as are passed, which is checked while compiling. Parameters are copied by the call;
/// hxx/sql/value.hpp lists the types. Instead of single parameters an sql::Parameters can be passed with an unchecked
/// text. All throw Error; also Overloaded if no connection is free in time.
template <class Derived>
class Statements {
  public:
    /// All rows, as structs (each member from the column of its name; other columns are ignored), as tuples (by
    /// position), or as values of a single column.
    template <class Row, class... P>
    [[nodiscard]] Task<std::vector<Row>> query(Text<sizeof...(P)> text, P const&... parameters) const {
        return detail::all_rows<Row>(start(text.view(), detail::make_parameters(parameters...)));
    }
    /// The row, or nothing. More than one row is an error: add `limit 1`.
    template <class Row, class... P>
    [[nodiscard]] Task<std::optional<Row>> query_one(Text<sizeof...(P)> text, P const&... parameters) const {
        return detail::one_row<Row>(start(text.view(), detail::make_parameters(parameters...)));
    }
    /// The value of a result of one row and one column: query_value<int>("select count(*) from users").
    template <class T, class... P>
    [[nodiscard]] Task<T> query_value(Text<sizeof...(P)> text, P const&... parameters) const {
        return detail::one_value<T>(start(text.view(), detail::make_parameters(parameters...)));
    }
    /// A statement whose rows, if any, are of no interest.
    template <class... P>
    Task<Result> execute(Text<sizeof...(P)> text, P const&... parameters) const {
        return detail::outcome(start(text.view(), detail::make_parameters(parameters...)));
    }
    /// The rows as they are, for a statement whose columns are not known before.
    template <class... P>
    [[nodiscard]] Task<ResultSet> query_raw(Text<sizeof...(P)> text, P const&... parameters) const {
        return start(text.view(), detail::make_parameters(parameters...));
    }

  private:
    Task<ResultSet> start(std::string_view text, Parameters parameters) const {
        return static_cast<Derived const*>(this)->run(std::string(text), std::move(parameters));
    }
};

class Savepoint;

/// A unit of work: what it writes is one transaction, which rolls back unless committed, also when an exception or a
/// cancellation ends the coroutine. It begins with the first statement that writes: then the session waits for the
/// lock for writing, of which a SQLite database has one, so that no statement ever fails because somebody else writes.
/// Reads before that see what was committed when each began; call begin() first when a write depends on them.
/// Outside a transaction each statement borrows a connection, inside one the session keeps it: do not await slow
/// things, such as another service, between the first write and commit(). One statement at a time.
class [[nodiscard]] Session : public Statements<Session> {
  public:
    explicit Session(std::shared_ptr<detail::SessionDriver> driver) noexcept;
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// Begins the transaction, and takes the lock for writing, now. Does nothing in a transaction that may write.
    Task<void> begin() const;
    /// Begins a transaction that only reads, and sees the state of one moment until commit() or rollback().
    Task<void> begin_snapshot() const;
    /// Makes what was written permanent, and visible to others. Does nothing without a transaction.
    Task<void> commit() const;
    Task<void> rollback() const;
    /// A part of the transaction (which it begins) that can be undone by itself.
    [[nodiscard]] Task<Savepoint> savepoint() const;
    [[nodiscard]] bool in_transaction() const noexcept;

  private:
    friend class Statements<Session>;
    Task<ResultSet> run(std::string text, Parameters parameters) const;
    [[nodiscard]] std::shared_ptr<detail::SessionDriver> const& driver() const;

    std::shared_ptr<detail::SessionDriver> driver_;
};

/// Rolls back to where it was made unless released: when it is destroyed, before the session's next statement.
class [[nodiscard]] Savepoint {
  public:
    Savepoint(std::shared_ptr<detail::SessionDriver> driver, std::uint64_t id) noexcept;
    Savepoint(Savepoint&& other) noexcept;
    Savepoint& operator=(Savepoint&&) = delete;
    ~Savepoint();
    /// Keeps what was done since; the transaction's commit decides. Once.
    Task<void> release();
    /// Undoes what was done since. Once.
    Task<void> rollback();

  private:
    std::shared_ptr<detail::SessionDriver> driver_;
    std::uint64_t id_;
};

/// A handle to one database, cheap to copy; usable from every thread and loop.
class Database : public Statements<Database> {
  public:
    /// "sqlite:users.db" (relative to the working directory), "sqlite:/var/lib/app/users.db", "sqlite::memory:" (one
    /// connection, lives as long as its handles). "sqlite:///users.db" and "sqlite:////var/…", as SQLAlchemy writes
    /// them, too. Opens the database, so that a wrong path is an error here. Blocks: call it before the loops run.
    [[nodiscard]] static Database connect(std::string_view url, Options const& options = {});

    explicit Database(std::shared_ptr<detail::Driver> driver) noexcept;

    [[nodiscard]] Task<Session> session() const;

    /// Carries out the files NUMBER_NAME.sql of a directory (001_users.sql …) that were not yet, in order, each in a
    /// transaction, and records them in the table hxx_migrations. An edited or missing file of those that were carried
    /// out, a gap, or a file that fails is an Error(Migration) that names it; what came before it stays done.
    /// Foreign keys are checked at the end of each file, not while it runs, so that tables can be rebuilt.
    /// Safe when several processes do so at once.
    Task<void> migrate(std::string_view directory) const;
    /// The same with a directory that hxx_embed() has put into the program: migrate(embedded::migrations()).
    Task<void> migrate(EmbeddedFiles directory) const;
    /// The same with migrations that the program makes itself.
    Task<void> migrate(std::vector<Migration> migrations) const;
    /// The same for main(), before loops run: blocks. std::logic_error on an event loop's thread.
    void migrate_blocking(std::string_view directory) const;
    void migrate_blocking(EmbeddedFiles directory) const;
    void migrate_blocking(std::vector<Migration> migrations) const;

    /// Several statements, separated by semicolons, in one transaction: a test's tables, say. They are not checked for
    /// values pasted into them, so the text is written by hand.
    Task<void> script(std::string text) const;
    void script_blocking(std::string text) const;

  private:
    friend class Statements<Database>;
    Task<ResultSet> run(std::string text, Parameters parameters) const;

    std::shared_ptr<detail::Driver> driver_;
};

/// A session in an empty database of its own, which lives as long as it does: for tests.
[[nodiscard]] Task<Session> memory_session();
/// The same after a script has made its tables.
[[nodiscard]] Task<Session> memory_session(std::string script);

} // namespace hxx::sql
