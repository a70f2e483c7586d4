// hxx::Response: what a handler returns, with everything settable in a chain:
//
//     co_return view("partials/_user_row.html", {{"user", user}}).status(201).trigger("userCreated", {{"id",
//     user.id}});
//
// Setters that take text for a header refuse control characters with std::invalid_argument, so nothing a handler sets
// can split a response.
#pragma once

#include "hxx/htmx/location.hpp"
#include "hxx/http/cookie.hpp"
#include "hxx/http/message.hpp"
#include "hxx/model/json_writer.hpp"
#include "hxx/reflect/reflect.hpp"

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class Request;
namespace htmx {
class ResponseHeaders;
}

class [[nodiscard]] Response : public http::Response {
  public:
    Response() noexcept;
    explicit Response(int status) noexcept;
    Response(Response&&) noexcept;
    Response& operator=(Response&&) noexcept;
    ~Response();

    using http::Response::status;

    Response& status(int status) & { return set_status(status), *this; }
    /// Replaces a header field.
    Response& header(std::string_view name, std::string_view value) &;
    /// Adds a header field beside others of its name.
    Response& add_header(std::string_view name, std::string_view value) &;
    /// HttpOnly, SameSite=Lax and Path=/ unless the cookie says otherwise: cookie(SetCookie("theme", "dark")).
    Response& cookie(SetCookie const& cookie) &;
    /// Has the browser forget a cookie; path and domain must be those it was set with.
    Response& delete_cookie(std::string_view name, std::string_view path = "/", std::string_view domain = {}) &;
    /// Adds a request field's name to Vary.
    Response& vary(std::string_view name) &;

    // htmx (htmx.org/reference/#response_headers); what differs between htmx 2 and 4 is settled when the response is
    // sent.

    /// An event on the page, with details: trigger("userDeleted", {{"id", 7}}). Several are merged into one header.
    Response& trigger(std::string_view event, std::initializer_list<htmx::Detail> details = {}) &;
    /// The same, after the swap, after everything has settled. htmx 4 fires all events after the swap.
    Response& trigger_after_swap(std::string_view event, std::initializer_list<htmx::Detail> details = {}) &;
    Response& trigger_after_settle(std::string_view event, std::initializer_list<htmx::Detail> details = {}) &;
    /// The element that takes the answer instead of hx-target's: a CSS selector.
    Response& retarget(std::string_view selector) &;
    /// How it is swapped in, as hx-swap says it: "outerHTML", "beforeend show:top".
    Response& reswap(std::string_view style) &;
    /// The part of the answer that is used: a CSS selector.
    Response& reselect(std::string_view selector) &;
    /// The URL that the address bar shows; a path on this server. push_url(false) keeps the bar as it is.
    Response& push_url(std::string_view path) &;
    Response& replace_url(std::string_view path) &;
    template <std::same_as<bool> B>
    Response& push_url(B push) & {
        return set_push_url(push);
    }
    template <std::same_as<bool> B>
    Response& replace_url(B replace) & {
        return set_replace_url(replace);
    }
    /// Has htmx load another page, as a boosted link would: hx_location("/cart"),
    /// hx_location(htmx::Location("/cart").target("#main")).
    Response& hx_location(htmx::Location location) &;
    Response& hx_location(std::string_view path) & { return hx_location(htmx::Location(path)); }
    /// Has the browser load another page. Leads to this server unless told otherwise; std::invalid_argument for what
    /// does not.
    Response& hx_redirect(std::string_view url, htmx::Destination destination = htmx::Destination::ThisServer) &;
    /// Has the browser load this page again.
    Response& hx_refresh() &;
    /// Ends the polling of the element that asked, if `stop`: status 286 for htmx 2. htmx 4 has no such status; there
    /// the answer must lack its hx-trigger="every …".
    Response& stop_polling_if(bool stop) &;

