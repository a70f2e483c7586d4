// What the handles of a queue, its loops and its running jobs share. For this room's sources.
#pragma once

#include "hxx/async/broadcast.hpp"
#include "hxx/async/signal.hpp"
#include "hxx/jobs/backend.hpp"
#include "hxx/jobs/functions.hpp"
#include "hxx/jobs/options.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hxx::jobs_detail {

/// Told of each change of a job that this process makes, on the thread that makes it.
class Listener {
  public:
    virtual void changed(JobRecord const& job) noexcept = 0;

  protected:
    ~Listener() = default;
};

class Core {
  public:
    Core(std::shared_ptr<JobBackend> where, JobOptions const& how);

    std::shared_ptr<JobBackend> const backend;
    JobOptions const options;
    Functions functions;

    /// By the clock that tests move (hxx/base/clock.hpp).
    [[nodiscard]] static JobTime now() noexcept;

    /// Set when the store may have work that it had not when this was called, or a running job has ended.
    [[nodiscard]] Signal next_wake();
    void wake() noexcept;

    /// As JobBackend::cancel, and tells the job if it runs in this process.
    static Task<std::optional<JobRecord>> cancel(std::shared_ptr<Core> core, JobId id);

    void add(Listener& listener);
    /// When this returns, the listener is not called any more.
    void remove(Listener& listener) noexcept;
    void publish(JobRecord const& job) noexcept;
    /// The changes of a job that this process makes, from here on, until it has finished.
    [[nodiscard]] Subscription<JobStatus> subscribe(JobId const& id);

  private:
    std::mutex wake_mutex_;
    Signal wake_;
    std::mutex listeners_mutex_; // held while they are called
    std::vector<Listener*> listeners_;
    std::mutex feeds_mutex_;
    std::map<std::string, Broadcast<JobStatus>, std::less<>> feeds_; // of jobs that somebody follows
};

/// How long to wait after that many attempts: see JobPolicy.
[[nodiscard]] std::chrono::milliseconds back_off(JobPolicy const& policy, int attempts);

} // namespace hxx::jobs_detail
