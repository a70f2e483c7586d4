// Jobs from their enqueueing to their end, on this thread and by a clock that is set.
#include "hxx/jobs/queue.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jobs/core.hpp"
#include "hxx/reflect/annotated.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {

namespace jobs_test {

using namespace std::chrono_literals;

struct Order {
    Annotated<std::string, MinLength{1}> item;
    int count = 1;
    std::vector<std::string> notes;
};
struct Receipt {
    std::string item;
    double price;
};

/// What the functions below did, and what they are to do.
struct Scene {
    std::vector<std::string> calls;
    std::function<void(Job*)> act;
};
Scene scene;

Task<Receipt> order(Job& job, Order given) {
    co_await job.progress(10, "ordered " + given.item.get());
    scene.calls.push_back(given.item.get() + " x" + std::to_string(given.count) + " " +
                          std::to_string(given.notes.size()));
    co_return Receipt{given.item, 9.5 * given.count};
}
Task<std::string> greet(std::string name) { co_return "Hello, " + name + "!"; }
Task<void> act(Job& job) {
    scene.calls.push_back("act");
    if (scene.act) scene.act(&job);
    co_return;
}
std::string plain(Job& job, int number) {
    job.progress_now(number, "on a thread");
    scene.calls.push_back("plain");
    return std::to_string(number);
}
void bare() { scene.calls.emplace_back("bare"); }
int constant(Order const& given) { return given.count; }
double not_a_number() { return std::numeric_limits<double>::quiet_NaN(); }
namespace {
int hidden() { return 1; }
} // namespace
namespace other {
void act() { scene.calls.emplace_back("other"); }
} // namespace other
Task<void> chain(Job& job, int left) {
    scene.calls.push_back(std::to_string(left));
    if (left > 0) co_await job.state<JobQueue>().jobs().enqueue<chain>(left - 1);
}

using testing::ElementsAre;
using testing::HasSubstr;

class Queue : public testing::TestWithParam<char const*> {
  protected:
    Queue() { scene = {}; }
    ~Queue() override { clock::advance_for_test(-moved); }

    JobStatus status(JobId const& id) { return sync_wait(jobs.status(id)); }
    std::size_t run() { return sync_wait(queue.run_due()); }
    void advance(std::chrono::milliseconds by) {
        clock::advance_for_test(by);
        moved += by;
    }
    std::size_t run_after(std::chrono::milliseconds later) {
        advance(later);
        return run();
    }
    template <class Error>
    static void fail_with(Error const& error) {
        scene.act = [error](Job*) { throw error; };
    }

    std::chrono::milliseconds moved{0};
    log::KeptLog const log;
    static JobOptions options() {
        JobOptions made;
        made.policy.first_retry = 1h; // by a clock that is set, so that the time a test takes does not matter
        made.policy.longest_retry = 10h;
        return made;
    }
    JobQueue const queue = JobQueue::connect(GetParam(), options());
    Jobs const jobs = queue.jobs();
};

INSTANTIATE_TEST_SUITE_P(Stores, Queue, testing::Values("memory:", "sqlite::memory:"),
                         [](auto const& info) { return info.param[0] == 'm' ? "Memory" : "Sqlite"; });

// ── Arguments and results ───────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Queue, RunsAFunctionWithItsArgumentAndKeepsItsResult) {
    Order given;
    given.item = Annotated<std::string, MinLength{1}>("tea");
    given.count = 2;
    given.notes = {"green", "loose"};
    auto job = sync_wait(jobs.enqueue<order>(given));
    EXPECT_EQ(job.state, JobState::Queued);
    EXPECT_FALSE(job.finished);
    EXPECT_EQ(job.name, "jobs_test::order");
    EXPECT_TRUE(job.result.is_null());
    EXPECT_EQ(run(), 1u);
    job = status(job.id);
    EXPECT_EQ(job.state, JobState::Done);
    EXPECT_TRUE(job.finished);
    EXPECT_EQ(job.percent, 100);
    EXPECT_EQ(job.message, "ordered tea");
    EXPECT_EQ(job.attempts, 1);
    EXPECT_EQ(job.error, "");
    EXPECT_LE(job.created_at, job.started_at.value());
    EXPECT_LE(job.started_at, job.finished_at);
    EXPECT_EQ(job.result.json(), R"({"item":"tea","price":19})");
    EXPECT_EQ(job.result.as<Receipt>().price, 19);
    EXPECT_THROW(static_cast<void>(job.result.as<int>()), std::invalid_argument);
    EXPECT_THAT(scene.calls, ElementsAre("tea x2 2"));
}

