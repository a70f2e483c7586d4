// One attempt at a job: the call of its function, and what is stored of the outcome. For this room's sources.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/jobs/core.hpp"
#include "hxx/jobs/job.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace hxx {
class Dispatcher;
}

namespace hxx::jobs_detail {

class Run {
  public:
    /// `states`: whose states the job sees; may be null.
    Run(std::shared_ptr<Core> core, JobRecord claimed, Dispatcher const* states);
    Run(Run const&) = delete;
    Run& operator=(Run const&) = delete;

    /// Until the outcome is stored. Does not throw.
    static Task<void> execute(std::shared_ptr<Run> run);

    static Task<void> progress(Run& run, int percent, std::string message);
    [[nodiscard]] JobRecord const& record() const noexcept { return record_; }
    [[nodiscard]] JobLease held() const;
    [[nodiscard]] void* find_state(void const* key, std::string_view type) const;

    // Why the work is not wanted any more. Set from any thread.
    std::atomic<bool> cancel_requested = false; // by whoever may
    std::atomic<bool> lost = false;             // the lease has lapsed, and somebody else has the job
    std::atomic<bool> cut_off = false;          // the process stops, and the grace is over
    std::atomic<bool> stopping = false;         // the process stops
    [[nodiscard]] bool unwanted() const noexcept { return cancel_requested || lost || cut_off; }

  private:
    JobOutcome outcome_of(std::exception_ptr error) const;
    void fail(JobOutcome& outcome, bool for_good) const;
    static Task<void> store(Run& run, JobOutcome outcome);
    [[nodiscard]] JobOutcome begin_outcome(JobState state) const;

    std::shared_ptr<Core> core_;
    JobRecord record_;
    Dispatcher const* states_;
    Entry const* entry_;
};

} // namespace hxx::jobs_detail
