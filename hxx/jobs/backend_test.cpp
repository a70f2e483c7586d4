// What every store of jobs has to do, of each.
#include "hxx/jobs/backend.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

JobTime at(std::chrono::milliseconds after) { return JobTime(1'700'000'000'000ms) + after; }

struct Memory {
    std::shared_ptr<JobBackend> backend = memory_jobs();
};
struct SqliteInMemory {
    std::shared_ptr<JobBackend> backend = sqlite_jobs(sql::Database::connect("sqlite::memory:"));
};
struct SqliteFile {
    TemporaryDirectory directory;
    std::shared_ptr<JobBackend> backend = sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db")));
};

template <class Store>
class Backend : public testing::Test {
  protected:
    Backend() { sync_wait(store.backend->prepare()); }

    JobRecord add(std::string name = "work", std::chrono::milliseconds due = 0ms, std::string owner = {},
                  std::string key = {}) {
        JobRecord job;
        job.id = JobId::random();
        job.name = std::move(name);
        job.owner = std::move(owner);
        job.key = std::move(key);
        job.arguments = R"({"n":7})";
        job.max_attempts = 3;
        job.created_at = at(0ms);
        job.due_at = at(due);
        return sync_wait(store.backend->enqueue(std::move(job)));
    }
    std::optional<JobRecord> claim(std::chrono::milliseconds now = 0ms, std::string lease = "lease",
                                   std::vector<std::string> names = {"work"}) {
        JobClaim claim;
        claim.names = std::move(names);
        claim.now = at(now);
        claim.until = at(now + 30s);
        claim.lease = std::move(lease);
        return sync_wait(store.backend->claim(std::move(claim)));
    }
    std::optional<JobRecord> end(JobRecord const& job, JobState state, std::chrono::milliseconds now = 1s,
                                 std::chrono::milliseconds due = 1s, bool handed_back = false) {
        JobOutcome outcome;
        outcome.held = held(job);
        outcome.state = state;
        outcome.result = R"("the result")";
        outcome.error = "the error";
        outcome.cause = "the cause";
        outcome.now = at(now);
        outcome.due_at = at(due);
        outcome.handed_back = handed_back;
        return sync_wait(store.backend->end(std::move(outcome)));
    }
    std::optional<JobRecord> find(JobId const& id) { return sync_wait(store.backend->find(id)); }
    static JobLease held(JobRecord const& job) { return {job.id, job.lease}; }

    Store store;
};

using Stores = testing::Types<Memory, SqliteInMemory, SqliteFile>;
TYPED_TEST_SUITE(Backend, Stores);

TYPED_TEST(Backend, KeepsWhatItIsGiven) {
    auto const added = this->add("work", 5s, "ann", "key");
    for (auto const& job : {added, this->find(added.id).value()}) {
        EXPECT_EQ(job.id, added.id);
        EXPECT_EQ(job.name, "work");
        EXPECT_EQ(job.owner, "ann");
        EXPECT_EQ(job.key, "key");
        EXPECT_EQ(job.state, JobState::Queued);
        EXPECT_EQ(job.arguments, R"({"n":7})");
        EXPECT_EQ(job.result, "null");
        EXPECT_EQ(job.attempts, 0);
        EXPECT_EQ(job.max_attempts, 3);
        EXPECT_EQ(job.created_at, at(0ms));
        EXPECT_EQ(job.due_at, at(5s));
        EXPECT_FALSE(job.started_at);
        EXPECT_FALSE(job.finished_at);
        EXPECT_EQ(job.version, 1);
    }
    EXPECT_FALSE(this->find(JobId("nosuch")));
}

TYPED_TEST(Backend, IsPreparedAnyNumberOfTimes) {
    auto const job = this->add();
    sync_wait(this->store.backend->prepare());
    EXPECT_TRUE(this->find(job.id));
}