TEST_P(Queue, RunsFunctionsOfEveryShape) {
    auto const greeting = sync_wait(jobs.enqueue<greet>("Ann")), nothing = sync_wait(jobs.enqueue<act>()),
               thread = sync_wait(jobs.enqueue<plain>(42)), none = sync_wait(jobs.enqueue<bare>());
    Order given;
    given.item = Annotated<std::string, MinLength{1}>("x");
    given.count = 5;
    auto const by_reference = sync_wait(jobs.enqueue<constant>(given));
    EXPECT_EQ(run(), 5u);
    EXPECT_EQ(status(greeting.id).result.as<std::string>(), "Hello, Ann!");
    EXPECT_TRUE(status(nothing.id).result.is_null());
    EXPECT_EQ(status(thread.id).result.as<std::string>(), "42");
    EXPECT_EQ(status(thread.id).message, "on a thread");
    EXPECT_EQ(status(none.id).state, JobState::Done);
    EXPECT_EQ(status(by_reference.id).result.as<int>(), 5);
    EXPECT_THAT(scene.calls, ElementsAre("act", "plain", "bare"));
}

TEST_P(Queue, AnArgumentThatBreaksItsConstraintsIsRefusedAtOnce) {
    Order const without_item;
    try {
        sync_wait(jobs.enqueue<order>(without_item));
        FAIL() << "no error";
    } catch (std::invalid_argument const& error) {
        EXPECT_THAT(error.what(), HasSubstr("arguments.item"));
    }
}

TEST_P(Queue, ArgumentsOfAnotherVersionFailForGood) {
    JobRecord job;
    job.id = JobId::random();
    job.name = "jobs_test::order";
    job.arguments = R"({"article":"tea"})";
    job.max_attempts = 3;
    auto const backend = memory_jobs();
    JobQueue const own(backend);
    sync_wait(backend->enqueue(job));
    EXPECT_EQ(sync_wait(own.run_due()), 1u);
    auto const ended = sync_wait(own.jobs().status(job.id));
    EXPECT_EQ(ended.state, JobState::Failed);
    EXPECT_THAT(ended.error, HasSubstr("arguments.item"));
    EXPECT_TRUE(scene.calls.empty());
}

TEST_P(Queue, AResultWithoutJsonIsAFailure) {
    auto const job = sync_wait(jobs.max_attempts(1).enqueue<not_a_number>());
    run();
    EXPECT_EQ(status(job.id).state, JobState::Failed);
}

// ── Failures ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Queue, TriesAgainAfterABackOffUntilItsAttemptsAreUsedUp) {
    fail_with(std::runtime_error("select password from …"));
    auto const job = sync_wait(jobs.enqueue<act>());
    EXPECT_EQ(run(), 1u);
    auto now = status(job.id);
    EXPECT_EQ(now.state, JobState::Queued);
    EXPECT_EQ(now.error, "The job failed unexpectedly.") << "and what it was is not for everybody";
    EXPECT_EQ(run_after(25min), 0u) << "half of the first hour, at least";
    EXPECT_EQ(run_after(35min), 1u);
    EXPECT_EQ(run_after(55min), 0u) << "half of the two hours after that";
    EXPECT_EQ(run_after(65min), 1u);
    now = status(job.id);
    EXPECT_EQ(now.state, JobState::Failed);
    EXPECT_TRUE(now.finished);
    EXPECT_EQ(now.attempts, 3);
    EXPECT_EQ(run_after(100h), 0u);
    EXPECT_EQ(sync_wait(queue.find(job.id))->cause, "select password from …");
    EXPECT_EQ(log.lines_with("will be tried again").size(), 2u);
    EXPECT_EQ(log.lines_with("select password").size(), 3u);
}

