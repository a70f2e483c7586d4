#include "raw_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hxx::http::test {
namespace {

constexpr int patience_ms = 30'000;

int connected(sockaddr const* address, socklen_t size, int receive_buffer = 0) {
    int const socket = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer != 0) ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (::connect(socket, address, size) != 0) {
        int const error = errno;
        ::close(socket);
        throw std::system_error(error, std::system_category(), "connect");
    }
    int const on = 1;
    if (address->sa_family != AF_UNIX) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

std::string lowered(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

} // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = connected(reinterpret_cast<sockaddr const*>(&address), sizeof address, receive_buffer);
}

RawClient RawClient::ipv6(std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_loopback;
    RawClient client;
    client.socket_ = connected(reinterpret_cast<sockaddr const*>(&address), sizeof address);
    return client;
}

RawClient RawClient::unix_socket(std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    RawClient client;
    client.socket_ = connected(reinterpret_cast<sockaddr const*>(&address), sizeof address);
    return client;
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)), ended_(other.ended_) {}

RawClient& RawClient::operator=(RawClient&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(input_, other.input_);
    std::swap(ended_, other.ended_);
    return *this;
}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::send_by_byte(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!send(bytes.substr(i, 1))) return false;
    }
    return true;
}

void RawClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill() {
    if (ended_) return false;
    pollfd ready{socket_, POLLIN, 0};
    int const count = ::poll(&ready, 1, patience_ms);
    if (count == 0) throw std::runtime_error("the server neither answers nor closes");
    char bytes[65536];
    auto const size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size <= 0) {
        ended_ = true;
        return false;
    }
    input_.append(bytes, static_cast<std::size_t>(size));
    return true;
}

bool RawClient::need(std::size_t size) {
    while (input_.size() < size) {
        if (!fill()) return false;
    }
    return true;
}

std::optional<std::string> RawClient::line() {
    std::size_t end;
    while ((end = input_.find("\r\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
    }
    auto text = input_.substr(0, end);
    input_.erase(0, end + 2);
    return text;
}

void RawClient::read_body(RawResponse& response) {
    if (response.headers.contains("transfer-encoding")) {
        response.chunked = true;
        for (;;) {
            auto const size_line = line();
            std::size_t size = 0;
            if (!size_line) break;
            auto const* const end = size_line->data() + size_line->size();
            auto const parsed = std::from_chars(size_line->data(), end, size, 16);
            if (parsed.ec != std::errc() || parsed.ptr != end)
                throw std::runtime_error("bad chunk size: " + *size_line);
            if (!need(size + 2)) break;
            if (input_.compare(size, 2, "\r\n") != 0) throw std::runtime_error("a chunk does not end with CR LF");
            response.body += input_.substr(0, size);
            input_.erase(0, size + 2);
            if (size == 0) return;
        }
        response.complete = false;
        return;
    }
    if (auto const length = response.headers.find("content-length"); length != response.headers.end()) {
        auto const size = static_cast<std::size_t>(std::stoull(length->second));
        response.complete = need(size);
        auto const here = std::min(size, input_.size());
        response.body = input_.substr(0, here);
        input_.erase(0, here);
        return;
    }
    if (response.status == 204 || response.status == 304 || response.status < 200) return;
    while (fill()) {
    }
    response.body = std::exchange(input_, {});
}

std::optional<RawResponse> RawClient::read(bool to_head) {
    RawResponse response;
    auto status = line();
    if (!status) {
        if (!input_.empty()) throw std::runtime_error("half a response: " + input_);
        return std::nullopt;
    }
    if (!status->starts_with("HTTP/1.1 ") || status->size() < 13 || (*status)[12] != ' ') {
        throw std::runtime_error("bad status line: " + *status);
    }
    response.status = std::stoi(status->substr(9, 3));
    response.head = *status + "\r\n";
    for (;;) {
        auto const field = line();
        if (!field) throw std::runtime_error("half a head: " + response.head);
        response.head += *field + "\r\n";
        if (field->empty()) break;
        auto const colon = field->find(": ");
        if (colon == std::string::npos) throw std::runtime_error("bad field: " + *field);
        response.headers[lowered(field->substr(0, colon))] = field->substr(colon + 2);
    }
    if (!to_head) read_body(response);
    return response;
}

std::string RawClient::read_some() {
    if (input_.empty()) fill();
    return std::exchange(input_, {});
}

bool RawClient::closed(std::size_t tolerated) {
    while (input_.size() <= tolerated) {
        if (!fill()) return true;
    }
    return false;
}

} // namespace hxx::http::test
