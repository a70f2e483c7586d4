// The transport that asks an application of the same process.
#include "hxx/async/generator.hpp"
#include "hxx/client/error.hpp"
#include "hxx/client/transport.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/http/url.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace hxx::http {
namespace {

/// One request in the handler's hands, from its head to sent(), which the handler is told whatever happens.
class Exchange {
  public:
    Exchange(Handler& handler, ClientRequest const& asked, SendLimits const& limits)
        : handler_(handler), asked_(asked), limits_(limits), request_(handler.make_request()) {}
    ~Exchange() {
        // A stream may refer to the request, and goes first.
        response_.set_body(std::string());
        if (handled_) handler_.sent(*request_);
    }
    Exchange(Exchange const&) = delete;
    Exchange& operator=(Exchange const&) = delete;

    Task<Reply> run() {
        co_await answer();
        Reply reply(response_.status());
        reply.headers() = response_.headers();
        bool const wanted = asked_.method() != "HEAD" && reply.status() != 204 && reply.status() != 304;
        if (wanted) {
            auto text = co_await collect();
            reply.set_text(std::move(text));
        }
        for (auto const* const name : {"Content-Length", "Transfer-Encoding", "Connection"})
            reply.headers().remove(name);
        if (wanted) reply.headers().set("Content-Length", std::to_string(reply.text().size()));
        co_return reply;
    }

  private:
    /// False for what a server refuses by itself.
    bool fill() {
        auto const parts = split_url(asked_.url());
        request_->set_version(11);
        request_->set_secure(parts->https());
        request_->set_host(asked_.url().substr(0, asked_.url().find('/', 8)).substr(parts->scheme.size() + 3));
        for (auto const [name, value] : asked_.headers()) request_->mutable_headers().add_unchecked(name, value);
        if (!request_->set_target(parts->target)) {
            handler_.refuse(*request_, 400, "the request's target cannot be read", response_);
            return false;
        }
        auto const method = parse_method(asked_.method());
        if (method) request_->set_method(*method);
        if (!method) handler_.refuse(*request_, 501, "the method is not known", response_);
        return method.has_value();
    }

    Task<void> answer() {
        if (!fill()) co_return;
        auto const plan = handler_.plan(*request_);
        body_.emplace(asked_.body(), plan);
        if (!body_->give_to(*request_)) {
            handler_.refuse(*request_, 413, body_is_too_large, response_);
            co_return;
        }
        handled_ = true;
        if (plan.synchronous)
            handler_.handle(*request_, response_);
        else
            co_await handle_within(plan.time, handler_, *request_, response_);
        request_->set_stream(nullptr);
    }

    Task<std::string> collect() {
        std::string text;
        if (auto* const stream = std::get_if<StreamBody>(&response_.body())) {
            for (;;) {
                auto piece = co_await stream->next();
                if (!piece) break;
                text += *piece;
                if (text.size() > limits_.max_body()) throw_too_large(asked_, limits_.max_body());
            }
        } else if (auto const* const file = std::get_if<FileBody>(&response_.body())) {
            if (file->size() > limits_.max_body()) throw_too_large(asked_, limits_.max_body());
            text = file->read();
        } else {
            text = response_.text();
        }
        co_return text;
    }

    Handler& handler_;
    ClientRequest const& asked_;
    SendLimits const& limits_;
    std::unique_ptr<Request> request_;
    std::optional<WholeBody> body_;
    Response response_;
    bool handled_ = false;
};

Task<Reply> ask(Handler& handler, ClientRequest const& request, SendLimits const& limits) {
    Exchange exchange(handler, request, limits);
    co_return co_await exchange.run();
}

} // namespace

std::shared_ptr<Transport const> handler_transport(Handler& handler) {
    return function_transport(
        [&handler](ClientRequest const& request, SendLimits const& limits) { return ask(handler, request, limits); });
}

} // namespace hxx::http