TEST_P(Queue, AJobThatSucceedsLaterHasNoError) {
    fail_with(std::runtime_error("once"));
    auto const job = sync_wait(jobs.enqueue<act>());
    run();
    scene.act = nullptr;
    EXPECT_EQ(run_after(1h), 1u);
    EXPECT_EQ(status(job.id).state, JobState::Done);
    EXPECT_EQ(status(job.id).error, "");
    EXPECT_EQ(status(job.id).attempts, 2);
}

TEST_P(Queue, JobFailedIsForGoodAndForPeople) {
    fail_with(JobFailed("The file has no header."));
    auto const job = sync_wait(jobs.enqueue<act>());
    EXPECT_EQ(run(), 1u);
    EXPECT_EQ(status(job.id).state, JobState::Failed);
    EXPECT_EQ(status(job.id).error, "The file has no header.");
    EXPECT_EQ(run_after(1h), 0u);
}

TEST_P(Queue, JobRetrySaysWhen) {
    fail_with(JobRetry(90min, "The service is busy."));
    auto const job = sync_wait(jobs.max_attempts(2).enqueue<act>());
    EXPECT_EQ(run(), 1u);
    EXPECT_EQ(status(job.id).error, "The service is busy.");
    EXPECT_EQ(run_after(80min), 0u);
    EXPECT_EQ(run_after(11min), 1u);
    EXPECT_EQ(status(job.id).state, JobState::Failed) << "attempts are limited in any case";
}

TEST_P(Queue, WhatIsNoExceptionIsAFailureToo) {
    scene.act = [](Job*) { throw 7; };
    auto const job = sync_wait(jobs.max_attempts(1).enqueue<act>());
    run();
    EXPECT_EQ(status(job.id).state, JobState::Failed);
}

TEST_P(Queue, AJobThatEndsItsProcessEachTimeIsGivenUp) {
    auto const backend = memory_jobs();
    JobQueue const own(backend);
    auto const job = sync_wait(own.jobs().max_attempts(2).enqueue<act>());
    for (int i = 0; i < 2; ++i) { // two processes that died
        JobClaim claim;
        claim.names = {"jobs_test::act"};
        claim.now = job.created_at + 1min * i;
        claim.until = claim.now + 30s;
        claim.lease = std::to_string(i);
        ASSERT_TRUE(sync_wait(backend->claim(std::move(claim))));
    }
    advance(1h);
    EXPECT_EQ(sync_wait(own.run_due()), 1u);
    EXPECT_EQ(sync_wait(own.jobs().status(job.id)).state, JobState::Failed);
    EXPECT_THAT(sync_wait(own.find(job.id))->cause, HasSubstr("2 times"));
    EXPECT_TRUE(scene.calls.empty());
}

TEST(BackOff, DoublesUpToItsLimitAndIsSpreadByChance) {
    JobPolicy policy;
    policy.first_retry = 100ms;
    policy.longest_retry = 1000ms;
    for (auto const& [attempts, most] :
         {std::pair{1, 100ms}, {2, 200ms}, {3, 400ms}, {4, 800ms}, {5, 1000ms}, {1'000'000, 1000ms}}) {
        std::chrono::milliseconds low = 1h, high = 0ms;
        for (int i = 0; i < 200; ++i) {
            auto const wait = jobs_detail::back_off(policy, attempts);
            low = std::min(low, wait);
            high = std::max(high, wait);
        }
        EXPECT_GE(low, most / 2);
        EXPECT_LE(high, most);
        EXPECT_LT(low, high) << "200 equal ones by chance: never";
    }
}

