// Stopping: nothing that has been asked for is lost, and nothing can hold the program for ever.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace hxx::http::test {
namespace {
using namespace std::chrono_literals;

std::string request(std::string const& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

struct Tally {
    std::atomic<int> answered = 0, lost = 0;
};

// Asks again and again on kept connections until no new one can be made.
void keep_asking(std::uint16_t port, std::string const& path, Tally& tally) {
    try {
        for (;;) {
            RawClient client(port);
            for (bool open = true; open;) {
                client.send(request(path));
                auto const response = client.read();
                // Closed before the request was read, as a kept connection may be at any time: a client asks again (RFC
                // 9112 9.3.1). That no request was read and then dropped is checked at the end.
                if (!response) break;
                if (response->status != 200 || !response->complete) {
                    ++tally.lost;
                    return;
                }
                ++tally.answered;
                open = !response->headers.contains("connection");
            }
        }
    } catch (std::system_error const&) {
        // Connection refused: the server is gone, and no request was made.
    } catch (std::exception const& error) {
        ADD_FAILURE() << error.what();
        ++tally.lost;
    }
}

TEST(Stop, UnderLoadLosesNoRequest) {
    for (int round = 0; round < 8; ++round) {
        TestServer server;
        Tally tally;
        std::vector<std::thread> clients;
        for (std::string const path : {"/", "/", "/async", "/async", "/big?100000", "/stream?10", "/file?50000", "/"}) {
            clients.emplace_back([&server, &tally, path] { keep_asking(server.port(), path, tally); });
        }
        EXPECT_TRUE(eventually([&] { return tally.answered > 300; }));
        server.server.stop(30s);
        server.server.wait();
        for (auto& client : clients) client.join();
        EXPECT_EQ(tally.lost, 0) << "of " << tally.answered;
        EXPECT_EQ(server.server.connections(), 0u);
        EXPECT_EQ(server.handler.sent_, server.handler.handled);
        EXPECT_EQ(server.handler.handled, tally.answered);
    }
}

// One connection a request, so that the kernel's queue of new connections is never empty for long.
TEST(Stop, UnderLoadLosesNoNewConnection) {
    for (int round = 0; round < 8; ++round) {
        TestServer server;
        Tally tally;
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back([&server, &tally] {
                for (;;) {
                    try {
                        RawClient client(server.port());
                        client.send("GET / HTTP/1.0\r\n\r\n");
                        auto const response = client.read();
                        // The kernel finished the handshake after the last accept: as good as refused, since nobody has
                        // read anything. That nothing was read and then dropped is checked at the end.
                        if (!response) return;
                        ++(response->body == "hello" ? tally.answered : tally.lost);
                    } catch (std::system_error const&) {
                        return;
                    }
                }
            });
        }
        EXPECT_TRUE(eventually([&] { return tally.answered > 200; }));
        server.server.stop(30s);
        server.server.wait();
        for (auto& client : clients) client.join();
        EXPECT_EQ(tally.lost, 0) << "of " << tally.answered;
        EXPECT_EQ(server.handler.handled, tally.answered);
    }
}

TEST(Stop, FinishesWhatIsInFlight) {
    TestServer server;
    RawClient waiting(server.port()), idle(server.port()), fresh(server.port());
    idle.send(request("/"));
    EXPECT_EQ(idle.read()->status, 200);
    waiting.send(request("/wait"));
    EXPECT_TRUE(eventually([&] { return server.handler.handled == 2; }));
    EXPECT_TRUE(eventually([&] { return server.server.connections() == 3; }));
    server.server.stop(1h);
    EXPECT_TRUE(idle.closed());
    EXPECT_TRUE(fresh.closed());
    EXPECT_THROW(RawClient(server.port()), std::system_error);
    EXPECT_TRUE(eventually([&] { return server.server.connections() == 1; }));
    server.handler.release = true;
    auto const response = waiting.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "waited");
    EXPECT_EQ(response->headers.at("connection"), "close");
    server.server.wait();
}

TEST(Stop, FinishesStreamsAndUploadsInFlight) {
    TestServer server;
    RawClient stream(server.port()), upload(server.port());
    stream.send(request("/stream?300"));
    upload.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
    EXPECT_TRUE(eventually([&] { return server.handler.handled == 2; }));
    server.server.stop(1h);
    upload.send("hello");
    EXPECT_EQ(upload.read()->status, 200);
    auto const response = stream.read();
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->complete);
    EXPECT_NE(response->body.find("piece 299"), std::string::npos);
    server.server.wait();
}

TEST(Stop, TellsEventStreams) {
    TestServer server;
    RawClient client(server.port());
    client.send(request("/events"));
    EXPECT_TRUE(eventually([&] { return server.handler.handled == 1; }));
    server.server.stop(1h);
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "data: first\n\n");
    EXPECT_TRUE(response->complete);
    EXPECT_TRUE(client.closed());
    server.server.wait();
    EXPECT_EQ(server.handler.streams_ended, 1);
}

TEST(Stop, CutsOffWhatOutlastsTheGrace) {
    TestServer server;
    RawClient waiting(server.port()), endless(server.port()), half(server.port());
    waiting.send(request("/wait"));
    endless.send(request("/endless"));
    half.send("GET /");
    EXPECT_TRUE(eventually([&] { return server.handler.handled == 2 && server.server.connections() == 3; }));
    server.server.stop(100ms);
    server.server.wait();
    EXPECT_TRUE(waiting.closed());
    EXPECT_TRUE(half.closed());
    EXPECT_TRUE(endless.closed(1 << 30));
    EXPECT_EQ(server.handler.sent_, 2);
    EXPECT_EQ(server.handler.streams_ended, 1);
}

TEST(Stop, SecondStopIsAtOnce) {
    TestServer server;
    RawClient client(server.port());
    client.send(request("/wait"));
    EXPECT_TRUE(eventually([&] { return server.handler.handled == 1; }));
    server.server.stop(1h);
    server.server.stop(1h);
    server.server.wait();
    EXPECT_TRUE(client.closed());
}

TEST(Stop, FromManyThreads) {
    for (int round = 0; round < 10; ++round) {
        TestServer server({}, 3);
        RawClient client(server.port());
        client.send(request("/"));
        EXPECT_EQ(client.read()->status, 200);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                server.server.stop(1s);
                server.server.wait();
            });
        }
        for (auto& thread : threads) thread.join();
        EXPECT_TRUE(client.closed());
    }
}

TEST(Stop, SeveralServersShareTheWorkers) {
    TestHandler handler;
    Workers workers(2);
    workers.start();
    Server first(workers, handler), second(workers, handler);
    first.start();
    second.start();
    EXPECT_NE(first.port(), second.port());
    RawClient one(first.port()), two(second.port());
    one.send(request("/"));
    two.send(request("/"));
    EXPECT_EQ(one.read()->status, 200);
    EXPECT_EQ(two.read()->status, 200);
    first.stop();
    first.wait();
    EXPECT_TRUE(one.closed());
    two.send(request("/async"));
    EXPECT_EQ(two.read()->status, 200);
}

TEST(Stop, WorkersMayEndFirst) {
    TestHandler handler;
    {
        Workers workers(2);
        Server server(workers, handler);
        server.start();
        workers.start();
        RawClient client(server.port());
        client.send(request("/wait"));
        EXPECT_TRUE(eventually([&] { return handler.handled == 1; }));
        workers.stop();
        workers.join();
    }
    {
        Workers never_started(1);
        Server server(never_started, handler);
        server.start();
    }
}

} // namespace
} // namespace hxx::http::test
