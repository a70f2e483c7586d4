#include "hxx/security/login.hpp"

#include "hxx/htmx/request.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/url.hpp"
#include "hxx/web/errors.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"

namespace hxx {

namespace {

constexpr std::size_t longest_next = 2048;

[[noreturn]] void keep_for_program(HttpError const& error) {
    for (auto const& [name, value] : error.headers())
        if (name == "WWW-Authenticate") throw HttpError(error);
    throw HttpError(error).header("WWW-Authenticate", "Bearer");
}

/// The page that somebody wants to be back at: what they asked for if that was a page, else the page that they sent the
/// form from.
std::string way_back(Request const& request) {
    auto const& htmx = request.htmx();
    if (htmx.is_htmx() && !htmx.history_restore()) return std::string(htmx.current_path());
    using enum http::Method;
    if (request.method() == Get || request.method() == Head) return std::string(request.target());
    auto const referer = request.headers().get_or("Referer", "");
    auto const scheme_end = referer.find("://");
    if (scheme_end == referer.npos) return {};
    auto const rest = referer.substr(scheme_end + 3);
    if (!rest.starts_with(request.host()) || !rest.substr(request.host().size()).starts_with('/')) return {};
    return std::string(rest.substr(request.host().size()));
}

std::string login_url(std::string_view login, std::string const& next) {
    auto const safe = safe_next(next, "");
    if (safe.empty() || safe == "/") return std::string(login);
    return std::string(login) + "?next=" + url_quote(safe);
}

} // namespace

Response login_answer(Request& request, HttpError const& error, std::string_view login) {
    if (client_kind(request) == ClientKind::Api) keep_for_program(error);
    auto const url = login_url(login, way_back(request));
    auto const& htmx = request.htmx();
    auto response = htmx.is_htmx() && !htmx.history_restore() ? Response(401).hx_redirect(url) : redirect(url);
    response.vary("Accept").vary("HX-Request").vary("HX-History-Restore-Request");
    response.header("Cache-Control", "no-store");
    return response;
}

std::string safe_next(std::string_view next, std::string_view otherwise) {
    bool const path = next.size() <= longest_next && next.starts_with('/') && !next.starts_with("//");
    for (char const c : next)
        if (!path || c == '\\' || static_cast<unsigned char>(c) <= ' ' || c == '\x7F') return std::string(otherwise);
    return std::string(path ? next : otherwise);
}

} // namespace hxx
