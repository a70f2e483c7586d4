#include "hxx/testing/cookie_jar.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/date.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace hxx {
namespace {

// RFC 6265 5.1.3. An empty domain is that of set(): any host.
bool domain_matches(StoredCookie const& cookie, std::string_view host) noexcept {
    if (cookie.domain.empty() || ascii::iequals(host, cookie.domain)) return true;
    if (cookie.host_only || host.size() <= cookie.domain.size()) return false;
    auto const tail = host.substr(host.size() - cookie.domain.size());
    bool const is_address = host.front() == '[' || host.find_first_not_of("0123456789.") == host.npos;
    return !is_address && ascii::iequals(tail, cookie.domain) && host[host.size() - cookie.domain.size() - 1] == '.';
}

// RFC 6265 5.1.4.
bool path_matches(std::string_view cookie_path, std::string_view path) noexcept {
    if (!path.starts_with(cookie_path)) return false;
    return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

std::string default_path(std::string_view path) {
    auto const slash = path.find_last_of('/');
    if (!path.starts_with('/') || slash == 0) return "/";
    return std::string(path.substr(0, slash));
}

std::optional<std::int64_t> expiry(std::string_view max_age, std::int64_t now) noexcept {
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(max_age.data(), max_age.data() + max_age.size(), seconds);
    if (error == std::errc::result_out_of_range)
        return max_age.starts_with('-') ? 0 : std::numeric_limits<std::int64_t>::max();
    if (error != std::errc() || end != max_age.data() + max_age.size()) return std::nullopt;
    if (seconds <= 0) return 0;
    return seconds > std::numeric_limits<std::int64_t>::max() - now ? std::numeric_limits<std::int64_t>::max()
                                                                    : now + seconds;
}

bool prefix_rules_hold(StoredCookie const& cookie, bool path_given) noexcept {
    if (ascii::istarts_with(cookie.name, "__Secure-")) return cookie.secure;
    if (ascii::istarts_with(cookie.name, "__Host-"))
        return cookie.secure && cookie.host_only && path_given && cookie.path == "/";
    return true;
}

// The cookie that a Set-Cookie field describes; nothing if a browser would drop it.
std::optional<StoredCookie> parse(std::string_view field, std::string_view host, std::string_view path, bool https,
                                  std::int64_t now) {
    auto const parts = ascii::split(field, ';');
    auto const [name, value] = ascii::cut(parts.front(), '=');
    if (!value || ascii::trim(name).empty()) return std::nullopt;
    StoredCookie cookie;
    cookie.name = ascii::trim(name);
    cookie.value = ascii::trim(*value);
    cookie.domain = ascii::lowered(host);
    cookie.path = default_path(path);
    bool path_given = false;
    std::optional<std::int64_t> max_age;
    for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
        auto const [raw_key, raw_value] = ascii::cut(*part, '=');
        auto const key = ascii::trim(raw_key);
        auto text = ascii::trim(raw_value.value_or(""));
        if (ascii::iequals(key, "Path") && text.starts_with('/')) {
            cookie.path = text;
            path_given = true;
        } else if (ascii::iequals(key, "Domain") && !text.empty()) {
            if (text.starts_with('.')) text.remove_prefix(1);
            cookie.domain = ascii::lowered(text);
            cookie.host_only = false;
        } else if (ascii::iequals(key, "Max-Age")) {
            max_age = expiry(text, now);
        } else if (ascii::iequals(key, "Expires")) {
            cookie.expires = http::parse_date(text, now);
        } else if (ascii::iequals(key, "Secure")) {
            cookie.secure = true;
        } else if (ascii::iequals(key, "HttpOnly")) {
            cookie.http_only = true;
        } else if (ascii::iequals(key, "SameSite")) {
            cookie.same_site = text;
        }
    }
    if (max_age) cookie.expires = max_age;
    bool const foreign = !cookie.host_only && !domain_matches(cookie, host);
    if (foreign || (cookie.secure && !https) || !prefix_rules_hold(cookie, path_given)) return std::nullopt;
    return cookie;
}

} // namespace

void CookieJar::store(std::string_view set_cookie, std::string_view host, std::string_view path, bool https,
                      std::int64_t now) {
    auto cookie = parse(set_cookie, host, path, https, now);
    if (!cookie) return;
    auto const same = std::find_if(cookies_.begin(), cookies_.end(), [&cookie](StoredCookie const& other) {
        // One of set() stands for all hosts and paths, and gives way to what the server sets.
        return other.name == cookie->name && (other.domain.empty() || other.domain == cookie->domain) &&
               (other.domain.empty() || other.path == cookie->path);
    });
    bool const over = cookie->expires && *cookie->expires <= now;
    if (same == cookies_.end()) {
        if (!over) cookies_.push_back(std::move(*cookie));
    } else if (over) {
        cookies_.erase(same);
    } else {
        *same = std::move(*cookie);
    }
}

std::string CookieJar::header(std::string_view host, std::string_view path, bool https, std::int64_t now) const {
    std::vector<StoredCookie const*> chosen;
    for (auto const& cookie : cookies_) {
        bool const over = cookie.expires && *cookie.expires <= now;
        if (!over && domain_matches(cookie, host) && path_matches(cookie.path, path) && (https || !cookie.secure))
            chosen.push_back(&cookie);
    }
    std::sort(chosen.begin(), chosen.end(), [](StoredCookie const* a, StoredCookie const* b) {
        // Of one length, in the order of the jar.
        return a->path.size() != b->path.size() ? a->path.size() > b->path.size() : a < b;
    });
    std::string text;
    for (auto const* const cookie : chosen) {
        if (!text.empty()) text += "; ";
        ((text += cookie->name) += '=') += cookie->value;
    }
    return text;
}

StoredCookie const* CookieJar::find(std::string_view name) const noexcept {
    auto const found = std::find_if(cookies_.begin(), cookies_.end(), [name](auto const& c) { return c.name == name; });
    return found == cookies_.end() ? nullptr : &*found;
}

std::optional<std::string> CookieJar::get(std::string_view name) const {
    auto const* const found = find(name);
    return found ? std::optional(found->value) : std::nullopt;
}

void CookieJar::set(std::string_view name, std::string_view value) {
    remove(name);
    StoredCookie cookie;
    cookie.name = name;
    cookie.value = value;
    cookie.path = "/";
    cookies_.push_back(std::move(cookie));
}

void CookieJar::remove(std::string_view name) {
    std::erase_if(cookies_, [name](auto const& cookie) { return cookie.name == name; });
}

} // namespace hxx
