// A request that is being put together, and the task that sends it: what Client's functions return.
//
//     auto reply = co_await client->post("https://api.example.org/orders")
//                      .bearer(token)
//                      .query("dry_run", true)
//                      .json(order)
//                      .timeout(2s);
//
// It is a Task<Reply>: co_await it, or give it to with_timeout, sync_wait, co_spawn, a parallel group. One with a name
// is built by statements and moved into the co_await:
//
//     auto request = client->get(url);
//     if (etag) request.header("If-None-Match", *etag);
//     auto reply = co_await std::move(request);
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/client/reply.hpp"
#include "hxx/model/json_writer.hpp"
#include "hxx/model/scalar.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace hxx {
class FormFields;
}

namespace hxx::http {

namespace client_detail {
struct Call;

/// A number, a bool, an enum, a date …, also in a wrapper such as Query<int, "page">; no text.
template <class T>
concept Value = !std::convertible_to<unwrapped_t<T> const&, std::string_view> && Scalar<unwrapped_t<T>>;
template <class T>
concept WrappedText = Wrapper<T> && std::convertible_to<unwrapped_t<T> const&, std::string_view>;
} // namespace client_detail

/// Each setter returns its own builder. They throw std::invalid_argument for text that cannot stand where it is meant
/// to (a line break in a header), std::logic_error for a second body; what is wrong with the URL, and all that happens
/// on the way, is a ClientError out of the co_await.
class [[nodiscard]] RequestBuilder : public Task<Reply> {
  public:
    /// Replaces a header field of the request. Content-Length, Transfer-Encoding, Connection, and others of the
    /// connection are the client's to write. What is set here, but for Accept, Accept-Language, Content-Type and the
    /// like, is not sent to another origin after a redirect.
    RequestBuilder&& header(std::string_view name, std::string_view value);
    /// Authorization: Bearer (RFC 6750).
    RequestBuilder&& bearer(std::string_view token);
    /// Authorization: Basic (RFC 7617). The user's name has no colon.
    RequestBuilder&& basic(std::string_view user, std::string_view password);

    /// Adds to the URL's query, encoded: query("q", "a&b") is ?q=a%26b.
    RequestBuilder&& query(std::string_view name, std::string_view value);
    template <client_detail::Value T>
    RequestBuilder&& query(std::string_view name, T const& value) {
        return query(name, std::string_view(format_value(unwrap(value))));
    }
    template <client_detail::WrappedText T>
    RequestBuilder&& query(std::string_view name, T const& value) {
        return query(name, std::string_view(unwrap(value)));
    }

    /// A body of any type. Throws std::logic_error if there is one already, as the others below.
    RequestBuilder&& body(std::string_view content_type, std::string bytes);
    /// A struct, a container, a scalar as JSON (hxx/model/json_writer.hpp).
    template <class T>
    RequestBuilder&& json(T const& value) {
        if constexpr (std::is_same_v<T, boost::json::value> || std::is_same_v<T, boost::json::object> ||
                      std::is_same_v<T, boost::json::array>)
            return json_value(boost::json::value(value));
        else
            return body("application/json", to_json(value));
    }
    /// A field of a form, application/x-www-form-urlencoded; any number of them.
    RequestBuilder&& field(std::string_view name, std::string_view value);
    template <client_detail::Value T>
    RequestBuilder&& field(std::string_view name, T const& value) {
        return field(name, std::string_view(format_value(unwrap(value))));
    }
    template <client_detail::WrappedText T>
    RequestBuilder&& field(std::string_view name, T const& value) {
        return field(name, std::string_view(unwrap(value)));
    }
    /// All of them.
    RequestBuilder&& fields(FormFields const& fields);

    /// How long all of it may take, from the co_await on and redirects included. Instead of ClientOptions::timeout.
    RequestBuilder&& timeout(std::chrono::nanoseconds duration);
    /// When it must have ended, whatever the time-out: the earlier one counts. For what a handler has to keep itself.
    RequestBuilder&& deadline(std::chrono::steady_clock::time_point until);
    /// How many redirects are followed; 0: none, the redirect is the reply. Instead of ClientOptions::redirects.
    RequestBuilder&& redirects(int most);
    /// Bytes of the reply's body, decompressed. Instead of ClientOptions::max_body.
    RequestBuilder&& max_body(std::size_t bytes);
    /// Refuses to connect to anything but public addresses (hxx/client/address.hpp), redirects included: for URLs that
    /// come from outside. Once on, it stays on.
    RequestBuilder&& public_only();

    /// For Client.
    explicit RequestBuilder(std::shared_ptr<client_detail::Call> call);

  private:
    RequestBuilder&& json_value(boost::json::value const& value);
    std::shared_ptr<client_detail::Call> call_; // shared with the task
};

} // namespace hxx::http
