#include "hxx/sql/database.hpp"

#include "hxx/async/blocking.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/sql/driver.hpp"
#include "hxx/sql/sqlite_driver.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hxx::sql {
namespace {

constexpr char const* url_forms = "write sqlite:users.db, sqlite:/var/lib/app/users.db or sqlite::memory:";

/// The path in "sqlite:path"; "sqlite:///path" is relative and "sqlite:////path" absolute, as SQLAlchemy has it.
std::string sqlite_path(std::string_view url) {
    constexpr std::string_view scheme = "sqlite:";
    if (url.starts_with("postgres"))
        throw Error(ErrorKind::Connection,
                    fmt::format("this version of hxx has no driver for PostgreSQL; {}", url_forms));
    if (!url.starts_with(scheme))
        throw Error(ErrorKind::Connection, fmt::format("\"{}\" is not the URL of a database; {}", url, url_forms));
    auto path = url.substr(scheme.size());
    if (path.starts_with("///"))
        path.remove_prefix(3);
    else if (path.starts_with("//"))
        throw Error(ErrorKind::Connection,
                    fmt::format("\"{}\" names a host, which a SQLite database has not; {}", url, url_forms));
    if (path.empty()) throw Error(ErrorKind::Connection, fmt::format("\"{}\" names no file; {}", url, url_forms));
    if (path.find('?') != std::string_view::npos)
        throw Error(ErrorKind::Connection,
                    fmt::format("\"{}\" has options; pass them as hxx::sql::Options to connect()", url));
    return std::string(path);
}

// These hold on to the driver until the call has ended, whatever becomes of the handle.
Task<ResultSet> run_on(std::shared_ptr<detail::Driver> driver, std::string text, Parameters parameters) {
    co_return co_await driver->run(std::move(text), std::move(parameters));
}
Task<ResultSet> run_on(std::shared_ptr<detail::SessionDriver> driver, std::string text, Parameters parameters) {
    co_return co_await driver->run(std::move(text), std::move(parameters));
}
Task<void> call(std::shared_ptr<detail::SessionDriver> driver, Task<void> (detail::SessionDriver::*function)()) {
    co_await (*driver.*function)();
}
Task<void> call(std::shared_ptr<detail::SessionDriver> driver,
                Task<void> (detail::SessionDriver::*function)(std::uint64_t), std::uint64_t savepoint) {
    co_await (*driver.*function)(savepoint);
}
Task<Savepoint> make_savepoint(std::shared_ptr<detail::SessionDriver> driver) {
    auto const id = co_await driver->savepoint();
    co_return Savepoint(std::move(driver), id);
}
Task<void> migrate_on(std::shared_ptr<detail::Driver> driver, std::vector<Migration> migrations) {
    co_await driver->migrate(std::move(migrations));
}
Task<void> migrate_from(std::shared_ptr<detail::Driver> driver, std::string directory) {
    auto migrations = co_await blocking([&directory] { return read_migrations(directory); });
    co_await driver->migrate(std::move(migrations));
}
Task<void> migrate_from(std::shared_ptr<detail::Driver> driver, EmbeddedFiles directory) {
    auto migrations = read_migrations(directory);
    co_await driver->migrate(std::move(migrations));
}
Task<void> script_on(std::shared_ptr<detail::Driver> driver, std::string text) {
    co_await driver->script(std::move(text));
}

} // namespace

namespace detail {
Task<Result> outcome(Task<ResultSet> pending) {
    ResultSet const rows = co_await std::move(pending);
    Result result;
    result.changes = rows.changes();
    result.last_insert_id = rows.last_insert_id();
    co_return result;
}
} // namespace detail

Session::Session(std::shared_ptr<detail::SessionDriver> driver) noexcept : driver_(std::move(driver)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

std::shared_ptr<detail::SessionDriver> const& Session::driver() const {
    if (!driver_) throw Error(ErrorKind::Misuse, "the session was moved from");
    return driver_;
}

Task<ResultSet> Session::run(std::string text, Parameters parameters) const {
    return run_on(driver(), std::move(text), std::move(parameters));
}
Task<void> Session::begin() const { return call(driver(), &detail::SessionDriver::begin); }
Task<void> Session::begin_snapshot() const { return call(driver(), &detail::SessionDriver::begin_snapshot); }
Task<void> Session::commit() const { return call(driver(), &detail::SessionDriver::commit); }
Task<void> Session::rollback() const { return call(driver(), &detail::SessionDriver::rollback); }
Task<Savepoint> Session::savepoint() const { return make_savepoint(driver()); }
bool Session::in_transaction() const noexcept { return driver_ && driver_->in_transaction(); }

Savepoint::Savepoint(std::shared_ptr<detail::SessionDriver> driver, std::uint64_t id) noexcept
    : driver_(std::move(driver)), id_(id) {}
Savepoint::Savepoint(Savepoint&& other) noexcept : driver_(std::move(other.driver_)), id_(other.id_) {}
Savepoint::~Savepoint() {
    if (driver_) driver_->forget(id_);
}

namespace {
std::shared_ptr<detail::SessionDriver> take_once(std::shared_ptr<detail::SessionDriver>& driver) {
    if (!driver) throw Error(ErrorKind::Misuse, "the savepoint was released, rolled back or moved from before");
    return std::exchange(driver, nullptr);
}
} // namespace

Task<void> Savepoint::release() { return call(take_once(driver_), &detail::SessionDriver::release, id_); }
Task<void> Savepoint::rollback() { return call(take_once(driver_), &detail::SessionDriver::rollback_to, id_); }

Database Database::connect(std::string_view url, Options const& options) {
    return Database(sqlite::open(sqlite_path(url), options));
}

Database::Database(std::shared_ptr<detail::Driver> driver) noexcept : driver_(std::move(driver)) {}

Task<Session> Database::session() const {
    auto make = [](std::shared_ptr<detail::Driver> driver) -> Task<Session> { co_return Session(driver->session()); };
    return make(driver_);
}

Task<ResultSet> Database::run(std::string text, Parameters parameters) const {
    return run_on(driver_, std::move(text), std::move(parameters));
}

Task<void> Database::migrate(std::string_view directory) const { return migrate_from(driver_, std::string(directory)); }
Task<void> Database::migrate(EmbeddedFiles directory) const { return migrate_from(driver_, directory); }
Task<void> Database::migrate(std::vector<Migration> migrations) const {
    return migrate_on(driver_, std::move(migrations));
}
void Database::migrate_blocking(std::string_view directory) const { sync_wait(migrate(directory)); }
void Database::migrate_blocking(EmbeddedFiles directory) const { sync_wait(migrate(directory)); }
void Database::migrate_blocking(std::vector<Migration> migrations) const { sync_wait(migrate(std::move(migrations))); }

Task<void> Database::script(std::string text) const { return script_on(driver_, std::move(text)); }
void Database::script_blocking(std::string text) const { sync_wait(script(std::move(text))); }

Task<Session> memory_session() { return Database::connect("sqlite::memory:").session(); }

Task<Session> memory_session(std::string script) {
    auto const database = Database::connect("sqlite::memory:");
    co_await database.script(std::move(script));
    co_return co_await database.session();
}

} // namespace hxx::sql
