#include "hxx/sql/database.hpp"

#include "hxx/async/errors.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/sql/temporary_directory_test.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace hxx::sql {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr char const* forever =
    "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";

/// Each test runs on a file and in memory: the first has readers beside the writer, the second one connection.
class SessionTest : public testing::TestWithParam<bool> {
  protected:
    SessionTest() : database(open({})) {
        database.script_blocking("create table t (id integer primary key, v text unique);"
                                 "create table child (parent integer references t (id) deferrable initially deferred)");
    }
    Database open(Options const& options) const {
        return Database::connect(GetParam() ? directory.url("test.db") : "sqlite::memory:", options);
    }
    int count() const { return sync_wait(database.query_value<int>("select count(*) from t")); }

    TemporaryDirectory directory;
    Database database;
};

INSTANTIATE_TEST_SUITE_P(Sql, SessionTest, testing::Values(true, false),
                         [](auto const& info) { return info.param ? "File" : "Memory"; });

/// What a task throws; Misuse "nothing was thrown" if nothing.
template <class T>
Task<Error> error_in(Task<T> task) {
    std::optional<Error> error;
    try {
        co_await std::move(task);
    } catch (Error const& thrown) {
        error = thrown;
    }
    if (!error) error.emplace(ErrorKind::Other, "nothing was thrown");
    co_return std::move(*error);
}

TEST_P(SessionTest, KeepsWhatIsCommitted) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        EXPECT_FALSE(session.in_transaction());
        co_await session.execute("insert into t (v) values ($1)", "a");
        EXPECT_TRUE(session.in_transaction());
        EXPECT_EQ(co_await session.query_value<int>("select count(*) from t"), 1);
        co_await session.commit();
        EXPECT_FALSE(session.in_transaction());
        co_await session.execute("insert into t (v) values ($1)", "b");
        co_await session.commit();
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 2);
}

TEST_P(SessionTest, RollsBackWhatIsNot) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
    };
    sync_wait(task());
    EXPECT_EQ(count(), 0);
    auto explicitly = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        co_await session.rollback();
        EXPECT_FALSE(session.in_transaction());
        EXPECT_EQ(co_await session.query_value<int>("select count(*) from t"), 0);
        co_await session.rollback();
    };
    sync_wait(explicitly());
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, RollsBackOnAnException) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        throw std::runtime_error("the handler fails");
    };
    EXPECT_THROW(sync_wait(task()), std::runtime_error);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, RollsBackWhenCancelled) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        co_await sleep_for(24h);
        co_await session.commit();
    };
    EXPECT_THROW(sync_wait(with_timeout(task(), 20ms)), TimeoutError);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, ACancellationInterruptsAStatement) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        co_await session.query_value<int>(forever); // would go on until Options::statement_timeout
    };
    EXPECT_THROW(sync_wait(with_timeout(task(), 20ms)), TimeoutError);
    EXPECT_EQ(count(), 0);
    EXPECT_THROW(sync_wait(with_timeout(database.query_value<int>(forever), 20ms)), TimeoutError);
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, RollsBackWhenItsLoopIsDestroyed) {
    auto task = [](Database from, bool& written) -> Task<void> {
        auto const session = co_await from.session();
        co_await session.execute("insert into t (v) values ('a')");
        written = true;
        co_await session.query_value<int>(forever);
    };
    {
        bool written = false;
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, task(database, written), boost::asio::detached);
        while (!written) loop.run_one(); // NOLINT(bugprone-infinite-loop): the coroutine has a reference to it
    }
    EXPECT_EQ(count(), 0);
}

TEST_P(SessionTest, GoesOnAfterAnErrorThatDidNotEndTheTransaction) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        auto const error = co_await error_in(session.execute("insert into t (v) values ('a')"));
        EXPECT_TRUE(error.duplicate("v"));
        EXPECT_TRUE(session.in_transaction());
        co_await session.execute("insert into t (v) values ('b')");
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 2);
}

TEST_P(SessionTest, AFirstStatementThatFailsLeavesNothingOpen) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        auto const error = co_await error_in(session.execute("insert into nowhere values (1)"));
        EXPECT_EQ(error.kind(), ErrorKind::Syntax);
        EXPECT_FALSE(session.in_transaction());
        auto const other = co_await database.session();
        co_await other.execute("insert into t (v) values ('a')"); // does not wait for the first session
        co_await other.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

