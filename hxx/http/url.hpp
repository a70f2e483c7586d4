// URLs (RFC 3986) as a server and its client need them: percent-encoding, the Host field, and what is safe to redirect
// to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hxx {

/// Percent-encodes everything but A-Z a-z 0-9 - . _ ~ (RFC 3986 2.3), so that the text can stand in a path segment or
/// as a query's name or value: "a/b c" becomes "a%2Fb%20c".
[[nodiscard]] std::string url_quote(std::string_view text);

} // namespace hxx

namespace hxx::http {

/// Undoes percent-encoding in one path segment; a plus sign stays one. Nothing for a % without two hexadecimal digits
/// and for NUL. The result may hold "/" (from %2F) and may not be UTF-8: split into segments first, and check after.
[[nodiscard]] std::optional<std::string> decode_segment(std::string_view segment);

/// Percent-encodes what may not stand in a URL (spaces, quotes, <>, everything beyond ASCII, control characters, a %
/// that starts no escape) and leaves the rest alone: "/Zürich?a=b c" becomes "/Z%C3%BCrich?a=b%20c".
[[nodiscard]] std::string to_uri(std::string_view url);

/// A Host field or authority: "example.org", "127.0.0.1:8000", "[::1]:80".
struct Host {
    std::string_view name;             // with the brackets of an IPv6 address
    std::optional<std::uint16_t> port; // nothing where there is no colon, or no digit after it
};
/// Nothing unless is_authority() of "hxx/http/authority.hpp".
[[nodiscard]] std::optional<Host> parse_host(std::string_view field) noexcept;

/// The parts of an absolute http or https URL, as views into it. Nothing for what is none.
struct UrlParts {
    std::string_view scheme;   // as written
    std::string_view host;     // as Host::name
    std::uint16_t port = 0;    // the scheme's own where the URL has none
    std::string_view path;     // "/" where the URL has none; not decoded
    std::string_view query;    // without its "?"
    std::string_view fragment; // without its "#"
    /// path, "?" and query where there is a query: what stands in a request line.
    std::string_view target;

    [[nodiscard]] bool https() const noexcept { return scheme.size() == 5; }
};
[[nodiscard]] std::optional<UrlParts> split_url(std::string_view url) noexcept;
/// Same scheme, host (compared without case) and port.
[[nodiscard]] bool same_origin(UrlParts const& a, UrlParts const& b) noexcept;

/// The absolute URL that `reference` stands for in a document at `base` (RFC 3986 5.2), without its fragment. Nothing
/// if the base is no http or https URL, or the reference no URL, or of another scheme.
[[nodiscard]] std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

/// True for a path on this server, to which a browser can be sent on a client's word (`?next=`): it begins with one
/// "/", and no "//host", backslash or control character (which browsers drop or turn around) can make another server of
/// it.
[[nodiscard]] bool is_local_path(std::string_view url) noexcept;

/// The scheme in lower case ("javascript" for " JavaScript:x"), empty for a relative reference. Reads a URL as browsers
/// do: leading spaces and controls, and tabs and line ends anywhere, do not hide it.
[[nodiscard]] std::string url_scheme(std::string_view url);

} // namespace hxx::http
