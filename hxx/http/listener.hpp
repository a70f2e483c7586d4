// Listening sockets as plain descriptors.
#pragma once

#include "hxx/http/message.hpp"
#include "hxx/http/server.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hxx::http {

/// A descriptor that is closed with its owner.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept {
        int const descriptor = descriptor_;
        descriptor_ = -1;
        return descriptor;
    }

  private:
    int descriptor_ = -1;
};

/// One address, with a socket for each worker.
struct Listening {
    std::vector<Descriptor> sockets;
    std::uint16_t port = 0;
    std::string unix_path; // to be unlinked once nobody listens any more
};

/// Binds `address` once for each worker and listens. Throws std::system_error that names the address.
[[nodiscard]] Listening listen_on(Address const& address, std::size_t workers, int backlog);

/// The other end of a connected socket.
[[nodiscard]] Peer peer_of(int socket);
/// True for an IPv4 or IPv6 socket.
[[nodiscard]] bool is_tcp(int socket) noexcept;

/// Lets no new connection into the listening socket's queue, so that it can be emptied and closed without losing one.
void refuse_new(int listening) noexcept;

/// Raises the soft limit on open files towards `wanted`.
void raise_file_limit(std::size_t wanted) noexcept;

} // namespace hxx::http
