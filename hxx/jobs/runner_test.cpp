// A queue that runs in threads of its own: several at once, leases, cancelling, and the stop.
#include "hxx/jobs/queue.hpp"

#include "hxx/async/signal.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/eventually_for_test.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

/// What the functions below share with the tests.
struct Stage {
    std::atomic<int> begun = 0, ended = 0, at_once = 0, most_at_once = 0, destroyed = 0;
    Signal release;
    std::atomic<bool> released = false;
    std::atomic<bool> cancelled = false, stopping = false;
    std::mutex mutex;
    std::map<std::string, int> runs; // of each job
};
std::optional<Stage> stage;

/// Counts how many are alive.
class Presence {
  public:
    explicit Presence(Job& job) {
        ++stage->begun;
        auto const now = ++stage->at_once;
        for (int most = stage->most_at_once; most < now && !stage->most_at_once.compare_exchange_weak(most, now);) {
        }
        std::lock_guard const lock(stage->mutex);
        ++stage->runs[job.id().str()];
    }
    ~Presence() {
        --stage->at_once;
        ++stage->destroyed;
    }
    Presence(Presence const&) = delete;
    Presence& operator=(Presence const&) = delete;
};

Task<int> quick(Job& job, int number) {
    Presence const presence(job);
    co_await job.progress(50, "half");
    ++stage->ended;
    co_return number * 2;
}
Task<void> pause_a_little(Job& job) {
    Presence const presence(job);
    co_await sleep_for(20ms);
    ++stage->ended;
}
Task<void> held(Job& job) {
    Presence const presence(job);
    while (!stage->released && !job.cancelled()) co_await sleep_for(2ms);
    if (job.cancelled()) {
        stage->cancelled = true;
        throw JobCancelled();
    }
    ++stage->ended;
}
/// Holds its loop.
Task<void> selfish(Job& job) {
    Presence const presence(job);
    while (!stage->released) std::this_thread::sleep_for(1ms);
    ++stage->ended;
    co_return;
}
void held_thread(Job& job) {
    Presence const presence(job);
    while (!stage->released) {
        std::this_thread::sleep_for(1ms);
        stage->stopping = job.stopping();
        job.progress_now(50, "held");
    }
    ++stage->ended;
}
Task<void> once_wrong(Job& job) {
    Presence const presence(job);
    if (job.attempt() == 1) throw std::runtime_error("the first time");
    ++stage->ended;
    co_return;
}

class Running : public testing::TestWithParam<bool> {
  protected:
    Running() {
        stage.emplace();
        options.poll = 20ms;
        options.concurrency = 4;
        options.threads = 2;
    }
    ~Running() override { stage->released = true; }

