#include "hxx/web/response.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/log.hpp"
#include "hxx/htmx/request.hpp"
#include "hxx/htmx/response.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/request.hpp"

#include <algorithm>

namespace hxx {

Response::Response() noexcept = default;
Response::Response(int status) noexcept : http::Response(status) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

Response& Response::header(std::string_view name, std::string_view value) & {
    headers().set(name, value);
    return *this;
}
Response& Response::add_header(std::string_view name, std::string_view value) & {
    headers().add(name, value);
    return *this;
}
Response& Response::cookie(SetCookie const& cookie) & {
    headers().add("Set-Cookie", cookie.header_value());
    return *this;
}
Response& Response::delete_cookie(std::string_view name, std::string_view path, std::string_view domain) & {
    auto removal = SetCookie::removal(std::string(name));
    removal.path(std::string(path));
    if (!domain.empty()) removal.domain(std::string(domain));
    return cookie(removal);
}
Response& Response::vary(std::string_view name) & {
    headers().add_to_list("Vary", name);
    return *this;
}

htmx::ResponseHeaders& Response::htmx_headers() {
    if (!htmx_) htmx_ = std::make_unique<htmx::ResponseHeaders>();
    return *htmx_;
}

Response& Response::trigger(std::string_view event, std::initializer_list<htmx::Detail> details) & {
    htmx_headers().trigger(event, details);
    return *this;
}
Response& Response::trigger_after_swap(std::string_view event, std::initializer_list<htmx::Detail> details) & {
    htmx_headers().trigger_after_swap(event, details);
    return *this;
}
Response& Response::trigger_after_settle(std::string_view event, std::initializer_list<htmx::Detail> details) & {
    htmx_headers().trigger_after_settle(event, details);
    return *this;
}
Response& Response::retarget(std::string_view selector) & {
    htmx_headers().retarget(selector);
    return *this;
}
Response& Response::reswap(std::string_view style) & {
    htmx_headers().reswap(style);
    return *this;
}
Response& Response::reselect(std::string_view selector) & {
    htmx_headers().reselect(selector);
    return *this;
}
Response& Response::push_url(std::string_view path) & {
    htmx_headers().push_url(path);
    return *this;
}
Response& Response::replace_url(std::string_view path) & {
    htmx_headers().replace_url(path);
    return *this;
}
Response& Response::set_push_url(bool push) {
    htmx_headers().push_url(push);
    return *this;
}
Response& Response::set_replace_url(bool replace) {
    htmx_headers().replace_url(replace);
    return *this;
}
Response& Response::hx_location(htmx::Location location) & {
    htmx_headers().location(std::move(location));
    return *this;
}
Response& Response::hx_redirect(std::string_view url, htmx::Destination destination) & {
    htmx_headers().redirect(url, destination);
    return *this;
}
Response& Response::hx_refresh() & {
    htmx_headers().refresh();
    return *this;
}
Response& Response::stop_polling_if(bool stop) & {
    if (stop) htmx_headers().stop_polling();
    return *this;
}

namespace {

/// Adds a Vary list's names one by one, so that those that are there already are not repeated.
void add_each(Response& response, std::string_view names) {
    while (!names.empty()) {
        auto const end = std::min(names.find(','), names.size());
        response.vary(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
}

} // namespace

void Response::merge(Response const& additions) {
    auto const own_count = headers().size();
    auto const own = [&](std::string_view name) {
        for (std::size_t i = 0; i < own_count; ++i)
            if (ascii::iequals(headers()[i].name, name)) return true;
        return false;
    };
    // What several parties may add is put together; with anything else the handler has the last word.
    for (auto const [name, value] : additions.headers())
        if (ascii::iequals(name, "Set-Cookie") || (!own(name) && !ascii::iequals(name, "Vary")))
            add_header(name, value);
    for (auto const [name, value] : additions.headers())
        if (ascii::iequals(name, "Vary")) add_each(*this, value);
    if (additions.htmx_) htmx_headers().merge(*additions.htmx_);
}

void Response::settle(Request const& request) {
    bool const set = htmx_ && !htmx_->empty();
    // A failure has something to say to htmx even if nothing was set: that its URL stays out of the history.
    if ((!set && status() < 400) || !request.htmx().is_htmx()) return;
    if (set)
        htmx_->write(*this, request, request.htmx());
    else
        htmx::ResponseHeaders().write(*this, request, request.htmx());
}

namespace {

Response typed(std::string_view content_type, std::string&& body) {
    Response response;
    response.headers().add_unchecked("Content-Type", content_type);
    response.body().emplace<std::string>(std::move(body));
    return response;
}

} // namespace

Response html(std::string body) { return typed("text/html; charset=utf-8", std::move(body)); }
Response text(std::string body) { return typed("text/plain; charset=utf-8", std::move(body)); }
Response json_text(std::string body) { return typed("application/json", std::move(body)); }
Response empty_response() { return Response(204); }

Response redirect(std::string_view target, int status, htmx::Destination destination) {
    return Response(status).header("Location", htmx::checked_url(target, destination));
}

Response stream(Generator<std::string> pieces, std::string_view content_type) {
    Response response;
    response.header("Content-Type", content_type);
    response.set_body(std::move(pieces));
    return response;
}

Response to_response(Request&, Generator<std::string>&& pieces) { return stream(std::move(pieces)); }

Response htmx::empty() { return Response(200); }

} // namespace hxx
