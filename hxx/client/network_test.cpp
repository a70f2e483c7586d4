// The client over real sockets: against hxx's own server, and against one that misbehaves.
#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/kind_of_for_test.hpp"
#include "hxx/client/servers_for_test.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace hxx::http {
namespace {

using namespace std::chrono_literals;
using test::AppServer;
using test::kind_of;
using test::Line;
using test::RawServer;
using testing::HasSubstr;

std::string const small_reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers every request of every connection with these bytes.
std::function<void(Line&)> always(std::string bytes) {
    return [bytes = std::move(bytes)](Line& line) {
        while (!line.read_request().empty())
            if (!line.send(bytes)) return;
    };
}

struct Sum {
    int a = 0, b = 0;
};

Router calculator() {
    Router router;
    router.get("/sum", [](Query<int, "a"> a, Query<int, "b"> b) { return std::to_string(*a + *b); });
    router.post("/json", [](Json<Sum> sum) { return Sum{sum->b, sum->a}; });
    router.post("/form", [](Form<Sum> sum) { return std::to_string(sum->a + sum->b); });
    router.put("/echo", [](hxx::Request& request) { return std::string(request.body()); });
    router.del("/item", [](hxx::Request& request) { return std::string(http::to_string(request.method())); });
    router.get("/header", [](hxx::Request& request) {
        std::string all;
        for (auto const [name, value] : request.headers()) all.append(name).append("=").append(value).append("\n");
        return all;
    });
    router.get("/redirect", [] { return redirect("/sum?a=1&b=2"); });
    router.get("/fail", []() -> hxx::Response { throw HttpError{503, "later"}; });
    router.get("/stream", []() -> Generator<std::string> {
        for (int i = 0; i < 100; ++i) co_yield std::string(1000, 'x');
    });
    return router;
}

TEST(ClientNetwork, SpeaksWithAnApplication) {
    AppServer const server(calculator());
    Client const client;
    auto const all = [&]() -> Task<void> {
        auto reply = co_await client.get(server.url("/sum")).query("a", 40).query("b", 2).timeout(30s);
        EXPECT_EQ(reply.status(), 200);
        EXPECT_EQ(reply.text(), "42");
        EXPECT_EQ(reply.version(), 11);
        EXPECT_EQ(reply.url(), server.url("/sum?a=40&b=2"));
        EXPECT_GT(reply.elapsed().count(), 0);
        EXPECT_EQ(reply.header("content-length"), "2");

        Sum const sum{1, 2};
        EXPECT_EQ((co_await client.post(server.url("/json")).json(sum)).json<Sum>().a, 2);
        EXPECT_EQ((co_await client.post(server.url("/form")).field("a", 3).field("b", 4)).text(), "7");
        std::string const large(3'000'000, 'y');
        EXPECT_EQ((co_await client.put(server.url("/echo")).body("text/plain", large)).text(), large);
        EXPECT_EQ((co_await client.put(server.url("/echo"))).text(), "");
        EXPECT_EQ((co_await client.del(server.url("/item"))).text(), "DELETE");
        auto head = co_await client.head(server.url("/sum?a=1&b=2"));
        EXPECT_EQ(head.status(), 200);
        EXPECT_EQ(head.header("Content-Length"), "1");
        EXPECT_EQ(head.text(), "");
        EXPECT_EQ((co_await client.get(server.url("/redirect"))).text(), "3");
        EXPECT_EQ((co_await client.get(server.url("/redirect")).redirects(0)).status(), 303);
        EXPECT_EQ((co_await client.get(server.url("/fail"))).status(), 503);
        EXPECT_EQ((co_await client.get(server.url("/stream"))).text().size(), 100'000U);

        auto request = client.get(server.url("/header"));
        request.header("X-Empty", "").header("X-One", "1").header("Accept", "text/plain");
        auto const sent = (co_await std::move(request)).text();
        EXPECT_THAT(sent, HasSubstr("X-Empty=\n"));
        EXPECT_THAT(sent, HasSubstr("X-One=1\n"));
        EXPECT_THAT(sent, HasSubstr("Accept=text/plain\n"));
        EXPECT_THAT(sent, HasSubstr("User-Agent=hxx/"));
        EXPECT_THAT(sent, HasSubstr("Accept-Encoding=deflate, gzip"));
        EXPECT_THAT(sent, testing::Not(HasSubstr("Expect")));
    };
    sync_wait(all());
}

TEST(ClientNetwork, KeepsConnections) {
    RawServer const server(always(small_reply));
    Client const client;
    auto const all = [&]() -> Task<void> {
        for (int i = 0; i < 5; ++i) EXPECT_EQ((co_await client.get(server.url())).text(), "ok");
    };
    sync_wait(all());
    EXPECT_EQ(server.connections(), 1);
}

TEST(ClientNetwork, ContentIsDecodedWithinTheLimit) {
    // 10 MB of zeros in 10 KB: gzip --best < /dev/zero, made here with the tool that makes it.
    std::string bomb;
    auto* const pipe = ::popen("head -c 10000000 /dev/zero | gzip -9", "r");
    ASSERT_NE(pipe, nullptr);
    char bytes[4096];
    for (std::size_t got; (got = ::fread(bytes, 1, sizeof bytes, pipe)) > 0;) bomb.append(bytes, got);
    ::pclose(pipe);
    ASSERT_LT(bomb.size(), 100'000U);
    RawServer const server(always("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                                  std::to_string(bomb.size()) + "\r\n\r\n" + bomb));
    Client const client;
    EXPECT_EQ(kind_of(client.get(server.url()).max_body(9'999'999)), ClientErrorKind::TooLarge);
    EXPECT_EQ(sync_wait<Reply>(client.get(server.url()).max_body(10'000'000)).text(), std::string(10'000'000, '\0'));
}

// ---- faults --------------------------------------------------------------------------------------------------------

TEST(ClientFaults, EndlessRepliesEnd) {
    RawServer const body([](Line& line) {
        line.read_request();
        line.send("HTTP/1.1 200 OK\r\n\r\n");
        while (line.send(std::string(10'000, 'x'))) continue;
    });
    RawServer const head([](Line& line) {
        line.read_request();
        line.send("HTTP/1.1 200 OK\r\n");
        while (line.send("X-More: " + std::string(500, 'x') + "\r\n")) continue;
    });
    RawServer const informational([](Line& line) {
        line.read_request();
        while (line.send("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")) continue;
    });
    Client const client;
    EXPECT_EQ(kind_of(client.get(body.url())), ClientErrorKind::TooLarge);
    EXPECT_EQ(kind_of(client.get(head.url())), ClientErrorKind::TooLarge);
    EXPECT_EQ(kind_of(client.get(informational.url())), ClientErrorKind::TooLarge);
}

TEST(ClientFaults, BrokenRepliesAreErrors) {
    Client const client;
    for (std::string const bytes :
         {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", // cut off
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nX: a",
          "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n", ""}) {
        RawServer const server([bytes](Line& line) {
            line.read_request();
            line.send(bytes);
        });
        EXPECT_EQ(kind_of(client.get(server.url())), ClientErrorKind::Protocol) << bytes;
    }
}

TEST(ClientFaults, InterimRepliesAndTrailersAreNoHeaders) {
    RawServer const server(
        always("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: \t2 \r\n"
               "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n"));
    auto const reply = sync_wait<Reply>(Client().get(server.url()));
    EXPECT_EQ(reply.text(), "ok");
    EXPECT_EQ(reply.headers().get_all("X-A"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_FALSE(reply.header("X-Early"));
    EXPECT_FALSE(reply.header("X-Trailer"));
}

TEST(ClientFaults, SilenceTimesOut) {
    RawServer const silent([](Line& line) { line.wait(); });
    RawServer const slow([](Line& line) {
        line.read_request();
        line.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
        line.wait();
    });
    Client const client;
    std::string text;
    EXPECT_EQ(kind_of(client.get(silent.url("/x?token=hidden")).timeout(20ms), &text), ClientErrorKind::Timeout);
    EXPECT_THAT(text, HasSubstr("within 20 ms"));
    EXPECT_THAT(text, testing::Not(HasSubstr("hidden")));
    EXPECT_EQ(kind_of(client.get(slow.url()).timeout(20ms)), ClientErrorKind::Timeout);
    // One that waits for a free connection has no more time than others.
    ClientOptions options;
    options.connections_per_host = 1;
    Client const narrow(options);
    auto const both = [&]() -> Task<void> {
        auto const executor = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(executor, narrow.get(silent.url()).timeout(200ms),
                              [](std::exception_ptr, Reply const&) {});
        co_await sleep_for(1ms);
        auto waiting = narrow.get(silent.url()).timeout(20ms);
        co_await std::move(waiting);
    };
    EXPECT_THROW(sync_wait(both()), ClientError);
}

TEST(ClientFaults, NobodyListens) {
    std::uint16_t port = 0;
    {
        port = RawServer([](Line&) {}).port();
    }
    std::string text;
    EXPECT_EQ(kind_of(Client().get("http://127.0.0.1:" + std::to_string(port) + "/"), &text), ClientErrorKind::Connect);
    EXPECT_THAT(text, HasSubstr("does the service run"));
}

TEST(ClientFaults, AnUnconnectedHostTimesOut) {
    // A listening socket whose queue is full answers no SYN.
    int const listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listening, 0), 0);
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
    std::vector<int> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        static_cast<void>(::connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size));
    }
    ClientOptions options;
    options.connect_timeout = 50ms;
    std::string text;
    EXPECT_EQ(kind_of(Client(options).get("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"), &text),
              ClientErrorKind::Timeout);
    EXPECT_THAT(text, HasSubstr("connect_timeout"));
    for (int const filler : fillers) ::close(filler);
    ::close(listening);
}

TEST(ClientFaults, OnlyIdempotentRequestsAreRepeated) {
    // The first connection answers once, takes a second request, and dies; the next ones work.
    std::atomic<int> requests = 0;
    auto const serve = [&](Line& line) {
        while (!line.read_request().empty()) {
            if (++requests == 2) return;
            line.send(small_reply);
        }
    };
    for (bool const with_body : {false, true}) {
        requests = 0;
        RawServer const server(serve);
        Client const client;
        auto const post = [&]() -> Task<Reply> {
            co_await client.get(server.url());
            auto request = client.post(server.url());
            if (with_body) request.body("text/plain", "once");
            co_return co_await std::move(request);
        };
        std::string text;
        EXPECT_EQ(kind_of(post(), &text), ClientErrorKind::Protocol);
        EXPECT_THAT(text, HasSubstr("POST was not sent again"));
        EXPECT_EQ(requests, 2);
    }
    requests = 0;
    RawServer const server(serve);
    Client const client;
    auto const get = [&]() -> Task<Reply> {
        co_await client.get(server.url());
        co_return co_await client.get(server.url());
    };
    EXPECT_EQ(sync_wait(get()).text(), "ok");
    EXPECT_EQ(requests, 3);
}

// ---- where it may connect to ---------------------------------------------------------------------------------------

TEST(ClientPublicOnly, NeverConnectsToThisMachine) {
    RawServer const server(always(small_reply));
    Client const client;
    for (auto const* host : {"127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0.0.0.0", "[::1]",
                             "[::ffff:127.0.0.1]", "[::]"}) {
        std::string text;
        EXPECT_EQ(kind_of(client.get(server.url("/", host)).public_only(), &text), ClientErrorKind::RefusedAddress)
            << host;
        EXPECT_THAT(text, HasSubstr("public_only")) << host;
    }
    EXPECT_EQ(server.connections(), 0);
    ClientOptions options;
    options.public_only = true;
    EXPECT_EQ(kind_of(Client(options).get(server.url())), ClientErrorKind::RefusedAddress);
    EXPECT_EQ(server.connections(), 0);
}

TEST(ClientPublicOnly, AnOpenConnectionIsNoWayAround) {
    RawServer const server(always(small_reply));
    Client const client;
    auto const both = [&]() -> Task<Reply> {
        co_await client.get(server.url());
        co_return co_await client.get(server.url()).public_only();
    };
    EXPECT_EQ(kind_of(both()), ClientErrorKind::RefusedAddress);
}

TEST(ClientProxy, IsUsedOnlyWhenAskedFor) {
    RawServer const target(always(small_reply));
    RawServer const proxy([](Line& line) {
        auto const request = line.read_request();
        bool const absolute = request.starts_with("GET http://service.example/ HTTP/1.1");
        line.send(absolute ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy"
                           : "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
    });
    ClientOptions options;
    options.proxy = proxy.url();
    EXPECT_EQ(sync_wait<Reply>(Client(options).get("http://service.example/")).text(), "proxy");

    ::setenv("http_proxy", proxy.url().c_str(), 1);
    EXPECT_EQ(sync_wait<Reply>(Client().get(target.url())).text(), "ok");
    options = {};
    options.proxy_from_environment = true;
    EXPECT_EQ(sync_wait<Reply>(Client(options).get("http://service.example/")).text(), "proxy");
    EXPECT_THROW(sync_wait<Reply>(Client(options).get("http://service.example/").public_only()), std::invalid_argument);
    ::unsetenv("http_proxy");
}

} // namespace
} // namespace hxx::http
