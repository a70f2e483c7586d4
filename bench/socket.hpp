// The few system calls that the null server and the load generator share. Errors end the program with a message.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

[[noreturn]] inline void die(char const* what) {
    std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

/// A file descriptor that is closed when it goes out of scope.
class Descriptor {
  public:
    explicit Descriptor(int fd, char const* what) : fd_(fd) {
        if (fd < 0) die(what);
    }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

[[nodiscard]] inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline void set_option(int fd, int level, int option) {
    int const on = 1;
    if (::setsockopt(fd, level, option, &on, sizeof on) != 0) die("setsockopt");
}

/// Has epoll report when fd can be read; `id` comes back with the report.
inline void watch(Descriptor const& epoll, int fd, std::uint64_t id) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = id;
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

[[nodiscard]] inline std::uint16_t port_argument(char const* text) {
    int const port = std::atoi(text);
    if (port < 1 || port > 65535) {
        std::fprintf(stderr, "not a port: %s\n", text);
        std::exit(2);
    }
    return static_cast<std::uint16_t>(port);
}

} // namespace bench
