#include "hxx/client/transport.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/client/error.hpp"

#include <utility>

namespace hxx::http {
namespace {

class FunctionTransport final : public Transport {
  public:
    explicit FunctionTransport(AnswerFunction function) : function_(std::move(function)) {}

    Task<Reply> send(ClientRequest const& request, SendLimits limits) const override {
        bool late = false;
        Reply reply;
        try {
            // A function that plays a slow service may throw TimeoutError itself, and spare the test the wait.
            auto const left = limits.until() - SendLimits::Clock::now();
            reply = co_await with_timeout(function_(request, limits), left);
        } catch (TimeoutError const&) {
            late = true;
        }
        if (late) throw_timeout(request, limits);
        if (reply.text().size() > limits.max_body()) throw_too_large(request, limits.max_body());
        co_return reply;
    }

  private:
    AnswerFunction function_;
};

} // namespace

std::shared_ptr<Transport const> function_transport(AnswerFunction function) {
    return std::make_shared<FunctionTransport>(std::move(function));
}

void throw_timeout(ClientRequest const& request, SendLimits const& limits) {
    auto const whole = std::chrono::duration_cast<std::chrono::milliseconds>(limits.whole()).count();
    throw ClientError(ClientErrorKind::Timeout, request.url(),
                      "no whole answer to " + request.method() + " within " + std::to_string(whole < 0 ? 0 : whole) +
                          (limits.shared() ? " ms, which was all that the deadline left of what it is asked for; ask "
                                             "again later, or give that a longer deadline"
                                           : " ms; ask again later, or give it more with timeout()"));
}

void throw_too_large(ClientRequest const& request, std::size_t max_body) {
    throw ClientError(ClientErrorKind::TooLarge, request.url(),
                      "the reply's body is larger than " + std::to_string(max_body) +
                          " bytes; if that is right, allow it with max_body()");
}

} // namespace hxx::http
