// Cookies (RFC 6265): those that a client sends, and those that a response sets.
#pragma once

#include "hxx/http/headers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

enum class SameSite : unsigned char { Lax, Strict, None };

/// A cookie to set. Unless told otherwise it is HttpOnly, SameSite=Lax and valid for the whole site until the browser
/// is closed.
///
///     response.cookie(SetCookie("theme", "dark").max_age(30 * 86400).http_only(false));
class SetCookie {
  public:
    /// Throws std::invalid_argument if the name is no token (RFC 9110 5.6.2), or the value holds a control character, a
    /// quote, a semicolon, a backslash or anything beyond ASCII: encode such values (url_quote, to_base64url). Spaces
    /// and commas are sent in quotes.
    SetCookie(std::string name, std::string value);
    /// A cookie that tells the browser to forget the one of that name. Path and domain must be those it was set with.
    [[nodiscard]] static SetCookie removal(std::string name);

    /// Seconds from now until the browser forgets it; 0 or less: at once.
    SetCookie& max_age(std::int64_t seconds) noexcept;
    /// Seconds since 1970; max_age wins where both are set (RFC 6265 5.3).
    SetCookie& expires(std::int64_t unix_seconds) noexcept;
    /// Throws std::invalid_argument unless it begins with "/" and holds no control character or semicolon.
    SetCookie& path(std::string path);
    /// Sends the cookie to subdomains too. Throws std::invalid_argument for what is no domain name.
    SetCookie& domain(std::string domain);
    SetCookie& secure(bool on = true) noexcept;
    SetCookie& http_only(bool on = true) noexcept;
    SetCookie& same_site(SameSite site) noexcept;
    /// A jar of its own for each site that embeds this one (CHIPS). Needs secure().
    SetCookie& partitioned(bool on = true) noexcept;

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    [[nodiscard]] std::string const& value() const noexcept { return value_; }
    [[nodiscard]] bool is_secure() const noexcept { return secure_; }

    /// The value of a Set-Cookie field. Throws std::invalid_argument for what browsers would drop without a word: more
    /// than 4096 bytes, SameSite=None or Partitioned without Secure, a name that begins with __Secure- without Secure,
    /// and one that begins with __Host- without Secure, with a Domain or with another Path than "/".
    [[nodiscard]] std::string header_value() const;

  private:
    void check() const;

    std::string name_, value_, path_ = "/", domain_;
    std::optional<std::int64_t> max_age_, expires_;
    SameSite same_site_ = SameSite::Lax;
    bool secure_ = false, http_only_ = true, partitioned_ = false;
};

namespace http {

/// A cookie that a client sent, as views into the header. A pair of quotes around the value is not part of it.
struct CookiePair {
    std::string_view name, value;
};
/// All cookies of a Cookie field's value, in order. What has no "=" or no name is passed over: cookies of other
/// programs on the same host must not take this one down.
[[nodiscard]] std::vector<CookiePair> parse_cookies(std::string_view header);
/// The first cookie of that name in all Cookie fields (HTTP/2 may send several). The first one has the longest path.
[[nodiscard]] std::optional<std::string_view> find_cookie(Headers const& headers, std::string_view name) noexcept;

} // namespace http
} // namespace hxx
