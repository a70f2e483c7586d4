// How requests leave: over the network (curl_transport.cpp), or in a test through a function or an application of the
// same process. For this room's sources.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/client/client_request.hpp"
#include "hxx/client/reply.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace hxx::http {

class Handler;
struct ClientOptions;

/// What one request may take. A class, so that it can be passed to what is awaited (g++ 12).
class SendLimits {
  public:
    using Clock = std::chrono::steady_clock;
    SendLimits(Clock::time_point until, std::chrono::nanoseconds whole, std::size_t max_body, bool public_only) noexcept
        : until_(until), whole_(whole), max_body_(max_body), public_only_(public_only) {}
    /// The earlier of the two moments; the second one is Client::with_deadline()'s.
    void end_by(Clock::time_point deadline) noexcept {
        if (deadline >= until_) return;
        whole_ -= until_ - deadline;
        until_ = deadline;
        shared_ = true;
    }

    [[nodiscard]] Clock::time_point until() const noexcept { return until_; }
    /// From the call's beginning to until(): what an error tells.
    [[nodiscard]] std::chrono::nanoseconds whole() const noexcept { return whole_; }
    /// Is it a deadline of more than this call?
    [[nodiscard]] bool shared() const noexcept { return shared_; }
    [[nodiscard]] std::size_t max_body() const noexcept { return max_body_; }
    [[nodiscard]] bool public_only() const noexcept { return public_only_; }

  private:
    Clock::time_point until_;
    std::chrono::nanoseconds whole_;
    std::size_t max_body_;
    bool public_only_;
    bool shared_ = false;
};

class Transport {
  public:
    virtual ~Transport() = default;
    /// One request, one reply: redirects are the caller's. The request outlives the task. Throws ClientError; when
    /// cancelled boost::system::system_error (operation_aborted).
    virtual Task<Reply> send(ClientRequest const& request, SendLimits limits) const = 0;
};

/// Over the network. Throws std::invalid_argument for options that contradict themselves, and for a CA file or a proxy
/// that are none.
[[nodiscard]] std::shared_ptr<Transport const> curl_transport(ClientOptions const& options);
/// Answers a request within limits that it need not keep itself; both outlive its task.
using AnswerFunction = std::function<Task<Reply>(ClientRequest const&, SendLimits const&)>;
/// By a function; its task is cancelled at the end of the request's time.
[[nodiscard]] std::shared_ptr<Transport const> function_transport(AnswerFunction function);
/// By a handler, which outlives the transport.
[[nodiscard]] std::shared_ptr<Transport const> handler_transport(Handler& handler);

[[noreturn]] void throw_timeout(ClientRequest const& request, SendLimits const& limits);
[[noreturn]] void throw_too_large(ClientRequest const& request, std::size_t max_body);

} // namespace hxx::http
