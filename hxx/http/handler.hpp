// What a server asks of an application. One Handler serves all workers at once, so it must not change while it serves.
#pragma once

#include "hxx/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace hxx::http {

/// How one request wants to be treated; decided once its head has been read and before its body is.
struct Plan {
    bool synchronous = false;          // handle() answers at once; else handle_async()
    bool stream_body = false;          // hand the body over as a stream; else read all of it first
    std::size_t body_limit = 10000000; // bytes; a larger body is answered with 413
    std::chrono::milliseconds time{0}; // for handle_async(); 0: for ever
};

class Handler {
  public:
    virtual ~Handler() = default;

    /// A request object; the server makes one for each connection and uses it again for the next request on it.
    virtual std::unique_ptr<Request> make_request() { return std::make_unique<Request>(); }
    /// Called on the connection's loop when the head is complete.
    virtual Plan plan(Request& request) noexcept = 0;
    /// Fills in a fresh response. May not block, and may not throw: an application's own errors are its own business.
    virtual void handle(Request& request, Response& response) noexcept = 0;
    /// The same for plans that are not synchronous. It may suspend; the request lives until sent() has been called.
    /// An exception that escapes is answered with 500. When the plan's time is over (Request::overdue()) it is
    /// cancelled, once, and waited for; then it may still answer, and an exception that escapes is answered with 503.
    virtual Task<void> handle_async(Request& request, Response& response) = 0;
    /// The response has been written (of pipelined requests: collected to be written with the next one), or the
    /// connection was lost. Called exactly once for each call of handle or handle_async, before the next request on the
    /// connection is read.
    virtual void sent(Request&) noexcept {}
    /// The answer to what the server itself refuses (400, 408, 413, 414, 417, 431, 501, 505); the default is plain
    /// text. `request` is as complete as the parser got.
    virtual void refuse(Request const& request, int status, std::string_view reason, Response& response) noexcept;
};

/// A request's body that is in memory, for callers that are no server.
class WholeBody final : public BodyReader {
  public:
    /// The bytes outlive it, and it outlives the handler's call.
    WholeBody(std::string_view bytes, Plan const& plan) noexcept;
    /// As the plan wants it. False if it is too large, which is answered with 413 instead of calling the handler.
    [[nodiscard]] bool give_to(Request& request) noexcept;
    /// In pieces as a socket might give them.
    Task<std::string_view> read() override;

  private:
    std::string_view rest_;
    std::size_t limit_; // of what is left
    bool stream_;
};

/// handle_async() within that time: for callers that are no server.
Task<void> handle_within(std::chrono::milliseconds time, Handler& handler, Request& request, Response& response);

/// What is said of a body over Plan::body_limit.
inline constexpr std::string_view body_is_too_large = "the body is larger than this resource takes";
/// What is said where a handler has nothing to say about its time being over.
inline constexpr std::string_view time_is_over = "The answer took longer than the server allows. Try again later.";

} // namespace hxx::http
