#include "hxx/sql/sqlite_connection.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/sql/sqlite_error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace hxx::sql::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int progress_interval = 4000; // virtual machine instructions: some tens of microseconds

char const* pragma_value(JournalMode mode) noexcept {
    switch (mode) {
    case JournalMode::Wal: return "wal";
    case JournalMode::Delete: return "delete";
    case JournalMode::Truncate: return "truncate";
    case JournalMode::Memory: return "memory";
    case JournalMode::Off: return "off";
    }
    return "";
}

char const* pragma_value(Synchronous synchronous) noexcept {
    switch (synchronous) {
    case Synchronous::Off: return "off";
    case Synchronous::Normal: return "normal";
    case Synchronous::Full: return "full";
    case Synchronous::Extra: return "extra";
    }
    return "";
}

/// Runs its function at the end of a scope.
template <class F>
class AtEnd {
  public:
    explicit AtEnd(F function) : function_(std::move(function)) {}
    ~AtEnd() { function_(); }
    AtEnd(AtEnd const&) = delete;
    AtEnd& operator=(AtEnd const&) = delete;

  private:
    F function_;
};

} // namespace

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Connection::Connection(std::string path, Options const& options, Role role)
    : path_(std::move(path)), options_(options), statements_(options.statement_cache) {
    auto const mode = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    auto const code =
        sqlite3_open_v2(path_.c_str(), &opened, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    database_.reset(opened);
    if (code != SQLITE_OK)
        throw Error(ErrorKind::Connection,
                    fmt::format("cannot open the database {}: {}", path_,
                                opened != nullptr ? sqlite3_errmsg(opened) : sqlite3_errstr(code)),
                    {}, code);
    try {
        configure(role);
    } catch (Error const& error) {
        throw Error(error.kind() == ErrorKind::Other ? ErrorKind::Connection : error.kind(),
                    fmt::format("cannot use the database {}: {}", path_, error.message()), {}, error.code());
    }
}

Connection::~Connection() = default;

void Connection::configure(Role role) {
    auto* const database = database_.get();
    sqlite3_busy_handler(database, &Connection::on_busy, this);
    // Words in double quotes are names, and a misspelt one is an error instead of a string.
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    control(options_.foreign_keys ? "pragma foreign_keys = on" : "pragma foreign_keys = off");
    control(fmt::format("pragma synchronous = {}", pragma_value(options_.synchronous)));
    if (!options_.read_only && role == Role::Writer) set_journal_mode();
    if (role == Role::Reader) control("pragma query_only = on");
    control("select 1 from sqlite_schema limit 1"); // the first read notices a file that is no database
    sqlite3_progress_handler(database, progress_interval, &Connection::on_progress, this);
    sqlite3_set_authorizer(database, &Connection::on_authorize, this);
}

void Connection::set_journal_mode() {
    if (path_ == ":memory:") return;
    std::string const wanted = pragma_value(options_.journal_mode);
    auto const text = fmt::format("pragma journal_mode = {}", wanted);
    ResultSet rows;
    // Two processes that change the mode at once would wait for each other, so SQLite tells one of them that the
    // database is busy without asking the busy handler. That one tries again.
    auto const until = Clock::now() + options_.wait_timeout;
    for (;;) {
        try {
            std::string_view rest;
            auto statement = prepare(text, rest);
            rows = ResultSet();
            step_all(statement, text, &rows);
            break;
        } catch (Error const& error) {
            if (error.kind() != ErrorKind::Busy || Clock::now() > until) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    if (rows.rows() == 1 && rows.at(0, 0).bytes == wanted) return;
    throw Error(ErrorKind::Connection,
                fmt::format("its file system does not support the journal mode {}; choose another "
                            "with Options::journal_mode",
                            wanted));
}

bool Connection::out_of_limits() const {
    if (own_statement_) return false;
    if (limits_.cancelled != nullptr && limits_.cancelled->load(std::memory_order_relaxed)) return true;
    return limits_.deadline && Clock::now() > *limits_.deadline;
}

int Connection::on_progress(void* self) { return static_cast<Connection*>(self)->out_of_limits() ? 1 : 0; }

int Connection::on_busy(void* self, int attempt) {
    auto& connection = *static_cast<Connection*>(self);
    if (attempt == 0) connection.busy_since_ = Clock::now();
    if (Clock::now() - connection.busy_since_ > connection.options_.wait_timeout) return 0;
    if (connection.limits_.cancelled != nullptr && connection.limits_.cancelled->load(std::memory_order_relaxed))
        return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 + attempt, 20)));
    return 1;
}

