// What is behind a test client. For this room's sources.
#pragma once

#include "hxx/testing/exchange.hpp"
#include "hxx/testing/test_client.hpp"
#include "hxx/web/dispatcher.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace hxx {

/// The access log as the client wants it; afterwards, when the app may serve, it is again as the app wants it.
class AccessLog {
  public:
    AccessLog(Dispatcher* dispatcher, bool on) noexcept
        : dispatcher_(dispatcher), before_(dispatcher && dispatcher->set_access_log(on)) {}
    AccessLog(AccessLog const&) = delete;
    AccessLog& operator=(AccessLog const&) = delete;
    ~AccessLog() {
        if (dispatcher_) dispatcher_->set_access_log(before_);
    }

  private:
    Dispatcher* dispatcher_;
    bool before_;
};

struct TestClient::Impl {
    ~Impl();
    std::optional<App> owned_app;
    App* app = nullptr;
    http::Handler* bare_handler = nullptr;
    // After the app, so that what still hangs on it is ended first.
    std::unique_ptr<boost::asio::io_context> loop = std::make_unique<boost::asio::io_context>(1);

    std::string base = "http://testserver";
    http::Peer peer{"127.0.0.1", 50000};
    http::Headers default_headers;
    CookieJar cookies;
    ExchangeLimits limits;
    int redirects = 0;
    std::chrono::seconds moved{0}; // the clock, by this client
    bool access_log = false;

    [[nodiscard]] http::Handler& handler();
    [[nodiscard]] std::string absolute(std::string_view url) const;
    void aim(TestMessage& message, std::string const& url) const;
    [[nodiscard]] bool redirect(TestMessage& message, TestReply const& reply) const;
    void add_cookies(TestMessage& message) const;
    void keep_cookies(TestMessage const& message, TestReply const& reply);
    /// True while the app has background tasks; self is an Impl.
    static bool busy(void* self);
    TestReply exchange(TestMessage message);
    TestReply exchange_and_follow(TestMessage message);
};

} // namespace hxx