    /// A queue on the one store of this test, as another process would have it.
    JobQueue queue() {
        if (!GetParam()) return JobQueue(memory, options);
        return JobQueue(sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db"))), options);
    }
    static JobStatus status(JobQueue const& queue, JobId const& id) { return sync_wait(queue.jobs().status(id)); }
    static bool reaches(JobQueue const& queue, JobId const& id, JobState state) {
        return eventually([&] { return status(queue, id).state == state; });
    }

    log::KeptLog const log;
    TemporaryDirectory const directory;
    std::shared_ptr<JobBackend> const memory = memory_jobs();
    JobOptions options;
};

INSTANTIATE_TEST_SUITE_P(Stores, Running, testing::Bool(),
                         [](auto const& info) { return info.param ? "Sqlite" : "Memory"; });

TEST_P(Running, RunsWhatIsEnqueuedBeforeAndAfterItsStart) {
    options.poll = 1h; // so that only being woken explains it
    auto const one = queue();
    auto const before = sync_wait(one.jobs().enqueue<quick>(1));
    one.start();
    one.start(); // which changes nothing
    auto const after = sync_wait(one.jobs().enqueue<quick>(2));
    EXPECT_TRUE(reaches(one, before.id, JobState::Done));
    EXPECT_TRUE(reaches(one, after.id, JobState::Done));
    EXPECT_EQ(status(one, after.id).result.as<int>(), 4);
    EXPECT_EQ(status(one, after.id).message, "half");
    one.stop(10s);
    one.stop(10s); // which does nothing
    one.start();
    EXPECT_TRUE(reaches(one, sync_wait(one.jobs().enqueue<quick>(3)).id, JobState::Done));
    one.stop(10s);
}

TEST_P(Running, RunsNoMoreAtOnceThanItMay) {
    auto const one = queue();
    for (int i = 0; i < 30; ++i) sync_wait(one.jobs().enqueue<pause_a_little>());
    one.start();
    EXPECT_TRUE(eventually([] { return stage->ended == 30; }));
    one.stop(10s);
    EXPECT_EQ(stage->most_at_once, 4);
}

TEST_P(Running, SeveralShareAStoreAndRunEachJobOnce) {
    std::vector<JobId> ids;
    {
        auto const producer = queue();
        for (int i = 0; i < 60; ++i) ids.push_back(sync_wait(producer.jobs().enqueue<quick>(i)).id);
    }
    auto const one = queue(), two = queue();
    one.start();
    two.start();
    EXPECT_TRUE(eventually([] { return stage->ended == 60; }));
    one.stop(10s);
    two.stop(10s);
    for (auto const& id : ids) {
        EXPECT_EQ(status(one, id).state, JobState::Done);
        EXPECT_EQ(stage->runs[id.str()], 1);
    }
}

TEST_P(Running, SeesWhatAnotherProcessEnqueues) {
    auto const one = queue(), other = queue();
    one.start();
    EXPECT_TRUE(reaches(other, sync_wait(other.jobs().enqueue<quick>(1)).id, JobState::Done));
    one.stop(10s);
}

TEST_P(Running, SaysWhatItCannotRun) {
    auto const backend =
        GetParam() ? sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db"))) : memory;
    auto const one = queue();
    for (int i = 0; i < 2; ++i) {
        JobRecord job;
        job.id = JobId::random();
        job.name = "renamed";
        sync_wait(backend->enqueue(std::move(job)));
    }
    one.start();
    EXPECT_THAT(log.wait_for("does not have"), testing::HasSubstr("function=renamed"));
    one.stop(10s);
    EXPECT_EQ(log.lines_with("renamed").size(), 1u);
}

TEST_P(Running, ADelayedJobStartsByItself) {
    options.poll = 30ms;
    auto const one = queue();
    one.start();
    auto const job = sync_wait(one.jobs().delay(50ms).enqueue<quick>(1));
    EXPECT_TRUE(reaches(one, job.id, JobState::Done));
    auto const ended = status(one, job.id);
    EXPECT_GE(ended.started_at.value() - ended.created_at, 50ms);
    one.stop(10s);
}

TEST_P(Running, TriesAgain) {
    options.policy.first_retry = 10ms;
    auto const one = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<once_wrong>());
    EXPECT_TRUE(reaches(one, job.id, JobState::Done));
    EXPECT_EQ(status(one, job.id).attempts, 2);
    one.stop(10s);
}

// ── Leases ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Running, AJobKeepsItsLeaseHoweverLongItTakesAndWhateverItDoesToItsLoop) {
    options.lease = 4s;
    auto const one = queue(), two = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<selfish>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    two.start();
    auto const first = sync_wait(one.find(job.id))->due_at;
    EXPECT_TRUE(eventually([&] { return sync_wait(one.find(job.id))->due_at > first + 4s; }))
        << "renewed until after its first end";
    stage->released = true;
    EXPECT_TRUE(reaches(two, job.id, JobState::Done));
    EXPECT_EQ(status(one, job.id).attempts, 1);
    one.stop(10s);
    two.stop(10s);
    EXPECT_EQ(stage->begun, 1);
}

TEST_P(Running, TakesOverWhatADeadProcessLeft) {
    auto const one = queue();
    auto const job = sync_wait(one.jobs().enqueue<quick>(7));
    auto const backend =
        GetParam() ? sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db"))) : memory;
    JobClaim claim; // by a process that dies
    claim.names = {job.name};
    claim.now = job.created_at;
    claim.until = job.created_at + 100ms;
    claim.lease = "of a dead one";
    ASSERT_TRUE(sync_wait(backend->claim(std::move(claim))));
    one.start();
    EXPECT_TRUE(reaches(one, job.id, JobState::Done));
    EXPECT_EQ(status(one, job.id).attempts, 2);
    one.stop(10s);
}

TEST_P(Running, AJobThatHasLostItsLeaseIsToldAndItsOutcomeIsNotKept) {
    options.lease = 150ms;
    auto const one = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<held>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    auto const backend =
        GetParam() ? sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db"))) : memory;
    JobClaim claim; // by somebody whose clock is an hour ahead
    claim.names = {job.name};
    claim.now = job.created_at + 1h;
    claim.until = claim.now + 1h;
    claim.lease = "another";
    ASSERT_TRUE(sync_wait(backend->claim(std::move(claim))));
    EXPECT_TRUE(eventually([] { return stage->cancelled.load(); }));
    EXPECT_TRUE(eventually([] { return stage->destroyed == 1; }));
    one.stop(10s);
    auto const now = sync_wait(one.find(job.id)).value();
    EXPECT_EQ(now.state, JobState::Running);
    EXPECT_EQ(now.lease, "another");
}