int Connection::on_authorize(void* self, int action, char const* detail, char const*, char const*,
                             char const* trigger) {
    auto& connection = *static_cast<Connection*>(self);
    if (connection.own_statement_) return SQLITE_OK;
    switch (action) {
    case SQLITE_INSERT:
        if (trigger == nullptr && !std::string_view(detail).starts_with("sqlite_")) connection.inserting_ = true;
        return SQLITE_OK;
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        connection.denied_ =
            "transactions are controlled with Session::begin, commit, rollback and savepoint, not with "
            "statements; scripts and migrations run in one already";
        return SQLITE_DENY;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        connection.denied_ = "attach and detach would concern one of several connections only";
        return SQLITE_DENY;
    default: return SQLITE_OK;
    }
}

void Connection::fail(std::string_view text, bool preparing) {
    auto error = last_error(database_.get(), text, preparing);
    if (error.code() == SQLITE_AUTH && !denied_.empty())
        throw Error(ErrorKind::Misuse, std::exchange(denied_, {}), std::string(text), error.code());
    if (error.is(ErrorKind::Timeout))
        throw Error(ErrorKind::Timeout,
                    fmt::format("the statement was interrupted after {} ms (Options::statement_timeout)",
                                options_.statement_timeout.count()),
                    std::string(text), error.code());
    if (error.is(ErrorKind::Busy))
        throw Error(ErrorKind::Busy,
                    fmt::format("another process kept the database locked for more than {} ms (Options::wait_timeout)",
                                options_.wait_timeout.count()),
                    std::string(text), error.code());
    throw error;
}

Statement Connection::prepare(std::string_view text, std::string_view& rest, bool terminated) {
    if (text.find('\0') != std::string_view::npos)
        throw Error(ErrorKind::Syntax, "the statement contains a zero byte, where SQLite would end it",
                    std::string(text));
    sqlite3_stmt* handle = nullptr;
    char const* tail = nullptr;
    inserting_ = false;
    auto const code =
        sqlite3_prepare_v3(database_.get(), text.data(), static_cast<int>(text.size() + (terminated ? 1 : 0)),
                           SQLITE_PREPARE_PERSISTENT, &handle, &tail);
    if (code != SQLITE_OK) fail(text, true);
    rest = text.substr(static_cast<std::size_t>(tail - text.data()));
    Statement statement(handle, text);
    statement.set_inserts(inserting_);
    return statement;
}

Statement Connection::prepare_only(std::string_view text) {
    auto cached = statements_.take(text);
    if (cached) return cached;
    std::string_view rest;
    auto statement = prepare(text, rest);
    if (!statement) throw Error(ErrorKind::Syntax, "the statement is empty", std::string(text));
    while (!rest.empty()) // white space, comments and semicolons may follow
        if (prepare(rest, rest))
            throw Error(ErrorKind::Syntax, "one statement at a time; Database::script runs several", std::string(text));
    return statement;
}

bool Connection::only_reads(std::string_view text) {
    auto statement = prepare_only(text);
    auto const reads = statement.only_reads();
    statements_.put(text, std::move(statement));
    return reads;
}

