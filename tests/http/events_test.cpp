// Event streams on the wire: what leaves together, keep-alives, back-pressure, and the end.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstddef>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace hxx::http::test {
namespace {

std::string request(std::string const& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

std::string events(std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += "data: event " + std::to_string(i) + "\n\n";
    return all;
}

std::size_t occurrences(std::string const& text, std::string const& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

/// Reads until the text that has come satisfies the condition; empty if the connection ends first.
template <class Condition>
std::string read_until(RawClient& client, Condition condition) {
    std::string seen;
    while (!condition(seen)) {
        auto const more = client.read_some();
        if (more.empty()) return {};
        seen += more;
    }
    return seen;
}

/// The server's end of a client's connection, which is a descriptor of this process, too; -1 if there is none.
int server_end(RawClient const& client) {
    sockaddr_in wanted{};
    socklen_t size = sizeof wanted;
    ::getsockname(client.socket(), reinterpret_cast<sockaddr*>(&wanted), &size);
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        int const descriptor = std::stoi(entry.path().filename());
        sockaddr_in other{};
        size = sizeof other;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&other), &size) != 0) continue;
        if (other.sin_family == AF_INET && other.sin_port == wanted.sin_port) return descriptor;
    }
    return -1;
}

/// Milliseconds; 0 is the system's own, of a quarter of an hour or so.
unsigned user_timeout(int socket) {
    unsigned milliseconds = 12345;
    socklen_t size = sizeof milliseconds;
    EXPECT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, &size), 0);
    return milliseconds;
}

TEST(Events, ThoseThatAreReadyAtOnceLeaveInOneWrite) {
    TestServer server;
    RawClient client(server.port());
    std::vector<int> arrived; // bytes in the client's socket before each event is made
    server.handler.on_event = [&](std::size_t) {
        int bytes = -1;
        ::ioctl(client.socket(), FIONREAD, &bytes);
        arrived.push_back(bytes);
    };
    client.send(request("/burst?50"));
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, events(50));
    ASSERT_EQ(arrived.size(), 50u);
    EXPECT_LE(arrived.back(), static_cast<int>(response->head.size())) << "nothing but the head has been sent by then";
}

TEST(Events, AReaderThatIsSlowAtFirstGetsAllOfThemInOrder) {
    TestServer server;
    constexpr std::size_t count = 300'000; // more than the buffers of both sockets hold
    RawClient client(server.port(), 4096);
    std::atomic<std::size_t> made = 0;
    server.handler.on_event = [&](std::size_t i) { made = i + 1; };
    client.send(request("/burst?" + std::to_string(count)));
    EXPECT_TRUE(eventually([&] { return made > 1000; }));
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->complete);
    EXPECT_TRUE(response->body == events(count));
    client.send(request("/burst?3"));
    EXPECT_EQ(client.read()->body, events(3)) << "the connection stays";
}

TEST(Events, AReaderThatDoesNotReadHoldsTheGeneratorBack) {
    TestServer server;
    std::atomic<std::size_t> made = 0;
    server.handler.on_event = [&](std::size_t i) { made = i + 1; };
    {
        RawClient client(server.port(), 4096);
        client.send(request("/burst?100000000"));
        EXPECT_TRUE(eventually([&] { return made > 1000; }));
        RawClient other(server.port()); // served all the while, by either worker
        for (int i = 0; i < 100; ++i) {
            other.send(request("/"));
            ASSERT_EQ(other.read()->body, "hello");
        }
    }
    EXPECT_TRUE(eventually([&] { return server.handler.streams_ended == 1; }));
    EXPECT_LT(made, 10'000'000u) << "nobody read them";
}

TEST(Events, ASilentStreamShowsThatItLives) {
    Limits limits;
    limits.idle_time = std::chrono::milliseconds(20); // how often the server looks at its connections depends on it
    TestServer server(limits);
    RawClient client(server.port());
    client.send(request("/silent"));
    auto const seen = read_until(client, [](std::string const& text) { return occurrences(text, ":\n\n") == 4; });
    EXPECT_EQ(occurrences(seen, "3\r\n:\n\n\r\n"), 4u) << seen;
    EXPECT_EQ(occurrences(seen, "data: first\n\n"), 1u);
}

// What is written to a client that has vanished without a word fills the kernel's buffer, and no write fails for it.
TEST(Events, TheKernelGivesAStreamUpThatNobodyAcknowledges) {
    Limits limits;
    limits.write_time = std::chrono::seconds(17);
    TestServer server(limits);
    for (auto const& [path, expected] : {std::pair("/silent", 17'000u), std::pair("/events", 0u)}) {
        RawClient client(server.port());
        client.send(request(path));
        ASSERT_FALSE(client.read_some().empty()); // the option is set before the head leaves
        int const end = server_end(client);
        ASSERT_GE(end, 0);
        EXPECT_EQ(user_timeout(end), expected) << path << ": only what has keep-alives finds out by them";
    }
}

TEST(Events, OverHttp10TooAndUntilTheServerStops) {
    Limits limits;
    limits.idle_time = std::chrono::milliseconds(20);
    TestServer server(limits);
    RawClient client(server.port());
    client.send("GET /silent HTTP/1.0\r\n\r\n");
    auto const seen = read_until(client, [](std::string const& text) { return occurrences(text, ":\n\n") == 2; });
    EXPECT_NE(seen.find("\r\n\r\ndata: first\n\n:\n\n:\n\n"), std::string::npos) << seen;
    server.server.stop(std::chrono::hours(1));
    EXPECT_TRUE(client.closed(1000));
    server.server.wait();
    EXPECT_EQ(server.handler.streams_ended, 1);
}

TEST(Events, NoKeepAliveOutlivesItsStream) {
    Limits limits;
    limits.idle_time = std::chrono::milliseconds(20);
    TestServer server(limits);
    for (int round = 0; round < 20; ++round) {
        {
            RawClient client(server.port());
            client.send(request("/silent"));
            read_until(client, [](std::string const& text) { return text.find(":\n\n") != std::string::npos; });
        }
        EXPECT_TRUE(eventually([&] { return server.handler.streams_ended == round + 1; }));
    }
    EXPECT_TRUE(eventually([&] { return server.server.connections() == 0; }));
    EXPECT_EQ(server.handler.handled, server.handler.sent_);
}

} // namespace
} // namespace hxx::http::test
