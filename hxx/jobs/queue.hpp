// JobQueue: the jobs of an app, and what runs them.
//
//     auto queue = JobQueue::connect(app.settings().get("JOBS_URL", "sqlite:jobs.db"));
//     queue.attach_to(app);          // handlers take Jobs (hxx/jobs/jobs.hpp); runs while the app does
//
// Functions need no registration: each that is enqueued anywhere in the program is known when it starts. Several
// processes may share a store; each runs the functions that it has. One without a web server is
//
//     queue.add<process_data>();     // nothing in this program enqueues it
//     queue.start();
//     …
//     queue.stop(10s);
#pragma once

#include "hxx/async/stopping.hpp"
#include "hxx/jobs/backend.hpp"
#include "hxx/jobs/jobs.hpp"
#include "hxx/jobs/options.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class Dispatcher;

/// A handle: copies stand for the same queue, which stops, at once, with the last of them.
class JobQueue {
  public:
    /// "sqlite:jobs.db" (as sql::Database::connect has it; with synchronous = Full, so that what is stored survives a
    /// power cut too), or "memory:". Opens the store and makes its tables: blocks, and throws sql::Error if it cannot.
    [[nodiscard]] static JobQueue connect(std::string_view url, JobOptions const& options = {});
    /// In a database of the app's own, in tables of their own: see sqlite_jobs(). Blocks.
    explicit JobQueue(sql::Database const& database, JobOptions const& options = {});
    /// In any store. Blocks. Throws std::invalid_argument for options that make no sense.
    explicit JobQueue(std::shared_ptr<JobBackend> backend, JobOptions const& options = {});

    /// Only for what is not said by naming the function in enqueue: another name under which its jobs are stored
    /// (default: the function's own, with its namespace), another policy, or a function that only other programs
    /// enqueue. A function that is renamed keeps its jobs by its former name: add<f>().add<f>("former"). Before the
    /// queue starts. Throws std::logic_error if another function has the name.
    template <auto F>
    JobQueue& add(std::string name = {}, std::optional<JobPolicy> const& policy = std::nullopt) {
        add_function(jobs_detail::use<F>(), std::move(name), policy);
        return *this;
    }

    /// Gives an App (hxx/app/app.hpp) the queue as a State, and has it start and stop with it. A job sees the app's
    /// states (Job::state). When the app stops, running jobs have what is left of its grace; then they are cut off and
    /// handed back, and another process, or this one when it starts again, takes them.
    template <class Application>
    void attach_to(Application& app) const {
        app.state(*this);
        app.on_start([queue = *this](Application& started) { queue.start(&started.dispatcher()); });
        app.on_stop([queue = *this](Stopping const& stopping) { queue.stop(stopping); });
    }

    /// Runs jobs in threads of its own, and returns. Does nothing if it runs. Throws std::logic_error if two functions
    /// have one name. `states`: whose states jobs see.
    void start(Dispatcher const* states = nullptr) const;
    /// Begins no more jobs; returns when those that run have ended, or the grace is over and they have been handed back
    /// (a plain function is waited for: it ends at its next progress_now()). Any thread but the queue's own.
    void stop(std::chrono::milliseconds grace) const;
    /// The same, as a hook of App::on_stop.
    void stop(Stopping const& stopping) const;

    /// What handlers take as a parameter: for jobs that enqueue jobs, and for threads of one's own.
    [[nodiscard]] Jobs jobs() const;

    // Whoever owns them, for the people who run the program.

    [[nodiscard]] Task<std::optional<JobRecord>> find(JobId id) const;
    [[nodiscard]] Task<std::vector<JobRecord>> list(JobFilter filter) const;
    /// As Jobs::cancel; nothing if there is no such job.
    Task<std::optional<JobRecord>> cancel(JobId id) const;

    /// For tests, of a queue that has not been started (TestClient::run_jobs): runs the jobs that are due to their end,
    /// one after the other on this loop; also those that become due meanwhile. How many attempts were made.
    [[nodiscard]] Task<std::size_t> run_due(Dispatcher const* states = nullptr) const;

  private:
    void add_function(jobs_detail::Function const& function, std::string name,
                      std::optional<JobPolicy> const& policy) const;

    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace hxx
