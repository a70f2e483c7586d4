// TestClient: drives an application in process, without a socket and without sleeping, as a browser, htmx or an API
// client would.
//
//     TestClient client{make_app()};
//     auto reply = client.htmx().post("/users", form({{"name", ""}, {"age", 0}}));
//     EXPECT_EQ(reply.status(), 422);
//     EXPECT_EQ(reply.html().text("#user-form .error[data-field=age]"), "must be greater than 0");
//
// Each call runs the handler on a loop of the client's own, on the calling thread, until the response is complete and
// the background tasks have ended. One thread at a time.
#pragma once

#include "hxx/app/app.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/testing/cookie_jar.hpp"
#include "hxx/testing/reply.hpp"
#include "hxx/testing/request_body.hpp"
#include "hxx/testing/test_stream.hpp"

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class TestClient;
struct TestMessage;
namespace testing_detail {
enum class Spaces : bool;
}

/// A request that is being put together: client.htmx().target("div#list").get("/users"). Valid as long as its client;
/// may be kept and sent several times.
class TestRequest {
  public:
    /// Replaces what the client would send by itself. Throws std::invalid_argument for what cannot be a header.
    TestRequest& header(std::string_view name, std::string_view value);

    // What htmx would know of the page, for requests of TestClient::htmx(); std::logic_error for others. Elements are
    // written "div#list", "#list" or "div".

    /// Where the answer goes. Default: the source; for a boosted request, the body.
    TestRequest& target(std::string_view element);
    /// The element that makes the request, and its name attribute. Default: a button, or the form where one is sent.
    TestRequest& source(std::string_view element, std::string_view name = {});
    /// The page that the browser shows. Default: the client's base URL.
    TestRequest& current_url(std::string_view url);
    /// A link or form under hx-boost.
    TestRequest& boosted();
    /// Back or forward to a page that the browser has lost.
    TestRequest& history_restore();
    /// The answer to hx-prompt.
    TestRequest& prompt(std::string_view answer);
    /// The element has hx-select, for which htmx 4 asks for the full page.
    TestRequest& select();

    /// Sends no CSRF token, as a page of somebody else's would have none. Without this, a request counts as one that
    /// carries the token of a page (hxx/security/csrf.hpp); where it comes from is checked all the same.
    TestRequest& without_csrf() noexcept;

    /// A form's fields go into the query.
    TestReply get(std::string_view url, RequestBody const& query = {}) const;
    TestReply head(std::string_view url) const;
    TestReply post(std::string_view url, RequestBody const& body = {}) const;
    TestReply put(std::string_view url, RequestBody const& body = {}) const;
    TestReply patch(std::string_view url, RequestBody const& body = {}) const;
    /// htmx sends a form's fields in the query.
    TestReply del(std::string_view url, RequestBody const& body = {}) const;
    TestReply options(std::string_view url) const;
    TestReply send(http::Method method, std::string_view url, RequestBody const& body = {}) const;
    /// Submits a form of a page as a browser would, or htmx for requests of htmx(): by its method and action (hx-post
    /// …), with all its fields, what was typed in their places, and the CSRF token that is in the page and no other:
    ///
    ///     client.browser().submit(page, "#user-form", {{"name", "Ada"}});
    ///
    /// Throws std::invalid_argument if there is no such form, or no such field in it.
    TestReply submit(TestReply const& page, std::string_view form_selector,
                     std::initializer_list<FormField> typed = {}) const;

    /// Asks as EventSource does (or htmx, for its requests), and stays connected: the answer is read event by event.
    /// It follows no redirects.
    TestStream stream(std::string_view url, http::Method method = http::Method::Get,
                      RequestBody const& body = {}) const;

  private:
    friend class TestClient;
    [[nodiscard]] TestMessage message(http::Method method, std::string_view url, RequestBody const& body) const;
    void add_if_missing(std::string_view name, std::string_view value);
    enum class Kind : unsigned char { Plain, Browser, Htmx2, Htmx4 };
    TestRequest(TestClient& client, Kind kind) noexcept : client_(&client), kind_(kind) {}
    TestRequest& htmx_only(std::string_view what);
    [[nodiscard]] bool is_htmx() const noexcept { return kind_ == Kind::Htmx2 || kind_ == Kind::Htmx4; }
    [[nodiscard]] bool form_in_query(http::Method method) const noexcept;
    [[nodiscard]] testing_detail::Spaces spaces() const noexcept;
    [[nodiscard]] std::string with_query(std::string const& url, RequestBody const& form) const;
    void add_body(TestMessage& message, RequestBody const& body) const;
    void add_browser_headers(http::Headers& headers, http::Method method) const;
    void add_htmx_headers(http::Headers& headers, http::Method method, bool form) const;
    void add_htmx_2_headers(http::Headers& headers, std::string const& page) const;
    void add_htmx_4_headers(http::Headers& headers, std::string const& page, bool form) const;

