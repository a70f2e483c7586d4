// The server that process_test.cpp starts, kills and stops. Each attempt at a job appends a line to the file "journal"
// when it begins and when it ends, which no crash of this process takes back.
#include <hxx/hxx.hpp>

#include <hxx/async/sleep.hpp>
#include <hxx/jobs/queue.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace hxx;

namespace {

void journal(std::string const& what, JobId const& id) {
    auto const line = what + " " + id.str() + "\n";
    auto const file = ::open("journal", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
    ::close(file);
}

Task<std::string> work(Job& job, int milliseconds) {
    journal("begin", job.id());
    for (int step = 1; step <= 4; ++step) {
        co_await sleep_for(std::chrono::milliseconds(milliseconds) / 4);
        co_await job.progress(step * 25, "step " + std::to_string(step));
    }
    journal("end", job.id());
    co_return "done";
}

Task<Response> start(Query<int, "count"> count, Query<int, "milliseconds"> milliseconds, Jobs jobs) {
    for (int i = 0; i < count; ++i) co_await jobs.enqueue<work>(milliseconds);
    co_return text("stored");
}

} // namespace

int main(int argc, char** argv) {
    AppOptions options{.title = "Jobs test program"};
    auto const* const grace = std::getenv("GRACE");
    options.csrf.on = false; // what asks is no browser
    options.grace_seconds = grace ? std::atoi(grace) : 60;
    App app{std::move(options)};
    JobOptions how;
    how.lease = std::chrono::seconds(5);
    how.poll = std::chrono::milliseconds(50);
    how.concurrency = 4;
    JobQueue(sql::Database::connect("sqlite:jobs.db"), how).attach_to(app);
    app.post("/start", start);
    return app.run(argc, argv);
}
