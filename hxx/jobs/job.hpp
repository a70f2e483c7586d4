// Job: what a job function is given to say how far it is, and to learn that nobody wants it any more.
//
//     struct ProcessRequest { Annotated<std::string, MinLength{1}> dataset; };
//
//     Task<std::string> process_data(Job& job, ProcessRequest request) {
//         for (int step = 1; step <= 10; ++step) {
//             co_await run_step(request.dataset, step);
//             co_await job.progress(step * 10, fmt::format("step {} of 10", step));
//         }
//         co_return "Data processed successfully";
//     }
//
// A job function takes a Job& or not, then one argument or none: a struct or any other value that JSON has. What it
// returns is kept as JSON. A coroutine runs on a loop of the queue's and must not block it; a plain function runs on a
// thread of the queue's and may. A job may run more than once, when its process dies or it is tried again: do what it
// does in such a way that twice is as good as once.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/jobs/id.hpp"
#include "hxx/reflect/reflect.hpp"
#include "hxx/web/type_key.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx {

/// Thrown by progress() when nobody waits for the job's work any more: it was cancelled, its process stops and has no
/// more time, or another process has taken it over. Let it pass; destructors tidy up.
class JobCancelled : public std::exception {
  public:
    [[nodiscard]] char const* what() const noexcept override { return "the job was cancelled"; }
};

/// Thrown by a job function that has failed for good: it is not tried again. The text is for people.
class JobFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Thrown by a job function to be tried again after some time of its choice (a service said Retry-After), as long as
/// attempts are left. The text is for people. Any other exception means that too, after the usual back-off.
class JobRetry : public std::runtime_error {
  public:
    JobRetry(std::chrono::milliseconds after, std::string const& why) : std::runtime_error(why), after_(after) {}
    [[nodiscard]] std::chrono::milliseconds after() const noexcept { return after_; }

  private:
    std::chrono::milliseconds after_;
};

namespace jobs_detail {
class Run;
}

/// Valid until the function has returned.
class Job {
  public:
    explicit Job(jobs_detail::Run& run) noexcept : run_(&run) {}
    Job(Job const&) = delete;
    Job& operator=(Job const&) = delete;

    [[nodiscard]] JobId const& id() const noexcept;
    /// Empty: nobody's.
    [[nodiscard]] std::string const& owner() const noexcept;
    /// 1, and more if it was tried before.
    [[nodiscard]] int attempt() const noexcept;

    /// Says how far the job is: 0 to 100 per cent, and a line for people. Stored when this returns. Throws
    /// JobCancelled.
    [[nodiscard]] Task<void> progress(int percent, std::string message = {});
    /// The same for a plain function: blocks. Any thread but an event loop's (std::logic_error).
    void progress_now(int percent, std::string message = {});
    /// True once progress() would throw JobCancelled. What was cancelled in another process is noticed by progress()
    /// and, without it, within a third of JobOptions::lease. Any thread.
    [[nodiscard]] bool cancelled() const noexcept;
    /// True once the process is stopping: what the job does not finish within the grace is begun again elsewhere. Any
    /// thread.
    [[nodiscard]] bool stopping() const noexcept;

    /// The app's value of type T, as State<T> gives it to handlers. Throws std::logic_error if there is none.
    template <class T>
    [[nodiscard]] T& state() const {
        return *static_cast<T*>(find_state(type_key<T>, reflect::type_name<T>()));
    }

  private:
    [[nodiscard]] void* find_state(void const* key, std::string_view type) const;

    jobs_detail::Run* run_;
};

} // namespace hxx
