#include "hxx/security/csrf.hpp"

#include "hxx/async/task.hpp"
#include "hxx/base/ascii.hpp"
#include "hxx/base/form_fields.hpp"
#include "hxx/base/log.hpp"
#include "hxx/base/random.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/security/app_secrets.hpp"
#include "hxx/security/request_origin.hpp"
#include "hxx/security/session.hpp"
#include "hxx/security/token_mask.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/view.hpp"

#include <stdexcept>

namespace hxx {

namespace {

constexpr std::size_t cookie_bytes = 16, cookie_size = 22; // of random bytes, of their Base64url

struct TokenAssumed {};

/// Made when a token is handed out to a visitor without a session, for the rest of the request.
struct NewCookie {
    std::string value;
};

CsrfProtection const& protection_of(Request const& request) {
    auto const* found = static_cast<CsrfProtection const*>(request.app().find_state(type_key<CsrfProtection>));
    if (!found) throw std::logic_error("Csrf: nothing protects this application; an hxx::App does");
    return *found;
}

bool is_secure(Request const& request, CsrfOptions const& options) noexcept {
    return options.secure == SecureCookie::Always || request.secure();
}
std::string_view cookie_name(bool secure) noexcept { return secure ? "__Host-csrf" : "csrf"; }

/// What the visitor's tokens belong to, if there is something: a session, or the cookie.
std::optional<std::string> owner_of(Request& request) {
    if (auto session = Session::find(request); session && !session->empty()) return "session:" + session->id();
    if (auto const* made = request.find<NewCookie>()) return "cookie:" + made->value;
    auto const cookie = request.cookie(cookie_name(is_secure(request, protection_of(request).options())));
    if (!cookie || cookie->size() != cookie_size) return std::nullopt;
    return "cookie:" + *cookie;
}

std::string make_owner(Request& request) {
    bool const secure = is_secure(request, protection_of(request).options());
    auto const& made = request.set(NewCookie{random_token(cookie_bytes)});
    request.response().cookie(SetCookie(std::string(cookie_name(secure)), made.value).secure(secure));
    request.response().header("Cache-Control", "no-store");
    return "cookie:" + made.value;
}

bool has_bearer_token(Request const& request) {
    auto const given = request.headers().get_or("Authorization", "");
    return ascii::istarts_with(given, "Bearer ") && given.size() > 7;
}

bool has_readable_form(Request const& request) {
    auto const type = request.headers().get_or("Content-Type", "");
    auto const* route = request.route();
    return !(route && route->endpoint->streams_body()) &&
           (http::is_media_type(type, "application/x-www-form-urlencoded") ||
            http::is_media_type(type, "multipart/form-data"));
}

std::optional<std::string> token_in(Request const& request) {
    if (auto const given = request.headers().get(Csrf::header)) return std::string(*given);
    if (!has_readable_form(request)) return std::nullopt;
    auto const* found = request.form().get(Csrf::field);
    return found ? std::optional(*found) : std::nullopt;
}

[[noreturn]] void refuse(Request const& request, std::string_view why, std::string detail) {
    auto const value = [&](std::string_view name) { return request.headers().get_or(name, "(none)"); };
    log::warn("a request was refused to prevent forgery", {{"why", why},
                                                           {"method", http::to_string(request.method())},
                                                           {"target", request.target()},
                                                           {"origin", value("Origin")},
                                                           {"sec_fetch_site", value("Sec-Fetch-Site")},
                                                           {"host", request.host()},
                                                           {"request_id", request.id()}});
    throw HttpError{403, std::move(detail)};
}

std::string quoted_in_attribute(std::string_view token) {
    return R"('{"X-CSRF-Token":")" + std::string(token) + R"("}')"; // Base64url needs no escape
}

Csrf csrf_of_rendering() {
    if (auto* request = View::rendering()) return Csrf::from_request(*request);
    throw std::logic_error("a csrf function was called by a template that is rendered without a View");
}

Task<void> check_async(Request& request) {
    Csrf::from_request(request).check();
    co_return;
}

} // namespace

Csrf Csrf::from_request(Request& request) { return Csrf(request); }

std::string Csrf::token() const {
    auto const& signer = protection_of(*request_).secrets().csrf();
    request_->response().vary("Cookie");
    auto const owner = owner_of(*request_);
    return mask(signer.digest(owner ? *owner : make_owner(*request_)));
}

void Csrf::check() const {
    auto const& protection = protection_of(*request_);
    if (request_origin(*request_, protection.options().trusted_origins) == RequestOrigin::Other)
        refuse(*request_, "another origin",
               "This request was made by a page of another site, and has not been carried out. If you meant it, do it "
               "on this site's own page.");
    if (has_bearer_token(*request_) || request_->find<TokenAssumed>()) return;
    auto const token = token_in(*request_);
    if (!token)
        refuse(*request_, "no token",
               "This request carries no token that shows it was made on this site's own page, and has not been carried "
               "out. Reload the page and try again. A program sends the token as X-CSRF-Token, or a Bearer token "
               "instead.");
    auto const digest = unmask(*token);
    auto const owner = owner_of(*request_);
    if (!digest || !owner || !protection.secrets().csrf().is_digest(*digest, *owner))
        refuse(*request_, "wrong token",
               "The page that this request was made on is out of date: you have logged in or out meanwhile, or your "
               "session has ended. Nothing has been carried out. Reload the page and try again.");
}

CsrfProtection::CsrfProtection(CsrfOptions options, std::shared_ptr<AppSecrets> secrets)
    : options_(std::move(options)), secrets_(std::move(secrets)) {
    for (auto& origin : options_.trusted_origins) origin = checked_origin(origin);
}

DependencyRef csrf_guard() {
    return {true,
            [](Request& request) { Csrf::from_request(request).check(); },
            &check_async,
            {Requirement::Kind::Dependency, type_key<CsrfProtection>, "csrf"}};
}

void add_csrf_globals(jinja::EnvironmentBuilder& templates) {
    using jinja::Value;
    templates.function("csrf_token", [] { return csrf_of_rendering().token(); });
    templates.function("csrf_field", [] {
        return Value::markup(R"(<input type="hidden" name="csrf_token" value=")" + csrf_of_rendering().token() +
                             R"(">)");
    });
    templates.function("csrf_headers", [] {
        auto const headers = quoted_in_attribute(csrf_of_rendering().token());
        return Value::markup("hx-headers=" + headers + " hx-headers:inherited=" + headers);
    });
}

void assume_csrf_token(Request& request) { request.set(TokenAssumed{}); }

} // namespace hxx