TYPED_TEST(Backend, GivesEachJobToOneInTheOrderOfTheirTime) {
    auto const late = this->add("work", 2s), first = this->add("work", 1s), second = this->add("work", 1s);
    EXPECT_FALSE(this->claim(0ms)) << "nothing is due";
    EXPECT_EQ(sync_wait(this->store.backend->next_due({"work"})), at(1s));
    auto const one = this->claim(5s, "a"), two = this->claim(5s, "b"), three = this->claim(5s, "c");
    ASSERT_TRUE(one && two && three);
    EXPECT_EQ(one->id, first.id);
    EXPECT_EQ(two->id, second.id);
    EXPECT_EQ(three->id, late.id);
    EXPECT_EQ(one->state, JobState::Running);
    EXPECT_EQ(one->lease, "a");
    EXPECT_EQ(one->attempts, 1);
    EXPECT_EQ(one->arguments, R"({"n":7})");
    EXPECT_EQ(one->started_at, at(5s));
    EXPECT_GT(one->version, first.version);
    EXPECT_FALSE(this->claim(6s)) << "all are taken";
    EXPECT_EQ(sync_wait(this->store.backend->next_due({"work"})), at(35s)) << "the first lease lapses";
}

TYPED_TEST(Backend, GivesOnlyWhatIsAskedFor) {
    this->add("other");
    EXPECT_FALSE(this->claim(0ms, "a", {"work"}));
    EXPECT_FALSE(this->claim(0ms, "a", {}));
    EXPECT_FALSE(sync_wait(this->store.backend->next_due({"work"})));
    EXPECT_TRUE(this->claim(0ms, "a", {"work", "other"}));
}

TYPED_TEST(Backend, ALapsedLeaseIsAnothersAndItsFormerHolderCanChangeNothing) {
    this->add();
    auto const former = this->claim(0ms, "a").value();
    EXPECT_FALSE(this->claim(29s, "b"));
    auto const taken = this->claim(30s, "b").value();
    EXPECT_EQ(taken.id, former.id);
    EXPECT_EQ(taken.attempts, 2);
    EXPECT_EQ(taken.started_at, at(0ms)) << "of the first attempt";
    EXPECT_FALSE(sync_wait(this->store.backend->progress(this->held(former), 50, "half")));
    EXPECT_FALSE(this->end(former, JobState::Done));
    EXPECT_TRUE(sync_wait(this->store.backend->renew({this->held(former)}, at(99s))).empty());
    auto const now = this->find(former.id).value();
    EXPECT_EQ(now.state, JobState::Running);
    EXPECT_EQ(now.percent, 0);
    EXPECT_EQ(now.lease, "b");
    EXPECT_TRUE(this->end(taken, JobState::Done));
}

TYPED_TEST(Backend, ARenewedLeaseHolds) {
    this->add(), this->add();
    auto const one = this->claim(0ms, "a").value(), two = this->claim(0ms, "b").value();
    auto const still = sync_wait(this->store.backend->renew({this->held(one), {two.id, "another"}}, at(60s)));
    ASSERT_EQ(still.size(), 1u);
    EXPECT_EQ(still.front().id, one.id);
    EXPECT_EQ(this->claim(45s, "c").value().id, two.id) << "which was not renewed";
    EXPECT_FALSE(this->claim(45s, "d"));
}

TYPED_TEST(Backend, KeepsProgress) {
    this->add();
    auto const job = this->claim().value();
    auto const half = sync_wait(this->store.backend->progress(this->held(job), 50, "half"));
    ASSERT_TRUE(half);
    EXPECT_EQ(half->percent, 50);
    EXPECT_EQ(half->message, "half");
    EXPECT_GT(half->version, job.version);
    EXPECT_EQ(this->find(job.id)->message, "half");
}

