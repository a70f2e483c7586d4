#include "hxx/http/server.hpp"

#include "hxx/async/workers.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/http/listener.hpp"
#include "hxx/http/shard.hpp"

#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace hxx::http {
namespace {

constexpr std::size_t other_files = 256; // what the rest of a program opens
// The loops may be stopped before the server was, by someone else; then nothing will ever end.
constexpr std::chrono::milliseconds look_for_workers{50};

} // namespace

Address Address::tcp(std::string host, std::uint16_t port) {
    Address address;
    address.host = std::move(host);
    address.port = port;
    return address;
}

Address Address::unix_socket(std::string path) {
    Address address;
    address.unix_path = std::move(path);
    return address;
}

struct Server::Impl {
    Impl(Workers& server_workers, Handler& server_handler, ServerOptions server_options)
        : workers(server_workers),
          handler(server_handler),
          options(std::move(server_options)),
          state(std::make_shared<ServerState>(options.limits)) {}

    void unlink_sockets() noexcept {
        for (auto& path : unix_paths) ::unlink(path.c_str());
        unix_paths.clear();
    }

    Workers& workers;
    Handler& handler;
    ServerOptions const options;
    std::shared_ptr<ServerState> const state;
    std::vector<std::shared_ptr<Shard>> shards;
    std::vector<std::uint16_t> ports;
    std::vector<std::string> unix_paths; // guarded by state->mutex
    bool stopping = false;               // guarded by state->mutex
};

Server::Server(Workers& workers, Handler& handler, ServerOptions options)
    : impl_(std::make_unique<Impl>(workers, handler, std::move(options))) {}

Server::~Server() {
    if (impl_->shards.empty()) return;
    stop(std::chrono::milliseconds(0));
    wait();
}

void Server::start() {
    if (!impl_->shards.empty()) throw std::logic_error("an http::Server can be started once only");
    auto const count = impl_->workers.size();
    std::vector<std::vector<Descriptor>> sockets(count);
    try {
        for (auto const& address : impl_->options.listen) {
            auto listening = listen_on(address, count, impl_->options.backlog);
            impl_->ports.push_back(listening.port);
            if (!listening.unix_path.empty()) impl_->unix_paths.push_back(listening.unix_path);
            for (std::size_t i = 0; i < count; ++i) sockets[i].push_back(std::move(listening.sockets[i]));
        }
    } catch (...) {
        impl_->unlink_sockets();
        impl_->ports.clear();
        throw;
    }
    raise_file_limit(impl_->options.limits.connections + other_files);
    impl_->state->shards_left = count;
    for (std::size_t i = 0; i < count; ++i) {
        auto shard = std::make_shared<Shard>(impl_->workers.context(i), impl_->handler, impl_->state);
        impl_->shards.push_back(shard);
        impl_->workers.post(
            i, [shard = std::move(shard), own = std::move(sockets[i])]() mutable { shard->start(std::move(own)); });
    }
}

std::uint16_t Server::port(std::size_t index) const { return impl_->ports.at(index); }

void Server::stop(std::chrono::milliseconds grace) noexcept {
    std::lock_guard const lock(impl_->state->mutex);
    if (std::exchange(impl_->stopping, true)) grace = std::chrono::milliseconds(0);
    impl_->unlink_sockets();
    auto const cut_at = Shard::clock() + static_cast<Shard::Milliseconds>(std::max<std::int64_t>(grace.count(), 0));
    for (std::size_t i = 0; i < impl_->shards.size(); ++i) {
        impl_->workers.post(i, [shard = impl_->shards[i], cut_at] { shard->stop(cut_at); });
    }
}

void Server::wait() {
    if (impl_->workers.current() != Workers::none) {
        throw std::logic_error("http::Server::wait() was called on a worker, which it would wait for");
    }
    std::unique_lock lock(impl_->state->mutex);
    while (impl_->state->shards_left != 0) {
        impl_->state->changed.wait_for(lock, look_for_workers);
        if (impl_->stopping && !impl_->workers.running()) return;
    }
}

std::size_t Server::connections() const noexcept { return impl_->state->connections.load(std::memory_order_relaxed); }

} // namespace hxx::http
