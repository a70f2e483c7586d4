// Jobs as an application has them: handlers, owners, polling, streams, and TestClient::run_jobs.
#include "hxx/testing/test_client.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/jobs/queue.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/extract_body.hpp"
#include "hxx/web/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Sink {
    std::vector<std::string> lines;
    std::atomic<bool> broken = false, go = true;
};
struct ProcessRequest {
    Annotated<std::string, MinLength{1}> dataset;
};

Task<std::string> process_data(Job& job, ProcessRequest request) {
    if (job.state<Sink*>()->broken) throw std::runtime_error("secret");
    for (int step = 1; step <= 4; ++step) {
        while (!job.state<Sink*>()->go) co_await sleep_for(1ms);
        co_await job.progress(step * 25, "step " + std::to_string(step) + " of 4");
    }
    job.state<Sink*>()->lines.push_back(request.dataset);
    co_return "Data processed <successfully>";
}

Task<Response> start_processing(Form<ProcessRequest> request, View view, Jobs jobs) {
    auto const job = co_await jobs.enqueue<process_data>(*request);
    co_return view("_job.html", {{"job", job}});
}
Task<Response> job_status(Path<JobId, "id"> id, View view, Jobs jobs) {
    auto const job = co_await jobs.status(id);
    co_return view("_job.html", {{"job", job}}).stop_polling_if(job.finished);
}
Task<JobStatus> job_json(Path<JobId, "id"> id, Jobs jobs) { co_return co_await jobs.status(id); }
Task<JobStatus> cancel_job(Path<JobId, "id"> id, Jobs jobs) { co_return co_await jobs.cancel(id); }
Task<EventStream> job_events(Path<JobId, "id"> id, Jobs jobs) { co_return co_await jobs.events(id); }
Task<EventStream> job_pieces(Path<JobId, "id"> id, Jobs jobs, View view) {
    auto events = co_await jobs.events(
        id, [view](JobStatus const& job) { return view.event("progress", "_job.html", {{"job", job}}); });
    co_return std::move(events).keepalive(1s);
}

std::string user(Header<std::string, "X-User"> name) { return name; }
Task<Jobs> my_jobs(Jobs jobs, Depends<user> name) { co_return jobs.owned_by(*name); }
Task<JobStatus> start_mine(Depends<my_jobs> jobs) {
    ProcessRequest request;
    request.dataset = Annotated<std::string, MinLength{1}>("mine");
    co_return co_await jobs->enqueue<process_data>(request);
}
Task<JobStatus> show_mine(Path<JobId, "id"> id, Depends<my_jobs> jobs) { co_return co_await jobs->status(id); }
Task<std::vector<JobStatus>> list_mine(Depends<my_jobs> jobs) { co_return co_await jobs->list(); }

constexpr char const* job_template =
    "<div id=job{% if not job.finished %} hx-get=\"/jobs/{{ job.id }}\" hx-trigger=\"every 1s\" "
    "hx-swap=\"outerHTML\"{% endif "
    "%}>"
    "{{ job.state }} {{ job.percent }} {{ job.message }}"
    "{% if job.state == 'Done' %} {{ job.result }}{% endif %}{% if job.error %} {{ job.error }}{% endif %}</div>";

class RunJobs : public testing::Test {
  protected:
    RunJobs() : client(make()) {}

    App make() {
        directory.write("templates/_job.html", job_template);
        AppOptions options;
        options.templates = {directory.path("templates")};
        options.env_file = "";
        options.access_log = false;
        App app(std::move(options));
        queue.attach_to(app);
        app.state(&sink);
        app.post("/process", start_processing);
        app.get("/jobs/{id}", job_status);
        app.get("/jobs/{id}/json", job_json);
        app.get("/jobs/{id}/events", job_events);
        app.get("/jobs/{id}/pieces", job_pieces);
        app.post("/jobs/{id}/cancel", cancel_job);
        app.post("/mine", start_mine);
        app.get("/mine/{id}", show_mine);
        app.get("/mine", list_mine);
        return app;
    }
    /// Enqueues one, and gives where it is polled.
    std::string post() {
        auto const reply = client.htmx().post("/process", form({{"dataset", "d1"}}));
        EXPECT_EQ(reply.status(), 200);
        return reply.html().attr("#job", "hx-get").value_or("");
    }