// ── Cancelling ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Running, ARunningJobIsToldAtOnceThatItIsCancelled) {
    auto const one = queue(); // whose lease is long: not by its renewal
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<held>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    EXPECT_EQ(sync_wait(one.jobs().cancel(job.id)).state, JobState::Running);
    EXPECT_TRUE(reaches(one, job.id, JobState::Cancelled));
    one.stop(10s);
}

TEST_P(Running, AJobIsCancelledFromAnotherProcess) {
    options.lease = 150ms;
    auto const one = queue(), other = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<held>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    sync_wait(other.jobs().cancel(job.id));
    EXPECT_TRUE(reaches(other, job.id, JobState::Cancelled));
    one.stop(10s);
}

// ── The stop ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Running, AStopWaitsForRunningJobsAndBeginsNoMore) {
    options.concurrency = 1;
    auto const one = queue();
    one.start();
    auto const running = sync_wait(one.jobs().enqueue<held>()), waiting = sync_wait(one.jobs().enqueue<quick>(1));
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    auto stopped = std::async(std::launch::async, [&] { one.stop(1h); });
    EXPECT_EQ(stopped.wait_for(20ms), std::future_status::timeout);
    stage->released = true;
    stopped.get();
    EXPECT_EQ(status(one, running.id).state, JobState::Done);
    EXPECT_EQ(status(one, waiting.id).state, JobState::Queued);
    EXPECT_EQ(stage->begun, 1);
}

TEST_P(Running, WhatTheGraceDoesNotSufficeForIsHandedBack) {
    auto const one = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<held>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    one.stop(0s);
    EXPECT_EQ(stage->destroyed, 1) << "its coroutine is gone";
    auto const back = sync_wait(one.find(job.id)).value();
    EXPECT_EQ(back.state, JobState::Queued);
    EXPECT_EQ(back.attempts, 0) << "which does not count as an attempt";
    EXPECT_EQ(back.lease, "");
    EXPECT_EQ(log.lines_with("was handed back").size(), 1u);
    stage->released = true;
    auto const other = queue(); // which needs not wait until a lease has lapsed
    other.start();
    EXPECT_TRUE(reaches(other, job.id, JobState::Done));
    EXPECT_EQ(status(other, job.id).attempts, 1);
    other.stop(10s);
}

TEST_P(Running, APlainFunctionIsCutOffByItsProgress) {
    auto const one = queue();
    one.start();
    auto const job = sync_wait(one.jobs().enqueue<held_thread>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    one.stop(0s);
    EXPECT_EQ(stage->destroyed, 1);
    EXPECT_EQ(stage->ended, 0);
    EXPECT_EQ(status(one, job.id).state, JobState::Queued);
}

TEST_P(Running, AJobIsToldOfTheStop) {
    auto const one = queue();
    one.start();
    sync_wait(one.jobs().enqueue<held_thread>());
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    EXPECT_FALSE(stage->stopping);
    auto stopped = std::async(std::launch::async, [&] { one.stop(1h); });
    EXPECT_TRUE(eventually([] { return stage->stopping.load(); }));
    stage->released = true;
    stopped.get();
}

TEST_P(Running, TheLastHandleStopsIt) {
    std::optional<JobQueue> one = queue();
    auto const job = sync_wait(one->jobs().enqueue<held>());
    one->start();
    ASSERT_TRUE(eventually([] { return stage->begun == 1; }));
    one.reset();
    EXPECT_EQ(stage->destroyed, 1);
    auto const other = queue();
    EXPECT_EQ(status(other, job.id).state, JobState::Queued);
}

TEST_P(Running, IsStoppedAndStartedAmidItsWork) {
    auto const one = queue(), producer = queue();
    std::vector<JobId> ids;
    for (int i = 0; i < 40; ++i) ids.push_back(sync_wait(producer.jobs().enqueue<quick>(i)).id);
    for (int round = 0; round < 20; ++round) {
        one.start();
        std::this_thread::sleep_for(1ms);
        one.stop(0s);
    }
    one.start();
    for (auto const& id : ids) EXPECT_TRUE(reaches(producer, id, JobState::Done));
    one.stop(10s);
    for (auto const& id : ids) EXPECT_EQ(status(one, id).attempts, 1) << testing::PrintToString(log.lines());
}

TEST_P(Running, OldJobsAreForgotten) {
    options.retention = 1h;
    auto const one = queue();
    auto const job = sync_wait(one.jobs().enqueue<quick>(1));
    EXPECT_EQ(sync_wait(one.run_due()), 1u);
    clock::advance_for_test(2h);
    one.start();
    EXPECT_TRUE(eventually([&] { return !sync_wait(one.find(job.id)); }));
    one.stop(10s);
    clock::advance_for_test(-2h);
}

} // namespace
} // namespace hxx
