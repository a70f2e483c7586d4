// Bodies in both directions: streams, files, 100-continue, back-pressure, and what is left unread.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>

namespace hxx::http::test {
namespace {

std::string request(std::string const& line, std::string const& fields = {}, std::string const& body = {}) {
    return line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
std::string length(std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; }
std::string sum_of(std::string const& text) {
    unsigned sum = 0;
    for (char const c : text) sum = sum * 31 + static_cast<unsigned char>(c);
    return std::to_string(text.size()) + " " + std::to_string(sum);
}
std::string pieces(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += "piece " + std::to_string(i) + "\n";
    return all;
}

class Transfer : public testing::Test {
  protected:
    void expect_open(RawClient& client) {
        client.send(request("GET /"));
        auto const response = client.read();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, "hello");
    }
    RawResponse get(RawClient& client, std::string const& bytes, bool to_head = false) {
        client.send(bytes);
        auto response = client.read(to_head);
        EXPECT_TRUE(response) << "no response";
        return response ? *response : RawResponse();
    }

    TestServer server;
};

TEST_F(Transfer, StreamIsChunkedAndTheConnectionStays) {
    RawClient client(server.port());
    for (int i = 0; i < 3; ++i) {
        auto const response = get(client, request("GET /stream?20"));
        EXPECT_TRUE(response.chunked);
        EXPECT_TRUE(response.complete);
        EXPECT_EQ(response.body, pieces(20));
        EXPECT_FALSE(response.headers.contains("content-length"));
    }
    expect_open(client);
}

TEST_F(Transfer, StreamOverHttp10EndsWithTheConnection) {
    RawClient client(server.port());
    auto const response = get(client, "GET /stream?20 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_FALSE(response.chunked);
    EXPECT_EQ(response.body, pieces(20));
    EXPECT_EQ(response.headers.at("connection"), "close");
}

TEST_F(Transfer, StreamOfNothing) {
    RawClient client(server.port());
    EXPECT_EQ(get(client, request("GET /stream?0")).body, "");
    expect_open(client);
}

TEST_F(Transfer, RequestsBehindAStreamWait) {
    RawClient client(server.port());
    std::string const body(12'000, 'b');
    client.send(request("GET /stream?7") + request("POST /sync", length(body.size()), body.substr(0, 5'000)));
    EXPECT_EQ(client.read()->body, pieces(7));
    client.send(body.substr(5'000) + request("GET /stream?2") + request("GET /"));
    EXPECT_EQ(client.read()->body, body);
    EXPECT_EQ(client.read()->body, pieces(2));
    EXPECT_EQ(client.read()->body, "hello");
}

TEST_F(Transfer, StreamThatThrowsIsLeftIncomplete) {
    RawClient client(server.port());
    auto const response = get(client, request("GET /broken"));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "a beginning");
    EXPECT_FALSE(response.complete);
    EXPECT_EQ(server.handler.streams_ended, 1);
}

TEST_F(Transfer, StreamEndsWhenTheClientLeaves) {
    for (std::string const path : {"/events", "/endless"}) {
        server.handler.streams_ended = 0;
        {
            RawClient client(server.port());
            client.send(request("GET " + path));
            EXPECT_NE(client.read_some(), "");
        }
        EXPECT_TRUE(eventually([&] { return server.handler.streams_ended == 1; })) << path;
        EXPECT_TRUE(eventually([&] { return server.server.connections() == 0; })) << path;
    }
    EXPECT_EQ(server.handler.handled, server.handler.sent_);
}

TEST_F(Transfer, EventsArriveBeforeTheStreamEnds) {
    RawClient client(server.port());
    client.send(request("GET /events"));
    std::string seen;
    while (seen.find("data: first") == std::string::npos) {
        auto const more = client.read_some();
        ASSERT_FALSE(more.empty());
        seen += more;
    }
}

TEST_F(Transfer, HeadGetsTheHeadOfAGet) {
    for (std::string const path : {"/", "/big?100000", "/file?100000", "/stream?5"}) {
        RawClient client(server.port());
        auto const get_head = get(client, request("GET " + path)).head;
        auto const head = get(client, request("HEAD " + path), true).head;
        EXPECT_EQ(get_head.substr(get_head.find("X-Path")), head.substr(head.find("X-Path")));
        expect_open(client);
    }
    EXPECT_EQ(server.handler.streams_ended, 1) << "a HEAD must not run the stream, but still destroy it";
}

TEST_F(Transfer, ServersOwnFieldsCannotBeForged) {
    RawClient client(server.port());
    auto const response = get(client, request("GET /"));
    EXPECT_EQ(response.headers.at("content-length"), "5");
    EXPECT_FALSE(response.headers.contains("transfer-encoding"));
    EXPECT_FALSE(response.headers.contains("connection"));
    EXPECT_NE(response.headers.at("date"), "today");
    EXPECT_EQ(response.headers.at("date").size(), 29u);
}

TEST_F(Transfer, NoContentHasNeitherBodyNorLength) {
    RawClient client(server.port());
    for (int const status : {204, 304}) {
        auto const response = get(client, request("GET /" + std::to_string(status)));
        EXPECT_EQ(response.status, status);
        EXPECT_FALSE(response.headers.contains("content-length"));
        expect_open(client);
    }
}

TEST_F(Transfer, StatusThatIsNoneBecomes500) {
    RawClient client(server.port());
    for (int const status : {0, 100, 199, 600, 9999}) {
        EXPECT_EQ(get(client, request("GET /status?" + std::to_string(status))).status, 500);
    }
}

TEST_F(Transfer, HandlerThatThrowsBecomes500WithoutItsText) {
    RawClient client(server.port());
    auto const response = get(client, request("GET /throw"));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    expect_open(client);
}

TEST_F(Transfer, FilesOfAllSizes) {
    RawClient client(server.port());
    for (std::size_t const size : {0u, 1u, 16'384u, 16'385u, 100'000u, 20'000'000u}) {
        auto const response = get(client, request("GET /file?" + std::to_string(size)));
        EXPECT_TRUE(response.body == letters(size + 7).substr(7)) << size;
        expect_open(client);
    }
}

TEST_F(Transfer, BodiesOfAllSizes) {
    RawClient client(server.port());
    for (std::size_t const size : {0u, 1u, 8'192u, 8'193u, 100'000u, 20'000'000u}) {
        auto const response = get(client, request("GET /big?" + std::to_string(size)));
        EXPECT_TRUE(response.body == letters(size)) << size;
        expect_open(client);
    }
}

TEST_F(Transfer, PipelinedLargeAnswersStayInOrder) {
    RawClient client(server.port());
    std::string all;
    for (int i = 0; i < 40; ++i) {
        all += request("GET /big?" + std::to_string(i * 9'000)) + request("GET /file?" + std::to_string(i * 5'000)) +
               request("GET /async") + request("GET /");
    }
    std::thread sender([&] { client.send(all); });
    for (std::size_t i = 0; i < 40; ++i) {
        EXPECT_EQ(client.read()->body.size(), i * 9'000);
        EXPECT_EQ(client.read()->body.size(), i * 5'000);
        EXPECT_EQ(client.read()->headers.at("x-path"), "/async");
        EXPECT_EQ(client.read()->headers.at("x-path"), "/");
    }
    sender.join();
}

TEST_F(Transfer, RequestBodiesOfAllSizes) {
    RawClient client(server.port());
    for (std::size_t const size : {1u, 4'000u, 16'384u, 16'385u, 200'000u, 9'999'999u, 10'000'000u}) {
        auto const text = letters(size);
        for (std::string const path : {"/sync", "/async", "/upload", "/echo-stream"}) {
            std::thread sender([&] { client.send(request("POST " + path, length(size), text)); });
            auto const response = client.read();
            sender.join();
            ASSERT_TRUE(response) << path << " " << size;
            EXPECT_TRUE(response->body == (path == "/upload" ? sum_of(text) : text)) << path << " " << size;
            if (path != "/echo-stream") continue;
            EXPECT_EQ(response->headers.at("connection"), "close"); // it answered before it had read the body
            client = RawClient(server.port());
        }
    }
}

TEST_F(Transfer, ChunkedRequestBodies) {
    RawClient client(server.port());
    std::string text, coded;
    for (int i = 1; i < 400; ++i) {
        std::string const piece(static_cast<std::size_t>(i * 3), static_cast<char>('a' + i % 26));
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        coded += size + piece + "\r\n";
        text += piece;
    }
    coded += "0\r\n\r\n";
    for (std::string const path : {"/sync", "/async", "/upload"}) {
        client.send(request("POST " + path, "Transfer-Encoding: chunked\r\n", coded));
        EXPECT_TRUE(client.read()->body == (path == "/upload" ? sum_of(text) : text)) << path;
    }
    expect_open(client);
}

TEST_F(Transfer, ContinueIsSentBeforeTheBody) {
    for (std::string const path : {"/sync", "/async", "/upload"}) {
        RawClient client(server.port());
        client.send(request("POST " + path, "Expect: 100-continue\r\n" + length(5)));
        EXPECT_EQ(client.read()->status, 100) << path;
        client.send("hello");
        EXPECT_EQ(client.read()->status, 200) << path;
        expect_open(client);
    }
}

TEST_F(Transfer, ContinueIsNotSentForWhatIsRefusedOrNotWanted) {
    RawClient refused(server.port());
    refused.send(request("POST /small", "Expect: 100-continue\r\n" + length(11)));
    EXPECT_EQ(refused.read()->status, 413);
    EXPECT_TRUE(refused.closed());

    RawClient unread(server.port());
    unread.send(request("POST /ignore", "Expect: 100-continue\r\n" + length(5)));
    auto const response = unread.read();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->headers.at("connection"), "close"); // it cannot know whether the body will come
    EXPECT_TRUE(unread.closed());
}

TEST_F(Transfer, UnreadBodies) {
    RawClient small(server.port());
    small.send(request("POST /ignore", length(60'000)));
    EXPECT_EQ(small.read()->status, 200);
    small.send(std::string(60'000, 'x'));
    expect_open(small);

    RawClient large(server.port());
    std::string const body = request("GET /stream?1") + std::string(3'000'000, 'x');
    std::thread sender([&] { large.send(request("POST /ignore", length(body.size()), body)); });
    auto const response = large.read();
    EXPECT_EQ(response->headers.at("connection"), "close");
    EXPECT_TRUE(large.closed());
    sender.join();

    RawClient chunked(server.port());
    chunked.send(request("POST /ignore", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n"));
    EXPECT_EQ(chunked.read()->headers.at("connection"), "close");
    EXPECT_TRUE(chunked.closed());
}

TEST_F(Transfer, RefusalReachesAClientThatIsStillSending) {
    RawClient client(server.port());
    std::thread sender([&] { client.send(request("POST /small", length(5'000'000), std::string(5'000'000, 'x'))); });
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 413);
    EXPECT_TRUE(client.closed());
    sender.join();
}

TEST_F(Transfer, BodyThatEndsEarly) {
    for (std::string const path : {"/sync", "/async", "/upload"}) {
        RawClient client(server.port());
        client.send(request("POST " + path, length(10), "hello"));
        client.end_sending();
        auto const response = client.read();
        if (path == "/upload") {
            ASSERT_TRUE(response);
            EXPECT_EQ(response->status, 400);
        } else {
            EXPECT_FALSE(response);
        }
    }
}

TEST_F(Transfer, ClientThatHasEndedSendingIsAnswered) {
    RawClient client(server.port());
    client.send(request("GET /async") + request("GET /big?1000000") + request("GET /"));
    client.end_sending();
    EXPECT_EQ(client.read()->status, 200);
    EXPECT_EQ(client.read()->body.size(), 1'000'000u);
    EXPECT_EQ(client.read()->body, "hello");
    EXPECT_TRUE(client.closed());
}

// A handler that does not read holds the client back, and nothing is collected in memory.
TEST_F(Transfer, UnreadStreamHoldsTheClientBack) {
    std::string const text = letters(80'000'000);
    RawClient client(server.port());
    client.send(request("POST /hold", length(text.size())));
    std::size_t sent = 0;
    for (;;) {
        auto const size = ::send(client.socket(), text.data() + sent, text.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size > 0) sent += static_cast<std::size_t>(size);
        if (sent == text.size()) break;
        pollfd ready{client.socket(), POLLOUT, 0};
        if (size < 0 && ::poll(&ready, 1, 300) == 0) break;
    }
    EXPECT_LT(sent, text.size());
    EXPECT_EQ(server.handler.received, 0u);
    server.handler.release = true;
    client.send(std::string_view(text).substr(sent));
    EXPECT_EQ(client.read()->body, sum_of(text));
}

} // namespace
} // namespace hxx::http::test
