// Jobs: durable background work, from a handler.
//
//     Task<Response> start_processing(Form<ProcessRequest> request, View view, Jobs jobs) {
//         auto job = co_await jobs.enqueue<process_data>(*request);        // stored when this returns
//         co_return view("partials/_job.html", {{"job", job}});            // polls /jobs/{id} every second
//     }
//     Task<Response> job_status(Path<JobId, "id"> id, View view, Jobs jobs) {
//         auto job = co_await jobs.status(id);                             // or 404
//         co_return view("partials/_job.html", {{"job", job}}).stop_polling_if(job.finished);
//     }
//     Task<EventStream> job_events(Path<JobId, "id"> id, Jobs jobs) { co_return co_await jobs.events(id); }
//
// The function (hxx/jobs/job.hpp) runs outside the request: at once if there is room, in this process or in another
// that shares the store; again if it fails; and after a crash. The app needs a queue: hxx/jobs/queue.hpp.
//
// To give jobs their owners, so that nobody else sees them, inject a handle that knows who asks:
//
//     Task<Jobs> my_jobs(Jobs jobs, Depends<current_user> user) { co_return jobs.owned_by(user->id); }
//     Task<Response> job_status(Path<JobId, "id"> id, View view, Depends<my_jobs> jobs);
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/jobs/function.hpp"
#include "hxx/jobs/job.hpp"
#include "hxx/jobs/status.hpp"
#include "hxx/web/event_stream.hpp"
#include "hxx/web/handler.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hxx {

class Request;
namespace jobs_detail {
class Core;
}

/// A handle, cheap to copy. What delay(), unique() and max_attempts() say goes for the enqueue() that follows:
/// jobs.delay(5min).unique("report").enqueue<report>(arguments).
class Jobs {
  public:
    static Jobs from_request(Request& request);
    static void requirements(Requirements& all);

    /// For that owner (the id of a user, say): enqueues for them, and sees what is theirs, and what is nobody's.
    [[nodiscard]] Jobs owned_by(std::string owner) const;
    /// Not before that time has passed.
    [[nodiscard]] Jobs delay(std::chrono::milliseconds time) const;
    /// Not a second time while a job of the same function, owner and key is queued or running: enqueue() gives that
    /// one, whatever its arguments.
    [[nodiscard]] Jobs unique(std::string key) const;
    /// Instead of what the function's JobPolicy says; at least 1.
    [[nodiscard]] Jobs max_attempts(int attempts) const;

    /// Stores a call of the function, and returns when it is stored. The argument is what the function takes beside its
    /// Job&, or nothing; name it first ("auto const request = …"), since g++ 12 miscompiles a braced struct in an
    /// expression with co_await. Throws std::invalid_argument if the argument breaks constraints of its own, JsonError
    /// if JSON has no text for it, and what the store throws (sql::Error).
    template <auto F, class... A>
    [[nodiscard]] Task<JobStatus> enqueue(A const&... argument) const {
        return start(jobs_detail::use<F>(), jobs_detail::to_arguments<F>(argument...));
    }

    /// Throws HttpError 404 if there is no such job, or it is somebody else's: a handle without an owner sees only jobs
    /// without one.
    [[nodiscard]] Task<JobStatus> status(JobId id) const;
    /// A queued job is cancelled at once; a running one is told, and may still finish. One that is finished stays as it
    /// is. Throws as status() does.
    Task<JobStatus> cancel(JobId id) const;
    /// A stream of server-sent events: one now, and one at each change, as `render` has it (by default an event
    /// "progress" with the status as JSON); when the job has finished, after that a last one, "done" with the result as
    /// JSON, or "error" with the reason. A client that connects again gets the status of that moment, so nothing needs
    /// to be replayed. Changes of this process come at once, those of others within JobOptions::poll; of changes that
    /// come faster than they are sent, the newest counts. Throws as status() does, before the stream begins.
    ///     auto events = co_await jobs.events(id, [view](JobStatus const& job) {
    ///         return view.event("progress", "partials/_job.html", {{"job", job}});
    ///     });
    ///     co_return std::move(events).keepalive(15s);
    [[nodiscard]] Task<EventStream> events(JobId id,
                                           std::function<Event(JobStatus const&)> render = progress_event) const;
    static Event progress_event(JobStatus const& job);
    /// The owner's jobs, newest first. Throws std::logic_error for a handle without an owner.
    [[nodiscard]] Task<std::vector<JobStatus>> list(std::size_t limit = 100) const;

  private:
    friend class JobQueue;
    explicit Jobs(std::shared_ptr<jobs_detail::Core> core) noexcept : core_(std::move(core)) {}
    [[nodiscard]] Task<JobStatus> start(jobs_detail::Function const& function, std::string arguments) const;

    std::shared_ptr<jobs_detail::Core> core_;
    std::string owner_, key_;
    std::chrono::milliseconds delay_{0};
    int max_attempts_ = 0; // 0: the policy's
};

} // namespace hxx
