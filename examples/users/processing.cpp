#include "processing.hpp"

#include <hxx/async/sleep.hpp>
#include <hxx/hxx.hpp>
#include <hxx/jobs/jobs.hpp>
#include <hxx/security/session.hpp>

#include <chrono>
#include <string>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

struct ProcessRequest {
    Annotated<std::string, Trim{}, MinLength{1}, MaxLength{100}> dataset;
};

/// The work itself. It may run again after a crash, so it does nothing that may not be done twice.
Task<std::string> process_data(Job& job, ProcessRequest request) {
    std::string const& dataset = request.dataset;
    constexpr int steps = 10;
    for (int step = 1; step <= steps; ++step) {
        co_await sleep_for(150ms); // what a real program would do here
        if (dataset == "broken" && step == 5) throw JobFailed("row 4,711 is not a number");
        co_await job.progress(step * 100 / steps, "step " + std::to_string(step) + " of " + std::to_string(steps));
    }
    co_return "All of " + dataset + " has been processed.";
}

/// Jobs of an account are nobody else's business. Those of a visitor are for whoever has the id, which cannot be
/// guessed.
Jobs my_jobs(Jobs jobs, Session session) {
    auto const account = session.integer("account");
    return account ? jobs.owned_by(std::to_string(*account)) : jobs;
}

Response process_page(View view) {
    return view.page("pages/process.html", {.block = "form"}, {{"form", form_state<ProcessRequest>()}});
}

Task<Response> start_processing(Checked<Form<ProcessRequest>> form, View view, Htmx htmx, Depends<my_jobs> jobs) {
    if (!form) co_return view.invalid("pages/process.html", {.block = "form"}, form).retarget("#process-form");
    auto const job = co_await jobs->enqueue<process_data>(*form);
    if (!htmx) co_return redirect("/tasks/" + job.id.str() + "/status");
    co_return view("partials/_task.html", {{"job", job}}).status(202);
}

Task<Response> task_status(Path<JobId, "task_id"> id, View view, Depends<my_jobs> jobs) {
    auto const job = co_await jobs->status(*id);
    co_return view.page("pages/task.html", {.block = "task"}, {{"job", job}}).stop_polling_if(job.finished);
}

} // namespace

Router processing_routes() {
    Router router;
    router.get("/process", process_page, {.name = "process"});
    router.post("/process", start_processing);
    router.get("/tasks/{task_id}/status", task_status, {.name = "task_status"});
    return router;
}
