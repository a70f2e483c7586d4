#include "hxx/sql/sqlite_driver.hpp"

#include "hxx/sql/sqlite_migrate.hpp"
#include "hxx/sql/sqlite_pool.hpp"
#include "hxx/sql/sqlite_session.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace hxx::sql::sqlite {
namespace {

class Driver final : public detail::Driver, public std::enable_shared_from_this<Driver> {
  public:
    explicit Driver(std::shared_ptr<Pool> pool) noexcept : pool_(std::move(pool)) {}
    /// Waits for what still runs, such as the rollback of a session that has just gone: here, and not in one of the
    /// pool's own threads, which may be the last to let go of the pool.
    ~Driver() override { pool_->threads.stop(); }
    Driver(Driver const&) = delete;
    Driver& operator=(Driver const&) = delete;

    std::shared_ptr<detail::SessionDriver> session() override {
        return std::make_shared<Session>(shared_from_this(), pool_);
    }

    Task<ResultSet> run(std::string text, Parameters parameters) override {
        return run_alone(pool_, std::move(text), std::move(parameters));
    }

    Task<void> script(std::string text) override {
        auto lease = co_await pool_->writer().acquire(pool_, "script");
        auto work = [text = std::move(text)](Connection& connection) {
            connection.control("begin immediate");
            try {
                connection.script(text);
                connection.control("commit");
            } catch (...) {
                if (connection.in_transaction()) connection.control("rollback");
                throw;
            }
        };
        co_await work_on(std::move(lease), false, std::move(work));
    }

    Task<void> migrate(std::vector<Migration> migrations) override {
        put_in_order(migrations);
        auto lease = co_await pool_->writer().acquire(pool_, "migrate");
        auto work = [migrations = std::move(migrations), foreign_keys = pool_->options.foreign_keys](
                        Connection& connection) { sqlite::migrate(connection, migrations, foreign_keys); };
        co_await work_on(std::move(lease), false, std::move(work));
    }

  private:
    std::shared_ptr<Pool> const pool_;
};

/// SQLite's own message for both of these is "unable to open database file".
void check_directory(std::filesystem::path const& file) {
    std::error_code error;
    auto const directory = file.parent_path();
    if (!std::filesystem::is_directory(directory, error))
        throw Error(ErrorKind::Connection,
                    fmt::format("cannot open the database {}: there is no directory {}; create it", file.string(),
                                directory.string()));
    if (std::filesystem::is_directory(file, error))
        throw Error(ErrorKind::Connection,
                    fmt::format("cannot open the database {}: it is a directory", file.string()));
}

} // namespace

std::shared_ptr<detail::Driver> open(std::string path, Options const& options) {
    if (sqlite3_threadsafe() == 0)
        throw Error(ErrorKind::Connection, "this SQLite library was built without threads (SQLITE_THREADSAFE=0)");
    if (path != ":memory:") {
        // Connections open later, too, when the working directory may be another.
        auto const file = std::filesystem::absolute(path);
        check_directory(file);
        path = file.lexically_normal().string();
    }
    return std::make_shared<Driver>(std::make_shared<Pool>(std::move(path), options));
}

} // namespace hxx::sql::sqlite
