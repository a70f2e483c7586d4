// The head of an HTTP/1.x request: request line and header fields, strictly by RFC 9112.
#pragma once

#include "hxx/http/limits.hpp"
#include "hxx/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hxx::http {

/// What a head says about the rest of its message and of its connection.
struct Framing {
    enum class Kind : std::uint8_t { None, Length, Chunked };
    Kind kind = Kind::None;
    bool keep_alive = true;
    bool expects_continue = false; // the client waits for "100 Continue" before it sends the body
    std::uint64_t length = 0;      // of Kind::Length
};

/// Reads one head at a time. The bytes of a head are kept by the caller and given again, in full, with each call.
class HeadParser {
  public:
    enum class Result : std::uint8_t { NeedMore, Done, Failed };

    explicit HeadParser(Limits const& limits) noexcept : limits_(&limits) {}

    /// data begins where the message begins and may hold more than its head. Bytes that an earlier call has seen are
    /// not looked at again until the head is complete; then the request is filled in. It may change data.
    Result parse(char* data, std::size_t size, Request& request);

    /// After Done: the bytes of the head, with the empty line that ends it.
    [[nodiscard]] std::size_t size() const noexcept { return end_; }
    [[nodiscard]] Framing const& framing() const noexcept { return framing_; }
    /// After Failed: the status to refuse with, and why.
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    /// Before the next head.
    void reset() noexcept;

  private:
    Result scan(char* data, std::size_t size);
    Result scan_request_line(char* data, std::size_t size);
    Result fail(int status, std::string_view reason) noexcept;

    Limits const* limits_;
    std::size_t start_ = 0;     // of the request line, after empty lines
    std::size_t line_ = 0;      // start of the line being looked for
    std::size_t seen_ = 0;      // bytes of it that hold no line feed
    std::size_t fields_at_ = 0; // start of the first field; 0 while the request line is being read
    std::size_t fields_ = 0;
    std::size_t end_ = 0;
    Framing framing_;
    int status_ = 0;
    std::string_view reason_;
};

} // namespace hxx::http
