// Runs a queue's jobs in this process. For this room's sources.
#pragma once

#include "hxx/async/stopping.hpp"
#include "hxx/async/workers.hpp"
#include "hxx/jobs/core.hpp"
#include "hxx/jobs/run.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hxx::jobs_detail {

/// Started when it is made. Its own loop claims jobs, renews leases and tidies up, so that a job which holds its loop
/// loses neither its lease nor the others'.
class Runner final : private Listener {
  public:
    Runner(std::shared_ptr<Core> core, Dispatcher const* states);
    /// Stops at once.
    ~Runner();
    Runner(Runner const&) = delete;
    Runner& operator=(Runner const&) = delete;

    /// Claims no more, waits for what runs as long as that says, cuts off what is left, and hands it back to the
    /// store. A plain function cannot be cut off: it is waited for. Once.
    void stop(Stopping const& stopping);

  private:
    using Runs = std::vector<std::shared_ptr<Run>>;
    Task<void> warn_of_strangers() const;
    Task<void> claim_loop();
    Task<void> claim_all(std::vector<std::string> names);
    Task<std::chrono::milliseconds> idle_time(std::vector<std::string> names) const;
    Task<void> renew_loop();
    Task<void> renew();
    Task<void> purge_loop();
    void begin(JobRecord claimed);
    void ended(Run const& run) noexcept;
    void changed(JobRecord const& job) noexcept override;
    [[nodiscard]] std::size_t running() const;
    [[nodiscard]] Runs runs() const;
    void hand_back(Run const& run) noexcept;

    std::shared_ptr<Core> core_;
    Dispatcher const* states_;
    std::atomic<bool> stopping_ = false, claims_ended_ = false;
    std::size_t next_loop_ = 0; // of the claiming loop
    mutable std::mutex mutex_;
    Runs runs_;
    bool stopped_ = false;
    std::unique_ptr<Workers> work_;    // where jobs run
    std::unique_ptr<Workers> control_; // the runner's own loop
};

} // namespace hxx::jobs_detail
