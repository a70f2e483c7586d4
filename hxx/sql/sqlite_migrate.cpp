#include "hxx/sql/sqlite_migrate.hpp"

#include "hxx/base/log.hpp"
#include "hxx/sql/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>

namespace hxx::sql::sqlite {
namespace {

struct Recorded {
    int number;
    std::string name, checksum;
};

struct BrokenKey {
    std::string table, parent;
};

[[noreturn]] void fail(std::string message, std::string statement = {}, int code = 0) {
    throw Error(ErrorKind::Migration, std::move(message), std::move(statement), code);
}

/// A transaction for writing that rolls back unless committed.
class Transaction {
  public:
    explicit Transaction(Connection& connection) : connection_(connection) { connection.control("begin immediate"); }
    ~Transaction() {
        try {
            if (connection_.in_transaction()) connection_.control("rollback");
        } catch (std::exception const& error) {
            log::error("a migration could not be rolled back", {{"error", error.what()}});
        }
    }
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
    void commit() { connection_.control("commit"); }

  private:
    Connection& connection_;
};

/// Foreign keys are off while it lives: they cannot be switched inside a transaction, and a table that others refer to
/// can only be rebuilt without them (https://sqlite.org/lang_altertable.html, section 7).
class ForeignKeysOff {
  public:
    ForeignKeysOff(Connection& connection, bool wanted) : connection_(connection), wanted_(wanted) {
        if (wanted_) connection_.control("pragma foreign_keys = off");
    }
    ~ForeignKeysOff() {
        try {
            if (wanted_) connection_.control("pragma foreign_keys = on");
        } catch (std::exception const& error) {
            log::error("foreign keys could not be switched on again", {{"error", error.what()}});
        }
    }
    ForeignKeysOff(ForeignKeysOff const&) = delete;
    ForeignKeysOff& operator=(ForeignKeysOff const&) = delete;

  private:
    Connection& connection_;
    bool wanted_;
};

void check_one(Migration const& migration, Recorded const& recorded) {
    if (migration.name != recorded.name)
        fail(fmt::format("migration {} was carried out as {:03}_{}; a migration that has run keeps its name",
                         full_name(migration), recorded.number, recorded.name));
    if (checksum(migration.sql) != recorded.checksum)
        fail(fmt::format("migration {} was changed after it had been carried out; undo the change, and put what is new "
                         "into a new migration",
                         full_name(migration)));
}

/// How many of the migrations are done. Both lists are ordered; the migrations' numbers are 1, 2, 3 ….
std::size_t check(std::vector<Migration> const& migrations, std::vector<Recorded> const& recorded) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        auto const& done = recorded[i];
        if (done.number != static_cast<int>(i) + 1)
            fail(fmt::format("the table hxx_migrations has no migration {}, but {:03}_{} after it", i + 1, done.number,
                             done.name));
        if (i >= migrations.size())
            fail(fmt::format("migration {:03}_{} was carried out, but its file is missing: this is an older version of "
                             "the program, or the file was deleted",
                             done.number, done.name));
        check_one(migrations[i], done);
    }
    return recorded.size();
}

void check_foreign_keys(Connection& connection, Migration const& migration) {
    auto const broken = detail::read_all<BrokenKey>(
        connection.run("select distinct \"table\", parent from pragma_foreign_key_check", {}));
    if (!broken.empty())
        fail(fmt::format("migration {} leaves rows in the table {} that refer to rows of {} that do not exist",
                         full_name(migration), broken.front().table, broken.front().parent));
}

void carry_out(Connection& connection, Migration const& migration, bool foreign_keys) {
    try {
        connection.script(migration.sql);
    } catch (Error const& error) {
        fail(fmt::format("migration {} failed and was rolled back: {}", full_name(migration), error.message()),
             error.statement(), error.code());
    }
    if (foreign_keys) check_foreign_keys(connection, migration);
    Parameters const record = {Value::integer(migration.number), Value::text(migration.name),
                               Value::text(checksum(migration.sql))};
    static_cast<void>(connection.run("insert into hxx_migrations (number, name, checksum, applied_at) "
                                     "values ($1, $2, $3, strftime('%Y-%m-%d %H:%M:%S', 'now'))",
                                     record));
}

/// The next one; false if there is none. What is recorded is read under the lock for writing, so that of several
/// processes that start at once one does the work.
bool carry_out_next(Connection& connection, std::vector<Migration> const& migrations, bool foreign_keys) {
    Transaction transaction(connection);
    static_cast<void>(connection.run("create table if not exists hxx_migrations (number integer primary key, "
                                     "name text not null, checksum text not null, applied_at text not null)",
                                     {}));
    auto const recorded = detail::read_all<Recorded>(
        connection.run("select number, name, checksum from hxx_migrations order by number", {}));
    auto const done = check(migrations, recorded);
    bool const any = done < migrations.size();
    if (any) carry_out(connection, migrations[done], foreign_keys);
    transaction.commit();
    if (any) log::info("migration carried out", {{"migration", full_name(migrations[done])}});
    return any;
}

} // namespace

void migrate(Connection& connection, std::vector<Migration> const& migrations, bool foreign_keys) {
    ForeignKeysOff const off(connection, foreign_keys);
    while (carry_out_next(connection, migrations, foreign_keys)) {
    }
}

} // namespace hxx::sql::sqlite
