#include "hxx/http/connection.hpp"

#include "hxx/base/spare_text.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace hxx::http {
namespace asio = boost::asio;
namespace {

constexpr std::size_t small_buffer = 4096;
constexpr std::size_t kept_buffer = 16 * 1024;
constexpr std::size_t large_read = 64 * 1024;
constexpr std::size_t linger_bytes = 8 * 1024 * 1024;
constexpr Shard::Milliseconds linger_time = 3000;
constexpr Shard::Milliseconds linger_time_when_stopping = 1000;
// A connection that was busy a moment ago is about to bring its next request: closing it would lose that.
constexpr Shard::Milliseconds busy_time = 1000;

template <class T>
struct OperationAllocator {
    using value_type = T;
    explicit OperationAllocator(OperationMemory& operation_memory) noexcept : memory(&operation_memory) {}
    template <class U>
    OperationAllocator(OperationAllocator<U> const& other) noexcept : memory(other.memory) {}
    T* allocate(std::size_t count) { return static_cast<T*>(memory->allocate(count * sizeof(T))); }
    void deallocate(T* at, std::size_t) noexcept { memory->deallocate(at); }
    bool operator==(OperationAllocator const& other) const noexcept { return memory == other.memory; }

    OperationMemory* memory;
};

} // namespace

std::string describe(std::exception_ptr const& error) {
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& known) {
        return known.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

struct Connection::OnRead {
    using allocator_type = OperationAllocator<std::byte>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(self->read_memory_); }
    void operator()(boost::system::error_code const& error, std::size_t size) const { self->on_read(error, size); }

    Pointer self;
};

Connection::Connection(std::shared_ptr<Shard> shard, int descriptor)
    : shard_(std::move(shard)),
      request_(shard_->handler().make_request()),
      socket_(shard_->context()),
      parser_(shard_->limits()),
      peer_(peer_of(descriptor)),
      chunks_(shard_->limits()) {
    // The family does not matter to a socket that is connected already.
    socket_.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), descriptor);
    request_->set_peer(peer_);
    active_at_ = shard_->now();
    head_deadline_ = deadline_ = active_at_ + time_for(shard_->limits().header_time, 0);
    shard_->opened(*this);
}

Connection::~Connection() { shard_->ended(); }

void Connection::open(std::shared_ptr<Shard> shard, int descriptor) {
    Descriptor owned(descriptor);
    Pointer const self(new Connection(std::move(shard), descriptor));
    static_cast<void>(owned.release());
    self->arm_read();
}

void Connection::arm_read() {
    if (reading_) return;
    if (ended_) return close();
    reading_body_ = state_ == State::Body && body_apart_;
    auto& buffer = reading_body_ ? body_ : input_;
    if (reading_body_) {
        auto const wanted = std::min<std::uint64_t>(body_.size() + body_left_, std::max(large_read, 2 * body_.size()));
        if (buffer.spare_size() == 0) buffer.reserve(static_cast<std::size_t>(wanted));
    } else if (state_ == State::Streaming) {
        if (buffer.spare_size() == 0) return; // the request still refers to what is in front
    } else {
        if (state_ == State::Lingering) buffer.clear();
        if (buffer.empty()) buffer.clear();
        if (buffer.empty() && state_ == State::Idle && buffer.capacity() > kept_buffer) buffer.shrink(0);
        if (buffer.spare_size() < small_buffer / 4) buffer.reserve(std::max(small_buffer, 2 * buffer.size()));
    }
    reading_ = true;
    auto const size = std::min<std::uint64_t>(buffer.spare_size(), reading_body_ ? body_left_ : large_read);
    socket_.async_read_some(asio::mutable_buffer(buffer.spare(), static_cast<std::size_t>(size)),
                            OnRead{Pointer(this)});
}

