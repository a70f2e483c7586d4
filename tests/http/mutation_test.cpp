// Requests with random damage: the server answers well-formed responses or none, the same however the bytes are split,
// and goes on serving others.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::http::test {
namespace {
using namespace std::string_view_literals;

std::array<std::string, 7> const seeds = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /async?x=1 HTTP/1.1\r\nHost: example.com:80\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n",
    "POST /sync HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
    "POST /sync HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX: "
    "y\r\n\r\n",
    "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "GET /async HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "HEAD http://a/ HTTP/1.1\r\nHost: a\r\n\r\nPOST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nGET ",
};

class Mutator {
  public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    std::string next() {
        std::string text;
        for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) text += seeds[below(seeds.size())];
        for (std::size_t i = 0, count = below(4); i < count; ++i) damage(text);
        return text;
    }
    std::vector<std::string_view> split(std::string_view text) {
        std::vector<std::string_view> parts;
        while (!text.empty()) {
            auto const size = std::min<std::size_t>(text.size(), 1 + below(40));
            parts.push_back(text.substr(0, size));
            text.remove_prefix(size);
        }
        return parts;
    }

  private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

    void damage(std::string& text) {
        static constexpr std::string_view favourites = "\r\n\0 \t:;,0123456789abcfx\"-+/*%[]\x7f\x80\xff"sv;
        if (text.empty()) return;
        auto const at = below(text.size());
        switch (below(6)) {
        case 0: text[at] = favourites[below(favourites.size())]; break;
        case 1: text.insert(at, 1, favourites[below(favourites.size())]); break;
        case 2: text.erase(at, 1 + below(4)); break;
        case 3: text[at] = static_cast<char>(below(256)); break;
        case 4: text.insert(at, text.substr(below(text.size()), below(30))); break;
        default: text.resize(at); break;
        }
    }

    std::mt19937 random_;
};

// Statuses of the answers, up to the end of the connection.
std::vector<int> answers(std::uint16_t port, std::vector<std::string_view> const& parts, bool to_heads) {
    RawClient client(port);
    for (auto const part : parts) client.send(part);
    client.end_sending();
    std::vector<int> statuses;
    if (to_heads) { // which of the answers have bodies is not worth finding out here
        while (!client.read_some().empty()) {
        }
        return statuses;
    }
    while (auto const response = client.read()) statuses.push_back(response->status);
    return statuses;
}

TEST(Mutation, AnswersDoNotDependOnHowTheBytesAreSplit) {
    TestServer server;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        SCOPED_TRACE(seed);
        Mutator mutator(seed);
        auto const text = mutator.next();
        bool const has_head = text.find("HEAD") != std::string::npos;
        std::vector<int> whole, split;
        ASSERT_NO_THROW(whole = answers(server.port(), {text}, has_head)) << text;
        ASSERT_NO_THROW(split = answers(server.port(), mutator.split(text), has_head)) << text;
        EXPECT_EQ(whole, split) << text;
    }
    EXPECT_TRUE(eventually([&] { return server.server.connections() == 0; }));
    EXPECT_EQ(server.handler.sent_, server.handler.handled);
    EXPECT_EQ(answers(server.port(), {seeds[0]}, false), std::vector<int>{200});
}

} // namespace
} // namespace hxx::http::test
