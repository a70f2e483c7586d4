#include "hxx/sql/migration.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/sql/database.hpp"
#include "hxx/sql/temporary_directory_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace hxx::sql {
namespace {

using testing::HasSubstr;

class MigrationTest : public testing::Test {
  protected:
    MigrationTest() {
        directory.write("001_users.sql", "create table users (id integer primary key, name text);\n"
                                         "create index names on users (name);\n");
        directory.write("002_email.sql", "alter table users add column email text; -- the second\n");
        directory.write("notes.txt", "not looked at");
    }
    std::string failure(Database const& on) const {
        try {
            on.migrate_blocking(directory.path());
        } catch (Error const& error) {
            EXPECT_EQ(error.kind(), ErrorKind::Migration);
            return error.what();
        }
        return "nothing was thrown";
    }
    std::string failure() const { return failure(database); }

    TemporaryDirectory directory;
    Database database = Database::connect("sqlite::memory:");
};

TEST_F(MigrationTest, RunsEachOnce) {
    database.migrate_blocking(directory.path());
    sync_wait(database.execute("insert into users (name, email) values ('a', 'b')"));
    database.migrate_blocking(directory.path());
    directory.write("003_age.sql", "alter table users add column age integer default 7");
    sync_wait(database.migrate(directory.path()));
    EXPECT_EQ(sync_wait(database.query_value<int>("select age from users")), 7);
    EXPECT_EQ(sync_wait(database.query<std::string>("select name from hxx_migrations order by number")),
              (std::vector<std::string>{"users", "email", "age"}));
}

TEST_F(MigrationTest, AFailingOneIsRolledBackAndNamed) {
    directory.write("003_bad.sql",
                    "create table more (x);\ncreate table even_more (y);\ninsrt into more values (1);\n");
    EXPECT_THAT(failure(),
                HasSubstr("migration 003_bad failed and was rolled back: line 3: near \"insrt\": syntax error"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from sqlite_schema where name like '%more'")), 0);
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from hxx_migrations")), 2);
    directory.write("003_bad.sql", "create table more (x);");
    database.migrate_blocking(directory.path());
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from more")), 0);
}

TEST_F(MigrationTest, AFailureWhileRunningNamesTheLine) {
    directory.write("003_bad.sql",
                    "insert into users (id) values (1);\n\n-- twice\ninsert into users (id) values (1);");
    EXPECT_THAT(failure(), HasSubstr("003_bad failed and was rolled back: line 3: UNIQUE constraint failed: users.id"));
}

TEST_F(MigrationTest, AnEditedOneIsNoticed) {
    database.migrate_blocking(directory.path());
    directory.write("002_email.sql", "alter table users add column email text; -- the second\r\n");
    database.migrate_blocking(directory.path()); // line ends do not matter
    directory.write("002_email.sql", "alter table users add column mail text;");
    EXPECT_THAT(failure(), HasSubstr("migration 002_email was changed after it had been carried out"));
}

TEST_F(MigrationTest, AMissingOrRenamedOneIsNoticed) {
    database.migrate_blocking(directory.path());
    directory.remove("002_email.sql");
    EXPECT_THAT(failure(), HasSubstr("migration 002_email was carried out, but its file is missing"));
    directory.write("002_mail.sql", "alter table users add column email text; -- the second\n");
    EXPECT_THAT(failure(), HasSubstr("migration 002_mail was carried out as 002_email"));
}

TEST_F(MigrationTest, NumbersHaveNoGapsAndNoDuplicates) {
    directory.write("004_more.sql", "select 1");
    EXPECT_THAT(failure(), HasSubstr("a migration with the number 3 is missing"));
    EXPECT_THAT(failure(), HasSubstr("the next there is 004_more"));
    directory.write("3_other.sql", "select 1");
    directory.write("003_same.sql", "select 1");
    EXPECT_THAT(failure(), HasSubstr("two migrations have the number 3"));
}

TEST_F(MigrationTest, NamesAreChecked) {
    directory.write("users.sql", "select 1");
    EXPECT_THAT(failure(), HasSubstr("users.sql is not named like a migration: NUMBER_NAME.sql, as in 001_users.sql"));
    EXPECT_THROW(static_cast<void>(read_migrations(directory.path("nowhere"))), Error);
}

TEST_F(MigrationTest, TheyMayNotControlTransactions) {
    directory.write("003_begin.sql", "create table x (a);\ncommit;");
    EXPECT_THAT(failure(), HasSubstr("scripts and migrations run in one already"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from sqlite_schema where name = 'x'")), 0);
}

TEST_F(MigrationTest, TablesThatOthersReferToCanBeRebuilt) {
    directory.write("003_posts.sql",
                    "create table posts (author integer not null references users (id) on delete cascade);"
                    "insert into users (id, name) values (1, 'a'); insert into posts values (1);");
    directory.write("004_rebuild.sql", "create table users_new (id integer primary key, name text not null);"
                                       "insert into users_new select id, name from users;"
                                       "drop table users; alter table users_new rename to users;");
    database.migrate_blocking(directory.path());
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from posts")), 1);
    EXPECT_EQ(sync_wait(database.query_value<int>("pragma foreign_keys")), 1);
    directory.write("005_orphans.sql", "delete from users");
    EXPECT_THAT(failure(),
                HasSubstr("005_orphans leaves rows in the table posts that refer to rows of users that do not"));
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from users")), 1);
}

constexpr EmbeddedFile embedded[] = {{"001_users.sql", "create table users (id integer primary key);", ""},
                                     {"002_email.sql", "alter table users add column email text", ""},
                                     {"notes.txt", "not looked at", ""},
                                     {"old/001_users.sql", "nor is this", ""}};

TEST_F(MigrationTest, TheyMayBeEmbedded) {
    database.migrate_blocking(EmbeddedFiles(embedded));
    sync_wait(database.migrate(EmbeddedFiles(embedded)));
    EXPECT_EQ(sync_wait(database.query<std::string>("select name from hxx_migrations order by number")),
              (std::vector<std::string>{"users", "email"}));
    EXPECT_THAT(failure(), HasSubstr("migration 001_users was changed after it had been carried out"));
}

TEST_F(MigrationTest, EmbeddedOnesHaveTheRulesOfADirectory) {
    constexpr EmbeddedFile misnamed[] = {{"users.sql", "select 1", ""}};
    constexpr EmbeddedFile with_gap[] = {{"002_users.sql", "select 1", ""}};
    auto const failure_of = [this](EmbeddedFiles files) -> std::string {
        try {
            database.migrate_blocking(files);
        } catch (Error const& error) {
            EXPECT_EQ(error.kind(), ErrorKind::Migration);
            return error.what();
        }
        return "nothing was thrown";
    };
    EXPECT_THAT(failure_of(EmbeddedFiles(misnamed)),
                HasSubstr("users.sql is not named like a migration: NUMBER_NAME.sql, as in 001_users.sql"));
    EXPECT_THAT(failure_of(EmbeddedFiles(with_gap)), HasSubstr("a migration with the number 1 is missing"));
}

TEST_F(MigrationTest, TheyMayBePartOfTheProgram) {
    std::vector<Migration> migrations(2);
    migrations[1] = {1, "first", "create table a (x)"};
    migrations[0] = {2, "second", "insert into a values (1)"};
    database.migrate_blocking(migrations);
    EXPECT_EQ(sync_wait(database.query_value<int>("select x from a")), 1);
}

TEST_F(MigrationTest, SeveralProcessesMayStartAtOnce) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            Options options;
            options.wait_timeout = std::chrono::minutes(5);
            Database::connect(directory.url("shared.db"), options).migrate_blocking(directory.path());
        });
    for (auto& thread : threads) thread.join();
    auto const shared = Database::connect(directory.url("shared.db"));
    EXPECT_EQ(sync_wait(shared.query_value<int>("select count(*) from hxx_migrations")), 2);
}

} // namespace
} // namespace hxx::sql