void Connection::stop_reading() noexcept {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Connection::on_read(boost::system::error_code const& error, std::size_t size) {
    reading_ = false;
    if (state_ == State::Closed) return;
    if (error == asio::error::operation_aborted) return process(); // see response_written
    if (error) return on_read_end(error != asio::error::eof);
    switch (state_) {
    case State::Lingering: lingered_ += size; return lingered_ > linger_bytes ? close() : arm_read();
    case State::Body:
        stop_body_clock();
        if (reading_body_) {
            body_.filled(size);
            body_left_ -= size;
            body_received_ += size;
        } else {
            input_.filled(size);
        }
        break;
    case State::Draining: stop_body_clock(); [[fallthrough]];
    default:
        if (reading_body_) return; // of a request that was given up meanwhile
        input_.filled(size);
        break;
    }
    // Pipelined requests wait here while a stream is sent; the read goes on, to notice when the client leaves.
    if (state_ == State::Streaming) return arm_read();
    answered_ = 0;
    process();
}

// The client sends no more: it has closed its side, or (lost) the connection is broken.
void Connection::on_read_end(bool lost) {
    ended_ = true;
    switch (state_) {
    case State::Ready:
    case State::Handling: return; // found out when the answer is written
    case State::Writing:
        if (lost) close();
        return; // a client may close its side and still read
    case State::Streaming: cancel_.emit(asio::cancellation_type::terminal); return close();
    default: close();
    }
}

void Connection::process() {
    if (processing_) return;
    processing_ = true;
    bool more = true;
    while (more && answered_ < std::max<std::size_t>(shard_->limits().pipelined, 1)) more = step();
    processing_ = false;
    if (state_ == State::Closed) return;
    if (!blocked_ && !output_.empty() && state_ != State::Streaming && !flush()) return;
    if (more && !blocked_) {
        answered_ = 0;
        asio::post(shard_->context(), [self = Pointer(this)] { self->process(); });
        return;
    }
    wait_for_client();
}

// Does what can be done with what is there. False: there is something to wait for.
bool Connection::step() {
    if (blocked_) return false;
    if (state_ == State::Writing) return finish_response();
    if (reading_) return false;
    switch (state_) {
    case State::Idle:
    case State::Head: return !input_.empty() && read_head();
    case State::Body: return read_body();
    case State::Ready:
        // A coroutine may take its time: what was answered before it goes out first.
        if (!plan_.synchronous && !output_.empty() && !flush()) return false;
        call_handler();
        return state_ == State::Writing;
    case State::Draining: return drain();
    default: return false;
    }
}

void Connection::wait_for_client() {
    if (blocked_) return;
    switch (state_) {
    case State::Idle:
        if (!fresh_) deadline_ = shard_->now() + time_for(shard_->limits().idle_time, 0);
        if (shard_->stopping()) deadline_ = std::min(deadline_, active_at_ + busy_time);
        break;
    case State::Head: deadline_ = head_deadline_; break;
    case State::Body:
    case State::Draining: start_body_clock(); break;
    case State::Lingering: break;
    default: return;
    }
    arm_read();
}

Connection::Milliseconds Connection::time_for(std::chrono::milliseconds base, std::uint64_t bytes) const noexcept {
    auto const rate = std::max<std::size_t>(shard_->limits().least_rate, 1);
    return static_cast<Milliseconds>(base.count()) + bytes * 1000 / rate + shard_->tick();
}

// Besides the handler's time, where that runs.
void Connection::watch(Milliseconds deadline) noexcept { deadline_ = std::min(deadline, handler_deadline_); }

void Connection::start_body_clock() noexcept {
    body_since_ = shard_->now();
    watch(body_deadline());
}

void Connection::stop_body_clock() noexcept {
    body_waited_ += shard_->now() - body_since_;
    watch(never);
}

// Both fast enough on the whole and never still for long: bytes that came quickly do not buy a long silence.
Connection::Milliseconds Connection::body_deadline() const noexcept {
    auto const base = shard_->limits().body_time;
    auto const allowed = time_for(base, body_received_);
    return body_since_ + std::min(time_for(base, 0), allowed > body_waited_ ? allowed - body_waited_ : 0);
}

Connection::Milliseconds Connection::write_deadline() const noexcept {
    auto const base = shard_->limits().write_time;
    return std::min(blocked_since_ + time_for(base, output_.sent() - blocked_sent_), moved_at_ + time_for(base, 0));
}

void Connection::start_write_clock() noexcept {
    blocked_since_ = moved_at_ = shard_->now();
    blocked_sent_ = output_.sent();
}

void Connection::on_deadline() {
    deadline_ = never;
    if (handler_deadline_ <= shard_->now()) {
        handler_deadline_ = never;
        late_ = true;
        return cancel_.emit(asio::cancellation_type::terminal);
    }
    if (blocked_ || stream_blocked_) {
        if (auto const allowed = write_deadline(); allowed > shard_->now()) {
            watch(allowed); // it is slow, but not too slow
            return;
        }
        return abort();
    }
    switch (state_) {
    case State::Idle: return end_idle();
    case State::Head: refuse(408, "the request's head took too long"); return process();
    case State::Body: refuse(408, "the request's body took too long"); return process();
    case State::Handling:
        if (!waiting_for_body_) return;
        timed_out_ = true;
        return stop_reading();
    case State::Streaming: return keep_stream_alive();
    case State::Draining:
    case State::Lingering: return close();
    default: return;
    }
}

void Connection::stop() {
    if (state_ == State::Idle && input_.empty()) {
        if (shard_->now() - active_at_ >= busy_time) return end_idle();
        deadline_ = std::min(deadline_, active_at_ + busy_time);
    } else if (state_ == State::Streaming && endless_ && !told_) {
        told_ = true;
        cancel_.emit(asio::cancellation_type::terminal);
    }
}

void Connection::cut() noexcept {
    if (state_ == State::Closed) return;
    if (coroutine_) cancel_.emit(asio::cancellation_type::terminal);
    close();
}

// A request may have come in while the deadline passed; it is answered.
void Connection::end_idle() noexcept {
    int waiting = 0;
    if (::ioctl(socket_.native_handle(), FIONREAD, &waiting) == 0 && waiting > 0) {
        deadline_ = shard_->now() + shard_->tick();
        return;
    }
    close();
}

void Connection::linger() noexcept {
    if (ended_) return close();
    ::shutdown(socket_.native_handle(), SHUT_WR);
    state_ = State::Lingering;
    lingered_ = 0;
    deadline_ = shard_->now() + (shard_->stopping() ? linger_time_when_stopping : linger_time);
}

// Without waiting for what the kernel still has to send.
void Connection::abort() noexcept {
    ::linger const none{1, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    cut();
}

void Connection::close() noexcept {
    if (state_ == State::Closed) return;
    state_ = State::Closed;
    deadline_ = handler_deadline_ = never;
    boost::system::error_code ignored;
    socket_.close(ignored);
    output_.clear();
    if (!coroutine_) release_request(); // else when the coroutine has ended
}

// The response goes first: a stream may refer to the request.
void Connection::release_request() noexcept {
    if (auto* const text = std::get_if<std::string>(&response_.body())) {
        recycle(*text);
    } else {
        response_.set_body(std::string());
    }
    response_.headers() = Headers(); // its memory goes to the next response of any connection
    response_.set_status(200);
    if (std::exchange(in_handler_, false)) shard_->handler().sent(*request_);
    request_->reset();
    parser_.reset();
    if (!reading_) body_.shrink(0);
}

} // namespace hxx::http
