// The command line, the signals and the exit status of a program that calls App::run.
#include "child.hpp"

#include "../http/raw_client.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace hxx::test {
namespace {

using http::test::RawClient;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr Ended cleanly{.status = 0};

class Run : public testing::Test {
  protected:
    Child& start(std::vector<std::string> const& arguments, std::vector<std::string> environment = {}) {
        environment.emplace_back("HXX_TEST=1");
        return child.emplace(RUN_TEST_PROGRAM, arguments, Child::Setting{directory.path(), std::move(environment)});
    }
    /// Serves on a free port.
    Child& serve(std::vector<std::string> arguments = {}, std::vector<std::string> const& environment = {}) {
        arguments.insert(arguments.end(), {"--port", "0", "--workers", "2"});
        return start(arguments, environment);
    }
    std::string get(std::string const& path, std::string const& fields = "") {
        RawClient client(child->port());
        return get(client, path, fields);
    }
    static std::string get(RawClient& client, std::string const& path, std::string const& fields = "") {
        client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
        auto const response = client.read();
        return response ? response->body : "(closed)";
    }

    TemporaryDirectory const directory;
    std::optional<Child> child;
};

// ── The command line ────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Run, SaysWhereItListensAndStopsAtASignal) {
    for (int const number : {SIGTERM, SIGINT}) {
        auto& program = serve();
        EXPECT_THAT(program.listening(), MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+"));
        EXPECT_EQ(get("/"), "hello");
        program.signal(number);
        EXPECT_EQ(program.ended(), cleanly);
        EXPECT_THAT(program.output(), MatchesRegex("Listening on [^\n]+\n"));
        EXPECT_THAT(program.errors(), AllOf(HasSubstr("INFO request method=GET target=/ status=200"),
                                            HasSubstr(number == SIGTERM ? "signal=SIGTERM" : "signal=SIGINT")));
    }
}

TEST_F(Run, ListensWhereItIsTold) {
    auto& ipv6 = serve({"--host", "::1"});
    EXPECT_THAT(ipv6.listening(), MatchesRegex("http://\\[::1\\]:[0-9]+"));
    auto client = RawClient::ipv6(ipv6.port());
    EXPECT_EQ(get(client, "/"), "hello");

    auto const path = directory.path("app.sock");
    auto& unix_socket = serve({"--host", "unix:" + path});
    EXPECT_EQ(unix_socket.listening(), "unix:" + path);
    auto local = RawClient::unix_socket(path);
    EXPECT_EQ(get(local, "/"), "hello");
    unix_socket.signal(SIGTERM);
    EXPECT_EQ(unix_socket.ended(), cleanly);
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Run, AnAddressThatCannotBeHadIsNamed) {
    serve();
    auto const port = std::to_string(child->port());
    Child second(RUN_TEST_PROGRAM, {"--port", port}, Child::Setting{directory.path(), {}});
    EXPECT_EQ(second.ended(), Ended{.status = 1});
    EXPECT_EQ(second.output(), "");
    EXPECT_EQ(second.errors(), "cannot listen on 127.0.0.1:" + port + ": Address already in use\n");
    EXPECT_EQ(get("/"), "hello");
}

TEST_F(Run, RefusesACommandLineThatItDoesNotKnow) {
    for (std::vector<std::string> const& arguments : {std::vector<std::string>{"--nonsense"},
                                                      {"--port", "x"},
                                                      {"--port", "70000"},
                                                      {"--port", "-1"},
                                                      {"nonsense"},
                                                      {"--log-format", "xml"},
                                                      {"--workers"},
                                                      {"--workers", "-1"}}) {
        auto& program = start(arguments);
        auto const how = program.ended();
        EXPECT_GT(how.status, 0) << arguments.front();
        EXPECT_EQ(program.output(), "") << arguments.front();
        EXPECT_THAT(program.errors(), HasSubstr("--help")) << arguments.front();
    }
}

TEST_F(Run, HelpsWithItsOptions) {
    auto& program = start({"--help"});
    EXPECT_EQ(program.ended(), cleanly);
    EXPECT_THAT(program.output(), HasSubstr("Test program"));
    for (auto const* option : {"--host", "--port", "--workers", "--development", "--log-format", "routes"})
        EXPECT_THAT(program.output(), HasSubstr(option));
}

TEST_F(Run, ListsRoutes) {
    auto& program = start({"routes"});
    EXPECT_EQ(program.ended(), cleanly);
    EXPECT_THAT(program.output(),
                AllOf(StartsWith("METHOD  PATTERN"), testing::ContainsRegex("GET +/hang +.*program.cpp:[0-9]+\n"),
                      testing::ContainsRegex("GET +/ +home +.*program.cpp:[0-9]+\n"), Not(HasSubstr("Listening"))));
    EXPECT_EQ(program.errors(), "");
}

TEST_F(Run, LogsJsonLines) {
    auto& program = serve({"--log-format", "json"});
    EXPECT_EQ(get("/?q=\"x\""), "hello");
    program.signal(SIGTERM);
    EXPECT_EQ(program.ended(), cleanly);
    std::istringstream lines(program.errors());
    int requests = 0;
    for (std::string line; std::getline(lines, line);) {
        boost::system::error_code failed;
        auto const record = boost::json::parse(line, failed);
        ASSERT_FALSE(failed) << line;
        auto const& object = record.as_object();
        auto const* const target = object.if_contains("target");
        if (!target) continue;
        ++requests;
        EXPECT_EQ(*target, "/?q=\"x\"");
        EXPECT_EQ(object.at("status"), 200);
        EXPECT_EQ(object.at("method"), "GET");
    }
    EXPECT_EQ(requests, 1) << program.errors();
}

TEST_F(Run, ReadsDotEnvInTheCurrentDirectory) {
    directory.write(".env", "GREETING=\"from the file\"\n");
    serve();
    EXPECT_EQ(get("/"), "from the file");
    serve({}, {"GREETING=from the environment"});
    EXPECT_EQ(get("/"), "from the environment");
}

TEST_F(Run, DevelopmentShowsErrorsAndReadsTemplatesAgain) {
    directory.write("templates/page.html", "before");
    serve({"--development"}, {"TEMPLATES=templates"});
    EXPECT_EQ(get("/page"), "before");
    directory.write("templates/page.html", "afterwards");
    EXPECT_EQ(get("/page"), "afterwards");
    directory.write("templates/page.html", "\n{{ url_for('nosuch') }}");
    EXPECT_THAT(get("/page", "Accept: text/html\r\n"), AllOf(HasSubstr("page.html:2:"), HasSubstr("program.cpp:")));
    EXPECT_THAT(get("/broken", "Accept: text/html\r\n"), HasSubstr("std::runtime_error: the reason"));
}

TEST_F(Run, ProductionDoesNeither) {
    directory.write("templates/page.html", "before");
    serve({}, {"TEMPLATES=templates"});
    EXPECT_EQ(get("/page"), "before");
    directory.write("templates/page.html", "afterwards");
    EXPECT_EQ(get("/page"), "before");
    EXPECT_THAT(get("/broken", "Accept: text/html\r\n"),
                AllOf(HasSubstr("Internal Server Error"), Not(HasSubstr("the reason"))));
    EXPECT_TRUE(child->reports("the reason"));
}

// ── Mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Run, AMistakeInTheAppIsPrinted) {
    for (auto const* argument : {"--development", "routes"}) {
        auto& program = start({argument}, {"MISTAKE=1"});
        EXPECT_EQ(program.ended(), Ended{.status = 1});
        EXPECT_EQ(program.output(), "");
        EXPECT_THAT(program.errors(), AllOf(StartsWith("hxx: GET /state ("), HasSubstr("State<double>")));
    }
}