    log::KeptLog const log;
    TemporaryDirectory const directory;
    Sink sink;
    JobQueue const queue = JobQueue::connect("memory:", [] {
        JobOptions options;
        options.poll = 20ms;
        return options;
    }());
    TestClient client;
};

TEST_F(RunJobs, PollsUntilTheJobHasEnded) {
    auto const url = post();
    ASSERT_THAT(url, HasSubstr("/jobs/"));
    auto reply = client.htmx(2).get(url);
    EXPECT_EQ(reply.status(), 200);
    EXPECT_EQ(reply.html().attr("#job", "hx-trigger"), "every 1s");
    EXPECT_THAT(reply.text(), HasSubstr("Queued 0"));

    EXPECT_EQ(client.run_jobs(), 1u);
    EXPECT_THAT(sink.lines, ElementsAre("d1"));
    reply = client.htmx(2).get(url);
    EXPECT_EQ(reply.status(), 286) << "htmx 2 stops polling by the status";
    EXPECT_EQ(reply.html().attr("#job", "hx-trigger"), std::nullopt);
    EXPECT_THAT(reply.text(), HasSubstr("Done 100 step 4 of 4 Data processed &lt;successfully&gt;"));
    reply = client.htmx(4).get(url);
    EXPECT_EQ(reply.status(), 200) << "htmx 4 by the element, which has no trigger any more";
    EXPECT_EQ(reply.html().attr("#job", "hx-trigger"), std::nullopt);
    EXPECT_EQ(client.run_jobs(), 0u);
}

TEST_F(RunJobs, FailuresAreTriedAgainWhenTheirTimeHasCome) {
    sink.broken = true;
    auto const url = post();
    EXPECT_EQ(client.run_jobs(), 1u);
    EXPECT_THAT(client.htmx().get(url).text(), HasSubstr("Queued 0  The job failed unexpectedly."));
    sink.broken = false;
    EXPECT_EQ(client.run_jobs(), 0u);
    client.advance(10s);
    EXPECT_EQ(client.run_jobs(), 1u);
    EXPECT_THAT(client.htmx().get(url).text(), HasSubstr("Done"));
}

TEST_F(RunJobs, AnApiClientGetsJson) {
    auto const url = post();
    client.run_jobs();
    auto const job = client.get(url + "/json").json().as_object();
    EXPECT_EQ(job.at("state"), "Done");
    EXPECT_EQ(job.at("finished"), true);
    EXPECT_EQ(job.at("result"), "Data processed <successfully>");
    EXPECT_EQ(job.at("name"), "process_data");
    EXPECT_EQ("/jobs/" + std::string(job.at("id").as_string()), url);
    EXPECT_TRUE(job.at("finished_at").is_string());
}

TEST_F(RunJobs, AJobThatIsNotThereIs404) {
    for (auto const* path : {"/jobs/nosuch", "/jobs/nosuch/json", "/jobs/nosuch/events", "/jobs/a%20b"})
        EXPECT_EQ(client.get(path).status(), 404) << path;
    EXPECT_EQ(client.post("/jobs/nosuch/cancel").status(), 404);
}

TEST_F(RunJobs, AnOwnerIsADependencyAway) {
    auto const mine = client.header("X-User", "ann").post("/mine").json().as_object();
    auto const id = std::string(mine.at("id").as_string());
    EXPECT_EQ(client.header("X-User", "ann").get("/mine/" + id).status(), 200);
    EXPECT_EQ(client.header("X-User", "ben").get("/mine/" + id).status(), 404);
    EXPECT_EQ(client.get("/jobs/" + id).status(), 404);
    EXPECT_EQ(client.get("/jobs/" + id + "/events").status(), 404);
    EXPECT_EQ(client.post("/jobs/" + id + "/cancel").status(), 404);
    EXPECT_EQ(client.header("X-User", "ann").get("/mine").json().as_array().size(), 1u);
    EXPECT_EQ(client.header("X-User", "ben").get("/mine").json().as_array().size(), 0u);
}

TEST_F(RunJobs, ACancelledJobDoesNotRun) {
    auto const url = post();
    EXPECT_EQ(client.post(url + "/cancel").json().as_object().at("state"), "Cancelled");
    EXPECT_EQ(client.run_jobs(), 0u);
    auto const reply = client.get(url + "/events");
    EXPECT_THAT(reply.text(), HasSubstr("event: error\ndata: The job was cancelled.\n"));
}

