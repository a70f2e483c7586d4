#include "hxx/http/listener.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace hxx::http {
namespace {

[[noreturn]] void fail(int error, std::string const& what) {
    throw std::system_error(error, std::system_category(), what);
}

std::string name_of(Address const& address) {
    if (!address.unix_path.empty()) return "unix:" + address.unix_path;
    bool const literal = address.host.find(':') != std::string::npos;
    return (literal ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

void enable(int socket, int level, int option, int value = 1) noexcept {
    ::setsockopt(socket, level, option, &value, sizeof value);
}

Descriptor open_socket(int family) {
    Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) fail(errno, "cannot open a socket");
    return socket;
}

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

AddressList resolve(Address const& address) {
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    auto const port = std::to_string(address.port);
    int error = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
    if (error == EAI_NONAME && address.host == "localhost") { // no name needs less of a resolver (RFC 6761, 6.3)
        hints.ai_flags = AI_NUMERICSERV;
        error = ::getaddrinfo(nullptr, port.c_str(), &hints, &found);
    }
    if (error != 0) {
        throw std::system_error(std::make_error_code(std::errc::address_not_available),
                                "cannot listen on " + name_of(address) + ": " + ::gai_strerror(error));
    }
    return {found, &::freeaddrinfo};
}

void set_port(sockaddr_storage& address, std::uint16_t port) noexcept {
    if (address.ss_family == AF_INET6) {
        reinterpret_cast<sockaddr_in6&>(address).sin6_port = htons(port);
    } else {
        reinterpret_cast<sockaddr_in&>(address).sin_port = htons(port);
    }
}

std::uint16_t port_of(sockaddr_storage const& address) noexcept {
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 const&>(address).sin6_port
                                               : reinterpret_cast<sockaddr_in const&>(address).sin_port);
}

// Binds without listening; 0 or the error.
int bind_tcp(int socket, sockaddr_storage const& address, socklen_t size, bool shared) noexcept {
    enable(socket, SOL_SOCKET, SO_REUSEADDR);
    if (shared) enable(socket, SOL_SOCKET, SO_REUSEPORT);
    if (address.ss_family == AF_INET6) enable(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    return ::bind(socket, reinterpret_cast<sockaddr const*>(&address), size) == 0 ? 0 : errno;
}

int listen_tcp(sockaddr_storage address, socklen_t size, std::size_t workers, int backlog, Listening& result) {
    {
        // SO_REUSEPORT would let two programs of one user share a port unnoticed: first see that it is free.
        auto const probe = open_socket(address.ss_family);
        if (int const error = bind_tcp(probe.get(), address, size, false); error != 0) return error;
        if (port_of(address) == 0) {
            auto bound = size;
            ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &bound);
        }
    }
    for (std::size_t i = 0; i < workers; ++i) {
        auto socket = open_socket(address.ss_family);
        if (int const error = bind_tcp(socket.get(), address, size, true); error != 0) return error;
        if (::listen(socket.get(), backlog) != 0) return errno;
        result.sockets.push_back(std::move(socket));
    }
    result.port = port_of(address);
    return 0;
}

// A file that a program left behind when it was killed.
void remove_stale(std::string const& path, sockaddr_un const& address) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return;
    if (!S_ISSOCK(info.st_mode)) fail(EADDRINUSE, "cannot listen on unix:" + path + ": a file is in the way");
    auto const probe = open_socket(AF_UNIX);
    if (::connect(probe.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 || errno == EAGAIN) {
        fail(EADDRINUSE, "cannot listen on unix:" + path);
    }
    ::unlink(path.c_str());
}

Listening listen_unix(Address const& address, std::size_t workers, int backlog) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (address.unix_path.size() >= sizeof name.sun_path) fail(ENAMETOOLONG, "cannot listen on " + name_of(address));
    std::memcpy(name.sun_path, address.unix_path.data(), address.unix_path.size());
    remove_stale(address.unix_path, name);
    Listening result;
    auto socket = open_socket(AF_UNIX);
    if (::bind(socket.get(), reinterpret_cast<sockaddr const*>(&name), sizeof name) != 0 ||
        ::listen(socket.get(), backlog) != 0) {
        fail(errno, "cannot listen on " + name_of(address));
    }
    // There is no SO_REUSEPORT here: the workers take turns at one queue.
    for (std::size_t i = 1; i < workers; ++i) {
        Descriptor copy(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
        if (copy.get() < 0) fail(errno, "cannot listen on " + name_of(address));
        result.sockets.push_back(std::move(copy));
    }
    result.sockets.push_back(std::move(socket));
    result.unix_path = address.unix_path;
    return result;
}

} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = other.release();
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Listening listen_on(Address const& address, std::size_t workers, int backlog) {
    if (!address.unix_path.empty()) return listen_unix(address, workers, backlog);
    auto const found = resolve(address);
    int error = EADDRNOTAVAIL;
    for (auto const* entry = found.get(); entry != nullptr; entry = entry->ai_next) {
        // Port 0 gets a number from the probe, which another program may take before the workers' sockets do.
        for (int attempt = 0; attempt < 5; ++attempt) {
            Listening result;
            sockaddr_storage name{};
            std::memcpy(&name, entry->ai_addr, entry->ai_addrlen);
            set_port(name, address.port);
            error = listen_tcp(name, entry->ai_addrlen, workers, backlog, result);
            if (error == 0) return result;
            if (address.port != 0) break;
        }
    }
    fail(error, "cannot listen on " + name_of(address));
}

Peer peer_of(int socket) {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
    char text[INET6_ADDRSTRLEN] = "";
    Peer peer;
    if (name.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in const&>(name).sin_addr, text, sizeof text);
    } else if (name.ss_family == AF_INET6) {
        ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6 const&>(name).sin6_addr, text, sizeof text);
    } else {
        peer.address = "unix";
        return peer;
    }
    std::string_view address = text;
    constexpr std::string_view mapped = "::ffff:"; // an IPv4 client on a socket for both
    if (address.starts_with(mapped) && address.find('.') != std::string_view::npos)
        address.remove_prefix(mapped.size());
    peer.address = address;
    peer.port = port_of(name);
    return peer;
}

bool is_tcp(int socket) noexcept {
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    return ::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) == 0 && name.ss_family != AF_UNIX;
}

void refuse_new(int listening) noexcept {
    sock_filter drop{BPF_RET | BPF_K, 0, 0, 0};
    sock_fprog const program{1, &drop};
    ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

void raise_file_limit(std::size_t wanted) noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace hxx::http