// ── Cancelling ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Queue, ACancelledJobDoesNotBegin) {
    auto const job = sync_wait(jobs.enqueue<act>());
    EXPECT_EQ(sync_wait(jobs.cancel(job.id)).state, JobState::Cancelled);
    EXPECT_EQ(run(), 0u);
    EXPECT_EQ(sync_wait(jobs.cancel(job.id)).state, JobState::Cancelled) << "twice is as good as once";
    EXPECT_TRUE(status(job.id).finished);
}

TEST_P(Queue, ARunningJobLearnsThatItIsCancelledByItsProgress) {
    auto const running = sync_wait(jobs.enqueue<act>());
    bool thrown = false;
    scene.act = [&](Job* it) {
        std::thread([&] { sync_wait(jobs.cancel(running.id)); }).join();
        EXPECT_FALSE(it->cancelled()) << "nobody has looked into the store";
        std::thread([&] {
            try {
                it->progress_now(50, "half");
            } catch (JobCancelled const&) {
                thrown = true;
            }
        }).join();
        EXPECT_TRUE(it->cancelled());
        throw JobCancelled();
    };
    EXPECT_EQ(run(), 1u);
    EXPECT_TRUE(thrown);
    EXPECT_EQ(status(running.id).state, JobState::Cancelled);
    EXPECT_EQ(status(running.id).message, "half") << "what it said is stored";
}

TEST_P(Queue, ACancelledJobThatFailsIsNotTriedAgain) {
    auto const job = sync_wait(jobs.enqueue<act>());
    scene.act = [&](Job*) {
        std::thread([&] { sync_wait(jobs.cancel(job.id)); }).join();
        throw std::runtime_error("interrupted");
    };
    run();
    EXPECT_EQ(status(job.id).state, JobState::Cancelled);
}

TEST_P(Queue, ACancelledJobMayStillFinish) {
    auto const job = sync_wait(jobs.enqueue<act>());
    scene.act = [&](Job*) { std::thread([&] { sync_wait(jobs.cancel(job.id)); }).join(); };
    run();
    EXPECT_EQ(status(job.id).state, JobState::Done);
}

// ── Time, keys, owners ──────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Queue, ADelayedJobWaits) {
    sync_wait(jobs.delay(10min).enqueue<act>());
    EXPECT_EQ(run_after(9min), 0u);
    EXPECT_EQ(run_after(1min), 1u);
}

TEST_P(Queue, AKeyIsQueuedOnce) {
    auto const one = sync_wait(jobs.unique("k").enqueue<act>()), two = sync_wait(jobs.unique("k").enqueue<act>());
    EXPECT_EQ(one.id, two.id);
    EXPECT_EQ(run(), 1u);
    EXPECT_NE(sync_wait(jobs.unique("k").enqueue<act>()).id, one.id);
    EXPECT_THROW(static_cast<void>(jobs.unique("")), std::invalid_argument);
}

template <class Call>
int status_thrown(Call call) {
    try {
        sync_wait(call());
    } catch (HttpError const& error) {
        return error.status();
    }
    return 0;
}