TYPED_TEST(Backend, KeepsAnOutcome) {
    for (auto const state : {JobState::Done, JobState::Failed, JobState::Cancelled}) {
        this->add();
        auto const job = this->claim().value();
        ASSERT_TRUE(this->end(job, state));
        auto const ended = this->find(job.id).value();
        EXPECT_EQ(ended.state, state);
        EXPECT_EQ(ended.result, R"("the result")");
        EXPECT_EQ(ended.error, "the error");
        EXPECT_EQ(ended.cause, "the cause");
        EXPECT_EQ(ended.percent, state == JobState::Done ? 100 : 0);
        EXPECT_EQ(ended.finished_at, at(1s));
        EXPECT_EQ(ended.lease, "");
        EXPECT_FALSE(this->end(job, JobState::Done)) << "once";
        EXPECT_FALSE(this->claim(1h)) << "never again";
    }
}

TYPED_TEST(Backend, QueuesItAgain) {
    this->add();
    ASSERT_TRUE(this->end(this->claim().value(), JobState::Queued, 1s, 10s));
    EXPECT_FALSE(this->claim(9s));
    auto const again = this->claim(10s).value();
    EXPECT_EQ(again.attempts, 2);
    EXPECT_EQ(again.error, "the error") << "of the last attempt";
    EXPECT_FALSE(again.finished_at);
    ASSERT_TRUE(this->end(again, JobState::Queued, 11s, 11s, true));
    EXPECT_EQ(this->claim(11s).value().attempts, 2) << "an attempt that was handed back does not count";
}

TYPED_TEST(Backend, CancelsAQueuedJobAndMarksARunningOne) {
    auto const queued = this->add();
    auto cancelled = sync_wait(this->store.backend->cancel(queued.id, at(1s)));
    EXPECT_EQ(cancelled.value().state, JobState::Cancelled);
    EXPECT_EQ(cancelled->finished_at, at(1s));
    EXPECT_FALSE(this->claim(1h));

    this->add();
    auto const running = this->claim().value();
    cancelled = sync_wait(this->store.backend->cancel(running.id, at(1s)));
    EXPECT_EQ(cancelled.value().state, JobState::Running);
    EXPECT_TRUE(cancelled->cancel_requested);
    EXPECT_GT(cancelled->version, running.version);
    EXPECT_TRUE(sync_wait(this->store.backend->progress(this->held(running), 1, ""))->cancel_requested);
    EXPECT_TRUE(sync_wait(this->store.backend->renew({this->held(running)}, at(60s))).at(0).cancel_requested);
    auto const ended = this->end(running, JobState::Queued);
    EXPECT_EQ(ended.value().state, JobState::Cancelled) << "it is not tried again";
    EXPECT_TRUE(ended->finished_at);

    auto const after = sync_wait(this->store.backend->cancel(running.id, at(9s)));
    EXPECT_EQ(after.value().finished_at, ended->finished_at) << "what is finished stays as it is";
    EXPECT_EQ(after->version, ended->version);
    EXPECT_FALSE(sync_wait(this->store.backend->cancel(JobId("nosuch"), at(0ms))));
}

TYPED_TEST(Backend, AKeyIsThereOnceWhileItsJobIsOpen) {
    auto const first = this->add("work", 0ms, "ann", "k");
    EXPECT_EQ(this->add("work", 0ms, "ann", "k").id, first.id);
    EXPECT_NE(this->add("work", 0ms, "ben", "k").id, first.id);
    EXPECT_NE(this->add("other", 0ms, "ann", "k").id, first.id);
    EXPECT_NE(this->add("work", 0ms, "ann", "l").id, first.id);
    EXPECT_NE(this->add("work", 0ms, "ann").id, this->add("work", 0ms, "ann").id) << "no key, no such rule";
    auto const running = this->claim().value();
    ASSERT_EQ(running.id, first.id);
    EXPECT_EQ(this->add("work", 0ms, "ann", "k").id, first.id);
    ASSERT_TRUE(this->end(running, JobState::Done));
    EXPECT_NE(this->add("work", 0ms, "ann", "k").id, first.id);
}

