#include "hxx/jobs/core.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/base/random.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hxx::jobs_detail {

Core::Core(std::shared_ptr<JobBackend> where, JobOptions const& how)
    : backend(std::move(where)), options(how), functions(how.policy) {
    if (!backend) throw std::invalid_argument("hxx: a job queue without a store");
    if (how.concurrency == 0 || how.threads == 0)
        throw std::invalid_argument("hxx: JobOptions: concurrency and threads are at least 1");
    if (how.lease.count() < 100 || how.poll.count() < 1)
        throw std::invalid_argument("hxx: JobOptions: a lease of 100 ms at least, a poll of 1 ms at least");
}

JobTime Core::now() noexcept { return std::chrono::floor<std::chrono::milliseconds>(clock::now()); }

Signal Core::next_wake() {
    std::lock_guard const lock(wake_mutex_);
    if (wake_.is_set()) wake_ = Signal();
    return wake_;
}

void Core::wake() noexcept {
    std::unique_lock lock(wake_mutex_);
    Signal const waiting = wake_;
    lock.unlock();
    waiting.set();
}

Task<std::optional<JobRecord>> Core::cancel(std::shared_ptr<Core> core, JobId id) {
    auto const job = co_await core->backend->cancel(std::move(id), now());
    if (job) core->publish(*job);
    co_return job;
}

void Core::add(Listener& listener) {
    std::lock_guard const lock(listeners_mutex_);
    listeners_.push_back(&listener);
}

void Core::remove(Listener& listener) noexcept {
    std::lock_guard const lock(listeners_mutex_);
    std::erase(listeners_, &listener);
}

void Core::publish(JobRecord const& job) noexcept {
    {
        std::lock_guard const lock(listeners_mutex_);
        for (auto* const listener : listeners_) listener->changed(job);
    }
    std::lock_guard const lock(feeds_mutex_);
    auto const feed = feeds_.find(job.id.str());
    if (feed == feeds_.end()) return;
    if (feed->second.subscribers() > 0) feed->second.publish(job.status());
    if (is_final(job.state) || feed->second.subscribers() == 0) feeds_.erase(feed);
}

Subscription<JobStatus> Core::subscribe(JobId const& id) {
    std::lock_guard const lock(feeds_mutex_);
    std::erase_if(feeds_, [](auto const& feed) { return feed.second.subscribers() == 0; });
    return feeds_.try_emplace(id.str()).first->second.subscribe();
}

std::chrono::milliseconds back_off(JobPolicy const& policy, int attempts) {
    auto wait = policy.first_retry;
    for (int i = 1; i < attempts && wait < policy.longest_retry; ++i) wait *= 2;
    wait = std::min(wait, policy.longest_retry);
    std::uint32_t chance = 0;
    random_bytes(&chance, sizeof chance);
    return wait / 2 + std::chrono::milliseconds(static_cast<std::int64_t>(chance) * (wait.count() - wait.count() / 2) /
                                                std::int64_t{0xFFFFFFFF});
}

} // namespace hxx::jobs_detail
