// A connection's way from bytes to the handler.
#include "hxx/base/log.hpp"
#include "hxx/http/connection.hpp"
#include "hxx/http/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace hxx::http {
namespace asio = boost::asio;
namespace {

constexpr std::size_t body_in_input = 16 * 1024; // a body up to this size stays behind its head, uncopied
constexpr std::size_t stream_buffer = 64 * 1024;

} // namespace

bool Connection::read_head() {
    if (state_ == State::Idle) {
        state_ = State::Head;
        if (!fresh_) head_deadline_ = shard_->now() + time_for(shard_->limits().header_time, 0);
    }
    switch (parser_.parse(input_.data(), input_.size(), *request_)) {
    case HeadParser::Result::NeedMore: return false;
    case HeadParser::Result::Failed: refuse(parser_.status(), parser_.reason()); return false;
    case HeadParser::Result::Done: break;
    }
    input_.used(parser_.size());
    auto const& framing = parser_.framing();
    keep_alive_ = framing.keep_alive;
    body_kind_ = framing.kind;
    body_left_ = framing.length;
    body_done_ = framing.kind == Framing::Kind::None || (framing.kind == Framing::Kind::Length && framing.length == 0);
    body_apart_ = false;
    expects_continue_ = false;
    plan_ = shard_->handler().plan(*request_);
    state_ = State::Ready;
    return body_done_ || begin_body();
}

bool Connection::begin_body() {
    expects_continue_ = parser_.framing().expects_continue && input_.empty();
    body_received_ = body_waited_ = 0;
    chunks_.reset();
    if (body_kind_ == Framing::Kind::Length && body_left_ > plan_.body_limit) {
        refuse(413, body_is_too_large);
        return false;
    }
    if (plan_.stream_body) {
        request_->set_stream(this);
        return true;
    }
    state_ = State::Body;
    if (body_kind_ == Framing::Kind::Chunked) {
        body_.clear();
    } else if (body_left_ <= body_in_input) {
        input_.reserve(static_cast<std::size_t>(body_left_));
    } else {
        body_apart_ = true;
        body_.clear();
        auto const here = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size()));
        body_.append(input_.view().substr(0, here));
        input_.used(here);
        body_left_ -= here;
        body_received_ = here;
    }
    ask_for_body();
    return state_ == State::Body;
}

// True once the whole body is there.
bool Connection::read_body() {
    if (body_kind_ == Framing::Kind::Chunked) {
        if (!read_chunks()) return false;
        request_->set_body(body_.view());
    } else if (body_apart_) {
        if (body_left_ != 0) return false;
        request_->set_body(body_.view());
    } else {
        auto const size = static_cast<std::size_t>(body_left_);
        if (input_.size() < size) return false;
        request_->set_body(input_.view().substr(0, size));
        input_.used(size);
        body_left_ = 0;
    }
    body_done_ = true;
    state_ = State::Ready;
    return true;
}

bool Connection::read_chunks() {
    for (;;) {
        auto rest = input_.view();
        std::string_view piece;
        auto const result = chunks_.next(rest, piece);
        input_.used(input_.size() - rest.size());
        switch (result) {
        case ChunkDecoder::Result::NeedMore: return false;
        case ChunkDecoder::Result::End: return true;
        case ChunkDecoder::Result::Failed: refuse(chunks_.status(), chunks_.reason()); return false;
        case ChunkDecoder::Result::Data:
            if (piece.size() > plan_.body_limit - body_.size()) {
                refuse(413, body_is_too_large);
                return false;
            }
            body_.append(piece);
            body_received_ += piece.size();
            break;
        }
    }
}

// Only of a length that is known and small; see settle_request_body.
bool Connection::drain() {
    auto const here = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size()));
    input_.used(here);
    body_left_ -= here;
    if (body_left_ != 0) return false;
    body_done_ = true;
    state_ = State::Idle;
    return true;
}

void Connection::ask_for_body() {
    if (!std::exchange(expects_continue_, false)) return;
    output_.bytes().append("HTTP/1.1 100 Continue\r\n\r\n");
    flush();
}

