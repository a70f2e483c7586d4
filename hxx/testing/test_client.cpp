#include "hxx/testing/test_client.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/http/url.hpp"
#include "hxx/testing/client_impl.hpp"
#include "hxx/web/dispatcher.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace hxx {

TestClient::Impl::~Impl() { clock::advance_for_test(-moved); }

TestClient::TestClient(App&& app) : impl_(std::make_unique<Impl>()) {
    impl_->owned_app.emplace(std::move(app));
    impl_->app = &*impl_->owned_app;
}
TestClient::TestClient(App& app) : impl_(std::make_unique<Impl>()) { impl_->app = &app; }
TestClient::TestClient(http::Handler& handler) : impl_(std::make_unique<Impl>()) { impl_->bare_handler = &handler; }
TestClient::TestClient(TestClient&&) noexcept = default;
TestClient& TestClient::operator=(TestClient&&) noexcept = default;
TestClient::~TestClient() = default;

App& TestClient::app() {
    if (!impl_->app) throw std::logic_error("this test client drives a handler, not an app");
    return *impl_->app;
}
CookieJar& TestClient::cookies() noexcept { return impl_->cookies; }

TestRequest TestClient::htmx(int version) {
    if (version != 2 && version != 4) throw std::invalid_argument("htmx(): the version must be 2 or 4");
    return {*this, version == 2 ? TestRequest::Kind::Htmx2 : TestRequest::Kind::Htmx4};
}

TestClient& TestClient::base_url(std::string_view url) {
    auto const parts = http::split_url(url);
    if (!parts) throw std::invalid_argument(fmt::format("base_url: '{}' is no http or https URL", url));
    bool const usual = parts->port == (parts->https() ? 443 : 80);
    impl_->base = fmt::format("{}://{}{}", parts->https() ? "https" : "http", parts->host,
                              usual ? std::string() : fmt::format(":{}", parts->port));
    return *this;
}
TestClient& TestClient::follow_redirects(int limit) noexcept { return impl_->redirects = limit, *this; }
TestClient& TestClient::rethrow_exceptions(bool on) noexcept { return impl_->limits.rethrow = on, *this; }
TestClient& TestClient::access_log(bool on) noexcept { return impl_->access_log = on, *this; }
TestClient& TestClient::default_header(std::string_view name, std::string_view value) {
    return impl_->default_headers.set(name, value), *this;
}
TestClient& TestClient::peer(std::string_view address) { return impl_->peer.address = address, *this; }
TestClient& TestClient::timeout(int seconds) noexcept {
    return impl_->limits.timeout = std::chrono::seconds(seconds), *this;
}
TestClient& TestClient::stream_limits(std::size_t bytes, std::size_t pieces) noexcept {
    impl_->limits.stream_bytes = bytes;
    impl_->limits.stream_pieces = pieces;
    return *this;
}

TestClient& TestClient::advance(std::chrono::seconds by) noexcept {
    clock::advance_for_test(by);
    return impl_->moved += by, *this;
}

namespace {

/// Another value for as long as it lives.
class Restored {
  public:
    Restored(bool& value, bool meanwhile) noexcept : value_(value), before_(std::exchange(value, meanwhile)) {}
    Restored(Restored const&) = delete;
    Restored& operator=(Restored const&) = delete;
    ~Restored() { value_ = before_; }

  private:
    bool& value_;
    bool before_;
};

} // namespace

TestReply TestClient::call_endpoint(std::unique_ptr<Endpoint const> endpoint) {
    Route route;
    route.pattern = route.label = "(TestClient::call)";
    route.endpoint = std::move(endpoint);
    app().dispatcher().adopt(route);
    TestMessage message;
    message.route = &route;
    impl_->aim(message, impl_->base + "/");
    // What goes wrong in the function is the test's business.
    Restored const rethrow(impl_->limits.rethrow, true);
    return impl_->exchange(std::move(message));
}

http::Handler& TestClient::Impl::handler() { return app ? app->dispatcher() : *bare_handler; }

