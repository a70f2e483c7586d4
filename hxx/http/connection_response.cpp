// A connection's way from the handler's answer to bytes.
#include "hxx/async/generator.hpp"
#include "hxx/base/ascii.hpp"
#include "hxx/base/log.hpp"
#include "hxx/http/connection.hpp"
#include "hxx/http/response_head.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace hxx::http {
namespace asio = boost::asio;
namespace {

constexpr std::size_t copied_body = 8 * 1024;     // up to this size one buffer is cheaper than two
constexpr std::size_t read_file = 16 * 1024;      // and reading a file cheaper than a system call of its own
constexpr std::size_t batched = 64 * 1024;        // bytes of pipelined answers sent in one go
constexpr std::uint64_t drained_body = 64 * 1024; // an unwanted body up to this size costs less than a new connection
constexpr std::uint64_t stream_turn = 256 * 1024; // bytes that a stream may send before others get their turn

// They do not end by themselves, so they are told when the server stops.
bool is_endless(Headers const& headers) noexcept {
    auto const type = headers.get_or("Content-Type", {});
    return ascii::istarts_with(type, "text/event-stream") || ascii::istarts_with(type, "multipart/x-mixed-replace");
}

/// Has the kernel give a connection up whose other end has not acknowledged anything for that long (TCP_USER_TIMEOUT).
void limit_unacknowledged(int socket, std::chrono::milliseconds limit) noexcept {
    auto const milliseconds = static_cast<unsigned>(limit.count());
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds); // a Unix socket has none
}

std::uint64_t body_size(Body const& body) noexcept {
    if (auto const* text = std::get_if<std::string>(&body)) return text->size();
    if (auto const* file = std::get_if<FileBody>(&body)) return file->size();
    return 0;
}

} // namespace

// What the client sent cannot be answered properly, and so nothing that follows on this connection can be trusted.
void Connection::refuse(int status, std::string_view reason) {
    keep_alive_ = false;
    body_done_ = true;
    if (blocked_) return close();
    response_ = Response();
    shard_->handler().refuse(*request_, status, reason, response_);
    respond();
}

// Decides what becomes of the rest of a body that the handler has not read.
void Connection::settle_request_body() {
    if (body_done_) return;
    bool const small = body_kind_ == Framing::Kind::Length && body_left_ <= drained_body;
    bool const used = std::holds_alternative<StreamBody>(response_.body()); // it may still read from the request
    if (!small || used || expects_continue_) keep_alive_ = false;
}

void Connection::respond() {
    settle_request_body();
    // Requests that have arrived already are answered before the server stops.
    if (shard_->stopping() && (!body_done_ || input_.empty())) keep_alive_ = false;
    if (response_.status() < 200 || response_.status() > 599) {
        log::error("a handler answered with a status that is none",
                   {{"path", request_->path()}, {"status", response_.status()}});
        response_ = Response();
        shard_->handler().refuse(*request_, 500, {}, response_);
    }
    bool const bodiless = response_.status() == 204 || response_.status() == 304;
    bool const stream = !bodiless && std::holds_alternative<StreamBody>(response_.body());
    bool const head_only = bodiless || request_->method() == Method::Head;
    chunked_ = stream && request_->version() >= 11;
    if (stream && !chunked_) keep_alive_ = false;

    ResponseFraming framing;
    framing.keep_alive = keep_alive_;
    framing.version = request_->version();
    framing.length = bodiless ? 0 : body_size(response_.body());
    if (bodiless) {
        framing.kind = ResponseFraming::Kind::NoBody;
    } else if (stream) {
        framing.kind = chunked_ ? ResponseFraming::Kind::Chunked : ResponseFraming::Kind::UntilClose;
    }
    append_head(output_.bytes(), response_.status(), response_.headers(), framing, shard_->date());
    if (stream && !head_only) return start_stream();
    if (!head_only) add_body();
    state_ = State::Writing;
}

void Connection::add_body() {
    if (auto const* text = std::get_if<std::string>(&response_.body())) {
        if (text->size() <= copied_body) {
            output_.bytes().append(*text);
        } else {
            output_.set_tail(*text);
        }
        return;
    }
    auto const& file = std::get<FileBody>(response_.body());
    if (file.size() <= read_file) {
        char bytes[read_file];
        auto const size = static_cast<std::size_t>(file.size());
        if (::pread(file.descriptor(), bytes, size, static_cast<off_t>(file.offset())) == static_cast<ssize_t>(size)) {
            output_.bytes().append(bytes, size);
            return;
        }
    }
    output_.set_file(file.descriptor(), file.offset(), file.size());
}

// Answers to pipelined requests are collected, so that many small ones go out in one send. True if it can go on.
bool Connection::finish_response() {
    bool const more = plan_.synchronous && keep_alive_ && body_done_ && !input_.empty();
    bool const collect = more && !output_.has_tail() && output_.bytes().size() < batched;
    if (!collect && !flush()) return false;
    response_written();
    return state_ == State::Idle || state_ == State::Draining;
}

void Connection::response_written() {
    release_request();
    if (!keep_alive_) return linger();
    // Read while a stream was sent. The input may be moved only once that read has ended; see step().
    if (reading_ && !input_.empty()) stop_reading();
    state_ = body_done_ ? State::Idle : State::Draining;
    active_at_ = shard_->now();
    fresh_ = false;
    ++answered_;
}

