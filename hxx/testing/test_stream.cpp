#include "hxx/testing/test_stream.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/base/log.hpp"
#include "hxx/testing/client_impl.hpp"
#include "hxx/web/exception_trap.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <fmt/format.h>

#include <exception>
#include <stdexcept>
#include <utility>
#include <variant>

namespace hxx {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

/// One piece that has been asked for. Kept by the coroutine that waits for it: gone with it, if the loop is destroyed.
struct Pull {
    std::optional<std::string> piece;
    std::exception_ptr error;
    bool done = false;
};

Task<void> pull_piece(http::StreamBody& body, std::shared_ptr<Pull> pull) { pull->piece = co_await body.next(); }

} // namespace

struct TestStream::Impl {
    Impl(TestClient::Impl& of_client, TestMessage&& sent);
    ~Impl() { leave(); }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    std::optional<ReceivedEvent> next(Clock::time_point until);
    bool leave() noexcept;

    TestClient::Impl& client;
    TestMessage message;
    std::unique_ptr<http::Request> request;
    http::Response response;
    TestReply reply;
    EventParser parser;
    asio::cancellation_signal cancel;
    std::shared_ptr<Pull> pull;          // that has been asked for and not been used; null: none
    std::weak_ptr<Pull const> in_flight; // the same as long as the coroutine lives
    bool tell = false;                   // the handler, that the exchange is over
    bool open = true;
    bool ended = false;

  private:
    void start_pull();
    void run_until(Clock::time_point until);
    [[nodiscard]] bool pending() const noexcept { return pull && !pull->done && !in_flight.expired(); }
    void use_pull();
    void check_type() const;
};

TestStream::Impl::Impl(TestClient::Impl& of_client, TestMessage&& sent)
    : client(of_client), message(std::move(sent)), request(client.handler().make_request()) {
    client.add_cookies(message);
    AccessLog const access_log(client.app ? &client.app->dispatcher() : nullptr, client.access_log);
    TestExchange exchange(client.handler(), client.loop, client.peer, client.limits);
    tell = exchange.open(*request, response, message, reply);
    client.keep_cookies(message, reply);
}

void TestStream::Impl::check_type() const {
    if (!reply.header("Content-Type").value_or("").starts_with("text/event-stream") ||
        !std::holds_alternative<http::StreamBody>(response.body()))
        throw std::runtime_error("the answer is no event stream:\n" + reply.describe());
}

void TestStream::Impl::start_pull() {
    pull = std::make_shared<Pull>();
    auto in_coroutine = std::make_shared<Pull*>(pull.get());
    in_flight = std::shared_ptr<Pull const>(in_coroutine, pull.get());
    asio::co_spawn(*client.loop, pull_piece(std::get<http::StreamBody>(response.body()), pull),
                   asio::bind_cancellation_slot(cancel.slot(), [in_coroutine, to = pull](std::exception_ptr error) {
                       to->error = std::move(error);
                       to->done = true;
                   }));
}

void TestStream::Impl::run_until(Clock::time_point until) {
    AccessLog const access_log(client.app ? &client.app->dispatcher() : nullptr, client.access_log);
    ExceptionTrap trap;
    client.loop->restart();
    client.loop->poll(); // what is ready, however late it is
    auto const guard = asio::make_work_guard(*client.loop);
    while (pending() && Clock::now() < until) client.loop->run_one_until(until);
    if (client.limits.rethrow && trap.caught()) std::rethrow_exception(trap.caught());
}

void TestStream::Impl::use_pull() {
    auto const used = std::exchange(pull, nullptr);
    if (!used->done) throw std::runtime_error("the stream was ended by a request that was not answered in time");
    if (!used->piece) ended = true;
    if (used->error) std::rethrow_exception(used->error);
    if (used->piece) parser.feed(*used->piece);
}

std::optional<ReceivedEvent> TestStream::Impl::next(Clock::time_point until) {
    for (;;) {
        if (auto event = parser.next()) return event;
        if (ended || !open) return std::nullopt;
        check_type();
        if (!pull) start_pull();
        run_until(until);
        if (pending()) return std::nullopt;
        use_pull();
    }
}

// False if the handler did not end, and has been ended with the loop.
bool TestStream::Impl::leave() noexcept {
    if (!std::exchange(open, false)) return true;
    bool heeded = true;
    try {
        if (pending()) cancel.emit(asio::cancellation_type::terminal);
        run_until(Clock::now() + client.limits.timeout);
    } catch (...) { // the application's, and nobody reads its answer any more
    }
    if (pending()) {
        heeded = false;
        client.loop.reset();
        client.loop = std::make_unique<asio::io_context>(1);
    }
    response.set_body(std::string());
    AccessLog const access_log(client.app ? &client.app->dispatcher() : nullptr, client.access_log);
    if (tell) client.handler().sent(*request);
    request.reset();
    return heeded;
}

TestStream::TestStream(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
TestStream::TestStream(TestStream&&) noexcept = default;
TestStream& TestStream::operator=(TestStream&&) noexcept = default;
TestStream::~TestStream() = default;

TestStream TestRequest::stream(std::string_view url, http::Method method, RequestBody const& body) const {
    auto sent = *this;
    if (!is_htmx()) { // EventSource
        sent.add_if_missing("Accept", "text/event-stream");
        sent.add_if_missing("Cache-Control", "no-cache");
    }
    return TestStream(std::make_unique<TestStream::Impl>(*client_->impl_, sent.message(method, url, body)));
}

TestReply const& TestStream::reply() const noexcept { return impl_->reply; }

std::optional<ReceivedEvent> TestStream::next_event(std::chrono::milliseconds limit) {
    auto event = impl_->next(Clock::now() + limit);
    if (!event && !ended() && impl_->open)
        throw std::runtime_error(fmt::format("{} {}: no event came within {} ms", to_string(impl_->message.method),
                                             impl_->message.target, limit.count()));
    return event;
}

std::optional<ReceivedEvent> TestStream::try_event() { return impl_->next(Clock::now()); }

std::vector<std::string> const& TestStream::comments() const noexcept { return impl_->parser.comments(); }
std::string const& TestStream::last_event_id() const noexcept { return impl_->parser.last_event_id(); }
bool TestStream::ended() const noexcept { return impl_->ended; }

void TestStream::close() {
    auto& impl = *impl_;
    if (!impl.leave())
        throw std::runtime_error(fmt::format("{} {}: the handler went on after its client had left",
                                             to_string(impl.message.method), impl.message.target));
    TestExchange exchange(impl.client.handler(), impl.client.loop, impl.client.peer, impl.client.limits);
    exchange.finish(TestClient::Impl::busy, &impl.client, impl.message);
}

} // namespace hxx
