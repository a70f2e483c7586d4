#include "hxx/jobs/runner.hpp"

#include "hxx/async/blocking_pool.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/log.hpp"
#include "hxx/base/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace hxx::jobs_detail {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Runner::Runner(std::shared_ptr<Core> core, Dispatcher const* states)
    : core_(std::move(core)),
      states_(states),
      work_(std::make_unique<Workers>(core_->options.threads)),
      control_(std::make_unique<Workers>(1)) {
    BlockingPool::Options threads;
    threads.threads = core_->options.concurrency;
    auto const pool = std::make_shared<BlockingPool>(threads);
    for (std::size_t i = 0; i < work_->size(); ++i) BlockingPool::use(work_->context(i), pool);
    asio::co_spawn(control_->context(0), claim_loop(), asio::detached);
    asio::co_spawn(control_->context(0), renew_loop(), asio::detached);
    if (core_->options.retention.count() > 0) asio::co_spawn(control_->context(0), purge_loop(), asio::detached);
    core_->add(*this);
    work_->start();
    control_->start();
}

Runner::~Runner() {
    std::atomic<bool> const at_once = true;
    stop(Stopping(std::chrono::steady_clock::now(), at_once));
    core_->remove(*this);
}

// ── Claiming ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Nobody would notice otherwise that a function was renamed.
Task<void> Runner::warn_of_strangers() const {
    auto const names = core_->functions.names();
    JobFilter queued;
    queued.state = JobState::Queued;
    queued.limit = 1000;
    std::set<std::string> strangers;
    auto const jobs = co_await core_->backend->list(std::move(queued));
    for (auto const& job : jobs)
        if (std::ranges::find(names, job.name) == names.end()) strangers.insert(job.name);
    for (auto const& name : strangers)
        log::warn("jobs are queued for a function that this program does not have", {{"function", name}});
}

Task<void> Runner::claim_loop() {
    try {
        co_await warn_of_strangers();
    } catch (std::exception const& error) {
        log::error("the job queue cannot read its store", {{"error", error.what()}});
    }
    while (!stopping_) {
        auto const wake = core_->next_wake(); // before the store is asked: what comes in between wakes it
        auto pause = core_->options.poll;
        try {
            auto const names = core_->functions.names();
            co_await claim_all(names);
            pause = co_await idle_time(names);
        } catch (std::exception const& error) {
            log::error("the job queue cannot claim jobs", {{"error", error.what()}});
        }
        if (!stopping_) co_await wake.wait_for(pause);
    }
    claims_ended_ = true;
}

Task<void> Runner::claim_all(std::vector<std::string> names) {
    while (!stopping_ && running() < core_->options.concurrency) {
        JobClaim claim;
        claim.names = names;
        claim.now = Core::now();
        claim.until = claim.now + core_->options.lease;
        claim.lease = Id::random().str();
        auto claimed = co_await core_->backend->claim(std::move(claim));
        if (!claimed) co_return;
        begin(*std::move(claimed));
    }
}

/// How long the claiming loop may sleep if nobody wakes it.
Task<std::chrono::milliseconds> Runner::idle_time(std::vector<std::string> names) const {
    auto const poll = core_->options.poll;
    if (running() >= core_->options.concurrency) co_return poll; // the end of a job wakes it
    auto const due = co_await core_->backend->next_due(std::move(names));
    if (!due) co_return poll;
    co_return std::clamp(*due - Core::now(), 1ms, poll);
}

void Runner::begin(JobRecord claimed) {
    auto const run = std::make_shared<Run>(core_, std::move(claimed), states_);
    core_->publish(run->record());
    {
        std::lock_guard const lock(mutex_);
        run->stopping = stopping_.load();
        runs_.push_back(run);
    }
    auto const loop = next_loop_++ % work_->size();
    asio::co_spawn(work_->context(loop), Run::execute(run), [this, run](std::exception_ptr) { ended(*run); });
}

void Runner::ended(Run const& run) noexcept {
    {
        std::lock_guard const lock(mutex_);
        // One that is cut off has perhaps ended because of that: it stays, to be handed back.
        if (!run.cut_off) std::erase_if(runs_, [&](auto const& one) { return one.get() == &run; });
    }
    core_->wake();
}

std::size_t Runner::running() const {
    std::lock_guard const lock(mutex_);
    return runs_.size();
}

Runner::Runs Runner::runs() const {
    std::lock_guard const lock(mutex_);
    return runs_;
}

/// A job of this process learns at once that it was cancelled.
void Runner::changed(JobRecord const& job) noexcept {
    if (!job.cancel_requested) return;
    std::lock_guard const lock(mutex_);
    for (auto const& run : runs_)
        if (run->record().id == job.id) run->cancel_requested = true;
}

// ── Leases, and old jobs ────────────────────────────────────────────────────────────────────────────────────────────

Task<void> Runner::renew_loop() {
    for (;;) {
        co_await sleep_for(core_->options.lease / 3);
        try {
            co_await renew();
        } catch (std::exception const& error) {
            log::warn("the leases of running jobs could not be renewed", {{"error", error.what()}});
        }
    }
}

Task<void> Runner::renew() {
    auto const before = runs();
    if (before.empty()) co_return;
    std::vector<JobLease> held;
    for (auto const& run : before) held.push_back(run->held());
    auto const still = co_await core_->backend->renew(std::move(held), Core::now() + core_->options.lease);
    for (auto const& run : before) {
        auto const found = std::ranges::find(still, run->record().lease, &JobRecord::lease);
        if (found == still.end())
            run->lost = true; // or it has just ended, and nobody looks at it any more
        else if (found->cancel_requested)
            run->cancel_requested = true;
    }
}

Task<void> Runner::purge_loop() {
    constexpr std::size_t batch = 1000; // a short hold of the lock for writing
    for (;;) {
        try {
            while (co_await core_->backend->purge(Core::now() - core_->options.retention, batch) == batch) {
            }
        } catch (std::exception const& error) {
            log::warn("finished jobs could not be removed", {{"error", error.what()}});
        }
        co_await sleep_for(1h);
    }
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────────────────────────

void Runner::stop(Stopping const& stopping) {
    if (std::exchange(stopped_, true)) return;
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        for (auto const& run : runs_) run->stopping = true;
    }
    // A claim that is under way is waited for in any case: what it gets has to be handed back.
    while (!claims_ended_) {
        core_->wake();
        std::this_thread::sleep_for(1ms);
    }
    while (running() > 0 && !stopping.at_once() && std::chrono::steady_clock::now() < stopping.until())
        std::this_thread::sleep_for(5ms);
    {
        std::lock_guard const lock(mutex_);
        for (auto const& run : runs_) run->cut_off = true;
    }
    work_->stop();
    work_->join();
    work_.reset(); // destroys the coroutines, which waits for plain functions; their leases are renewed meanwhile
    control_->stop();
    control_->join();
    control_.reset();
    for (auto const& run : runs()) hand_back(*run);
}

void Runner::hand_back(Run const& run) noexcept {
    JobOutcome outcome;
    outcome.held = run.held();
    outcome.state = JobState::Queued;
    outcome.now = outcome.due_at = Core::now();
    outcome.handed_back = true;
    try {
        if (!sync_wait(core_->backend->end(std::move(outcome)))) return; // it had just ended
        log::info("a running job was handed back", {{"job", run.record().name}, {"id", run.record().id.str()}});
    } catch (std::exception const& error) {
        log::warn("a running job could not be handed back; others take it when its lease has lapsed",
                  {{"job", run.record().name}, {"id", run.record().id.str()}, {"error", error.what()}});
    }
}

} // namespace hxx::jobs_detail