// True if everything has been sent; else it goes on in on_writable, or the connection is lost.
bool Connection::flush() {
    if (blocked_) return false;
    switch (output_.write(socket_.native_handle())) {
    case Output::Result::All: return true;
    case Output::Result::Lost: cut(); return false;
    case Output::Result::Blocked: break;
    }
    blocked_ = true;
    start_write_clock();
    if (!waiting_for_body_) watch(write_deadline());
    wait_writable();
    return false;
}

void Connection::wait_writable() {
    socket_.async_wait(Socket::wait_write,
                       [self = Pointer(this)](boost::system::error_code const& error) { self->on_writable(error); });
}

void Connection::on_writable(boost::system::error_code const& error) {
    if (state_ == State::Closed) return;
    auto const before = output_.sent();
    auto const result = error ? Output::Result::Lost : output_.write(socket_.native_handle());
    if (output_.sent() != before) moved_at_ = shard_->now();
    if (result == Output::Result::Blocked) return wait_writable();
    blocked_ = false;
    if (result == Output::Result::Lost) return cut();
    watch(keepalive_deadline());
    if (state_ == State::Writing) response_written();
    process();
}

void Connection::start_stream() {
    state_ = State::Streaming;
    endless_ = is_endless(response_.headers());
    auto const& stream = std::get<StreamBody>(response_.body());
    told_ = false;
    piece_at_ = shard_->now();
    keepalive_ = static_cast<Milliseconds>(std::max<std::int64_t>(0, stream.keepalive.milliseconds()));
    // What is written to a client that has vanished is lost in the kernel's buffer, which can hold a day of
    // keep-alives.
    if (keepalive_ != 0) limit_unacknowledged(socket_.native_handle(), shard_->limits().write_time);
    coroutine_ = true;
    asio::co_spawn(shard_->context(), run_stream(),
                   asio::bind_cancellation_slot(cancel_.slot(), [self = Pointer(this)](std::exception_ptr error) {
                       self->on_streamed(std::move(error));
                   }));
    if (state_ == State::Streaming && body_done_) arm_read(); // to notice when the client leaves
    if (state_ == State::Streaming && shard_->stopping()) stop();
}

Task<void> Connection::run_stream() {
    auto& stream = std::get<StreamBody>(response_.body());
    co_await wait_written(); // the head, which tells the client that it is served
    std::uint64_t turn_ends = output_.sent() + stream_turn;
    for (;;) {
        if (output_.sent() >= turn_ends) {
            co_await asio::post(shard_->context(), asio::use_awaitable);
            turn_ends = output_.sent() + stream_turn;
        }
        auto const piece = co_await stream.next();
        if (!piece) co_return;
        if (piece->empty()) continue; // an empty chunk would be the end
        append_piece(*piece);
        if (endless_ && output_.bytes().size() < batched) {
            flush_soon();
        } else {
            co_await wait_written();
        }
    }
}

void Connection::append_piece(std::string_view piece) {
    if (chunked_) {
        output_.append_chunk(piece);
    } else {
        output_.bytes().append(piece);
    }
    piece_at_ = shard_->now();
    if (!blocked_ && !stream_blocked_) deadline_ = keepalive_deadline();
}

// Events that are ready at once leave in one write, when the generator has come to wait for something else.
void Connection::flush_soon() {
    if (flush_posted_) return;
    flush_posted_ = true;
    asio::post(shard_->context(), [self = Pointer(this)] {
        self->flush_posted_ = false;
        if (self->state_ == State::Streaming && !self->stream_blocked_ && !self->output_.empty()) self->flush();
    });
}

void Connection::keep_stream_alive() {
    if (auto const due = keepalive_deadline(); due > shard_->now()) {
        deadline_ = due;
        return;
    }
    append_piece(std::get<StreamBody>(response_.body()).keepalive_text);
    flush();
}

Connection::Milliseconds Connection::keepalive_deadline() const noexcept {
    return state_ == State::Streaming && keepalive_ != 0 ? piece_at_ + keepalive_ : never;
}

Task<void> Connection::wait_written() {
    while (blocked_) { // by flush(), which goes on in on_writable: that was there first, and comes first
        auto const error = co_await socket_.async_wait(Socket::wait_write, asio::as_tuple(asio::use_awaitable));
        if (std::get<0>(error)) throw boost::system::system_error(std::get<0>(error));
    }
    start_write_clock();
    for (;;) {
        if (state_ == State::Closed) throw boost::system::system_error(asio::error::operation_aborted);
        auto const before = output_.sent();
        auto const result = output_.write(socket_.native_handle());
        if (output_.sent() != before) moved_at_ = shard_->now();
        switch (result) {
        case Output::Result::All: co_return;
        case Output::Result::Lost: close(); continue;
        case Output::Result::Blocked: break;
        }
        stream_blocked_ = true;
        deadline_ = write_deadline();
        auto const error = co_await socket_.async_wait(Socket::wait_write, asio::as_tuple(asio::use_awaitable));
        stream_blocked_ = false;
        deadline_ = keepalive_deadline();
        if (std::get<0>(error)) throw boost::system::system_error(std::get<0>(error));
    }
}

void Connection::on_streamed(std::exception_ptr error) {
    coroutine_ = false;
    cancel_.slot().clear();
    if (state_ == State::Closed) return release_request();
    if (!blocked_) deadline_ = never;
    if (told_) keep_alive_ = false;
    if (error && !told_) {
        log::error("a response's stream threw",
                   {{"method", to_string(request_->method())}, {"path", request_->path()}, {"error", describe(error)}});
        return close(); // without the last chunk, so that the client knows that something is missing
    }
    if (chunked_) output_.bytes().append("0\r\n\r\n");
    state_ = State::Writing;
    process();
}

} // namespace hxx::http
