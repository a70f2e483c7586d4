// Clients that are slow, on purpose or not, and the limits that keep them from harming others.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

namespace hxx::http::test {
namespace {
using namespace std::chrono_literals;

std::string const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
std::string const post = "POST /sync HTTP/1.1\r\nHost: a\r\n";

Limits quick() {
    Limits limits;
    limits.header_time = limits.body_time = limits.write_time = limits.idle_time = 200ms;
    return limits;
}

TEST(Timeouts, HalfAHeadIs408) {
    TestServer server(quick());
    for (std::string const part : {"G", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX"}) {
        RawClient client(server.port());
        client.send(part);
        auto const response = client.read();
        ASSERT_TRUE(response) << part;
        EXPECT_EQ(response->status, 408);
        EXPECT_TRUE(client.closed());
    }
    EXPECT_EQ(server.handler.handled, 0);
}

TEST(Timeouts, HalfAHeadOnAConnectionThatWasUsedIs408) {
    TestServer server(quick());
    RawClient client(server.port());
    client.send(get + "GET /");
    EXPECT_EQ(client.read()->status, 200);
    EXPECT_EQ(client.read()->status, 408);
    EXPECT_TRUE(client.closed());
}

TEST(Timeouts, SilenceIsClosedSilently) {
    TestServer server(quick());
    RawClient fresh(server.port());
    EXPECT_TRUE(fresh.closed());

    RawClient used(server.port());
    used.send(get);
    EXPECT_EQ(used.read()->status, 200);
    EXPECT_TRUE(used.closed());
}

// Each byte may not buy more time.
TEST(Timeouts, DrippingHeadIs408) {
    TestServer server(quick());
    RawClient client(server.port());
    std::atomic<bool> over = false;
    std::thread drip([&] {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        while (!over && client.send("x")) std::this_thread::sleep_for(10ms);
    });
    auto const response = client.read();
    over = true;
    drip.join();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 408);
}

TEST(Timeouts, HalfABodyIs408) {
    TestServer server(quick());
    for (std::string const path : {"/sync", "/async", "/upload"}) {
        for (std::string const framing : {"Content-Length: 10\r\n\r\nhello", "Content-Length: 100000\r\n\r\nhello",
                                          "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
            RawClient client(server.port());
            client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + framing);
            auto const response = client.read();
            ASSERT_TRUE(response) << path << framing;
            EXPECT_EQ(response->status, 408);
            EXPECT_EQ(response->headers.at("connection"), "close");
            EXPECT_TRUE(client.closed());
        }
    }
}

TEST(Timeouts, UnreadBodyThatDoesNotComeClosesTheConnection) {
    TestServer server(quick());
    RawClient client(server.port());
    client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
    EXPECT_EQ(client.read()->status, 200);
    EXPECT_TRUE(client.closed());
}

// Longer than body_time, but faster than the least rate.
TEST(Timeouts, SteadyBodyIsTaken) {
    Limits limits;
    limits.body_time = 1000ms;
    TestServer server(limits);
    for (std::string const path : {"/sync", "/upload"}) {
        RawClient client(server.port());
        client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n");
        for (int i = 0; i < 150; ++i) {
            ASSERT_TRUE(client.send(std::string(1000, 'x')));
            std::this_thread::sleep_for(10ms);
        }
        EXPECT_EQ(client.read()->status, 200) << path;
    }
}

TEST(Timeouts, ReaderThatDoesNotReadIsDropped) {
    TestServer server(quick());
    for (std::string const path : {"/big?50000000", "/file?50000000", "/endless"}) {
        RawClient client(server.port(), 4096);
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_TRUE(eventually([&] { return server.handler.handled > 0; }));
        EXPECT_TRUE(eventually([&] { return server.server.connections() == 0; })) << path;
        EXPECT_EQ(server.handler.sent_, server.handler.handled) << path;
        server.handler.handled = server.handler.sent_ = 0;
    }
    EXPECT_EQ(server.handler.streams_ended, 1);
}

TEST(Timeouts, ReaderThatPipelinesAndDoesNotReadIsDropped) {
    TestServer server(quick());
    RawClient client(server.port(), 4096);
    std::string many;
    for (int i = 0; i < 100; ++i) many += "GET /big?8000 HTTP/1.1\r\nHost: a\r\n\r\n";
    std::thread sender([&] {
        for (int i = 0; i < 1000 && client.send(many); ++i) {
        }
    });
    EXPECT_TRUE(eventually([&] { return server.handler.handled > 0 && server.server.connections() == 0; }));
    sender.join();
    EXPECT_LT(server.handler.handled, 100'000) << "answers were collected without end";
}

// Slower than write_time in all, but faster than the least rate.
TEST(Timeouts, SteadyReaderIsServed) {
    Limits limits;
    limits.write_time = 1500ms;
    TestServer server(limits);
    // Some 450 reads of 5 ms each: longer than the limit in all, and far from it each time.
    for (std::string const path : {"/big?30000000", "/file?30000000"}) {
        RawClient client(server.port(), 65536);
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        std::size_t size = 0;
        while (size < 30'000'000) {
            auto const more = client.read_some().size();
            if (more == 0) break;
            size += more;
            std::this_thread::sleep_for(5ms);
        }
        EXPECT_GE(size, 30'000'000u) << path;
    }
}

TEST(Limits, ConnectionsBeyondTheLimitWait) {
    Limits limits;
    limits.connections = 5;
    TestServer server(limits);
    std::vector<std::unique_ptr<RawClient>> first;
    for (int i = 0; i < 5; ++i) {
        first.push_back(std::make_unique<RawClient>(server.port()));
        first.back()->send(get);
        EXPECT_EQ(first.back()->read()->status, 200);
    }
    RawClient late(server.port());
    late.send(get);
    pollfd ready{late.socket(), POLLIN, 0};
    EXPECT_EQ(::poll(&ready, 1, 300), 0) << "more connections than allowed are served";
    first.pop_back();
    EXPECT_EQ(late.read()->status, 200);
}

class SlowLoris : public testing::Test {
  protected:
    static constexpr std::size_t count = 1000;

    static void attack(TestServer& server, std::vector<RawClient>& attackers) {
        for (std::size_t i = 0; i < count; ++i) {
            attackers.emplace_back(server.port());
            attackers.back().send(i % 2 ? "GET / HTTP/1.1\r\nHost: a\r\nX" : "POST /sync HTTP/1.1\r\nHost: a\r\n");
        }
        EXPECT_TRUE(eventually([&] { return server.server.connections() == count; }));
    }
    static bool drip(std::vector<RawClient>& attackers) {
        bool any = false;
        for (auto& attacker : attackers) any = attacker.send("x") || any;
        return any;
    }
};

TEST_F(SlowLoris, OthersAreServed) {
    TestServer server;
    std::vector<RawClient> attackers;
    attack(server, attackers);
    for (int round = 0; round < 5; ++round) {
        EXPECT_TRUE(drip(attackers));
        RawClient client(server.port());
        for (int i = 0; i < 100; ++i) {
            client.send(i % 2 ? get : "GET /async HTTP/1.1\r\nHost: a\r\n\r\n");
            auto const response = client.read();
            ASSERT_TRUE(response);
            EXPECT_EQ(response->status, 200);
        }
    }
}

TEST_F(SlowLoris, AttackersAreDropped) {
    TestServer server(quick());
    std::vector<RawClient> attackers;
    attackers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        attackers.emplace_back(server.port());
        attackers.back().send("GET / HTTP/1.1\r\nX");
    }
    EXPECT_TRUE(eventually([&] {
        drip(attackers);
        return server.server.connections() == 0;
    }));
    EXPECT_EQ(server.handler.handled, 0);
}

TEST(Timeouts, AHandlersTimeIs503AndTheConnectionGoesOn) {
    TestServer server(quick());
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send("GET /limited?20 HTTP/1.1\r\nHost: a\r\n\r\n");
        auto const response = client.read();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 503);
        EXPECT_NE(response->body.find("longer than the server allows"), std::string::npos) << response->body;
    }
    client.send(get);
    EXPECT_EQ(client.read().value().body, "hello");
    EXPECT_TRUE(eventually([&] { return server.handler.sent_ == 3; }));
}

TEST(Timeouts, AHandlersTimeRunsWhileItReadsItsBody) {
    Limits limits = quick();
    limits.body_time = 1h;
    TestServer server(limits);
    RawClient client(server.port());
    client.send("POST /limited-upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503);
    EXPECT_TRUE(client.closed());
}

TEST(Timeouts, TheWaitForABodyIsNotTheHandlersTime) {
    Limits limits = quick();
    limits.body_time = 200ms;
    TestServer server(limits);
    RawClient client(server.port());
    client.send("POST /limited?1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
    EXPECT_EQ(client.read().value().status, 408);
}

} // namespace
} // namespace hxx::http::test