TEST_P(SessionTest, ATransactionThatSqliteEndedIsNotContinuedInSilence) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('a')");
        auto const conflict = co_await error_in(session.execute("insert or rollback into t (v) values ('a')"));
        EXPECT_TRUE(conflict.duplicate("v"));
        auto const aborted = co_await error_in(session.execute("insert into t (v) values ('b')"));
        EXPECT_EQ(aborted.kind(), ErrorKind::Aborted);
        EXPECT_THAT(aborted.what(), HasSubstr("(insert or rollback into t (v) values ('a'))"));
        auto const commit = co_await error_in(session.commit());
        EXPECT_EQ(commit.kind(), ErrorKind::Aborted);
        co_await session.rollback();
        co_await session.execute("insert into t (v) values ('c')");
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

TEST_P(SessionTest, ACommitThatFailsCanBeMended) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into child values (1)");
        auto const error = co_await error_in(session.commit());
        EXPECT_EQ(error.kind(), ErrorKind::ForeignKeyViolation);
        EXPECT_TRUE(session.in_transaction());
        co_await session.execute("insert into t (id) values (1)");
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

TEST_P(SessionTest, SavepointsUndoAPart) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        auto kept = co_await session.savepoint();
        co_await session.execute("insert into t (v) values ('kept')");
        {
            auto const dropped = co_await session.savepoint();
            co_await session.execute("insert into t (v) values ('dropped')");
            auto inner = co_await session.savepoint();
            co_await session.execute("insert into t (v) values ('inner')");
            co_await inner.release();
            EXPECT_EQ(co_await session.query_value<int>("select count(*) from t"), 3);
        }
        EXPECT_EQ(co_await session.query_value<int>("select count(*) from t"), 1);
        auto undone = co_await session.savepoint();
        co_await session.execute("insert into t (v) values ('undone')");
        co_await undone.rollback();
        EXPECT_THROW(static_cast<void>(undone.release()), Error);
        co_await kept.release();
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(sync_wait(database.query<std::string>("select v from t")), std::vector<std::string>{"kept"});
}

TEST_P(SessionTest, ACommitDoesNotKeepAForgottenSavepoint) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.execute("insert into t (v) values ('kept')");
        {
            auto const savepoint = co_await session.savepoint();
            co_await session.execute("insert into t (v) values ('dropped')");
        }
        co_await session.commit();
        std::optional<Savepoint> stale(co_await session.savepoint());
        co_await session.rollback();
        auto const error = co_await error_in(stale->release());
        EXPECT_THAT(error.what(), HasSubstr("the savepoint's transaction has ended"));
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

TEST_P(SessionTest, RunsOneStatementAtATime) {
    auto const session = sync_wait(database.session());
    std::optional<Session> holder(sync_wait(database.session()));
    sync_wait(holder->begin()); // so that the session's first statement has to wait
    boost::asio::io_context loop;
    int failed = 0, done = 0;
    auto statement = [&](std::string value) -> Task<void> {
        auto const error = co_await error_in(session.execute("insert into t (v) values ($1)", value));
        (error.is(ErrorKind::Misuse) ? failed : done) += 1;
        holder.reset();
    };
    boost::asio::co_spawn(loop, statement("a"), boost::asio::detached);
    boost::asio::co_spawn(loop, statement("b"), boost::asio::detached);
    loop.run();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(failed, 1);
}

