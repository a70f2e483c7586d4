// Jobs outlive the processes that run them.
#include "../app/child.hpp"
#include "../http/raw_client.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/jobs/queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hxx::test {
namespace {

using namespace std::chrono_literals;

constexpr Ended cleanly{.status = 0};
constexpr int concurrency = 4; // of the program

class JobProcesses : public testing::Test {
  protected:
    std::unique_ptr<Child> serve(std::string grace = "60") {
        std::vector<std::string> const arguments = {"--port", "0", "--workers", "1"};
        return std::make_unique<Child>(JOBS_TEST_PROGRAM, arguments,
                                       Child::Setting{directory.path(), {"GRACE=" + std::move(grace)}});
    }
    static void enqueue(Child& server, int count, int milliseconds) {
        http::test::RawClient client(server.port());
        client.send("POST /start?count=" + std::to_string(count) + "&milliseconds=" + std::to_string(milliseconds) +
                    " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
        auto const reply = client.read();
        ASSERT_TRUE(reply);
        ASSERT_EQ(reply->body, "stored");
    }
    /// Lines of the journal that begin with that, for each job.
    [[nodiscard]] std::map<std::string, int> lines(std::string const& word) const {
        std::map<std::string, int> found;
        std::ifstream file(directory.path("journal"));
        for (std::string what, id; file >> what >> id;)
            if (what == word) ++found[id];
        return found;
    }
    [[nodiscard]] static int total(std::map<std::string, int> const& counts) {
        int sum = 0;
        for (auto const& [id, count] : counts) sum += count;
        return sum;
    }
    [[nodiscard]] std::vector<JobRecord> stored(JobState state) const {
        auto const database = sql::Database::connect("sqlite:" + directory.path("jobs.db"));
        JobFilter filter;
        filter.state = state;
        filter.limit = 1000;
        return sync_wait(sqlite_jobs(database)->list(std::move(filter)));
    }
    static bool eventually(std::function<bool()> const& condition) {
        for (int round = 0; round < 2000; ++round) {
            if (condition()) return true;
            std::this_thread::sleep_for(30ms);
        }
        return false;
    }
    bool all_done(std::size_t count) {
        return eventually([&] { return stored(JobState::Done).size() == count; });
    }

    TemporaryDirectory const directory;
};

TEST_F(JobProcesses, AKilledServerLosesNoJobAndRepeatsAtMostTheRunningOnes) {
    auto server = serve();
    enqueue(*server, 200, 20);
    ASSERT_TRUE(eventually([&] { return total(lines("end")) >= 60; }));
    server->signal(SIGKILL);
    EXPECT_EQ(server->ended(), (Ended{.status = -1, .signal = SIGKILL}));
    auto const ended = total(lines("end")), running = static_cast<int>(stored(JobState::Running).size());
    EXPECT_LT(ended, 200) << "killed in the middle";
    EXPECT_LE(running, concurrency);

    server = serve();
    EXPECT_TRUE(all_done(200));
    server->signal(SIGTERM);
    EXPECT_EQ(server->ended(), cleanly);
    auto const begun = lines("begin"), finished = lines("end");
    EXPECT_EQ(begun.size(), 200u);
    EXPECT_EQ(finished.size(), 200u) << "every job has been done";
    EXPECT_LE(total(begun), 200 + running) << "at most the running ones were repeated";
}

TEST_F(JobProcesses, AStoppedServerFinishesItsRunningJobsAndKeepsTheOthers) {
    auto server = serve();
    enqueue(*server, 200, 20);
    ASSERT_TRUE(eventually([&] { return total(lines("end")) >= 20; }));
    server->signal(SIGTERM);
    EXPECT_EQ(server->ended(), cleanly);
    EXPECT_EQ(stored(JobState::Running).size(), 0u);
    EXPECT_GT(stored(JobState::Queued).size(), 0u) << "stopped in the middle";
    EXPECT_EQ(total(lines("begin")), total(lines("end")));

    server = serve();
    EXPECT_TRUE(all_done(200));
    server->signal(SIGTERM);
    EXPECT_EQ(server->ended(), cleanly);
    EXPECT_EQ(total(lines("begin")), 200) << "none was repeated";
}

TEST_F(JobProcesses, AStoppedServerHandsBackWhatTakesTooLong) {
    auto server = serve("0");
    enqueue(*server, concurrency, 3'600'000);
    ASSERT_TRUE(eventually([&] { return total(lines("begin")) == concurrency; }));
    server->signal(SIGTERM);
    EXPECT_EQ(server->ended(), cleanly);
    auto const queued = stored(JobState::Queued);
    ASSERT_EQ(queued.size(), std::size_t{concurrency});
    for (auto const& job : queued) EXPECT_EQ(job.attempts, 0);
    EXPECT_EQ(total(lines("end")), 0);

    server = serve("0"); // does not wait until leases have lapsed: there are none
    EXPECT_TRUE(eventually([&] { return total(lines("begin")) == 2 * concurrency; }));
    for (auto const& job : stored(JobState::Running)) EXPECT_EQ(job.attempts, 1);
}

TEST_F(JobProcesses, TwoServersShareTheWorkAndDoNothingTwice) {
    auto one = serve(), two = serve();
    ASSERT_NE(two->port(), 0);
    enqueue(*one, 150, 20);
    EXPECT_TRUE(all_done(150));
    one->signal(SIGTERM);
    two->signal(SIGTERM);
    EXPECT_EQ(one->ended(), cleanly);
    EXPECT_EQ(two->ended(), cleanly);
    EXPECT_EQ(lines("begin").size(), 150u);
    EXPECT_EQ(total(lines("begin")), 150);
    EXPECT_EQ(total(lines("end")), 150);
}

} // namespace
} // namespace hxx::test
