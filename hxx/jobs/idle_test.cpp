// A queue without jobs leaves its store, and the processor, alone.
#include "hxx/jobs/queue.hpp"

#include "hxx/base/eventually_for_test.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

/// Jobs in memory that count how often they are asked for.
class CountedJobs final : public JobBackend {
  public:
    std::atomic<int> claims = 0;

    Task<void> prepare() override { return jobs_->prepare(); }
    Task<JobRecord> enqueue(JobRecord job) override { return jobs_->enqueue(std::move(job)); }
    Task<std::optional<JobRecord>> claim(JobClaim claim) override {
        ++claims;
        return jobs_->claim(std::move(claim));
    }
    Task<std::optional<JobTime>> next_due(std::vector<std::string> names) override {
        return jobs_->next_due(std::move(names));
    }
    Task<std::vector<JobRecord>> renew(std::vector<JobLease> held, JobTime until) override {
        return jobs_->renew(std::move(held), until);
    }
    Task<std::optional<JobRecord>> progress(JobLease held, int percent, std::string message) override {
        return jobs_->progress(std::move(held), percent, std::move(message));
    }
    Task<std::optional<JobRecord>> end(JobOutcome outcome) override { return jobs_->end(std::move(outcome)); }
    Task<std::optional<JobRecord>> cancel(JobId id, JobTime now) override { return jobs_->cancel(std::move(id), now); }
    Task<std::optional<JobRecord>> find(JobId id) override { return jobs_->find(std::move(id)); }
    Task<std::vector<JobRecord>> list(JobFilter filter) override { return jobs_->list(std::move(filter)); }
    Task<std::size_t> purge(JobTime before, std::size_t limit) override { return jobs_->purge(before, limit); }

  private:
    std::shared_ptr<JobBackend> const jobs_ = memory_jobs();
};

TEST(IdleQueue, AsksItsStoreOnceAPoll) {
    auto const store = std::make_shared<CountedJobs>();
    JobOptions options;
    options.poll = 20ms;
    JobQueue const queue(store, options);
    auto const start = std::chrono::steady_clock::now();
    queue.start();
    EXPECT_TRUE(eventually([&] { return store->claims >= 3; })); // it does ask
    std::this_thread::sleep_for(100ms);
    auto const polls = (std::chrono::steady_clock::now() - start) / options.poll;
    EXPECT_LE(store->claims, polls + 1); // a poll lasts that long at least
    queue.stop(0s);
}

} // namespace
} // namespace hxx
