// A request whose handler asks another service: everything over real sockets, and the service never answers.
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/servers_for_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace hxx::http {
namespace {

using namespace std::chrono_literals;
using test::AppServer;
using test::Line;
using test::RawServer;
using testing::AllOf;
using testing::HasSubstr;

/// Reads requests, and counts the clients that gave up.
class SlowService {
  public:
    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] int given_up() const noexcept { return given_up_; }

  private:
    std::atomic<int> given_up_ = 0;
    RawServer server_{[this](Line& line) {
        line.read_request();
        line.wait();
        ++given_up_;
    }};
};

std::vector<StateEntry> with_client() { return {{type_key<Client>, "Client", std::make_shared<Client>()}}; }

Task<std::string> ask(State<Client> client, std::string url) { co_return (co_await client->get(url)).text(); }

std::string dependency_url; // of the one test that has it
Task<std::string> weather(State<Client> client) { co_return (co_await client->get(dependency_url)).text(); }

Generator<std::string> ask_later(State<Client> client, hxx::Request& request, std::string url) {
    co_yield "a";
    while (!request.overdue()) co_await sleep_for(1ms);
    co_yield std::string((co_await client->get(url)).text());
}

RouteOptions within(std::chrono::milliseconds deadline) {
    RouteOptions options;
    options.deadline = deadline;
    return options;
}

TEST(ClientDeadline, ASlowServiceEndsWithTheRequestAndTheConnectionGoesOn) {
    log::KeptLog const log;
    SlowService const service;
    dependency_url = service.url();
    Router router;
    auto const handler = [url = service.url()](State<Client> client) { return ask(client, url); };
    router.get("/slow", handler, within(50ms));
    router.get("/dependency", [](Depends<weather> reply) { return *reply; }, within(50ms));
    router.get("/quick", [] { return "quick"; });
    AppServer const server(std::move(router), with_client());

    Client const browser;
    auto const all = [&]() -> Task<void> {
        for (auto const* const path : {"/slow", "/dependency", "/slow"}) {
            auto reply = co_await browser.get(server.url(path));
            EXPECT_EQ(reply.status(), 503) << path;
            EXPECT_THAT(std::string(reply.text()), HasSubstr("Try again later.")) << path;
        }
        EXPECT_EQ((co_await browser.get(server.url("/quick"))).text(), "quick");
        EXPECT_EQ(server.connections(), 1U);
    };
    sync_wait(all());
    EXPECT_TRUE(eventually([&] { return service.given_up() == 3; })) << "its connections are closed";
    EXPECT_THAT(log.wait_for("not answered within its deadline"),
                AllOf(HasSubstr("WARN"), HasSubstr("route=\"GET /slow\""), HasSubstr("limit_ms=50")));
    EXPECT_TRUE(log.lines_with("ERROR").empty());
}

// The deadline leaves the client's time-out a moment to say what happened, so a program's own answer to it is given.
TEST(ClientDeadline, IsATimeOutToWhoeverCatchesIt) {
    log::KeptLog const log;
    SlowService const service;
    Router router;
    router.exception<ClientError>([](ClientError const& error) {
        return text(error.what()).status(error.is(ClientErrorKind::Timeout) ? 504 : 502);
    });
    router.get("/", [url = service.url()](State<Client> client) { return ask(client, url); }, within(50ms));
    AppServer const server(std::move(router), with_client());
    auto const reply = sync_wait<Reply>(Client().get(server.url()));
    if (reply.status() != 503) {
        EXPECT_EQ(reply.status(), 504);
        EXPECT_THAT(std::string(reply.text()), HasSubstr("the deadline"));
    }
}

TEST(ClientDeadline, AStreamIsNotBoundByIt) {
    log::KeptLog const log;
    RawServer const service([](Line& line) {
        while (!line.read_request().empty()) line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    Router router;
    router.get(
        "/",
        [url = service.url()](State<Client> client, hxx::Request& request) -> Task<hxx::Response> {
            EXPECT_TRUE(request.deadline().at());
            co_return stream(ask_later(client, request, url));
        },
        within(200ms));
    AppServer const server(std::move(router), with_client());
    EXPECT_EQ(sync_wait<Reply>(Client().get(server.url())).text(), "aok");
}

} // namespace
} // namespace hxx::http
