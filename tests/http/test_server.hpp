// A server for tests: workers, a handler with a path for each way of answering, and a Server on a free port.
#pragma once

#include "hxx/async/workers.hpp"
#include "hxx/base/eventually_for_test.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/http/server.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace hxx::http::test {

/// GET / is answered synchronously with "hello". Others: see test_server.cpp.
class TestHandler : public Handler {
  public:
    Plan plan(Request& request) noexcept override;
    void handle(Request& request, Response& response) noexcept override;
    Task<void> handle_async(Request& request, Response& response) override;
    void sent(Request&) noexcept override { ++sent_; }

    std::atomic<int> handled = 0;
    std::atomic<int> sent_ = 0;
    std::atomic<int> streams_ended = 0; // generators that were destroyed
    std::atomic<bool> release = false;  // lets /wait answer
    std::atomic<std::uint64_t> received = 0;
    std::function<void(std::size_t)> on_event; // called by /burst before each event; set before it is asked for
};

struct TestServer {
    explicit TestServer(Limits const& limits = {}, std::size_t worker_count = 2);
    ~TestServer();
    [[nodiscard]] std::uint16_t port() const { return server.port(); }

    TestHandler handler; // first, since what is suspended on the loops refers to it
    Workers workers;
    Server server;
};

/// A file of that many bytes, deleted when it is closed; byte i is 'a' + i % 26.
int temporary_file(std::size_t size);
std::string letters(std::size_t size);

} // namespace hxx::http::test