TEST_P(SessionTest, MayMoveAndOutliveTheDatabaseHandle) {
    auto task = [&]() -> Task<void> {
        auto first = co_await database.session();
        co_await first.execute("insert into t (v) values ('a')");
        auto second = std::move(first);
        EXPECT_THROW(static_cast<void>(first.commit()), Error); // NOLINT(bugprone-use-after-move): its subject
        EXPECT_FALSE(first.in_transaction());
        co_await second.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
    std::optional<Session> survivor;
    survivor.emplace(sync_wait(open({}).session()));
    EXPECT_EQ(sync_wait(survivor->query_value<int>("select 1")), 1);
}

TEST_P(SessionTest, WritersThatWaitTooLongAreTold) {
    Options options;
    options.wait_timeout = 20ms;
    auto const other = open(options);
    auto task = [&]() -> Task<void> {
        auto const first = co_await other.session();
        co_await first.execute("create table if not exists u (x)");
        auto const second = co_await other.session();
        auto const error = co_await error_in(second.execute("insert into u values (1)"));
        EXPECT_EQ(error.kind(), ErrorKind::Busy);
        EXPECT_THAT(error.what(),
                    HasSubstr("for 20 ms (Options::wait_timeout); its transaction began with: create table if"));
        co_await first.rollback();
        co_await second.execute("create table if not exists v (x)"); // free again
    };
    sync_wait(task());
}

TEST_P(SessionTest, ASnapshotDoesNotWrite) {
    auto task = [&]() -> Task<void> {
        auto const session = co_await database.session();
        co_await session.begin_snapshot();
        EXPECT_EQ(co_await session.query_value<int>("select count(*) from t"), 0);
        auto const error = co_await error_in(session.execute("insert into t (v) values ('a')"));
        EXPECT_EQ(error.kind(), ErrorKind::ReadOnly);
        auto const begin = co_await error_in(session.begin());
        EXPECT_EQ(begin.kind(), ErrorKind::Misuse);
        co_await session.commit();
        co_await session.execute("insert into t (v) values ('a')");
        auto const again = co_await error_in(session.begin_snapshot());
        EXPECT_EQ(again.kind(), ErrorKind::Misuse);
        co_await session.commit();
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

class FileSessionTest : public SessionTest {};
INSTANTIATE_TEST_SUITE_P(Sql, FileSessionTest, testing::Values(true), [](auto const&) { return "File"; });

TEST_P(FileSessionTest, ReadersSeeTheCommittedStateBesideAWriter) {
    auto task = [&]() -> Task<void> {
        auto const writer = co_await database.session();
        co_await writer.execute("insert into t (v) values ('a')");
        auto const reader = co_await database.session();
        EXPECT_EQ(co_await reader.query_value<int>("select count(*) from t"), 0);
        EXPECT_EQ(co_await database.query_value<int>("select count(*) from t"), 0);
        co_await writer.commit();
        EXPECT_EQ(co_await reader.query_value<int>("select count(*) from t"), 1);
    };
    sync_wait(task());
}

TEST_P(FileSessionTest, ASnapshotStaysAsItIs) {
    auto task = [&]() -> Task<void> {
        auto const reader = co_await database.session();
        co_await reader.begin_snapshot();
        co_await database.execute("insert into t (v) values ('a')");
        EXPECT_EQ(co_await reader.query_value<int>("select count(*) from t"), 0);
        co_await reader.commit();
        EXPECT_EQ(co_await reader.query_value<int>("select count(*) from t"), 1);
    };
    sync_wait(task());
}

TEST_P(FileSessionTest, ReadersThatWaitTooLongAreTold) {
    Options options;
    options.wait_timeout = 20ms;
    options.readers = 1;
    auto const other = open(options);
    auto task = [&]() -> Task<void> {
        auto const first = co_await other.session();
        co_await first.begin_snapshot();
        std::string message;
        try {
            co_await other.query_value<int>("select 1");
        } catch (Overloaded const& error) {
            message = error.what();
        }
        EXPECT_THAT(message, HasSubstr("within 20 ms (Options::wait_timeout): all 1 are in use (Options::readers)"));
        co_await first.rollback();
        EXPECT_EQ(co_await other.query_value<int>("select 1"), 1);
    };
    sync_wait(task());
}

TEST_P(FileSessionTest, AnotherProcessesLockIsWaitedFor) {
    Options options;
    options.wait_timeout = 20ms;
    auto const impatient = open(options); // like another process: it has its own queue
    auto task = [&]() -> Task<void> {
        auto const holder = co_await database.session();
        co_await holder.begin();
        auto const error = co_await error_in(impatient.execute("insert into t (v) values ('a')"));
        EXPECT_EQ(error.kind(), ErrorKind::Busy);
        EXPECT_THAT(error.what(), HasSubstr("another process kept the database locked for more than 20 ms"));
        co_await holder.commit();
        co_await impatient.execute("insert into t (v) values ('a')");
    };
    sync_wait(task());
    EXPECT_EQ(count(), 1);
}

} // namespace
} // namespace hxx::sql
