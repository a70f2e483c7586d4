#include "hxx/testing/exchange.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/security/csrf.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/exception_trap.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <fmt/format.h>

#include <exception>
#include <stdexcept>
#include <variant>

namespace hxx {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

bool has_body(http::Method method, int status) noexcept {
    return method != http::Method::Head && status != 204 && status != 304;
}

} // namespace

void TestExchange::fill(http::Request& request, TestMessage const& message) const {
    request.set_method(message.method);
    request.set_version(11);
    request.set_host(message.host);
    request.set_secure(message.https);
    request.set_peer(peer_);
    for (auto const& [name, value] : message.headers) request.mutable_headers().add_unchecked(name, value);
    auto* const app_request = dynamic_cast<Request*>(&request); // of a Dispatcher
    if (app_request && message.csrf_token) assume_csrf_token(*app_request);
    if (!request.set_target(message.target))
        throw std::invalid_argument(fmt::format("'{}' cannot stand in a request line", message.target));
}

void TestExchange::give_up(TestMessage const& message, std::string_view what) {
    // Ends the coroutines that hang, while what they refer to is still there.
    loop_.reset();
    loop_ = std::make_unique<asio::io_context>(1);
    throw std::runtime_error(fmt::format("{} {} {} within {} s", http::to_string(message.method), message.target, what,
                                         limits_.timeout.count()));
}

void TestExchange::await(Task<void> task, TestMessage const& message) {
    bool done = false;
    std::exception_ptr error;
    auto const until = Clock::now() + limits_.timeout;
    loop_->restart();
    // A handler may wait for a thread that the loop knows nothing of; without the guard, it would run out of work.
    auto guard = asio::make_work_guard(*loop_);
    asio::co_spawn(*loop_, std::move(task), [&](std::exception_ptr thrown) {
        error = std::move(thrown);
        done = true;
    });
    while (!done && Clock::now() < until) loop_->run_one_until(until);
    guard.reset();
    if (!done) give_up(message, "was not answered");
    if (error) std::rethrow_exception(error);
}

void TestExchange::answer(http::Request& request, http::Response& response, TestMessage const& message) {
    auto const plan = handler_.plan(request);
    http::WholeBody body(message.body, plan);
    if (!body.give_to(request)) return handler_.refuse(request, 413, http::body_is_too_large, response);

    ExceptionTrap trap;
    handled_ = true;
    if (message.route)
        await(static_cast<Dispatcher&>(handler_).handle_by(*message.route, static_cast<Request&>(request), response),
              message);
    else if (plan.synchronous)
        handler_.handle(request, response);
    else
        await(http::handle_within(plan.time, handler_, request, response), message);
    request.set_stream(nullptr);
    if (limits_.rethrow && trap.caught()) std::rethrow_exception(trap.caught());
}

Task<void> TestExchange::collect_stream(http::StreamBody& stream, TestReply& reply) const {
    for (;;) {
        auto piece = co_await stream.next();
        if (!piece) co_return;
        reply.text_ += *piece;
        reply.pieces_.push_back(std::move(*piece));
        if (reply.text_.size() >= limits_.stream_bytes || reply.pieces_.size() >= limits_.stream_pieces) break;
    }
    reply.cut_off_ = true;
}

void TestExchange::collect(http::Response& response, TestReply& reply, TestMessage const& message) {
    reply.status_ = response.status();
    reply.url_ = message.url;
    // The server writes these itself, whatever the handler says.
    for (auto const* name : {"Content-Length", "Transfer-Encoding", "Connection"}) response.headers().remove(name);
    reply.headers_ = response.headers();
    bool const wanted = has_body(message.method, response.status());
    std::uint64_t size = 0;
    if (std::holds_alternative<http::StreamBody>(response.body())) return;
    if (auto const* const file = std::get_if<http::FileBody>(&response.body())) {
        size = file->size();
        if (wanted) reply.text_ = file->read();
    } else {
        size = response.text().size();
        if (wanted) reply.text_ = response.text();
    }
    if (wanted || message.method == http::Method::Head) reply.headers_.set("Content-Length", std::to_string(size));
}

void TestExchange::collect_rest(http::Response& response, TestReply& reply, TestMessage const& message) {
    auto* const stream = std::get_if<http::StreamBody>(&response.body());
    if (stream == nullptr || !has_body(message.method, response.status())) return;
    ExceptionTrap trap;
    await(collect_stream(*stream, reply), message);
    if (limits_.rethrow && trap.caught()) std::rethrow_exception(trap.caught());
}

void TestExchange::finish(bool (*busy)(void* context), void* context, TestMessage const& message) {
    auto const until = Clock::now() + limits_.timeout;
    loop_->restart();
    auto const guard = asio::make_work_guard(*loop_);
    while (busy(context)) {
        if (Clock::now() >= until) give_up(message, "left background tasks that did not end");
        loop_->run_one_until(until);
    }
    loop_->poll();
}

// A stream may refer to the request and goes first; then the handler is told, as it is after a lost connection.
void TestExchange::end(http::Request& request, http::Response& response) noexcept {
    response.set_body(std::string());
    if (handled_) handler_.sent(request);
}

bool TestExchange::open(http::Request& request, http::Response& response, TestMessage const& message,
                        TestReply& reply) {
    fill(request, message);
    try {
        answer(request, response, message);
        collect(response, reply, message);
    } catch (...) {
        end(request, response);
        throw;
    }
    return handled_;
}

TestReply TestExchange::run(TestMessage const& message, bool (*busy)(void* context), void* context) {
    TestReply reply;
    {
        auto const request = handler_.make_request();
        http::Response response;
        open(*request, response, message, reply);
        try {
            collect_rest(response, reply, message);
        } catch (...) {
            end(*request, response);
            throw;
        }
        end(*request, response);
    }
    finish(busy, context, message);
    return reply;
}

} // namespace hxx