TEST_F(Run, ADirectoryThatIsMissingIsPrinted) {
    auto& program = start({}, {"TEMPLATES=nowhere"});
    EXPECT_EQ(program.ended(), Ended{.status = 1});
    EXPECT_EQ(program.output(), "");
    EXPECT_THAT(program.errors(),
                AllOf(StartsWith("hxx: there is no directory 'nowhere'"), HasSubstr(directory.path("nowhere"))));
    auto& help = start({"--help"}, {"TEMPLATES=nowhere"});
    EXPECT_EQ(help.ended(), cleanly);
}

// ── Signals ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Run, ASignalLetsRequestsInFlightFinish) {
    auto& program = serve();
    RawClient client(program.port());
    client.send("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(program.prints("waiting"));
    program.signal(SIGTERM);
    ASSERT_TRUE(program.reports("stopping signal=SIGTERM"));
    directory.write("release", "");
    EXPECT_EQ(client.read()->body, "released");
    EXPECT_EQ(program.ended(), cleanly);
}

TEST_F(Run, ASecondSignalEndsItAtOnce) {
    auto& program = serve();
    RawClient client(program.port());
    client.send("GET /hang HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(program.prints("hanging"));
    program.signal(SIGINT);
    ASSERT_TRUE(program.reports("stopping signal=SIGINT"));
    program.signal(SIGTERM);
    EXPECT_EQ(program.ended(), cleanly);
    EXPECT_THAT(program.errors(), HasSubstr("stopping at once signal=SIGTERM"));
    EXPECT_FALSE(client.read());
}

TEST_F(Run, SignalsAreTheProgramsOwnAgainAfterwards) {
    auto& program = serve({}, {"GO_ON=1"});
    EXPECT_NE(program.port(), 0);
    program.signal(SIGTERM);
    ASSERT_TRUE(program.prints("going on"));
    program.signal(SIGTERM);
    EXPECT_EQ(program.ended(), (Ended{.status = -1, .signal = SIGTERM}));
}

} // namespace
} // namespace hxx::test
