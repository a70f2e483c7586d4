// A request and a response as the server and a handler exchange them, whatever the HTTP version.
#pragma once

#include "hxx/async/coroutine_types.hpp"
#include "hxx/base/duration.hpp"
#include "hxx/http/headers.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hxx::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Delete, Patch, Options, Trace, Connect, Query };
inline constexpr std::size_t method_count = 10;
[[nodiscard]] std::string_view to_string(Method method) noexcept;
/// Case-sensitive (RFC 9110 9.1); nothing for a method this server does not know, which is answered with 501.
[[nodiscard]] std::optional<Method> parse_method(std::string_view name) noexcept;
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Who is on the other end of the connection. Never taken from a header.
struct Peer {
    std::string address; // "127.0.0.1", "::1", or "unix"
    std::uint16_t port = 0;
};

/// Pieces of a request body as they arrive, for a handler that asked for a stream.
class BodyReader {
  public:
    virtual ~BodyReader() = default;
    /// The next piece, valid until the next call; empty at the end. Throws HttpError 413 over the limit, 400 for a bad
    /// chunk, 408 for a body that is too slow.
    virtual Task<std::string_view> read() = 0;
};

class Request {
  public:
    Request() = default;
    virtual ~Request() = default;
    Request(Request const&) = delete;
    Request& operator=(Request const&) = delete;

    [[nodiscard]] Method method() const noexcept { return method_; }
    /// The request target as it was sent (RFC 9112 3.2).
    [[nodiscard]] std::string_view target() const noexcept { return target_; }
    /// The target's path, not decoded; "*" for OPTIONS *.
    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    /// The target's query without its question mark, not decoded.
    [[nodiscard]] std::string_view query() const noexcept { return query_; }
    /// 10, 11 or 20.
    [[nodiscard]] int version() const noexcept { return version_; }
    [[nodiscard]] Headers const& headers() const noexcept { return headers_; }
    /// The Host field, or the authority of an absolute-form target.
    [[nodiscard]] std::string_view host() const noexcept { return host_; }
    /// The whole body; empty for a route that reads a stream.
    [[nodiscard]] std::string_view body() const noexcept { return body_; }
    /// The body's stream, or null when the body was read before the handler was called.
    [[nodiscard]] BodyReader* stream() const noexcept { return stream_; }
    [[nodiscard]] Peer const& peer() const noexcept { return *peer_; }
    [[nodiscard]] bool secure() const noexcept { return secure_; }
    /// When the handler has to be done (Plan::time), in nanoseconds of std::chrono::steady_clock; `never`: it need not.
    [[nodiscard]] std::int64_t answer_by_ns() const noexcept { return answer_by_ns_; }
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    /// Is it later than that?
    [[nodiscard]] bool overdue() const noexcept;

    // What follows is for the server and the test client, which fill a request in.
    /// Forgets the last request and keeps the memory. Overridden to clear what a derived class adds.
    virtual void reset();
    /// Splits an origin-form, absolute-form or asterisk-form target; false if it is none of them (RFC 9112 3.2).
    [[nodiscard]] bool set_target(std::string_view target);
    void set_method(Method method) noexcept { method_ = method; }
    void set_version(int version) noexcept { version_ = version; }
    void set_host(std::string_view host) { host_ = host; }
    void set_body(std::string_view body) noexcept { body_ = body; }
    void set_stream(BodyReader* stream) noexcept { stream_ = stream; }
    void set_peer(Peer const& peer) noexcept { peer_ = &peer; }
    void set_secure(bool secure) noexcept { secure_ = secure; }
    /// From now on; 0 or less: for ever.
    void set_time(Duration time) noexcept;
    [[nodiscard]] Headers& mutable_headers() noexcept { return headers_; }

  private:
    static Peer const unknown_peer;

    Method method_ = Method::Get;
    int version_ = 11;
    bool secure_ = false;
    std::string target_;
    std::string_view path_, query_; // into target_
    std::string host_;
    Headers headers_;
    std::string_view body_;
    BodyReader* stream_ = nullptr;
    Peer const* peer_ = &unknown_peer;
    std::int64_t answer_by_ns_ = never;
};

/// An open file's part as a body: sent without reading it into memory. Closes the descriptor.
class FileBody {
  public:
    FileBody(int descriptor, std::uint64_t offset, std::uint64_t size) noexcept
        : descriptor_(descriptor), offset_(offset), size_(size) {}
    FileBody(FileBody&& other) noexcept;
    FileBody& operator=(FileBody&& other) noexcept;
    ~FileBody();
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// All of it, for whoever has no socket to send it to. Blocks. Throws std::system_error, and std::runtime_error for
    /// a file that has become shorter.
    [[nodiscard]] std::string read() const;

  private:
    int descriptor_;
    std::uint64_t offset_, size_;
};

/// A stream's pieces are sent as they are made: chunked in HTTP/1.1, until close in HTTP/1.0. Those of an event stream
/// that are ready at once leave together.
struct StreamBody : Generator<std::string> {
    StreamBody(Generator<std::string> pieces) noexcept : Generator(std::move(pieces)) {}

    /// Sent whenever nothing else was for that long, so that a client that has vanished is noticed; zero: never. What
    /// the format of the stream passes over.
    Duration keepalive;
    std::string_view keepalive_text; // lives as long as the program
};
using Body = std::variant<std::string, FileBody, StreamBody>;

/// Content-Length, Transfer-Encoding, Date and Connection are the server's to write; a handler's are ignored.
class Response {
  public:
    Response() noexcept;
    explicit Response(int status) noexcept;
    Response(Response&&) noexcept;
    Response& operator=(Response&&) noexcept;
    ~Response();

    [[nodiscard]] int status() const noexcept { return status_; }
    void set_status(int status) noexcept { status_ = status; }
    [[nodiscard]] Headers const& headers() const noexcept { return headers_; }
    [[nodiscard]] Headers& headers() noexcept { return headers_; }
    [[nodiscard]] Body const& body() const noexcept { return body_; }
    [[nodiscard]] Body& body() noexcept { return body_; }
    void set_body(Body body) noexcept;
    /// The body as text; empty for a file or a stream.
    [[nodiscard]] std::string_view text() const noexcept;

  private:
    int status_ = 200;
    Headers headers_;
    Body body_;
};

} // namespace hxx::http