// ── Streams ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(RunJobs, AStreamOfAFinishedJobSaysSoAndEnds) {
    auto const url = post();
    client.run_jobs();
    auto const text = client.get(url + "/events").text();
    EXPECT_THAT(text, HasSubstr("event: progress\ndata: {\"id\":"));
    EXPECT_THAT(text, HasSubstr("event: done\ndata: \"Data processed <successfully>\"\n"));
    EXPECT_THAT(text, Not(HasSubstr("event: error")));
}

TEST_F(RunJobs, AStreamOfAFailedJobEndsWithItsError) {
    sink.broken = true;
    auto const url = post();
    for (int i = 0; i < 3; ++i, client.advance(1h)) client.run_jobs();
    auto const text = client.get(url + "/events").text();
    EXPECT_THAT(text, HasSubstr("event: error\ndata: The job failed unexpectedly.\n"));
    EXPECT_THAT(text, Not(HasSubstr("event: done")));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
}

/// What comes after one another in `text`.
void expect_in_order(std::string const& text, std::vector<std::string> const& parts) {
    std::size_t at = 0;
    for (auto const& part : parts) {
        auto const found = text.find(part, at);
        ASSERT_NE(found, std::string::npos) << part << " in\n" << text;
        at = found + part.size();
    }
}

TEST_F(RunJobs, AStreamFollowsAJobThatRunsInAnotherThread) {
    sink.go = false;
    auto const url = post();
    queue.start(&client.app().dispatcher());
    std::thread slow([this] {
        std::this_thread::sleep_for(50ms);
        sink.go = true;
    });
    auto const text = client.get(url + "/events").text();
    slow.join();
    queue.stop(10s);
    expect_in_order(text, {"\"state\":\"", "\"state\":\"Done\"", "event: done"});
    auto const pieces = client.htmx(2).get(url + "/pieces").text();
    expect_in_order(pieces, {"event: progress", "data: <div id=job>Done 100", "event: done"});
}

TEST_F(RunJobs, AStreamFollowsAJobOfAnotherProcess) {
    auto const backend = sqlite_jobs(sql::Database::connect("sqlite:" + directory.path("jobs.db")));
    JobOptions options;
    options.poll = 20ms;
    JobQueue const here(backend, options), there(backend, options);
    App app([] {
        AppOptions made;
        made.env_file = "";
        return made;
    }());
    here.attach_to(app);
    app.state(&sink);
    app.get("/jobs/{id}/events", job_events);
    TestClient own(std::move(app));
    ProcessRequest request;
    request.dataset = Annotated<std::string, MinLength{1}>("there");
    auto const job = sync_wait(here.jobs().enqueue<process_data>(request));
    there.start(&own.app().dispatcher());
    auto const text = own.get("/jobs/" + job.id.str() + "/events").text();
    there.stop(10s);
    expect_in_order(text, {"\"state\":\"Done\"", "event: done\ndata: \"Data processed"});
}

// ── With the app ────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(RunJobs, RunsWhileTheAppDoes) {
    auto& app = client.app();
    auto const url = post();
    app.start({.host = "127.0.0.1", .port = 0, .workers = 1});
    for (int round = 0; round < 6000 && client.get(url).text().find("Done") == std::string::npos; ++round)
        std::this_thread::sleep_for(5ms);
    EXPECT_THAT(client.get(url).text(), HasSubstr("Done"));
    app.stop();
    auto const later = post();
    std::this_thread::sleep_for(50ms);
    EXPECT_THAT(client.get(later).text(), HasSubstr("Queued")) << "nobody runs it";
}

TEST(JobsOfAnApp, NeedAQueue) {
    AppOptions options;
    options.env_file = "";
    App app(std::move(options));
    app.get("/jobs/{id}", job_json);
    TestClient client(std::move(app));
    try {
        static_cast<void>(client.get("/jobs/x"));
        FAIL() << "no error";
    } catch (std::logic_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("JobQueue"));
    }
    EXPECT_THROW(client.run_jobs(), std::logic_error);
}

} // namespace
} // namespace hxx
