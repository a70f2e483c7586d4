#include "hxx/http/shard.hpp"

#include "hxx/base/log.hpp"
#include "hxx/http/connection.hpp"
#include "hxx/http/date.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <exception>

namespace hxx::http {
namespace asio = boost::asio;
namespace {

// A handler that does not heed its cancellation is given this long after the cut; then wait() stops waiting for it.
constexpr Shard::Milliseconds patience = 2000;
constexpr Shard::Milliseconds complain_every = 10'000;
constexpr int accepts_a_turn = 64;

Shard::Milliseconds tick_for(Limits const& limits) {
    auto const shortest =
        std::min({limits.header_time, limits.body_time, limits.write_time, limits.idle_time}).count() / 4;
    return static_cast<Shard::Milliseconds>(std::clamp<std::int64_t>(shortest, 5, 250));
}

} // namespace

struct Shard::Acceptor {
    Acceptor(asio::io_context& context, Descriptor socket)
        : tcp(is_tcp(socket.get())), descriptor(context, socket.release()) {}

    bool const tcp;
    bool paused = false; // no more connections for now; tried again at the next tick
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
};

Shard::Shard(asio::io_context& context, Handler& handler, std::shared_ptr<ServerState> state)
    : context_(context),
      handler_(handler),
      state_(std::move(state)),
      tick_(tick_for(state_->limits)),
      timer_(context) {}

Shard::~Shard() = default;

Shard::Milliseconds Shard::clock() noexcept {
    using std::chrono::steady_clock;
    return static_cast<Milliseconds>(
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch()).count());
}

void Shard::start(std::vector<Descriptor> listening) {
    for (auto& socket : listening) acceptors_.push_back(std::make_unique<Acceptor>(context_, std::move(socket)));
    for (std::size_t i = 0; i < acceptors_.size(); ++i) wait_to_accept(i);
}

void Shard::wait_to_accept(std::size_t index) {
    auto& acceptor = *acceptors_[index];
    acceptor.descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                   [self = shared_from_this(), index](boost::system::error_code const& error) {
                                       if (error || self->stopping_) return;
                                       auto& ready = *self->acceptors_[index];
                                       ready.paused = !self->accept_some(ready);
                                       if (ready.paused) return self->arm_tick();
                                       self->wait_to_accept(index);
                                   });
}

// False when no more can be had for now, though there may be some in the queue.
bool Shard::accept_some(Acceptor& acceptor) {
    for (int i = 0; i < accepts_a_turn; ++i) {
        if (state_->connections.load(std::memory_order_relaxed) >= limits().connections) return false;
        int const socket =
            ::accept4(acceptor.descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            open(socket, acceptor.tcp);
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return true;
        int const error = errno;
        update_clock();
        if (complained_at_ == 0 || now_ - complained_at_ >= complain_every) {
            complained_at_ = now_;
            log::error("cannot accept connections", {{"error", std::strerror(error)},
                                                     {"open", state_->connections.load(std::memory_order_relaxed)}});
        }
        return false;
    }
    return true;
}

void Shard::open(int socket, bool tcp) {
    Descriptor owned(socket);
    if (!ticking_) update_clock();
    try {
        if (tcp) {
            int const on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        }
        Connection::open(shared_from_this(), owned.release());
    } catch (std::exception const& error) {
        log::error("cannot serve a connection", {{"error", error.what()}});
    }
    arm_tick();
}

void Shard::opened(Connection& connection) {
    connections_.push_back(connection);
    ++open_;
    state_->connections.fetch_add(1, std::memory_order_relaxed);
}

void Shard::ended() noexcept {
    --open_;
    state_->connections.fetch_sub(1, std::memory_order_relaxed);
    if (stopping_) check_finished();
}

void Shard::update_clock() {
    now_ = clock();
    auto const second = static_cast<std::int64_t>(std::time(nullptr));
    if (second == second_) return;
    second_ = second;
    date_ = date_text(second);
}

// Ticks only while there is something to watch, so that an idle program sleeps.
void Shard::arm_tick() {
    if (ticking_) return;
    ticking_ = true;
    update_clock();
    timer_.expires_after(std::chrono::milliseconds(tick_));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code const& error) {
        self->ticking_ = false;
        if (!error) self->on_tick();
    });
}

void Shard::on_tick() {
    update_clock();
    for (auto at = connections_.begin(); at != connections_.end();) {
        Connection::Pointer const connection(&*at); // keeps its place in the list until the next one is found
        if (connection->overdue(now_)) connection->on_deadline();
        ++at;
    }
    for (std::size_t i = 0; i < acceptors_.size(); ++i) {
        if (!acceptors_[i]->paused || stopping_) continue;
        acceptors_[i]->paused = false;
        wait_to_accept(i);
    }
    if (stopping_ && now_ >= cut_at_) cut();
    if (stopping_) check_finished();
    bool const paused = std::any_of(acceptors_.begin(), acceptors_.end(), [](auto const& a) { return a->paused; });
    if (!finished_ && (open_ != 0 || paused)) arm_tick();
}

// A connection that the kernel has accepted is served: a client must not lose a request because it was a little late.
void Shard::drain_and_close(Acceptor& acceptor) {
    if (acceptor.tcp) refuse_new(acceptor.descriptor.native_handle());
    while (state_->connections.load(std::memory_order_relaxed) < limits().connections) {
        int const socket =
            ::accept4(acceptor.descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            open(socket, acceptor.tcp);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            break;
        }
    }
    boost::system::error_code ignored;
    acceptor.descriptor.close(ignored);
}

void Shard::stop(Milliseconds cut_at) {
    update_clock();
    cut_at_ = cut_at;
    if (!stopping_) {
        for (auto& acceptor : acceptors_) drain_and_close(*acceptor);
        stopping_ = true;
        std::vector<Connection::Pointer> all;
        for (auto& connection : connections_) all.emplace_back(&connection);
        for (auto const& connection : all) connection->stop();
    }
    if (now_ >= cut_at_) cut();
    check_finished();
    if (!finished_) arm_tick();
}

void Shard::cut() {
    if (cut_) return;
    cut_ = true;
    std::vector<Connection::Pointer> all;
    for (auto& connection : connections_) all.emplace_back(&connection);
    for (auto const& connection : all) connection->cut();
}

void Shard::check_finished() noexcept {
    if (finished_) return;
    if (open_ != 0) {
        if (!cut_ || now_ < cut_at_ + patience) return;
        log::error("handlers went on after their connections were cut", {{"count", open_}});
    }
    finished_ = true;
    std::lock_guard const lock(state_->mutex);
    --state_->shards_left;
    state_->changed.notify_all();
}

} // namespace hxx::http
