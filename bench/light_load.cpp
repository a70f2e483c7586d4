// light_load PORT PATH CONNECTIONS SECONDS: a load generator that needs half of wrk's CPU for a request, so that it is
// not what limits a fast server. One thread; it takes the length of the first answer and from then on counts bytes, so
// it is for paths whose answers are all of one length. Prints one line: requests per second, latency in microseconds.
#include "bench/socket.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <strings.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
    bench::Descriptor socket;
    std::size_t received = 0;
    Clock::time_point sent{};
};

/// How many answers took how many microseconds; the last bin holds all that took longer.
class Latencies {
  public:
    void add(Clock::duration taken) {
        auto const micros =
            static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
        ++bins_[std::min(micros, bins_.size() - 1)];
        ++count_;
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::size_t percentile(double percent) const {
        auto const rank = static_cast<double>(count_) * percent / 100;
        std::size_t seen = 0;
        for (std::size_t micros = 0; micros < bins_.size(); ++micros) {
            seen += bins_[micros];
            if (static_cast<double>(seen) >= rank) return micros;
        }
        return bins_.size() - 1;
    }

  private:
    std::vector<std::size_t> bins_ = std::vector<std::size_t>(1'000'000);
    std::size_t count_ = 0;
};

bench::Descriptor connect_to(std::uint16_t port) {
    auto const address = bench::loopback(port);
    bench::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0), "socket");
    if (::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        bench::die("connect");
    bench::set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    return socket;
}

void send_request(int fd, std::string const& request) {
    if (::write(fd, request.data(), request.size()) != static_cast<ssize_t>(request.size())) bench::die("write");
}

[[noreturn]] void give_up(std::string const& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

/// The bytes of one answer, head and body.
std::size_t measure_answer(std::uint16_t port, std::string const& request) {
    auto const socket = connect_to(port);
    send_request(socket.get(), request);
    std::string answer;
    std::array<char, 65536> buffer;
    for (;;) {
        ssize_t const got = ::read(socket.get(), buffer.data(), buffer.size());
        if (got <= 0) give_up("the server closed the connection before its answer was complete");
        answer.append(buffer.data(), static_cast<std::size_t>(got));
        auto const end = answer.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        if (!answer.starts_with("HTTP/1.1 200 ")) give_up("not a 200: " + answer.substr(0, answer.find('\r')));
        auto const* length = ::strcasestr(answer.c_str(), "\r\ncontent-length:");
        if (length == nullptr || length > answer.c_str() + end) give_up("the answer has no Content-Length");
        auto const size = end + 4 + std::strtoul(length + std::strlen("\r\ncontent-length:"), nullptr, 10);
        if (answer.size() >= size) return size;
    }
}

/// Reads what is there; true when that completes the answer.
bool receive(Connection& connection, std::size_t size) {
    static std::array<char, 1 << 18> buffer;
    ssize_t const got = ::read(connection.socket.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) give_up("the server closed a connection");
    connection.received += static_cast<std::size_t>(got);
    if (connection.received > size) give_up("an answer was longer than the first one");
    return connection.received == size;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: light_load PORT PATH CONNECTIONS SECONDS\n");
        return 2;
    }
    auto const port = bench::port_argument(argv[1]);
    auto const request =
        std::string("GET ") + argv[2] + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n";
    auto const size = measure_answer(port, request);

    bench::Descriptor const epoll(::epoll_create1(0), "epoll_create1");
    std::vector<Connection> connections;
    auto const wanted = std::strtoul(argv[3], nullptr, 10);
    for (std::size_t i = 0; i < wanted; ++i) {
        connections.push_back({connect_to(port)});
        int const fd = connections.back().socket.get();
        if (::fcntl(fd, F_SETFL, O_NONBLOCK) != 0) bench::die("fcntl");
        bench::watch(epoll, fd, i);
    }

    auto const start = Clock::now();
    auto const end = start + std::chrono::seconds(std::strtoul(argv[4], nullptr, 10));
    auto now = start;
    for (auto& connection : connections) {
        connection.sent = now;
        send_request(connection.socket.get(), request);
    }
    Latencies latencies;
    std::array<epoll_event, 256> events;
    while (now < end) {
        int const count = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), 100);
        now = Clock::now();
        for (int i = 0; i < count; ++i) {
            auto& connection = connections[events[static_cast<std::size_t>(i)].data.u64];
            if (!receive(connection, size)) continue;
            latencies.add(now - connection.sent);
            connection.received = 0;
            connection.sent = now;
            send_request(connection.socket.get(), request);
        }
    }
    auto const seconds = std::chrono::duration<double>(now - start).count();
    std::printf("requests %zu seconds %.3f p50_us %zu p99_us %zu bytes %zu\n", latencies.count(), seconds,
                latencies.percentile(50), latencies.percentile(99), size);
    return 0;
}
