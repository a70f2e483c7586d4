#include "hxx/jobs/jobs.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jobs/core.hpp"
#include "hxx/jobs/queue.hpp"
#include "hxx/web/extract.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hxx {

using jobs_detail::Core;

namespace {

/// Whom a job is shown to.
JobRecord visible(std::optional<JobRecord> job, std::string const& owner) {
    if (!job || (!job->owner.empty() && job->owner != owner)) throw HttpError(404, "No such job");
    return *std::move(job);
}

// These own what they use, since the handle may be gone when they run.

Task<JobStatus> store(std::shared_ptr<Core> core, JobRecord job) {
    auto const stored = co_await core->backend->enqueue(std::move(job));
    core->publish(stored);
    core->wake();
    co_return stored.status();
}

Task<JobStatus> find(std::shared_ptr<Core> core, JobId id, std::string owner) {
    auto found = co_await core->backend->find(std::move(id));
    auto const job = visible(std::move(found), owner);
    co_return job.status();
}

Task<JobStatus> cancel_one(std::shared_ptr<Core> core, JobId id, std::string owner) {
    auto found = co_await core->backend->find(id);
    auto const job = visible(std::move(found), owner);
    auto const cancelled = co_await Core::cancel(core, std::move(id));
    co_return cancelled ? cancelled->status() : job.status();
}

Task<std::vector<JobStatus>> list_of(std::shared_ptr<Core> core, std::string owner, std::size_t limit) {
    JobFilter filter;
    filter.owner = std::move(owner);
    filter.limit = limit;
    auto const jobs = co_await core->backend->list(std::move(filter));
    std::vector<JobStatus> all;
    all.reserve(jobs.size());
    for (auto const& job : jobs) all.push_back(job.status());
    co_return all;
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

using Render = std::function<Event(JobStatus const&)>;

/// What this process says next of the job; nothing after `limit`, or if it says nothing any more.
Task<std::optional<JobStatus>> next_said(Subscription<JobStatus>& subscription, std::chrono::milliseconds limit) {
    try {
        auto const message = co_await with_timeout(subscription.next(), limit);
        if (message) co_return *message;
    } catch (TimeoutError const&) {
        co_return std::nullopt;
    }
    co_await sleep_for(limit);
    co_return std::nullopt;
}

/// The next status after that version; nothing if the job has been forgotten.
Task<std::optional<JobStatus>> next_change(std::shared_ptr<Core> core, Subscription<JobStatus>& subscription, JobId id,
                                           std::int64_t version) {
    for (;;) {
        auto said = co_await next_said(subscription, core->options.poll);
        if (!said) {
            auto const stored = co_await core->backend->find(id); // another process may have changed it
            if (!stored) co_return std::nullopt;
            said = stored->status();
        }
        if (said->version > version) co_return said;
    }
}

Event last_event(JobStatus const& job) {
    if (job.state == JobState::Done) return Event("done", job.result.json());
    return Event("error", job.state == JobState::Cancelled ? "The job was cancelled." : job.error);
}

Generator<Event> events_of(std::shared_ptr<Core> core, Subscription<JobStatus> subscription, JobStatus job,
                           Render render) {
    while (!job.finished) {
        co_yield render(job);
        auto next = co_await next_change(core, subscription, job.id, job.version);
        if (!next) throw HttpError(404, "No such job");
        job = *std::move(next);
    }
    co_yield render(job);
    co_yield last_event(job);
}

Task<EventStream> event_stream(std::shared_ptr<Core> core, JobId id, std::string owner, Render render) {
    auto subscription = core->subscribe(id); // before the store is asked: nothing is missed in between
    auto job = co_await find(core, std::move(id), std::move(owner));
    EventStream stream(events_of(std::move(core), std::move(subscription), std::move(job), std::move(render)));
    co_return std::move(stream).done_event("");
}

} // namespace

Event Jobs::progress_event(JobStatus const& job) { return Event::json("progress", job); }
Task<EventStream> Jobs::events(JobId id, std::function<Event(JobStatus const&)> render) const {
    return event_stream(core_, std::move(id), owner_, std::move(render));
}

Jobs Jobs::from_request(Request& request) { return State<JobQueue>::from_request(request)->jobs(); }
void Jobs::requirements(Requirements& all) { State<JobQueue>::requirements(all); }

Jobs Jobs::owned_by(std::string owner) const {
    if (owner.empty()) throw std::invalid_argument("hxx: Jobs::owned_by with an empty owner, which would be nobody");
    auto jobs = *this;
    jobs.owner_ = std::move(owner);
    return jobs;
}

Jobs Jobs::delay(std::chrono::milliseconds time) const {
    auto jobs = *this;
    jobs.delay_ = std::max(time, std::chrono::milliseconds(0));
    return jobs;
}

Jobs Jobs::unique(std::string key) const {
    if (key.empty()) throw std::invalid_argument("hxx: Jobs::unique with an empty key");
    auto jobs = *this;
    jobs.key_ = std::move(key);
    return jobs;
}

Jobs Jobs::max_attempts(int attempts) const {
    if (attempts < 1) throw std::invalid_argument("hxx: Jobs::max_attempts: at least 1");
    auto jobs = *this;
    jobs.max_attempts_ = attempts;
    return jobs;
}

Task<JobStatus> Jobs::start(jobs_detail::Function const& function, std::string arguments) const {
    auto const& entry = core_->functions.of(function);
    JobRecord job;
    job.id = JobId::random();
    job.name = entry.name;
    job.owner = owner_;
    job.key = key_;
    job.arguments = std::move(arguments);
    job.max_attempts = max_attempts_ > 0 ? max_attempts_ : entry.policy.max_attempts;
    job.created_at = Core::now();
    job.due_at = job.created_at + delay_;
    return store(core_, std::move(job));
}

Task<JobStatus> Jobs::status(JobId id) const { return find(core_, std::move(id), owner_); }
Task<JobStatus> Jobs::cancel(JobId id) const { return cancel_one(core_, std::move(id), owner_); }
Task<std::vector<JobStatus>> Jobs::list(std::size_t limit) const {
    if (owner_.empty())
        throw std::logic_error("hxx: Jobs::list() is for the jobs of an owner: jobs.owned_by(user).list(); for all of "
                               "them there is JobQueue::list()");
    return list_of(core_, owner_, limit);
}

} // namespace hxx