    // The same on a temporary, so that a chain ends in a value and not in a reference.
    Response&& status(int status) && { return std::move(this->status(status)); }
    Response&& header(std::string_view name, std::string_view value) && { return std::move(header(name, value)); }
    Response&& add_header(std::string_view name, std::string_view value) && {
        return std::move(add_header(name, value));
    }
    Response&& cookie(SetCookie const& set) && { return std::move(cookie(set)); }
    Response&& delete_cookie(std::string_view name, std::string_view path = "/", std::string_view domain = {}) && {
        return std::move(delete_cookie(name, path, domain));
    }
    Response&& vary(std::string_view name) && { return std::move(vary(name)); }
    Response&& trigger(std::string_view event, std::initializer_list<htmx::Detail> details = {}) && {
        return std::move(trigger(event, details));
    }
    Response&& trigger_after_swap(std::string_view event, std::initializer_list<htmx::Detail> details = {}) && {
        return std::move(trigger_after_swap(event, details));
    }
    Response&& trigger_after_settle(std::string_view event, std::initializer_list<htmx::Detail> details = {}) && {
        return std::move(trigger_after_settle(event, details));
    }
    Response&& retarget(std::string_view selector) && { return std::move(retarget(selector)); }
    Response&& reswap(std::string_view style) && { return std::move(reswap(style)); }
    Response&& reselect(std::string_view selector) && { return std::move(reselect(selector)); }
    template <class T>
    Response&& push_url(T path_or_bool) && {
        return std::move(push_url(path_or_bool));
    }
    template <class T>
    Response&& replace_url(T path_or_bool) && {
        return std::move(replace_url(path_or_bool));
    }
    Response&& hx_location(htmx::Location location) && { return std::move(hx_location(std::move(location))); }
    Response&& hx_location(std::string_view path) && { return std::move(hx_location(path)); }
    Response&& hx_redirect(std::string_view url, htmx::Destination destination = htmx::Destination::ThisServer) && {
        return std::move(hx_redirect(url, destination));
    }
    Response&& hx_refresh() && { return std::move(hx_refresh()); }
    Response&& stop_polling_if(bool stop) && { return std::move(stop_polling_if(stop)); }

    // For the dispatcher.

    /// Adds what a dependency or a middleware set beforehand: cookies beside cookies, the names of Vary joined, all
    /// other fields unless this response has some of that name itself.
    void merge(Response const& additions);
    /// Writes the htmx headers as the asking client's version wants them. Throws std::logic_error for such headers on a
    /// redirect, which htmx never sees.
    void settle(Request const& request);

  private:
    Response& set_push_url(bool push);
    Response& set_replace_url(bool replace);
    htmx::ResponseHeaders& htmx_headers();
    std::unique_ptr<htmx::ResponseHeaders> htmx_;
};

// ── Making one ───────────────────────────────────────────────────────────────────────────────────────────────────────
Response html(std::string body);
/// text/plain; charset=utf-8.
Response text(std::string body);
/// JSON text that is made already.
Response json_text(std::string body);
/// A struct, a container or a scalar as JSON (hxx/model/json.hpp). Throws JsonError for NaN and infinities.
template <class T>
Response json(T const& value) {
    return json_text(to_json(value));
}
/// 204 without a body.
Response empty_response();
/// See Other: the browser GETs the target, which is what a form's answer wants. std::invalid_argument for a target that
/// leads elsewhere than `destination` allows, so that no user input can send people away.
Response redirect(std::string_view target, int status = 303,
                  htmx::Destination destination = htmx::Destination::ThisServer);
/// Pieces that are sent as the generator makes them.
Response stream(Generator<std::string> pieces, std::string_view content_type = "text/html; charset=utf-8");

namespace htmx {
/// 200 without a body: what a deleted row is swapped with.
Response empty();
} // namespace htmx

// ── What a handler may return instead: found by overload, so a type of one's own adds an overload in its namespace
// ───────
inline Response to_response(Request&, Response&& response) { return std::move(response); }
inline Response to_response(Request&, std::string&& body) { return text(std::move(body)); }
inline Response to_response(Request&, char const* body) { return text(body); }
Response to_response(Request&, Generator<std::string>&& pieces);
template <reflect::Aggregate T>
Response to_response(Request&, T const& value) {
    return json(value);
}
template <class T>
Response to_response(Request&, std::vector<T> const& values) {
    return json(values);
}

} // namespace hxx
