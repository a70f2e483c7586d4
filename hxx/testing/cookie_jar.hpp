// The cookies that a test client keeps, by the rules of browsers (RFC 6265 5.3 and 5.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

struct StoredCookie {
    std::string name, value, domain, path;
    std::optional<std::int64_t> expires; // seconds since 1970; nothing: until the browser is closed
    bool host_only = true, secure = false, http_only = false;
    std::string same_site; // as it was sent
};

class CookieJar {
  public:
    /// Takes a Set-Cookie field of a response to a request for that host and path. What a browser would not store is
    /// passed over: a foreign domain, Secure over plain HTTP, a __Host- or __Secure- name that breaks its rules. A
    /// cookie whose time is over removes the one it replaces. now: seconds since 1970.
    void store(std::string_view set_cookie, std::string_view host, std::string_view path, bool https, std::int64_t now);
    /// The Cookie field of a request, longest paths first; empty if there is nothing to send.
    [[nodiscard]] std::string header(std::string_view host, std::string_view path, bool https, std::int64_t now) const;

    /// The value of the first cookie of that name, whatever its path.
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
    /// With its attributes; null where there is none. Valid until the jar changes.
    [[nodiscard]] StoredCookie const* find(std::string_view name) const noexcept;
    /// Adds a cookie for all paths of every host, as if it had been set before.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    void clear() noexcept { cookies_.clear(); }
    [[nodiscard]] std::size_t size() const noexcept { return cookies_.size(); }
    [[nodiscard]] std::vector<StoredCookie> const& all() const noexcept { return cookies_; }

  private:
    std::vector<StoredCookie> cookies_; // in the order they were first set
};

} // namespace hxx
