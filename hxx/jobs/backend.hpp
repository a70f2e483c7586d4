// JobBackend: where jobs are kept. SQLite and memory are in this room; a server shared by many machines goes behind the
// same interface.
//
// A job is run under a lease: whoever claims it has it until a moment, and renews that while it works. When a process
// dies, its leases lapse and others claim its jobs: at least once. Every change of a running job names the lease under
// which it is made, and is refused once somebody else has the job. All times come from the caller.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/jobs/status.hpp"
#include "hxx/sql/database.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hxx {

/// All that is stored of a job.
struct JobRecord {
    JobId id;
    std::string name, owner;
    std::string key; // Jobs::unique; empty: none
    JobState state = JobState::Queued;
    std::string arguments; // JSON
    int percent = 0;
    std::string message;
    std::string result = "null"; // JSON
    std::string error;           // for people
    std::string cause;           // the text of an unexpected exception: for whoever runs the program
    int attempts = 0, max_attempts = 1;
    bool cancel_requested = false;
    std::string lease; // under which it runs
    JobTime due_at;    // when it may be claimed; of a running one, when its lease lapses
    JobTime created_at;
    std::optional<JobTime> started_at, finished_at;
    std::int64_t version = 0;

    [[nodiscard]] JobStatus status() const;
};

struct JobClaim {
    std::vector<std::string> names; // of the functions that this process has
    JobTime now, until;             // of the lease
    std::string lease;              // unique
};

struct JobLease {
    JobId id;
    std::string lease;
};

/// How an attempt has ended.
struct JobOutcome {
    JobLease held;
    /// Done, Failed, Cancelled; Queued: again at due_at, or never if it has been cancelled meanwhile.
    JobState state = JobState::Done;
    std::string result = "null", error, cause;
    JobTime now, due_at;
    /// Handed back unfinished, because the process stops: the attempt does not count.
    bool handed_back = false;
};

/// Newest first.
struct JobFilter {
    std::optional<std::string> owner;
    std::optional<JobState> state;
    std::optional<std::string> name;
    std::size_t limit = 100;
};

/// Safe from every thread. What it has said to be done is stored for good as far as the backend goes. A job that is not
/// there, or not held under that lease, is an empty optional; everything else that goes wrong is an exception.
class JobBackend {
  public:
    virtual ~JobBackend() = default;

    /// Makes what it needs (tables), once, before all else. Several processes may do so at once.
    virtual Task<void> prepare() = 0;
    /// The record as stored; or the one that is queued or running with the same name, owner and key.
    virtual Task<JobRecord> enqueue(JobRecord job) = 0;
    /// Takes the job that has been due for longest, in one step: no two callers get the same. Begins an attempt.
    virtual Task<std::optional<JobRecord>> claim(JobClaim claim) = 0;
    /// When claim() will find one, as far as is known now.
    virtual Task<std::optional<JobTime>> next_due(std::vector<std::string> names) = 0;
    /// Those of the jobs that are still held, with their leases prolonged.
    virtual Task<std::vector<JobRecord>> renew(std::vector<JobLease> held, JobTime until) = 0;
    virtual Task<std::optional<JobRecord>> progress(JobLease held, int percent, std::string message) = 0;
    virtual Task<std::optional<JobRecord>> end(JobOutcome outcome) = 0;
    /// A queued job is cancelled, a running one is marked; one that is finished stays as it is.
    virtual Task<std::optional<JobRecord>> cancel(JobId id, JobTime now) = 0;
    virtual Task<std::optional<JobRecord>> find(JobId id) = 0;
    virtual Task<std::vector<JobRecord>> list(JobFilter filter) = 0;
    /// Forgets jobs that finished before that, `limit` at most; how many they were.
    virtual Task<std::size_t> purge(JobTime finished_before, std::size_t limit) = 0;
};

/// In this process's memory: for tests, and for work that may be forgotten when the process ends.
[[nodiscard]] std::shared_ptr<JobBackend> memory_jobs();
/// In the tables hxx_jobs and hxx_jobs_schema of a database. What is stored survives the process; whether it survives
/// the machine is sql::Options::synchronous (in WAL mode, Full does).
[[nodiscard]] std::shared_ptr<JobBackend> sqlite_jobs(sql::Database database);

} // namespace hxx
