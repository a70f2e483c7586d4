#include "hxx/sql/database.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/sql/temporary_directory_test.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx::sql {
namespace {

using namespace std::chrono_literals;

/// Runs `tasks` coroutines on each of `loops` event loops, each with a thread of its own. Fails if one throws.
void run_on_loops(int loops, int tasks, std::function<Task<void>(int)> const& make) {
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    for (int i = 0; i < loops; ++i)
        threads.emplace_back([&, i] {
            boost::asio::io_context loop;
            for (int k = 0; k < tasks; ++k)
                boost::asio::co_spawn(loop, make(i * tasks + k), [&](std::exception_ptr error) {
                    if (!error) return;
                    ++failures;
                    try {
                        std::rethrow_exception(error);
                    } catch (std::exception const& thrown) {
                        ADD_FAILURE() << thrown.what();
                    }
                });
            loop.run();
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
}

Options patient() {
    Options options;
    options.wait_timeout = 5min; // the machine may be busy: no test is about how long anything takes
    options.statement_timeout = 5min;
    return options;
}

class ConcurrencyTest : public testing::TestWithParam<bool> {
  protected:
    ConcurrencyTest()
        : database(Database::connect(GetParam() ? directory.url("test.db") : "sqlite::memory:", patient())) {
        database.script_blocking("create table counter (n integer); insert into counter values (0);"
                                 "create table pairs (a integer, b integer)");
    }
    TemporaryDirectory directory;
    Database database;
};

INSTANTIATE_TEST_SUITE_P(Sql, ConcurrencyTest, testing::Values(true, false),
                         [](auto const& info) { return info.param ? "File" : "Memory"; });

TEST_P(ConcurrencyTest, WritersFromManyLoopsNeverFailBecauseOfOneAnother) {
    run_on_loops(3, 10, [&](int) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
            auto const session = co_await database.session();
            co_await session.begin(); // what is written depends on what is read
            auto const n = co_await session.query_value<int>("select n from counter");
            co_await session.execute("update counter set n = $1", n + 1);
            co_await session.commit();
        }
    });
    EXPECT_EQ(sync_wait(database.query_value<int>("select n from counter")), 150);
}

TEST_P(ConcurrencyTest, StatementsAloneMix) {
    run_on_loops(3, 10, [&](int) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
            co_await database.execute("update counter set n = n + 1");
            auto const n = co_await database.query_value<int>("select n from counter");
            EXPECT_GT(n, 0);
        }
    });
    EXPECT_EQ(sync_wait(database.query_value<int>("select n from counter")), 150);
}

TEST_P(ConcurrencyTest, ReadersNeverSeeHalfATransaction) {
    run_on_loops(2, 12, [&](int task) -> Task<void> {
        for (int i = 0; i < 10; ++i) {
            if (task % 3 == 0) {
                auto const session = co_await database.session();
                co_await session.execute("insert into pairs (a) values ($1)", task);
                co_await session.execute("update pairs set b = a where b is null");
                co_await session.commit();
            } else {
                auto const odd = co_await database.query_value<int>("select count(*) from pairs where b is null");
                EXPECT_EQ(odd, 0);
            }
        }
    });
}

TEST_P(ConcurrencyTest, SessionsThatRollBackOrVanishDoNotBlockOthers) {
    run_on_loops(3, 8, [&](int task) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
            try {
                auto const session = co_await database.session();
                co_await session.execute("update counter set n = n + 1");
                if (task % 4 == 0) throw std::runtime_error("gone"); // rolled back by the destructor
                if (task % 4 == 1) {
                    co_await session.rollback();
                    continue;
                }
                co_await session.commit();
            } catch (std::runtime_error const&) {
            }
        }
    });
    EXPECT_EQ(sync_wait(database.query_value<int>("select n from counter")), 60);
}

TEST_P(ConcurrencyTest, CancelledWaitsLeaveTheQueueInOrder) {
    run_on_loops(2, 8, [&](int task) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
            auto write = [&]() -> Task<void> {
                auto const session = co_await database.session();
                co_await session.execute("update counter set n = n + 1");
                co_await sleep_for(1ms);
                co_await session.rollback();
            };
            try {
                co_await with_timeout(write(), std::chrono::milliseconds(1 + task % 5));
            } catch (TimeoutError const&) {
            }
        }
    });
    EXPECT_EQ(sync_wait(database.query_value<int>("select n from counter")), 0);
}

TEST_P(ConcurrencyTest, LoopsMayBeDestroyedInTheMiddle) {
    for (int round = 0; round < 20; ++round) {
        boost::asio::io_context loop;
        auto work = [](Database from) -> Task<void> {
            auto const session = co_await from.session();
            for (;;) {
                co_await session.execute("update counter set n = n + 1");
                co_await session.query_value<int>("select count(*) from pairs");
            }
        };
        for (int k = 0; k < 4; ++k) boost::asio::co_spawn(loop, work(database), [](std::exception_ptr) {});
        for (int steps = 0; steps < 5 + round; ++steps) loop.run_one();
    }
    EXPECT_EQ(sync_wait(database.query_value<int>("select n from counter")), 0);
}

} // namespace
} // namespace hxx::sql
