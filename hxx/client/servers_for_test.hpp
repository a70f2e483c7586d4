// For this room's tests: a server that does whatever a test wants to a connection, and an application on real sockets.
#pragma once

#include "hxx/async/blocked_signals.hpp"
#include "hxx/async/generator.hpp"
#include "hxx/async/workers.hpp"
#include "hxx/base/eventually_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/server.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/extract_body.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace hxx::http::test {

/// The server's end of one connection.
class Line {
  public:
    explicit Line(int socket) noexcept : socket_(socket) {}

    /// The next request's head; its body, by Content-Length, is read too. Empty once the client has closed.
    std::string read_request() {
        for (;;) {
            if (auto const end = input_.find("\r\n\r\n"); end != std::string::npos) {
                auto const size = end + 4 + length_of(input_.substr(0, end + 2));
                while (input_.size() < size && fill()) continue;
                auto request = input_.substr(0, size);
                input_.erase(0, size);
                return request;
            }
            if (!fill()) return {};
        }
    }
    /// False once the client has closed.
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// Until the client closes.
    void wait() {
        while (fill()) continue;
    }
    [[nodiscard]] int socket() const noexcept { return socket_; }

  private:
    static std::size_t length_of(std::string const& head) {
        auto const at = head.find("Content-Length: ");
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    }
    bool fill() {
        char bytes[4096];
        auto const got = ::recv(socket_, bytes, sizeof bytes, 0);
        if (got > 0) input_.append(bytes, static_cast<std::size_t>(got));
        return got > 0;
    }

    int socket_;
    std::string input_;
};

/// Calls the function for each connection, on a thread of its own; then the connection is closed. All are cut off at
/// the end.
class RawServer {
  public:
    explicit RawServer(std::function<void(Line&)> serve) : serve_(std::move(serve)) {
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening_, 512) != 0 ||
            ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::system_error(errno, std::system_category(), "a test's server");
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept(); });
    }
    ~RawServer() {
        {
            std::lock_guard const lock(mutex_);
            ending_ = true;
            for (int const socket : sockets_) ::shutdown(socket, SHUT_RDWR);
        }
        ::shutdown(listening_, SHUT_RDWR);
        acceptor_.join();
        for (auto& thread : threads_) thread.join();
        for (int const socket : sockets_) ::close(socket);
        ::close(listening_);
    }
    RawServer(RawServer const&) = delete;
    RawServer& operator=(RawServer const&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "/", std::string_view host = "127.0.0.1") const {
        return std::string("http://").append(host).append(":").append(std::to_string(port_)).append(path);
    }
    [[nodiscard]] int connections() const noexcept { return connections_; }

  private:
    void accept() {
        for (;;) {
            int const socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            std::lock_guard const lock(mutex_);
            sockets_.push_back(socket);
            if (ending_) return;
            ++connections_;
            hxx::detail::BlockedSignals const blocked; // SIGPIPE of OpenSSL, for the thread
            threads_.emplace_back([this, socket] {
                Line line(socket);
                serve_(line);
                ::shutdown(socket, SHUT_RDWR);
            });
        }
    }

    std::function<void(Line&)> serve_;
    int listening_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    bool ending_ = false;              // guarded by mutex_
    std::vector<int> sockets_;         // guarded by mutex_
    std::vector<std::thread> threads_; // of the acceptor
    std::thread acceptor_;
};

/// An application on a free port.
class AppServer {
  public:
    explicit AppServer(Router&& router, std::vector<StateEntry> states = {})
        : dispatcher_(
              Blueprint{std::move(router), std::move(states), {}, {}, jinja::Environment::Builder().build(), quiet()}),
          workers_(2),
          server_(workers_, dispatcher_) {
        workers_.start();
        server_.start();
    }
    ~AppServer() {
        stop();
        workers_.stop();
        workers_.join();
    }
    AppServer(AppServer const&) = delete;
    AppServer& operator=(AppServer const&) = delete;

    /// Cuts off what runs.
    void stop() {
        server_.stop(std::chrono::milliseconds(0));
        server_.wait();
    }
    [[nodiscard]] std::string url(std::string_view path = "/") const {
        return std::string("http://127.0.0.1:").append(std::to_string(server_.port())).append(path);
    }
    [[nodiscard]] std::size_t connections() const noexcept { return server_.connections(); }

  private:
    static DispatcherOptions quiet() {
        DispatcherOptions options;
        options.access_log = false;
        return options;
    }

    Dispatcher dispatcher_;
    Workers workers_;
    Server server_;
};

} // namespace hxx::http::test
