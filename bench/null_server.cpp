// null_server PORT BYTES: the limit of this machine. A bare epoll loop in one thread that answers whatever ends with an
// empty line with the same BYTES, head included; it parses nothing, so no server of the same answers can need less.
#include "bench/socket.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <string>

namespace {

/// A 200 of `size` bytes in all.
std::string response_of(std::size_t size) {
    std::string const fields = "HTTP/1.1 200 OK\r\nDate: Tue, 01 Jan 2030 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
                               "Content-Length: ";
    // The length has as many digits as it has: try until head and body fill the size.
    for (std::size_t body = size; body-- > 0;) {
        std::string head = fields + std::to_string(body) + "\r\n\r\n";
        if (head.size() + body == size) return head + std::string(body, 'x');
        if (head.size() + body + 1 == size) // one digit fewer than this length has: a byte of padding makes up for it
            return fields + ' ' + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
    }
    std::fprintf(stderr, "%zu bytes do not hold a response\n", size);
    std::exit(2);
}

void accept_all(bench::Descriptor const& epoll, int listener) {
    for (;;) {
        int const fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd < 0) return;
        bench::set_option(fd, IPPROTO_TCP, TCP_NODELAY);
        bench::watch(epoll, fd, static_cast<std::uint64_t>(fd));
    }
}

void answer(int fd, std::string const& response) {
    static std::array<char, 65536> buffer;
    ssize_t const got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EAGAIN) return;
    bool const alive = got > 0 && (::memmem(buffer.data(), static_cast<std::size_t>(got), "\r\n\r\n", 4) == nullptr ||
                                   ::write(fd, response.data(), response.size()) >= 0);
    if (!alive) ::close(fd);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: null_server PORT BYTES\n");
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    auto const address = bench::loopback(bench::port_argument(argv[1]));
    auto const response = response_of(std::strtoul(argv[2], nullptr, 10));

    bench::Descriptor const listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
    bench::set_option(listener.get(), SOL_SOCKET, SO_REUSEADDR);
    if (::bind(listener.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) bench::die("bind");
    if (::listen(listener.get(), 1024) != 0) bench::die("listen");

    bench::Descriptor const epoll(::epoll_create1(0), "epoll_create1");
    bench::watch(epoll, listener.get(), static_cast<std::uint64_t>(listener.get()));
    std::array<epoll_event, 256> events;
    for (;;) {
        int const count = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            int const fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u64);
            if (fd == listener.get())
                accept_all(epoll, fd);
            else
                answer(fd, response);
        }
    }
}
