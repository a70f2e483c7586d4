#include "hxx/sql/database.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/reflect/annotated.hpp"
#include "hxx/sql/chrono.hpp"
#include "hxx/sql/temporary_directory_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace hxx::sql {
namespace {

using testing::HasSubstr;

enum class Role { Reader, Editor };

struct User {
    std::int64_t id;
    std::string name, email;
    int age;
};

struct Wide {
    std::int64_t id;
    Annotated<std::string, MinLength{1}, MaxLength{10}> name;
    std::optional<std::string> nickname;
    double weight;
    bool active;
    Role role;
    std::vector<std::byte> picture;
    std::chrono::year_month_day born;
    std::optional<std::chrono::sys_seconds> seen;
};

Database users() {
    auto database = Database::connect("sqlite::memory:");
    database.script_blocking("create table users (id integer primary key, name text not null, email text unique, "
                             "age integer check (age > 0));"
                             "insert into users (name, email, age) values ('Ada', 'ada@example.org', 36), "
                             "('Grace', 'grace@example.org', 45)");
    return database;
}

/// The error that running a task ends with.
template <class T>
Error error_of(Task<T> task) {
    try {
        static_cast<void>(sync_wait(std::move(task)));
    } catch (Error const& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorKind::Other, "nothing was thrown");
}

Error connect_error(std::string const& url, Options const& options = {}) {
    try {
        static_cast<void>(Database::connect(url, options));
    } catch (Error const& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown for " << url;
    return Error(ErrorKind::Other, "nothing was thrown");
}

TEST(Database, ReadsRowsIntoStructs) {
    auto const database = users();
    auto const all = sync_wait(database.query<User>("select id, name, email, age from users order by id"));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name, "Ada");
    EXPECT_EQ(all[1].email, "grace@example.org");
    EXPECT_EQ(all[1].age, 45);
    EXPECT_TRUE(sync_wait(database.query<User>("select * from users where id = 99")).empty());
}

TEST(Database, FindsColumnsByNameWhateverTheirOrder) {
    auto const user =
        sync_wait(users().query_one<User>("select 1 as more, age, email, id, name from users where id = $1", 2));
    ASSERT_TRUE(user);
    EXPECT_EQ(user->name, "Grace");
    EXPECT_EQ(user->id, 2);
}

TEST(Database, ReadsValuesAndTuples) {
    auto const database = users();
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from users")), 2);
    EXPECT_EQ(sync_wait(database.query<std::string>("select name from users order by name desc")),
              (std::vector<std::string>{"Grace", "Ada"}));
    auto const rows =
        sync_wait(database.query<std::tuple<std::string, int>>("select name, age from users order by id"));
    EXPECT_EQ(rows.at(1), std::tuple(std::string("Grace"), 45));
    auto const pair = sync_wait(database.query_one<std::pair<int, double>>("select 1, 2.5"));
    EXPECT_EQ(pair, std::pair(1, 2.5));
    EXPECT_EQ(sync_wait(database.query_one<int>("select 1 where 0")), std::nullopt);
    EXPECT_EQ(sync_wait(database.query_value<std::optional<int>>("select max(age) from users where id > 9")),
              std::nullopt);
}

TEST(Database, GivesRowsAsTheyAre) {
    auto const rows = sync_wait(users().query_raw("select id, name as title, null as none from users order by id"));
    ASSERT_EQ(rows.rows(), 2u);
    ASSERT_EQ(rows.columns(), 3u);
    EXPECT_EQ(rows.name(1), "title");
    EXPECT_EQ(rows.at(1, 1).bytes, "Grace");
    EXPECT_EQ(rows.at(0, 2).kind, Kind::Null);
    EXPECT_EQ(rows.find("none"), 2u);
    EXPECT_EQ(rows.find("other"), reflect::npos);
}

TEST(Database, StoresAndReadsEveryType) {
    using namespace std::chrono;
    auto const database = Database::connect("sqlite::memory:");
    database.script_blocking("create table wide (id integer primary key, name text, nickname text, weight real, "
                             "active integer, role text, picture blob, born text, seen text) strict");
    Annotated<std::string, MinLength{1}> const name = "Ada";
    std::vector<std::byte> const picture = {std::byte{0}, std::byte{1}, std::byte{255}};
    auto const seen = sys_seconds(sys_days(2026y / January / 2) + 3h);
    auto const inserted = sync_wait(database.query_one<Wide>(
        "insert into wide (name, nickname, weight, active, role, picture, born, seen) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8) returning *",
        name, std::optional<std::string>(), 1.5, true, Role::Editor, picture, 1815y / December / 10, seen));
    ASSERT_TRUE(inserted);
    EXPECT_EQ(inserted->name, "Ada");
    EXPECT_EQ(inserted->nickname, std::nullopt);
    EXPECT_EQ(inserted->weight, 1.5);
    EXPECT_TRUE(inserted->active);
    EXPECT_EQ(inserted->role, Role::Editor);
    EXPECT_EQ(inserted->picture, picture);
    EXPECT_EQ(inserted->born, 1815y / December / 10);
    EXPECT_EQ(inserted->seen, seen);
}

TEST(Database, KeepsTextAsItIs) {
    auto const database = Database::connect("sqlite::memory:");
    database.script_blocking("create table t (v text)");
    for (std::string const& text : {std::string("'; drop table t; --"), std::string("zażółć 日本 🙂"), std::string(),
                                    std::string("a\0b", 3), std::string(100000, 'x')}) {
        sync_wait(database.execute("insert into t values ($1)", text));
        EXPECT_EQ(sync_wait(database.query_value<std::string>("select v from t")), text);
        sync_wait(database.execute("delete from t"));
    }
    EXPECT_EQ(sync_wait(database.query_value<int>("select length($1)", std::vector<std::byte>())), 0);
    EXPECT_EQ(sync_wait(database.query_value<std::string>("select typeof($1)", std::vector<std::byte>())), "blob");
    auto const error = error_of(database.execute("insert into t values ($1)", "\xff\xfe"));
    EXPECT_EQ(error.kind(), ErrorKind::Parameter);
    EXPECT_THAT(error.what(), HasSubstr("parameter $1 is no valid UTF-8"));
}

TEST(Database, PlaceholdersMayRepeatAndComeInAnyOrder) {
    auto const database = users();
    EXPECT_EQ(sync_wait(database.query_value<std::string>("select $2 || $1 || $2", "a", "b")), "bab");
    EXPECT_EQ(sync_wait(database.query_value<std::string>("select '$1' || $1 /* $2 */", "x")), "$1x");
    EXPECT_EQ(sync_wait(database.query_value<int>("select $1+$2+$3+$4+$5+$6+$7+$8+$9+$10+$11", 1, 1, 1, 1, 1, 1, 1, 1,
                                                  1, 10, 100)),
              119);
}

TEST(Database, ParametersMayBeAList) {
    auto const database = users();
    std::string text = "select name from users where id in (";
    Parameters ids;
    for (int id = 1; id <= 2; ++id) {
        text += (id > 1 ? ", $" : "$") + std::to_string(id);
        ids.push_back(to_value(id));
    }
    text += ") order by id";
    EXPECT_EQ(sync_wait(database.query<std::string>(unchecked(text), ids)).size(), 2u);
    EXPECT_THAT(error_of(database.query<std::string>(unchecked("select $1, $3"), ids)).what(),
                HasSubstr("the statement has a placeholder $3, but 2 parameters came"));
    EXPECT_THAT(error_of(database.query<std::string>(unchecked("select $2"), ids)).what(),
                HasSubstr("2 parameters came, but the statement does not use $1"));
    EXPECT_THAT(error_of(database.query<std::string>(unchecked("select ?, ?"), ids)).what(),
                HasSubstr("placeholders are written $1, $2"));
    EXPECT_THAT(error_of(database.query<std::string>(unchecked("select :name"), ids)).what(),
                HasSubstr("placeholders are written $1, $2"));
}

TEST(Database, ParametersAreCopiedByTheCall) {
    auto const database = users();
    std::optional<Task<std::string>> pending;
    {
        std::string const gone = std::string(100, 'g');
        pending.emplace(database.query_value<std::string>("select $1", gone));
    }
    EXPECT_EQ(sync_wait(std::move(*pending)), std::string(100, 'g'));
}

TEST(Database, ExecuteTellsWhatItDid) {
    auto const database = users();
    auto result =
        sync_wait(database.execute("insert into users (name, age) values ($1, $2), ('Joan', 60)", "Alan", 41));
    EXPECT_EQ(result.changes, 2);
    EXPECT_EQ(result.last_insert_id, 4);
    result = sync_wait(database.execute("update users set age = age + 1 where id < 3"));
    EXPECT_EQ(result.changes, 2);
    EXPECT_EQ(result.last_insert_id, 0);
    EXPECT_EQ(sync_wait(database.execute("delete from users where id = 99")).changes, 0);
    EXPECT_EQ(sync_wait(database.execute("create table other (x)")).changes, 0);
    EXPECT_EQ(sync_wait(database.execute("select 1")).changes, 0);
    result =
        sync_wait(database.execute("with x as (select 'Kay' as name) insert into users (name) select name from x"));
    EXPECT_EQ(result.changes, 1);
    EXPECT_EQ(result.last_insert_id, 5);
}

TEST(Database, ErrorsOfConstraintsCanBeToldApart) {
    auto const database = users();
    auto unique = error_of(database.execute("insert into users (name, email) values ('x', 'ada@example.org')"));
    EXPECT_EQ(unique.kind(), ErrorKind::UniqueViolation);
    EXPECT_EQ(unique.table(), "users");
    EXPECT_EQ(unique.columns(), std::vector<std::string>{"email"});
    EXPECT_TRUE(unique.duplicate("email"));
    EXPECT_FALSE(unique.duplicate("name"));
    EXPECT_NE(unique.code(), 0);
    EXPECT_STREQ(unique.what(),
                 "UNIQUE constraint failed: users.email [in: insert into users (name, email) values ('x', "
                 "'ada@example.org')]");
    EXPECT_TRUE(error_of(database.execute("insert into users (id, name) values (1, 'x')")).duplicate("id"));

    auto const null = error_of(database.execute("insert into users (name) values ($1)", nullptr));
    EXPECT_EQ(null.kind(), ErrorKind::NotNullViolation);
    EXPECT_EQ(null.columns(), std::vector<std::string>{"name"});
    auto const check = error_of(database.execute("update users set age = -1"));
    EXPECT_EQ(check.kind(), ErrorKind::CheckViolation);
    EXPECT_EQ(check.constraint(), "age > 0");

    database.script_blocking(
        "create table posts (id integer primary key, author integer not null references users (id));"
        "create unique index names on users (lower(name))");
    EXPECT_EQ(error_of(database.execute("insert into posts (author) values (99)")).kind(),
              ErrorKind::ForeignKeyViolation);
    auto const index = error_of(database.execute("insert into users (name) values ('ADA')"));
    EXPECT_EQ(index.kind(), ErrorKind::UniqueViolation);
    EXPECT_EQ(index.constraint(), "names");
}

TEST(Database, MistakesInStatementsAreExplained) {
    auto const database = users();
    auto error = error_of(database.query<int>("selct 1"));
    EXPECT_EQ(error.kind(), ErrorKind::Syntax);
    EXPECT_STREQ(error.what(), "near \"selct\": syntax error [in: selct 1]");
    EXPECT_THAT(error_of(database.query<int>("select nmae from users")).what(), HasSubstr("no such column: nmae"));
    // SQLite would read a misspelt quoted name as a string.
    EXPECT_THAT(error_of(database.query<int>("select \"nmae\" from users")).what(), HasSubstr("no such column: nmae"));
    EXPECT_THAT(error_of(database.query<int>("select 1 from nowhere")).what(), HasSubstr("no such table: nowhere"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select 1; -- and no more\n ; ")), 1);
    EXPECT_THAT(error_of(database.execute("delete from users; delete from users")).what(),
                HasSubstr("one statement at a time"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from users")), 2);
    EXPECT_THAT(error_of(database.execute("  -- nothing")).what(), HasSubstr("the statement is empty"));
    EXPECT_THAT(error_of(database.execute(unchecked(std::string("select 1") + '\0' + "; drop table users"))).what(),
                HasSubstr("zero byte"));
    EXPECT_EQ(error_of(database.execute("begin")).kind(), ErrorKind::Misuse);
    EXPECT_EQ(error_of(database.execute("attach ':memory:' as other")).kind(), ErrorKind::Misuse);
}

TEST(Database, RowsThatDoNotFitAreExplained) {
    auto const database = users();
    EXPECT_THAT(error_of(database.query<User>("select id, name, age from users")).what(), HasSubstr("no column for"));
    EXPECT_THAT(
        error_of(database.query<User>("select id, name, age from users")).what(),
        HasSubstr("User::email: the statement's columns are id, name, age; select it, or name it with `as email`"));
    EXPECT_THAT(error_of(database.query_one<User>("insert into users (name) values ('x')")).what(),
                HasSubstr("`returning` clause"));
    sync_wait(database.execute("update users set age = null where id = 2"));
    auto const null = error_of(database.query<User>("select * from users order by id"));
    EXPECT_EQ(null.kind(), ErrorKind::Row);
    EXPECT_THAT(null.what(), HasSubstr("column 'age' is NULL in row 2, but "));
    EXPECT_THAT(null.what(), HasSubstr("User::age takes an integer; make it std::optional, or the column `not null`"));
    EXPECT_THAT(null.what(), HasSubstr("[in: select * from users order by id]"));
    EXPECT_THAT(error_of(database.query_value<int>("select name from users where id = 1")).what(),
                HasSubstr("column 'name' is text in row 1, but int takes an integer"));
    EXPECT_THAT(error_of(database.query_value<std::int8_t>("select 200")).what(), HasSubstr("the integer 200"));
    EXPECT_THAT(error_of(database.query_value<unsigned>("select -1")).what(), HasSubstr("the integer -1"));
    EXPECT_THAT(error_of(database.query_value<bool>("select 2")).what(), HasSubstr("0 or 1"));
    EXPECT_THAT(error_of(database.query_value<Role>("select 'Owner'")).what(), HasSubstr("the name of an enumerator"));
    EXPECT_THAT(error_of(database.query_value<std::chrono::year_month_day>("select 'soon'")).what(),
                HasSubstr("a date as 2026-01-31"));
    EXPECT_THAT(error_of(database.query<int>("select 1, 2")).what(), HasSubstr("which takes 1 column, but"));
    EXPECT_THAT(error_of(database.query<std::pair<int, int>>("select 1")).what(),
                HasSubstr("which takes 2 columns, but"));
    EXPECT_THAT(error_of(database.query_one<int>("values (1), (2)")).what(), HasSubstr("add `limit 1`"));
    EXPECT_THAT(error_of(database.query_value<int>("select 1 where 0")).what(), HasSubstr("use query_one"));
}

TEST(Database, LimitsRowsAndTime) {
    Options options;
    options.row_limit = 3;
    options.statement_timeout = std::chrono::milliseconds(50);
    auto const database = Database::connect("sqlite::memory:", options);
    EXPECT_EQ(sync_wait(database.query<int>("values (1), (2), (3)")).size(), 3u);
    EXPECT_EQ(error_of(database.query<int>("values (1), (2), (3), (4)")).kind(), ErrorKind::TooManyRows);
    auto const slow = error_of(database.query_value<int>(
        "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"));
    EXPECT_EQ(slow.kind(), ErrorKind::Timeout);
    EXPECT_THAT(slow.what(), HasSubstr("interrupted after 50 ms"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select 1")), 1);
}

TEST(Database, NoticesChangesOfTheSchema) {
    TemporaryDirectory const directory;
    auto const database = Database::connect(directory.url("a.db"));
    database.script_blocking("create table t (a); insert into t values (1)");
    EXPECT_EQ(sync_wait(database.query_raw("select * from t")).columns(), 1u);
    sync_wait(database.execute("alter table t add column b default 5"));
    auto const rows = sync_wait(database.query_raw("select * from t"));
    ASSERT_EQ(rows.columns(), 2u);
    EXPECT_EQ(rows.at(0, 1).integer, 5);
}

TEST(Database, RunsScripts) {
    auto const database = Database::connect("sqlite::memory:");
    database.script_blocking("");
    database.script_blocking(" -- nothing\n ; ");
    std::string script = "create table t (a);\n";
    for (int i = 0; i < 5000; ++i) script += "insert into t values ('a;b'); -- one more\n";
    database.script_blocking(script);
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from t")), 5000);
    auto const error = error_of(database.script("delete from t;\n\ndelete from\n  nowhere;\nselect 1"));
    EXPECT_STREQ(error.what(), "line 3: no such table: nowhere [in: delete from\n  nowhere;\nselect 1]");
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from t")), 5000);
}

TEST(Database, KeepsFewStatements) {
    Options options;
    options.statement_cache = 2;
    auto const database = Database::connect("sqlite::memory:", options);
    for (int round = 0; round < 3; ++round)
        for (int i = 0; i < 5; ++i)
            EXPECT_EQ(sync_wait(database.query_value<int>(unchecked("select " + std::to_string(i)))), i);
    options.statement_cache = 0;
    EXPECT_EQ(sync_wait(Database::connect("sqlite::memory:", options).query_value<int>("select 1")), 1);
}

TEST(Connect, UnderstandsUrls) {
    TemporaryDirectory const directory;
    for (auto const& url : {"sqlite:" + directory.path("a.db"), "sqlite:///" + directory.path("b.db")})
        EXPECT_EQ(sync_wait(Database::connect(url).query_value<int>("select 1")), 1) << url;
    EXPECT_TRUE(std::filesystem::exists(directory.path("b.db")));
}

TEST(Connect, ExplainsWhatIsWrong) {
    TemporaryDirectory const directory;
    EXPECT_THAT(connect_error("users.db").what(),
                HasSubstr("\"users.db\" is not the URL of a database; write sqlite:users.db"));
    EXPECT_THAT(connect_error("postgresql://localhost/x").what(), HasSubstr("no driver for PostgreSQL"));
    EXPECT_THAT(connect_error("sqlite:").what(), HasSubstr("names no file"));
    EXPECT_THAT(connect_error("sqlite://host/x").what(), HasSubstr("names a host"));
    EXPECT_THAT(connect_error("sqlite:a.db?mode=ro").what(), HasSubstr("hxx::sql::Options"));
    EXPECT_THAT(connect_error(directory.url("no/such/a.db")).what(), HasSubstr("/no/such; create it"));
    EXPECT_THAT(connect_error("sqlite:" + directory.path()).what(), HasSubstr("it is a directory"));
    directory.write("text.db", std::string(4096, 'x'));
    auto const corrupt = connect_error(directory.url("text.db"));
    EXPECT_EQ(corrupt.kind(), ErrorKind::Corrupt);
    EXPECT_THAT(corrupt.what(), HasSubstr("text.db: file is not a database"));
    Options read_only;
    read_only.read_only = true;
    EXPECT_EQ(connect_error(directory.url("none.db"), read_only).kind(), ErrorKind::Connection);
}

TEST(Connect, SetsUpTheDatabase) {
    TemporaryDirectory const directory;
    auto const database = Database::connect(directory.url("a.db"));
    EXPECT_EQ(sync_wait(database.query_value<std::string>("pragma journal_mode")), "wal");
    EXPECT_EQ(sync_wait(database.query_value<int>("pragma foreign_keys")), 1);
    EXPECT_EQ(sync_wait(database.query_value<int>("pragma synchronous")), 1);
    Options options;
    options.journal_mode = JournalMode::Delete;
    options.foreign_keys = false;
    options.synchronous = Synchronous::Full;
    auto const other = Database::connect(directory.url("b.db"), options);
    EXPECT_EQ(sync_wait(other.query_value<std::string>("pragma journal_mode")), "delete");
    EXPECT_EQ(sync_wait(other.query_value<int>("pragma foreign_keys")), 0);
    EXPECT_EQ(sync_wait(other.query_value<int>("pragma synchronous")), 2);
}

TEST(Connect, ReadOnlyRefusesToWrite) {
    TemporaryDirectory const directory;
    Database::connect(directory.url("a.db")).script_blocking("create table t (a); insert into t values (1)");
    Options options;
    options.read_only = true;
    auto const database = Database::connect(directory.url("a.db"), options);
    EXPECT_EQ(sync_wait(database.query_value<int>("select a from t")), 1);
    EXPECT_EQ(error_of(database.execute("insert into t values (2)")).kind(), ErrorKind::ReadOnly);
}

TEST(Connect, MemoryDatabasesAreApart) {
    auto const one = users();
    auto const copy = one;
    EXPECT_EQ(sync_wait(copy.query_value<int>("select count(*) from users")), 2);
    EXPECT_EQ(error_of(Database::connect("sqlite::memory:").query<int>("select 1 from users")).kind(),
              ErrorKind::Syntax);
    auto with_tables = []() -> Task<int> {
        auto const session = co_await memory_session("create table t (a); insert into t values (4)");
        co_return co_await session.query_value<int>("select a from t");
    };
    EXPECT_EQ(sync_wait(with_tables()), 4);
    EXPECT_EQ(sync_wait(sync_wait(memory_session()).query_value<int>("select 3")), 3);
}

} // namespace
} // namespace hxx::sql
