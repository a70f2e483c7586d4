#include "hxx/jobs/queue.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/base/random.hpp"
#include "hxx/jobs/core.hpp"
#include "hxx/jobs/runner.hpp"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace hxx {

using jobs_detail::Core;
using jobs_detail::Run;
using jobs_detail::Runner;

struct JobQueue::Impl {
    std::shared_ptr<Core> core;
    std::mutex mutex; // one start or stop at a time
    std::unique_ptr<Runner> runner;

    Impl(std::shared_ptr<JobBackend> backend, JobOptions const& options)
        : core(std::make_shared<Core>(std::move(backend), options)) {}
};

namespace {

std::shared_ptr<JobBackend> open(std::string_view url) {
    if (url == "memory:") return memory_jobs();
    if (!url.starts_with("sqlite:"))
        throw std::invalid_argument(
            fmt::format("hxx: \"{}\" is no store for jobs; write sqlite:jobs.db or memory:", url));
    sql::Options options;
    options.synchronous = sql::Synchronous::Full;
    options.readers = 2;
    return sqlite_jobs(sql::Database::connect(url, options));
}

Task<std::optional<JobRecord>> find_in(std::shared_ptr<Core> core, JobId id) {
    co_return co_await core->backend->find(std::move(id));
}
Task<std::vector<JobRecord>> list_in(std::shared_ptr<Core> core, JobFilter filter) {
    co_return co_await core->backend->list(std::move(filter));
}
Task<std::size_t> run_all_due(std::shared_ptr<Core> core, Dispatcher const* states) {
    for (std::size_t attempts = 0;; ++attempts) {
        JobClaim claim;
        claim.names = core->functions.names();
        claim.now = Core::now();
        claim.until = claim.now + core->options.lease;
        claim.lease = Id::random().str();
        auto claimed = co_await core->backend->claim(std::move(claim));
        if (!claimed) co_return attempts;
        auto run = std::make_shared<Run>(core, *std::move(claimed), states);
        core->publish(run->record());
        co_await Run::execute(std::move(run));
    }
}

} // namespace

JobQueue JobQueue::connect(std::string_view url, JobOptions const& options) { return JobQueue(open(url), options); }
JobQueue::JobQueue(sql::Database const& database, JobOptions const& options)
    : JobQueue(sqlite_jobs(database), options) {}
JobQueue::JobQueue(std::shared_ptr<JobBackend> backend, JobOptions const& options)
    : impl_(std::make_shared<Impl>(std::move(backend), options)) {
    sync_wait(impl_->core->backend->prepare());
}

void JobQueue::add_function(jobs_detail::Function const& function, std::string name,
                            std::optional<JobPolicy> const& policy) const {
    impl_->core->functions.add(function, std::move(name), policy);
}

void JobQueue::start(Dispatcher const* states) const {
    std::lock_guard const lock(impl_->mutex);
    if (impl_->runner) return;
    static_cast<void>(impl_->core->functions.names()); // throws for a name that two have
    impl_->runner = std::make_unique<Runner>(impl_->core, states);
}

void JobQueue::stop(std::chrono::milliseconds grace) const {
    std::atomic<bool> const at_once = false;
    stop(Stopping(std::chrono::steady_clock::now() + grace, at_once));
}

void JobQueue::stop(Stopping const& stopping) const {
    std::lock_guard const lock(impl_->mutex);
    if (!impl_->runner) return;
    impl_->runner->stop(stopping);
    impl_->runner.reset();
}

Jobs JobQueue::jobs() const { return Jobs(impl_->core); }
Task<std::optional<JobRecord>> JobQueue::find(JobId id) const { return find_in(impl_->core, std::move(id)); }
Task<std::vector<JobRecord>> JobQueue::list(JobFilter filter) const { return list_in(impl_->core, std::move(filter)); }
Task<std::optional<JobRecord>> JobQueue::cancel(JobId id) const { return Core::cancel(impl_->core, std::move(id)); }
Task<std::size_t> JobQueue::run_due(Dispatcher const* states) const { return run_all_due(impl_->core, states); }

} // namespace hxx
