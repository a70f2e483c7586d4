#include "hxx/client/client.hpp"

#include "hxx/client/call.hpp"

#include <stdexcept>

namespace hxx::http {
namespace {

ClientOptions completed(ClientOptions options) {
    if (options.user_agent.empty()) options.user_agent = "hxx/" HXX_VERSION;
    if (!is_field_value(options.user_agent))
        throw std::invalid_argument("http::ClientOptions::user_agent holds a control character");
    if (options.redirects < 0) throw std::invalid_argument("http::ClientOptions::redirects is 0 or more");
    if (options.connections_per_host == 0)
        throw std::invalid_argument("http::ClientOptions::connections_per_host is at least 1");
    return options;
}

std::shared_ptr<Client::State const> make_state(ClientOptions options, std::shared_ptr<Transport const> transport) {
    auto state = std::make_shared<Client::State>();
    state->options = std::move(options);
    state->transport = std::move(transport);
    return state;
}

} // namespace

Client::Client(ClientOptions options) {
    options = completed(std::move(options));
    auto transport = curl_transport(options);
    state_ = make_state(std::move(options), std::move(transport));
}

Client::Client() : Client(ClientOptions()) {}

Client Client::from_function(std::function<Task<Reply>(ClientRequest const&)> function, ClientOptions options) {
    auto answer = [function = std::move(function)](ClientRequest const& request, SendLimits const&) {
        return function(request);
    };
    return Client(make_state(completed(std::move(options)), function_transport(std::move(answer))));
}

Client Client::with_handler(Handler& handler, ClientOptions options) {
    return Client(make_state(completed(std::move(options)), handler_transport(handler)));
}

Client Client::with_handler(Handler& handler) { return with_handler(handler, ClientOptions()); }

RequestBuilder Client::request(std::string_view method, std::string_view url) const {
    // CONNECT makes a tunnel of the connection, for which there is no reply to read.
    if (!is_token(method) || method == "CONNECT")
        throw std::invalid_argument("http::Client: '" + redacted_url(method) + "' is no method that can be sent");
    auto const& options = state_->options;
    auto call = std::make_shared<client_detail::Call>();
    call->client = state_;
    call->method = method;
    call->url = url;
    call->timeout = options.timeout;
    call->shared_deadline = deadline_;
    call->redirects = options.redirects;
    call->max_body = options.max_body;
    call->public_only = options.public_only;
    return RequestBuilder(std::move(call));
}

Client Client::with_deadline(Deadline deadline) const {
    auto bound = *this;
    bound.deadline_ = std::move(deadline);
    return bound;
}

ClientOptions const& Client::options() const noexcept { return state_->options; }

} // namespace hxx::http
