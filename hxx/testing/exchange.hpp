// One request and its response between a test client and a handler, without a socket. For this room's sources.
#pragma once

#include "hxx/http/handler.hpp"
#include "hxx/testing/reply.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace hxx {

struct Route;

struct ExchangeLimits {
    std::chrono::seconds timeout{30};
    std::size_t stream_bytes = 10'000'000;
    std::size_t stream_pieces = 10'000;
    bool rethrow = false; // an unexpected exception of the application reaches the test
};

/// What is sent.
struct TestMessage {
    http::Method method = http::Method::Get;
    std::string target; // as it stands in the request line
    std::string host;   // with its port
    std::string url;    // the whole of it, for the reply
    bool https = false;
    http::Headers headers;
    std::string body;
    bool csrf_token = true;       // counts as one that carries a page's token
    Route const* route = nullptr; // instead of the one that the target has
};

class TestExchange {
  public:
    /// `loop` is replaced by a new one if the handler does not answer in time.
    TestExchange(http::Handler& handler, std::unique_ptr<boost::asio::io_context>& loop, http::Peer const& peer,
                 ExchangeLimits const& limits) noexcept
        : handler_(handler), loop_(loop), peer_(peer), limits_(limits) {}

    /// The whole exchange, background work included that `busy` says is left. Throws std::invalid_argument for a target
    /// that is none, std::runtime_error after the time-out, and what a stream throws.
    TestReply run(TestMessage const& message, bool (*busy)(void* context), void* context);

    /// The exchange as far as the response's head, and its body unless that is a stream. True if the handler is to be
    /// told when it is over. Throws as run() does; then it has been told.
    bool open(http::Request& request, http::Response& response, TestMessage const& message, TestReply& reply);
    /// Runs the background work that `busy` says is left.
    void finish(bool (*busy)(void* context), void* context, TestMessage const& message);

  private:
    void fill(http::Request& request, TestMessage const& message) const;
    void answer(http::Request& request, http::Response& response, TestMessage const& message);
    void await(Task<void> task, TestMessage const& message);
    static void collect(http::Response& response, TestReply& reply, TestMessage const& message);
    void collect_rest(http::Response& response, TestReply& reply, TestMessage const& message);
    Task<void> collect_stream(http::StreamBody& stream, TestReply& reply) const;
    void end(http::Request& request, http::Response& response) noexcept;
    [[noreturn]] void give_up(TestMessage const& message, std::string_view what);

    http::Handler& handler_;
    std::unique_ptr<boost::asio::io_context>& loop_;
    http::Peer const& peer_;
    ExchangeLimits const& limits_;
    bool handled_ = false; // refused otherwise
};

} // namespace hxx