void Connection::call_handler() {
    auto& handler = shard_->handler();
    in_handler_ = true;
    deadline_ = never;
    if (plan_.synchronous) {
        handler.handle(*request_, response_);
        return respond();
    }
    std::optional<Task<void>> task;
    try {
        task.emplace(handler.handle_async(*request_, response_));
    } catch (...) {
        return on_handled(std::current_exception()); // thrown before there was a coroutine
    }
    state_ = State::Handling;
    start_handler_clock();
    coroutine_ = true;
    asio::co_spawn(shard_->context(), std::move(*task),
                   asio::bind_cancellation_slot(cancel_.slot(), [self = Pointer(this)](std::exception_ptr error) {
                       self->on_handled(std::move(error));
                   }));
}

// On the whole clock, and not before Request::overdue() says so itself.
void Connection::start_handler_clock() noexcept {
    late_ = false;
    request_->set_time(plan_.time);
    auto const by = request_->answer_by_ns();
    if (by == Request::never) return;
    auto const since_start = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::nanoseconds(by));
    handler_deadline_ = static_cast<Milliseconds>(since_start.count());
    watch(never);
}

void Connection::on_handled(std::exception_ptr error) {
    coroutine_ = false;
    handler_deadline_ = never;
    cancel_.slot().clear();
    if (state_ == State::Closed) return release_request();
    deadline_ = blocked_ ? write_deadline() : never;
    if (error) answer_failure(error);
    respond();
    process();
}

void Connection::answer_failure(std::exception_ptr const& error) {
    log::write(late_ ? log::Level::Warning : log::Level::Error, late_ ? "a handler's time was over" : "a handler threw",
               {{"method", to_string(request_->method())}, {"path", request_->path()}, {"error", describe(error)}});
    response_ = Response();
    shard_->handler().refuse(*request_, late_ ? 503 : 500, late_ ? time_is_over : std::string_view(), response_);
}

Task<std::string_view> Connection::read() {
    for (;;) {
        std::string_view piece;
        if (take_piece(piece)) co_return piece;
        co_await wait_for_body();
    }
}

// False when it takes more bytes. An empty piece is the end.
bool Connection::take_piece(std::string_view& piece) {
    if (body_done_) return true;
    if (body_kind_ == Framing::Kind::Length) {
        piece = input_.view().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size())));
        input_.used(piece.size());
        body_left_ -= piece.size();
        body_done_ = body_left_ == 0;
        return !piece.empty();
    }
    auto rest = input_.view();
    auto const result = chunks_.next(rest, piece);
    input_.used(input_.size() - rest.size());
    switch (result) {
    case ChunkDecoder::Result::NeedMore: return false;
    case ChunkDecoder::Result::End: body_done_ = true; return true;
    case ChunkDecoder::Result::Failed: throw HttpError(chunks_.status(), std::string(chunks_.reason()));
    case ChunkDecoder::Result::Data: break;
    }
    body_received_ += piece.size();
    if (body_received_ > plan_.body_limit) throw HttpError(413, std::string(body_is_too_large));
    return true;
}

Task<void> Connection::wait_for_body() {
    if (state_ == State::Closed || ended_) throw HttpError(400, "the request's body is incomplete");
    ask_for_body();
    input_.reserve(stream_buffer);
    start_body_clock();
    waiting_for_body_ = true;
    auto const token = asio::as_tuple(asio::use_awaitable);
    auto const room = asio::mutable_buffer(input_.spare(), input_.spare_size());
    auto const outcome = co_await socket_.async_read_some(room, token);
    waiting_for_body_ = false;
    stop_body_clock();
    auto const error = std::get<0>(outcome);
    if (!error) {
        input_.filled(std::get<1>(outcome));
        if (body_kind_ == Framing::Kind::Length) body_received_ += std::get<1>(outcome);
        co_return;
    }
    keep_alive_ = false;
    if (timed_out_) throw HttpError(408, "the request's body took too long");
    if (error == asio::error::eof) {
        ended_ = true;
        throw HttpError(400, "the request's body is incomplete");
    }
    throw boost::system::system_error(error, "reading a request's body");
}

} // namespace hxx::http