    TestClient* client_;
    Kind kind_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string target_, source_, source_name_, current_url_;
    std::optional<std::string> prompt_;
    bool boosted_ = false, history_restore_ = false, select_ = false, without_csrf_ = false;
};

class TestClient {
  public:
    /// Takes the app. It must not be serving on a port as well.
    explicit TestClient(App&& app);
    /// Uses an app that outlives the client.
    explicit TestClient(App& app);
    /// Uses any handler that outlives the client.
    explicit TestClient(http::Handler& handler);
    TestClient(TestClient&&) noexcept;
    TestClient& operator=(TestClient&&) noexcept;
    ~TestClient();

    /// Throws std::logic_error for a client of a bare handler.
    [[nodiscard]] App& app();
    /// Calls a function with injected parameters as if it were the handler of a route of the app, under this client's
    /// cookies: to log in without a form, to look into a session.
    ///
    ///     client.call([](Session session) { session.set("user", 7); });
    ///
    /// Of the app's middleware, that of the app itself lies around it.
    template <class Handler>
    TestReply call(Handler&& handler) {
        return call_endpoint(make_endpoint<std::decay_t<Handler>>(std::forward<Handler>(handler)));
    }
    /// Moves the clock of this process (hxx/base/clock.hpp): sessions, tokens and jobs that are due see it. It is moved
    /// back when the client goes.
    TestClient& advance(std::chrono::seconds by) noexcept;

    /// What browsers would keep; shared by all requests.
    [[nodiscard]] CookieJar& cookies() noexcept;

    // As whom to ask.

    /// As an API client: Accept: */*.
    [[nodiscard]] TestRequest request() noexcept { return {*this, TestRequest::Kind::Plain}; }
    [[nodiscard]] TestRequest header(std::string_view name, std::string_view value) {
        return request().header(name, value);
    }
    /// As a browser that follows a link or sends a form: Accept: text/html…, Origin, Sec-Fetch-*.
    [[nodiscard]] TestRequest browser() noexcept { return {*this, TestRequest::Kind::Browser}; }
    /// As htmx 4 or htmx 2, with exactly the fields and encodings of that version.
    [[nodiscard]] TestRequest htmx(int version = 4);

    TestReply get(std::string_view url, RequestBody const& query = {}) { return request().get(url, query); }
    TestReply head(std::string_view url) { return request().head(url); }
    TestReply post(std::string_view url, RequestBody const& body = {}) { return request().post(url, body); }
    TestReply put(std::string_view url, RequestBody const& body = {}) { return request().put(url, body); }
    TestReply patch(std::string_view url, RequestBody const& body = {}) { return request().patch(url, body); }
    TestReply del(std::string_view url, RequestBody const& body = {}) { return request().del(url, body); }
    TestReply options(std::string_view url) { return request().options(url); }
    TestReply send(http::Method method, std::string_view url, RequestBody const& body = {}) {
        return request().send(method, url, body);
    }

    TestStream stream(std::string_view url) { return request().stream(url); }

    /// Runs the app's jobs (hxx/jobs/queue.hpp) that are due to their end, on this thread; those that become due
    /// meanwhile, too. What was delayed, or waits for another attempt, is due after advance(). How many attempts were
    /// made. Throws std::logic_error if the app has no JobQueue, std::runtime_error after the time-out.
    std::size_t run_jobs();

    // Settings, for all requests that follow.

    /// Scheme, host and port that requests go to. Default: http://testserver. Throws std::invalid_argument for another
    /// scheme than http and https.
    TestClient& base_url(std::string_view url);
    /// Follows up to that many redirects within the base URL, as a browser does: 303 (and 301, 302 after POST) by GET,
    /// with the cookies set on the way. Default: 0, so that a test sees the redirect. Throws std::runtime_error when
    /// there are more.
    TestClient& follow_redirects(int limit = 10) noexcept;
    /// An unexpected exception of the application, answered with 500, is thrown to the test instead. Default: off.
    TestClient& rethrow_exceptions(bool on = true) noexcept;
    /// A line in the log for each request, whatever the app's options say. Default: off; warnings and errors are logged
    /// always.
    TestClient& access_log(bool on = true) noexcept;
    /// A header of every request that does not set it itself.
    TestClient& default_header(std::string_view name, std::string_view value);
    /// Where requests seem to come from. Default: 127.0.0.1.
    TestClient& peer(std::string_view address);
    /// Seconds until a request that hangs becomes std::runtime_error. Default: 30.
    TestClient& timeout(int seconds) noexcept;
    /// When to cut off a stream. Default: 10 MB, 10,000 pieces.
    TestClient& stream_limits(std::size_t bytes, std::size_t pieces) noexcept;

  private:
    friend class TestRequest;
    friend class TestStream;
    TestReply call_endpoint(std::unique_ptr<Endpoint const> endpoint);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hxx