ResultSet Connection::run(std::string_view text, Parameters const& parameters) {
    auto statement = prepare_only(text);
    ResultSet rows;
    rows.set_statement(text);
    {
        AtEnd const reset([&] { statement.reset(); });
        statement.bind(parameters, text);
        auto const before = sqlite3_total_changes64(database_.get());
        step_all(statement, text, &rows);
        auto const changed = sqlite3_total_changes64(database_.get()) != before;
        rows.set_outcome(changed ? sqlite3_changes64(database_.get()) : 0,
                         changed && statement.inserts() ? sqlite3_last_insert_rowid(database_.get()) : 0);
    }
    statements_.put(text, std::move(statement));
    return rows;
}

void Connection::step_all(Statement& statement, std::string_view text, ResultSet* rows) {
    auto* const handle = statement.get();
    for (std::size_t count = 0;;) {
        auto const code = sqlite3_step(handle);
        // The names after the first step: it prepares the statement again if the schema has changed.
        if (count == 0 && rows != nullptr && (code == SQLITE_ROW || code == SQLITE_DONE))
            for (int i = 0; i < sqlite3_column_count(handle); ++i) rows->add_column(sqlite3_column_name(handle, i));
        if (code == SQLITE_DONE) return;
        if (code != SQLITE_ROW) fail(text);
        ++count;
        if (rows == nullptr) continue;
        if (options_.row_limit != 0 && count > options_.row_limit)
            throw Error(ErrorKind::TooManyRows,
                        fmt::format("the result has more than {} rows; add a `limit`, or raise Options::row_limit",
                                    options_.row_limit),
                        std::string(text));
        read_row(statement, *rows);
    }
}

void Connection::read_row(Statement& statement, ResultSet& rows) {
    auto* const handle = statement.get();
    for (int i = 0; i < static_cast<int>(rows.columns()); ++i) {
        Cell cell;
        switch (sqlite3_column_type(handle, i)) {
        case SQLITE_INTEGER:
            cell.kind = Kind::Integer;
            cell.integer = sqlite3_column_int64(handle, i);
            break;
        case SQLITE_FLOAT:
            cell.kind = Kind::Real;
            cell.real = sqlite3_column_double(handle, i);
            break;
        case SQLITE_TEXT: {
            cell.kind = Kind::Text;
            auto const* const text = reinterpret_cast<char const*>(sqlite3_column_text(handle, i));
            cell.bytes = {text, static_cast<std::size_t>(sqlite3_column_bytes(handle, i))};
            break;
        }
        case SQLITE_BLOB: {
            cell.kind = Kind::Blob;
            auto const* const bytes = static_cast<char const*>(sqlite3_column_blob(handle, i));
            if (bytes != nullptr) cell.bytes = {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle, i))};
            break;
        }
        default: break;
        }
        rows.add(cell);
    }
}

void Connection::script(std::string const& text) {
    std::string_view rest = text;
    for (;;) {
        while (!rest.empty() && ascii::is_space(rest.front())) rest.remove_prefix(1);
        if (rest.empty()) return;
        auto const start = rest;
        auto one = start;
        try {
            auto statement = prepare(start, rest, true);
            one = start.substr(0, start.size() - rest.size());
            if (statement) step_all(statement, one, nullptr);
        } catch (Error const& error) {
            auto const offset = text.size() - start.size() +
                                static_cast<std::size_t>(std::max(sqlite3_error_offset(database_.get()), 0));
            auto const line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
            Error located(error.kind(), fmt::format("line {}: {}", line, error.message()),
                          std::string(utf8::truncate_bytes(one, 200)), error.code());
            located.set_constraint(error.table(), error.columns(), error.constraint());
            throw located;
        }
    }
}

void Connection::control(std::string_view text) {
    own_statement_ = true;
    AtEnd const end([&] { own_statement_ = false; });
    std::string_view rest;
    auto statement = prepare(text, rest);
    step_all(statement, text, nullptr);
}

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(database_.get()) == 0; }

} // namespace hxx::sql::sqlite