TYPED_TEST(Backend, ListsTheNewestFirst) {
    auto const one = this->add("work", 0ms, "ann"), two = this->add("other", 0ms, "ann"),
               three = this->add("work", 0ms, "ben");
    auto list = [this](JobFilter filter) {
        std::vector<JobId> ids;
        for (auto const& job : sync_wait(this->store.backend->list(std::move(filter)))) ids.push_back(job.id);
        return ids;
    };
    JobFilter filter;
    EXPECT_EQ(list(filter), (std::vector{three.id, two.id, one.id}));
    filter.limit = 2;
    EXPECT_EQ(list(filter), (std::vector{three.id, two.id}));
    filter.owner = "ann";
    EXPECT_EQ(list(filter), (std::vector{two.id, one.id}));
    filter.name = "work";
    EXPECT_EQ(list(filter), (std::vector{one.id}));
    filter.state = JobState::Done;
    EXPECT_TRUE(list(filter).empty());
}

TYPED_TEST(Backend, ForgetsOldJobs) {
    this->add();
    auto const old = this->claim().value();
    ASSERT_TRUE(this->end(old, JobState::Done, 1s));
    this->add();
    auto const young = this->claim().value();
    ASSERT_TRUE(this->end(young, JobState::Failed, 9s));
    auto const open = this->add();
    EXPECT_EQ(sync_wait(this->store.backend->purge(at(5s), 0)), 0u);
    EXPECT_EQ(sync_wait(this->store.backend->purge(at(5s), 10)), 1u);
    EXPECT_FALSE(this->find(old.id));
    EXPECT_TRUE(this->find(young.id));
    EXPECT_TRUE(this->find(open.id));
}

TYPED_TEST(Backend, ManyThreadsClaimEachJobOnce) {
    constexpr int threads = 8, jobs = 100;
    for (int i = 0; i < jobs; ++i) this->add();
    std::vector<std::vector<std::string>> claimed(threads);
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([this, i, &mine = claimed[static_cast<std::size_t>(i)]] {
            while (auto const job = this->claim(0ms, "lease " + std::to_string(i))) mine.push_back(job->id.str());
        });
    for (auto& thread : all) thread.join();
    std::set<std::string> different;
    std::size_t count = 0;
    for (auto const& mine : claimed) {
        different.insert(mine.begin(), mine.end());
        count += mine.size();
    }
    EXPECT_EQ(count, std::size_t{jobs});
    EXPECT_EQ(different.size(), std::size_t{jobs});
}

TEST(SqliteJobs, SurviveTheProcessThatStoredThem) {
    TemporaryDirectory const directory;
    auto const url = "sqlite:" + directory.path("jobs.db");
    JobRecord job;
    job.id = JobId::random();
    job.name = "work";
    {
        auto const before = sqlite_jobs(sql::Database::connect(url));
        sync_wait(before->prepare());
        sync_wait(before->enqueue(job));
    }
    auto const after = sqlite_jobs(sql::Database::connect(url));
    sync_wait(after->prepare());
    EXPECT_EQ(sync_wait(after->find(job.id)).value().name, "work");
}

TEST(SqliteJobs, StandBesideTheTablesAndMigrationsOfAnApp) {
    auto const database = sql::Database::connect("sqlite::memory:");
    database.migrate_blocking({{1, "users", "create table users (id integer primary key)"}});
    sync_wait(sqlite_jobs(database)->prepare());
    database.migrate_blocking({{1, "users", "create table users (id integer primary key)"},
                               {2, "more", "create table more (id integer primary key)"}});
    EXPECT_EQ(sync_wait(database.query_value<int>("select count(*) from hxx_jobs")), 0);
}

TEST(SqliteJobs, OfANewerVersionAreRefused) {
    auto const database = sql::Database::connect("sqlite::memory:");
    sync_wait(sqlite_jobs(database)->prepare());
    sync_wait(database.execute("update hxx_jobs_schema set version = 99"));
    try {
        sync_wait(sqlite_jobs(database)->prepare());
        FAIL() << "no error";
    } catch (sql::Error const& error) {
        EXPECT_TRUE(error.is(sql::ErrorKind::Migration));
        EXPECT_NE(error.message().find("newer"), std::string::npos) << error.message();
    }
}

} // namespace
} // namespace hxx
