// hxx::Response: what a handler returns, with everything settable in a chain:
//
//     co_return view("partials/_user_row.html", {{"user", user}}).status(201).trigger("userCreated", {{"id", user.id}});
//
// Setters that take text for a header refuse control characters with std::invalid_argument, so nothing a handler sets can
// split a response.
#pragma once

#include "hxx/async/generator.hpp"
#include "hxx/http/cookie.hpp"
#include "hxx/http/message.hpp"
#include "hxx/htmx/response.hpp"
#include "hxx/model/json.hpp"
#include "hxx/reflect/reflect.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class Request;

class [[nodiscard]] Response : public http::Response {
  public:
    using http::Response::Response;
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

    // htmx (htmx.org/reference/#response_headers); what differs between htmx 2 and 4 is settled when the response is sent.

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
    Response& push_url(bool push) &;
    Response& replace_url(std::string_view path) &;
    Response& replace_url(bool replace) &;
    /// Has the browser load a page; htmx loads it as a link would (hx_location) or as a new page (hx_redirect).
    Response& hx_location(std::string_view path) &;
    Response& hx_redirect(std::string_view path) &;
    Response& hx_refresh() &;
    /// Ends the polling of the element that asked, if `stop`: status 286 for htmx 2. htmx 4 has no such status; there the
    /// answer must lack its hx-trigger="every …".
    Response& stop_polling_if(bool stop) &;

    // The same on a temporary, so that a chain ends in a value and not in a reference.
    Response&& status(int status) && { return std::move(this->status(status)); }
    Response&& header(std::string_view name, std::string_view value) && { return std::move(header(name, value)); }
    Response&& add_header(std::string_view name, std::string_view value) && { return std::move(add_header(name, value)); }
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
    Response&& push_url(std::string_view path) && { return std::move(push_url(path)); }
    Response&& push_url(bool push) && { return std::move(push_url(push)); }
    Response&& replace_url(std::string_view path) && { return std::move(replace_url(path)); }
    Response&& replace_url(bool replace) && { return std::move(replace_url(replace)); }
    Response&& hx_location(std::string_view path) && { return std::move(hx_location(path)); }
    Response&& hx_redirect(std::string_view path) && { return std::move(hx_redirect(path)); }
    Response&& hx_refresh() && { return std::move(hx_refresh()); }
    Response&& stop_polling_if(bool stop) && { return std::move(stop_polling_if(stop)); }

    // For the dispatcher.

    /// Adds what a dependency or a middleware set beforehand: cookies beside cookies, lists joined, a field of this response's
    /// own wins over one of the same name.
    void merge(Response const& additions);
    /// Writes the htmx headers as the asking client's version wants them.
    void settle(Request const& request);

  private:
    htmx::ResponseHeaders& htmx_headers();
    std::unique_ptr<htmx::ResponseHeaders> htmx_;
};

// ── Making one ───────────────────────────────────────────────────────────────────────────────────────────────────────
Response html(std::string body);
/// text/plain; charset=utf-8.
Response text(std::string body);
/// JSON text that is made already.
Response json_text(std::string body);
/// A struct, a container or a scalar as JSON (hxx/model/json.hpp). Throws std::domain_error for NaN and infinities.
template <class T>
Response json(T const& value) {
    return json_text(to_json(value));
}
/// 204 without a body.
Response empty_response();
/// See Other: the browser GETs the target, which is what a form's answer wants. The target is a path on this server unless
/// `anywhere` says that it may lead elsewhere; std::invalid_argument otherwise, so that no user input can send people away.
enum class RedirectTo : bool { ThisServer, Anywhere };
Response redirect(std::string_view target, int status = 303, RedirectTo where = RedirectTo::ThisServer);
/// Pieces that are sent as the generator makes them.
Response stream(Generator<std::string> pieces, std::string_view content_type = "text/html; charset=utf-8");

namespace htmx {
/// 200 without a body: what a deleted row is swapped with.
Response empty();
} // namespace htmx

// ── What a handler may return instead: found by overload, so a type of one's own adds an overload in its namespace ───────
inline Response to_response(Request&, Response&& response) { return std::move(response); }
inline Response to_response(Request&, std::string&& body) { return text(std::move(body)); }
inline Response to_response(Request&, char const* body) { return text(body); }
inline Response to_response(Request&, Generator<std::string>&& pieces) { return stream(std::move(pieces)); }
/// JSON, refused for an htmx request, which would show it as text: the handler should have returned a view.
Response json_response(Request& request, std::string body);
template <reflect::Aggregate T>
Response to_response(Request& request, T const& value) {
    return json_response(request, to_json(value));
}
template <class T>
Response to_response(Request& request, std::vector<T> const& values) {
    return json_response(request, to_json(values));
}

} // namespace hxx
