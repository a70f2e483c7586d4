// http::Client: asks other services from coroutines, on the loop that awaits, without a thread of its own (libcurl).
//
//     app.state(http::Client{});
//
//     Task<Response> weather(Path<std::string, "city"> city, View view, State<http::Client> client) {
//         auto reply = co_await client->get("https://api.example.org/" + url_quote(*city)).timeout(5s);
//         co_return view.page("pages/weather.html", {.block = "weather"}, {{"weather", reply.json()}});
//     }
//
// Connections are kept and shared by all that a loop asks of the same host; HTTP/2 over TLS where the service speaks
// it. Everything has a limit (ClientOptions), TLS certificates are always verified, and no cookies are kept: a server
// asks for many people. In tests a function, or an application of the same process, answers instead of the network.
//
//     auto client = http::Client::with_transport([](http::ClientRequest const& request) {
//         return request.path() == "/Oslo" ? http::Reply(200, "application/json", R"({"degrees": 7})") :
//         http::Reply(404);
//     });
#pragma once

#include "hxx/async/deadline.hpp"
#include "hxx/client/client_request.hpp"
#include "hxx/client/error.hpp"
#include "hxx/client/reply.hpp"
#include "hxx/client/request_builder.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hxx::http {

class Handler;

struct ClientOptions {
    /// Of a whole call, redirects included.
    std::chrono::milliseconds timeout{30'000};
    /// Of it, to be connected: the name's address, TCP, TLS, a proxy.
    std::chrono::milliseconds connect_timeout{5'000};
    /// Bytes of a reply's body, decompressed.
    std::size_t max_body = 10'000'000;
    /// Bytes of a reply's header lines.
    std::size_t max_header_bytes = 64 * 1024;
    /// How many redirects are followed; 0: none.
    int redirects = 5;
    /// Connections of one event loop to one host; what is asked beyond waits, and its time runs.
    std::size_t connections_per_host = 20;
    /// Connections that one event loop keeps for later.
    std::size_t idle_connections = 100;
    /// Whether hosts may only have public addresses; see RequestBuilder::public_only.
    bool public_only = false;
    /// "http://proxy.example.org:3128"; empty: none.
    std::string proxy = {};
    /// The variables http_proxy, https_proxy, all_proxy and no_proxy of the environment, where `proxy` is empty.
    bool proxy_from_environment = false;
    /// A file of certificates (PEM) to trust instead of the system's. There is no way to trust any.
    std::string ca_file = {};
    /// HTTP/2 over TLS if the service has it.
    bool http2 = true;
    /// "hxx/" and the version where it is empty.
    std::string user_agent = {};
};

/// A handle, cheap to copy; usable from every loop at once. Each loop that it is used on has connections of its own,
/// which end with the last handle, or with the loop. A coroutine has to run on a loop with one thread, an io_context or
/// that of a Workers; std::logic_error otherwise.
class Client {
  public:
    /// Throws std::invalid_argument for a CA file that cannot be read, and for public_only with a proxy, which would
    /// connect in the client's place.
    explicit Client(ClientOptions options);
    Client();

    /// A client for tests: a function Reply(ClientRequest const&), or a coroutine Task<Reply>(ClientRequest const&),
    /// answers. Redirects, time-outs and limits are those of any client; a time-out cancels the coroutine. To play a
    /// fault, throw it: ClientError(ClientErrorKind::Connect, request.url(), "nobody there").
    template <class F>
    [[nodiscard]] static Client with_transport(F function, ClientOptions options) {
        using Answer = std::invoke_result_t<F&, ClientRequest const&>;
        if constexpr (std::is_same_v<Answer, Task<Reply>>) {
            return from_function(std::move(function), std::move(options));
        } else {
            static_assert(std::is_same_v<Answer, Reply>,
                          "hxx::http::Client: a transport returns http::Reply or Task<http::Reply>");
            return from_function(
                [function = std::move(function)](ClientRequest const& request) mutable {
                    return answer_at_once(function, request);
                },
                std::move(options));
        }
    }
    template <class F>
    [[nodiscard]] static Client with_transport(F function) {
        return with_transport(std::move(function), ClientOptions());
    }
    /// A client whose every request, whatever its host, is answered by that application (App::dispatcher(), say), which
    /// outlives it. No socket; the handlers run on the caller's loop.
    [[nodiscard]] static Client with_handler(Handler& handler, ClientOptions options);
    [[nodiscard]] static Client with_handler(Handler& handler);

    /// url: absolute, http or https. Parts of it that are data go through url_quote() or RequestBuilder::query().
    RequestBuilder get(std::string_view url) const { return request("GET", url); }
    RequestBuilder head(std::string_view url) const { return request("HEAD", url); }
    RequestBuilder post(std::string_view url) const { return request("POST", url); }
    RequestBuilder put(std::string_view url) const { return request("PUT", url); }
    RequestBuilder patch(std::string_view url) const { return request("PATCH", url); }
    RequestBuilder del(std::string_view url) const { return request("DELETE", url); }
    /// Any method. Throws std::invalid_argument for what is no token (RFC 9110 5.6.2), and for CONNECT.
    RequestBuilder request(std::string_view method, std::string_view url) const;

    /// The same client, whose calls end by then, if their own time-outs do not end them before. What a handler gets as
    /// State<http::Client> has the deadline of its request.
    [[nodiscard]] Client with_deadline(Deadline deadline) const;

    [[nodiscard]] ClientOptions const& options() const noexcept;

    struct State;

  private:
    explicit Client(std::shared_ptr<State const> state) noexcept : state_(std::move(state)) {}
    static Client from_function(std::function<Task<Reply>(ClientRequest const&)> function, ClientOptions options);
    template <class F>
    static Task<Reply> answer_at_once(F& function, ClientRequest const& request) {
        co_return function(request);
    }

    std::shared_ptr<State const> state_;
    Deadline deadline_;
};

} // namespace hxx::http