TEST_P(Queue, OnlyItsOwnerSeesAJob) {
    auto const ann = jobs.owned_by("ann"), ben = jobs.owned_by("ben");
    auto const hers = sync_wait(ann.enqueue<act>()), nobodys = sync_wait(jobs.enqueue<act>());
    EXPECT_EQ(sync_wait(ann.status(hers.id)).id, hers.id);
    for (auto const& stranger : {ben, jobs}) {
        EXPECT_EQ(status_thrown([&] { return stranger.status(hers.id); }), 404);
        EXPECT_EQ(status_thrown([&] { return stranger.cancel(hers.id); }), 404);
    }
    EXPECT_EQ(sync_wait(queue.find(hers.id)).value().state, JobState::Queued) << "nobody has cancelled it";
    for (auto const& anybody : {ann, ben, jobs}) {
        EXPECT_EQ(sync_wait(anybody.status(nobodys.id)).id, nobodys.id);
        EXPECT_EQ(status_thrown([&] { return anybody.status(JobId("nosuch")); }), 404);
        EXPECT_EQ(status_thrown([&] { return anybody.cancel(JobId("nosuch")); }), 404);
    }
    EXPECT_EQ(sync_wait(ann.list()).size(), 1u);
    EXPECT_EQ(sync_wait(ben.list()).size(), 0u);
    EXPECT_THROW(static_cast<void>(jobs.list()), std::logic_error);
    EXPECT_THROW(static_cast<void>(jobs.owned_by("")), std::invalid_argument);
    EXPECT_EQ(sync_wait(queue.list(JobFilter())).size(), 2u);
    EXPECT_EQ(sync_wait(queue.cancel(hers.id)).value().state, JobState::Cancelled);
}

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_P(Queue, NamesAreTheSameForEveryCompiler) {
    EXPECT_EQ(sync_wait(jobs.enqueue<hidden>()).name, "jobs_test::hidden");
    EXPECT_EQ(jobs_detail::stored_name("{anonymous}::a::(anonymous namespace)::f"), "a::f");
    EXPECT_EQ(jobs_detail::stored_name("hxx::f"), "f");
}

TEST_P(Queue, AFunctionMayHaveOtherNames) {
    auto own = JobQueue(memory_jobs());
    own.add<act>("act").add<act>("former");
    EXPECT_EQ(sync_wait(own.jobs().enqueue<act>()).name, "act");
    EXPECT_THROW(own.add<other::act>("former"), std::logic_error);
    EXPECT_EQ(sync_wait(own.run_due()), 1u);
}

TEST_P(Queue, AFunctionMayHaveAPolicyOfItsOwn) {
    auto own = JobQueue(memory_jobs());
    JobPolicy policy;
    policy.max_attempts = 1;
    own.add<act>("", policy);
    fail_with(std::runtime_error("no"));
    auto const job = sync_wait(own.jobs().enqueue<act>());
    EXPECT_EQ(job.max_attempts, 1);
    sync_wait(own.run_due());
    EXPECT_EQ(sync_wait(own.jobs().status(job.id)).state, JobState::Failed);
}

TEST_P(Queue, WhatThisProgramLacksStaysQueued) {
    auto const backend = memory_jobs();
    JobQueue const own(backend);
    JobRecord job;
    job.id = JobId::random();
    job.name = "of another program";
    sync_wait(backend->enqueue(job));
    EXPECT_EQ(sync_wait(own.run_due()), 0u);
    EXPECT_EQ(sync_wait(own.find(job.id))->state, JobState::Queued);
}

TEST_P(Queue, AStateNeedsAnApp) {
    auto const job = sync_wait(jobs.max_attempts(1).enqueue<chain>(1));
    run();
    EXPECT_THAT(sync_wait(queue.find(job.id))->cause, HasSubstr("attach_to"));
}

TEST(JobQueueOptions, ThatMakeNoSenseAreRefused) {
    JobOptions none_at_once, no_lease;
    none_at_once.concurrency = 0;
    no_lease.lease = 0ms;
    EXPECT_THROW(JobQueue(memory_jobs(), none_at_once), std::invalid_argument);
    EXPECT_THROW(JobQueue(memory_jobs(), no_lease), std::invalid_argument);
    EXPECT_THROW(JobQueue(std::shared_ptr<JobBackend>()), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(JobQueue::connect("mysql:x")), std::invalid_argument);
}

} // namespace jobs_test
} // namespace hxx
