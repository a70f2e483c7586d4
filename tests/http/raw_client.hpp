// A client that sends exactly the bytes it is given, and reads HTTP/1.1 responses strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hxx::http::test {

struct RawResponse {
    int status = 0;
    std::string head;                           // with its empty line
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;                           // decoded
    bool chunked = false;
    bool complete = true; // false: the connection ended within the body
};

class RawClient {
  public:
    /// Connects to 127.0.0.1.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    static RawClient ipv6(std::uint16_t port);
    static RawClient unix_socket(std::string const& path);
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&& other) noexcept;
    ~RawClient();

    /// False once the server has closed.
    bool send(std::string_view bytes);
    bool send_by_byte(std::string_view bytes);
    void end_sending();
    /// The next response; nothing if the connection ends first. Waits for half a minute at most, then throws.
    /// to_head: the response has no body whatever its head says.
    std::optional<RawResponse> read(bool to_head = false);
    /// One read of whatever comes; empty at the end.
    std::string read_some();
    /// Reads until the server closes; false if more than `tolerated` bytes come first.
    bool closed(std::size_t tolerated = 0);
    [[nodiscard]] int socket() const noexcept { return socket_; }

  private:
    explicit RawClient() = default;
    bool fill();
    bool need(std::size_t size);
    std::optional<std::string> line();
    void read_body(RawResponse& response);

    int socket_ = -1;
    std::string input_;
    bool ended_ = false;
};

} // namespace hxx::http::test
