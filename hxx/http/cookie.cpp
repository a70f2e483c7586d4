#include "hxx/http/cookie.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/date.hpp"
#include "hxx/http/url.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace hxx {
namespace {

constexpr std::size_t max_cookie_bytes = 4096; // RFC 6265 6.1

bool is_attribute_char(char c) noexcept {
    return !ascii::is_control(c) && c != ';' && static_cast<unsigned char>(c) < 0x80;
}
bool is_value_char(char c) noexcept { return is_attribute_char(c) && c != '"' && c != '\\'; }

[[noreturn]] void refuse(std::string_view cookie, std::string_view why) {
    throw std::invalid_argument(fmt::format("cookie '{}': {}", cookie, why));
}

std::string_view text_of(SameSite site) noexcept {
    switch (site) {
    case SameSite::Strict: return "Strict";
    case SameSite::None: return "None";
    default: return "Lax";
    }
}

// Calls found(name, value) for each cookie until it returns false.
template <class F>
void each_cookie(std::string_view header, F found) {
    for (;;) {
        auto const [pair, rest] = ascii::cut(header, ';');
        auto const [name, value] = ascii::cut(pair, '=');
        auto const trimmed = ascii::trim(name);
        if (value && !trimmed.empty()) {
            auto text = ascii::trim(*value);
            if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
            if (!found(trimmed, text)) return;
        }
        if (!rest) return;
        header = *rest;
    }
}

} // namespace

SetCookie::SetCookie(std::string name, std::string value) : name_(std::move(name)), value_(std::move(value)) {
    if (!http::is_token(name_))
        throw std::invalid_argument("a cookie's name must be letters, digits and !#$%&'*+-.^_`|~");
    for (char const c : value_)
        if (!is_value_char(c))
            refuse(name_, "the value holds a control character, a quote, a semicolon, a backslash or something beyond "
                          "ASCII; encode it, with url_quote() or to_base64url()");
}

SetCookie SetCookie::removal(std::string name) {
    SetCookie cookie(std::move(name), "");
    cookie.max_age(0).expires(0);
    return cookie;
}

SetCookie& SetCookie::max_age(std::int64_t seconds) noexcept { return max_age_ = seconds, *this; }
SetCookie& SetCookie::expires(std::int64_t unix_seconds) noexcept { return expires_ = unix_seconds, *this; }
SetCookie& SetCookie::secure(bool on) noexcept { return secure_ = on, *this; }
SetCookie& SetCookie::http_only(bool on) noexcept { return http_only_ = on, *this; }
SetCookie& SetCookie::same_site(SameSite site) noexcept { return same_site_ = site, *this; }
SetCookie& SetCookie::partitioned(bool on) noexcept { return partitioned_ = on, *this; }

SetCookie& SetCookie::path(std::string path) {
    if (!path.starts_with('/')) refuse(name_, "the path must begin with '/'");
    for (char const c : path)
        if (!is_attribute_char(c))
            refuse(name_, "the path holds a control character, a semicolon or something beyond ASCII");
    path_ = std::move(path);
    return *this;
}

SetCookie& SetCookie::domain(std::string domain) {
    std::string_view const bare = std::string_view(domain).substr(domain.starts_with('.') ? 1 : 0);
    auto const host = http::parse_host(bare);
    if (!host || host->name.size() != bare.size() || bare.find_first_of(";,%") != std::string_view::npos)
        refuse(name_, "the domain is no domain name");
    domain_ = std::move(domain);
    return *this;
}

void SetCookie::check() const {
    bool const host_prefix = ascii::istarts_with(name_, "__Host-");
    if (!secure_) {
        if (same_site_ == SameSite::None) refuse(name_, "browsers drop SameSite=None without secure()");
        if (partitioned_) refuse(name_, "browsers drop Partitioned without secure()");
        if (host_prefix || ascii::istarts_with(name_, "__Secure-")) refuse(name_, "this name needs secure()");
    }
    if (host_prefix && !domain_.empty()) refuse(name_, "a name that begins with __Host- allows no domain()");
    if (host_prefix && path_ != "/") refuse(name_, "a name that begins with __Host- needs the path \"/\"");
}

std::string SetCookie::header_value() const {
    check();
    std::string_view const quote = value_.find_first_of(" ,") == std::string::npos ? "" : "\"";
    std::string text = fmt::format("{0}={1}{2}{1}; Path={3}", name_, quote, value_, path_);
    if (!domain_.empty()) text += "; Domain=" + domain_;
    if (max_age_) text += "; Max-Age=" + std::to_string(*max_age_);
    if (expires_) text += "; Expires=" + http::format_date(*expires_);
    if (secure_) text += "; Secure";
    if (http_only_) text += "; HttpOnly";
    (text += "; SameSite=") += text_of(same_site_);
    if (partitioned_) text += "; Partitioned";
    if (text.size() > max_cookie_bytes)
        refuse(name_,
               fmt::format("{} bytes, and browsers drop more than {}; keep the data on the server and an id in the "
                           "cookie",
                           text.size(), max_cookie_bytes));
    return text;
}

namespace http {

std::vector<CookiePair> parse_cookies(std::string_view header) {
    std::vector<CookiePair> cookies;
    each_cookie(header, [&cookies](std::string_view name, std::string_view value) {
        cookies.push_back({name, value});
        return true;
    });
    return cookies;
}

std::optional<std::string_view> find_cookie(Headers const& headers, std::string_view name) noexcept {
    std::optional<std::string_view> found;
    for (auto const& [field, value] : headers) {
        if (!ascii::iequals(field, "cookie")) continue;
        each_cookie(value, [&](std::string_view cookie, std::string_view text) {
            if (cookie == name) found = text;
            return !found;
        });
        if (found) break;
    }
    return found;
}

} // namespace http
} // namespace hxx
