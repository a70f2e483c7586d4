// An HTTP/1.1 server on a program's Workers: one listening socket and one set of connections a worker.
//
//     Workers workers;
//     http::Server server(workers, handler, {.listen = {http::Address::tcp("127.0.0.1", 8000)}});
//     workers.start();
//     server.start();                      // returns; server.port() tells the port
//     …
//     server.stop(std::chrono::seconds(10));
//     server.wait();
#pragma once

#include "hxx/http/limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hxx {
class Workers;
}

namespace hxx::http {

class Handler;

/// Where to listen.
struct Address {
    std::string host = "127.0.0.1"; // a name, an IPv4 or an IPv6 address; "::" is every interface, IPv4 included
    std::uint16_t port = 0;         // 0 takes a free one
    std::string unix_path;          // of a Unix socket, instead of host and port

    [[nodiscard]] static Address tcp(std::string host, std::uint16_t port);
    [[nodiscard]] static Address unix_socket(std::string path);
};

struct ServerOptions {
    std::vector<Address> listen{Address()};
    Limits limits{};
    int backlog = 1024; // connections the kernel keeps ready for each listening socket
};

class Server {
  public:
    /// workers and handler outlive the server, and the handler's code must be able to run until the workers have ended.
    Server(Workers& workers, Handler& handler, ServerOptions options = {});
    /// Stops at once and waits.
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// Listens, and returns; requests are answered as soon as the workers run. Raises the process's soft limit on open
    /// files as far as limits.connections need it. Throws std::system_error, whose text names the address, if one is
    /// taken or not allowed. Once only.
    void start();
    /// The port that listen[index] got; 0 for a Unix socket. After start().
    [[nodiscard]] std::uint16_t port(std::size_t index = 0) const;

    /// No new connections; idle ones are closed, requests in flight are finished and event streams are told by
    /// cancellation. What is left after `grace` is cut off. A second call cuts it off at once. Returns immediately; any
    /// thread.
    void stop(std::chrono::milliseconds grace = std::chrono::seconds(10)) noexcept;
    /// Blocks until the server has been stopped and its connections have ended, or the workers have been stopped.
    /// Throws std::logic_error on a worker.
    void wait();

    /// Connections that are open now.
    [[nodiscard]] std::size_t connections() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hxx::http
