#include "hxx/jobs/run.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/base/log.hpp"
#include "hxx/web/dispatcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace hxx {

JobId const& Job::id() const noexcept { return run_->record().id; }
std::string const& Job::owner() const noexcept { return run_->record().owner; }
int Job::attempt() const noexcept { return run_->record().attempts; }
bool Job::cancelled() const noexcept { return run_->unwanted(); }
bool Job::stopping() const noexcept { return run_->stopping; }
void* Job::find_state(void const* key, std::string_view type) const { return run_->find_state(key, type); }

Task<void> Job::progress(int percent, std::string message) {
    return jobs_detail::Run::progress(*run_, percent, std::move(message));
}
void Job::progress_now(int percent, std::string message) { sync_wait(progress(percent, std::move(message))); }

namespace jobs_detail {
namespace {
constexpr char const* unexpected = "The job failed unexpectedly.";
}

Run::Run(std::shared_ptr<Core> core, JobRecord claimed, Dispatcher const* states)
    : cancel_requested(claimed.cancel_requested),
      core_(std::move(core)),
      record_(std::move(claimed)),
      states_(states),
      entry_(core_->functions.find(record_.name)) {}

JobLease Run::held() const { return {record_.id, record_.lease}; }

void* Run::find_state(void const* key, std::string_view type) const {
    auto* const state = states_ ? states_->find_state(key) : nullptr;
    if (!state)
        throw std::logic_error(fmt::format("hxx: the job {} asks for state<{}>(), which {}", record_.name, type,
                                           states_ ? "the app does not have; give it one with app.state(…)"
                                                   : "needs an app: attach the queue to one, queue.attach_to(app)"));
    return state;
}

Task<void> Run::progress(Run& run, int percent, std::string message) {
    if (run.unwanted()) throw JobCancelled();
    auto const stored =
        co_await run.core_->backend->progress(run.held(), std::clamp(percent, 0, 100), std::move(message));
    if (!stored) run.lost = true;
    if (stored && stored->cancel_requested) run.cancel_requested = true;
    if (stored) run.core_->publish(*stored);
    if (run.unwanted()) throw JobCancelled();
}

JobOutcome Run::begin_outcome(JobState state) const {
    JobOutcome outcome;
    outcome.held = held();
    outcome.state = state;
    outcome.now = outcome.due_at = Core::now();
    return outcome;
}

/// Queued again if attempts are left.
void Run::fail(JobOutcome& outcome, bool for_good) const {
    bool const again = !for_good && record_.attempts < record_.max_attempts;
    outcome.state = again ? JobState::Queued : JobState::Failed;
    log::write(again ? log::Level::Warning : log::Level::Error,
               again ? "a job failed and will be tried again" : "a job failed",
               {{"job", record_.name},
                {"id", record_.id.str()},
                {"attempt", record_.attempts},
                {"error", outcome.cause.empty() ? outcome.error : outcome.cause}});
}

JobOutcome Run::outcome_of(std::exception_ptr error) const {
    auto outcome = begin_outcome(JobState::Failed);
    auto const usual = outcome.now + back_off(entry_->policy, record_.attempts);
    try {
        std::rethrow_exception(std::move(error));
    } catch (JobCancelled const&) {
        outcome.state = JobState::Cancelled;
    } catch (JobFailed const& failed) {
        outcome.error = failed.what();
        fail(outcome, true);
    } catch (JobRetry const& retry) {
        outcome.error = retry.what();
        outcome.due_at = outcome.now + retry.after();
        fail(outcome, false);
    } catch (std::exception const& failed) {
        outcome.error = unexpected;
        outcome.cause = failed.what();
        outcome.due_at = usual;
        fail(outcome, false);
    } catch (...) {
        outcome.error = unexpected;
        outcome.cause = "an exception of an unknown type";
        outcome.due_at = usual;
        fail(outcome, false);
    }
    return outcome;
}

/// What cannot be stored is not lost: the lease lapses, and the job is run again.
Task<void> Run::store(Run& run, JobOutcome outcome) {
    try {
        auto const stored = co_await run.core_->backend->end(std::move(outcome));
        if (stored)
            run.core_->publish(*stored);
        else
            log::warn("a job's outcome is not wanted: its lease had lapsed, and another process has it",
                      {{"job", run.record_.name}, {"id", run.record_.id.str()}});
    } catch (std::exception const& error) {
        log::error("a job's outcome could not be stored; it will run again when its lease has lapsed",
                   {{"job", run.record_.name}, {"id", run.record_.id.str()}, {"error", error.what()}});
    }
}

Task<void> Run::execute(std::shared_ptr<Run> run) {
    if (run->cancel_requested) {
        co_await store(*run, run->begin_outcome(JobState::Cancelled));
        co_return;
    }
    // A job that takes its process with it each time must not do so for ever.
    if (run->record_.attempts > run->record_.max_attempts) {
        auto outcome = run->begin_outcome(JobState::Failed);
        outcome.error = unexpected;
        outcome.cause = fmt::format("given up: {} times the process ended, or lost its lease, while it ran the job",
                                    run->record_.max_attempts);
        run->fail(outcome, true);
        co_await store(*run, std::move(outcome));
        co_return;
    }
    Job job(*run);
    auto outcome = run->begin_outcome(JobState::Done);
    std::exception_ptr error;
    try {
        outcome.result = co_await run->entry_->function->run(job, run->record_.arguments);
        outcome.now = Core::now();
    } catch (...) {
        error = std::current_exception();
    }
    if (error && (run->lost || run->cut_off)) co_return; // another process has it, or whoever cut it off hands it back
    if (error) outcome = run->outcome_of(std::move(error));
    co_await store(*run, std::move(outcome));
}

} // namespace jobs_detail
} // namespace hxx
