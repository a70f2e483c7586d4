// Many at once, several loops, cancellation, and who goes first: the client, the loop, or the request.
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/async/watchdog.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/servers_for_test.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace hxx::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::AppServer;
using test::Line;
using test::RawServer;

Router echo() {
    Router router;
    router.get("/{n:int}", [](Path<int, "n"> n) -> Task<std::string> {
        co_await sleep_for(1ms);
        co_return std::to_string(*n);
    });
    return router;
}

/// Never answers.
void hang(Line& line) { line.wait(); }

TEST(ClientLoops, ManyAtOnceShareConnections) {
    AppServer const server(echo());
    Client const client;
    int right = 0;
    {
        asio::io_context loop(1);
        for (int i = 0; i < 200; ++i)
            asio::co_spawn(loop, client.get(server.url("/" + std::to_string(i))),
                           [&right, i](std::exception_ptr error, Reply reply) {
                               if (!error && reply.text() == std::to_string(i)) ++right;
                           });
        loop.run();
        EXPECT_LE(server.connections(), client.options().connections_per_host);
        EXPECT_GE(server.connections(), 1U);
    }
    EXPECT_EQ(right, 200);
    EXPECT_TRUE(eventually([&] { return server.connections() == 0; })); // they end with the loop
}

TEST(ClientLoops, OneClientOnSeveralLoops) {
    AppServer const server(echo());
    std::atomic<int> right = 0, ended = 0;
    {
        Workers workers(2);
        std::optional<Client> client(std::in_place);
        workers.start();
        for (std::size_t worker = 0; worker < 2; ++worker)
            for (int i = 0; i < 100; ++i)
                workers.post(worker, [&, worker, i] {
                    asio::co_spawn(workers.context(worker), client->get(server.url("/" + std::to_string(i))),
                                   [&right, &ended, i](std::exception_ptr error, Reply reply) {
                                       if (!error && reply.text() == std::to_string(i)) ++right;
                                       ++ended;
                                   });
                });
        EXPECT_TRUE(eventually([&] { return ended == 200; }));
        EXPECT_EQ(right, 200);
        EXPECT_GE(server.connections(), 2U);
        // The client goes while its loops run: they close their connections.
        client.reset();
        EXPECT_TRUE(eventually([&] { return server.connections() == 0; }));
        workers.stop();
        workers.join();
    }
}

TEST(ClientLoops, TheLoopMayGoBeforeTheClient) {
    RawServer const server(hang);
    Client const client;
    for (int round = 0; round < 3; ++round) {
        asio::io_context loop(1);
        bool ended = false;
        asio::co_spawn(loop, client.get(server.url()), [&](std::exception_ptr, Reply const&) { ended = true; });
        while (server.connections() <= round) loop.run_one_for(1ms);
        EXPECT_FALSE(ended);
    }
    Workers workers(1);
    workers.start();
    workers.post(0, [&] { asio::co_spawn(workers.context(0), client.get(server.url()), asio::detached); });
    EXPECT_TRUE(eventually([&] { return server.connections() == 4; }));
}

TEST(ClientLoops, TheClientMayGoBeforeTheLoop) {
    RawServer const server([](Line& line) {
        while (!line.read_request().empty()) line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    asio::io_context loop(1);
    std::string text;
    // The request keeps what it needs of its client.
    asio::co_spawn(loop, Client().get(server.url()), [&](std::exception_ptr, Reply reply) { text = reply.text(); });
    loop.run();
    EXPECT_EQ(text, "ok");
    // One that nobody awaits does nothing.
    {
        auto const unused = Client().get(server.url());
    }
    EXPECT_EQ(server.connections(), 1);
    // The handle is in a coroutine that goes with its loop.
    auto const keep = [&](Client client) -> Task<void> {
        co_await client.get(server.url());
        co_await sleep_for(24h);
    };
    auto other = std::make_unique<asio::io_context>(1);
    asio::co_spawn(*other, keep(Client()), asio::detached);
    while (server.connections() < 2) other->run_one_for(1ms);
    other.reset();
}

TEST(ClientLoops, RunsOnWatchedExecutorsAndNotOnPools) {
    RawServer const server([](Line& line) {
        while (!line.read_request().empty()) line.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    Client const client;
    HandlerInfo const info = {"GET /", "test.cpp", 1};
    auto const ask = [&]() -> Task<void> { EXPECT_EQ((co_await client.get(server.url())).text(), "ok"); };
    sync_wait(watched_task(ask(), &info));
    sync_wait(watched_task(watched_task(ask(), &info), &info));

    asio::thread_pool pool(1);
    auto answer = asio::co_spawn(pool, client.get(server.url()), asio::use_future);
    EXPECT_THROW(answer.get(), std::logic_error);
}

TEST(ClientCancellation, BreaksTheRequestOff) {
    std::atomic<int> closed = 0;
    RawServer const server([&](Line& line) {
        line.wait();
        ++closed;
    });
    Client const client;
    asio::io_context loop(1);
    asio::cancellation_signal signal;
    std::exception_ptr error;
    asio::co_spawn(
        loop, client.get(server.url()),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, Reply const&) { error = thrown; }));
    while (server.connections() == 0) loop.run_one_for(1ms);
    signal.emit(asio::cancellation_type::terminal);
    loop.run(); // to its end: nothing of the request is left on the loop
    ASSERT_TRUE(error);
    try {
        std::rethrow_exception(error);
    } catch (boost::system::system_error const& thrown) {
        EXPECT_EQ(thrown.code(), asio::error::operation_aborted);
    }
    EXPECT_TRUE(eventually([&] { return closed == 1; }));
    EXPECT_THROW(sync_wait(with_timeout(client.get(server.url()), 20ms)), TimeoutError);
    EXPECT_TRUE(eventually([&] { return closed == 2; }));
}

TEST(ClientCancellation, AServerThatStopsBreaksOffWhatItsHandlersAsk) {
    std::atomic<int> closed = 0;
    RawServer const service([&](Line& line) {
        line.wait();
        ++closed;
    });
    Router router;
    router.get("/", [&](State<Client> client) -> Task<std::string> {
        auto reply = co_await client->get(service.url());
        co_return reply.text();
    });
    std::vector<StateEntry> states;
    states.push_back({type_key<Client>, reflect::type_name<Client>(), std::make_shared<Client>()});
    AppServer server(std::move(router), std::move(states));
    std::thread asker([&] {
        // The server cuts the connection.
        EXPECT_THROW(sync_wait<Reply>(Client().get(server.url())), ClientError);
    });
    EXPECT_TRUE(eventually([&] { return service.connections() == 1; }));
    server.stop();
    EXPECT_TRUE(eventually([&] { return closed == 1; }));
    asker.join();
}

} // namespace
} // namespace hxx::http