// A path is sent as it is, so that a test can send one that a browser would tidy up ("/a/../b"); only what cannot stand
// in a request line is encoded. Anything else is resolved against the base URL.
std::string TestClient::Impl::absolute(std::string_view url) const {
    if (url == "*") return base + "*";
    if (url.starts_with('/') && !url.starts_with("//")) {
        std::string result = base;
        for (char const c : url.substr(0, url.find('#'))) {
            if (c > ' ' && c < 0x7F)
                result += c;
            else
                result += url_quote({&c, 1});
        }
        return result;
    }
    auto const resolved = http::resolve_url(base + "/", http::to_uri(url));
    if (!resolved) throw std::invalid_argument(fmt::format("'{}' is no URL that a test client can ask for", url));
    return *resolved;
}

namespace {

std::int64_t now() { return clock::now_in_seconds().time_since_epoch().count(); }

std::string_view path_of(TestMessage const& message) {
    return std::string_view(message.target).substr(0, message.target.find('?'));
}
std::string host_of(TestMessage const& message) {
    auto const parts = http::split_url(message.url);
    return parts ? std::string(parts->host) : message.host.substr(0, message.host.find(':'));
}

} // namespace

void TestClient::Impl::add_cookies(TestMessage& message) const {
    if (message.headers.contains("Cookie")) return;
    auto const sent = cookies.header(host_of(message), path_of(message), message.https, now());
    if (!sent.empty()) message.headers.add("Cookie", sent);
}

void TestClient::Impl::keep_cookies(TestMessage const& message, TestReply const& reply) {
    for (auto const& [name, value] : reply.headers())
        if (ascii::iequals(name, "Set-Cookie"))
            cookies.store(value, host_of(message), path_of(message), message.https, now());
}

bool TestClient::Impl::busy(void* self) {
    auto* const app = static_cast<Impl*>(self)->app;
    return app && app->dispatcher().running_tasks() > 0;
}

TestReply TestClient::Impl::exchange(TestMessage message) {
    add_cookies(message);
    AccessLog const access_log_of_this_client(app ? &app->dispatcher() : nullptr, access_log);
    TestExchange one(handler(), loop, peer, limits);
    auto reply = one.run(message, busy, this);
    keep_cookies(message, reply);
    return reply;
}

void TestClient::Impl::aim(TestMessage& message, std::string const& url) const {
    auto const authority = url.find("://") + 3;
    auto const path = std::min(url.find_first_of("/*", authority), url.size());
    message.url = url;
    message.https = url.starts_with("https");
    message.host = url.substr(authority, path - authority);
    message.target = path == url.size() ? "/" : url.substr(path);
    message.headers.set("Host", message.host);
}

// The next message, if the reply is a redirect that a browser would follow to this server.
bool TestClient::Impl::redirect(TestMessage& message, TestReply const& reply) const {
    int const status = reply.status();
    auto const location = reply.header("Location");
    if (!location || (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)) return false;
    auto const next = http::resolve_url(message.url, http::to_uri(*location));
    if (!next) throw std::runtime_error(fmt::format("a redirect leads to '{}', which is no URL", *location));
    auto const from = http::split_url(message.url);
    auto const to = http::split_url(*next);
    if (!from || !to || !http::same_origin(*from, *to)) return false;
    bool const becomes_get =
        status == 303 ? message.method != http::Method::Head : status <= 302 && message.method == http::Method::Post;
    if (becomes_get) {
        message.method = http::Method::Get;
        message.body.clear();
        for (auto const* name : {"Content-Type", "Content-Length", "Origin"}) message.headers.remove(name);
    }
    message.headers.remove("Cookie");
    aim(message, *next);
    return true;
}

TestReply TestClient::Impl::exchange_and_follow(TestMessage message) {
    auto reply = exchange(message);
    for (int followed = 0; redirects > 0 && redirect(message, reply); ++followed) {
        if (followed == redirects)
            throw std::runtime_error(fmt::format("more than {} redirects, the last one to {}", redirects, message.url));
        reply = exchange(message);
    }
    return reply;
}

} // namespace hxx
