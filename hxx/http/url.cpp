#include "hxx/http/url.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/authority.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <charconv>

namespace hxx {
namespace urls = boost::urls;

std::string url_quote(std::string_view text) { return urls::encode(text, urls::unreserved_chars); }

namespace http {
namespace {

constexpr std::string_view upper_hex = "0123456789ABCDEF";

bool is_escape(std::string_view text, std::size_t at) noexcept {
    return at + 2 < text.size() && ascii::hex_digit(text[at + 1]) >= 0 && ascii::hex_digit(text[at + 2]) >= 0;
}

void append_escape(std::string& out, char c) {
    auto const byte = static_cast<unsigned char>(c);
    out += '%';
    out += upper_hex[byte >> 4];
    out += upper_hex[byte & 15];
}

std::optional<std::uint16_t> parse_port(std::string_view digits) noexcept {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return port;
}

// Where a valid authority's host ends: behind the bracket of an IPv6 address, or before the colon.
std::size_t host_end(std::string_view authority) noexcept {
    if (authority.starts_with('[')) return authority.find(']') + 1;
    return std::min(authority.find(':'), authority.size());
}

} // namespace

std::optional<std::string> decode_segment(std::string_view segment) {
    std::string result;
    result.reserve(segment.size());
    for (std::size_t i = 0; i < segment.size(); ++i) {
        char c = segment[i];
        if (c == '%') {
            if (!is_escape(segment, i)) return std::nullopt;
            c = static_cast<char>(ascii::hex_digit(segment[i + 1]) * 16 + ascii::hex_digit(segment[i + 2]));
            i += 2;
        }
        if (c == '\0') return std::nullopt;
        result += c;
    }
    return result;
}

std::string to_uri(std::string_view url) {
    std::string result;
    result.reserve(url.size());
    for (std::size_t i = 0; i < url.size(); ++i) {
        char const c = url[i];
        bool const plain = c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
        if (plain && (c != '%' || is_escape(url, i)))
            result += c;
        else
            append_escape(result, c);
    }
    return result;
}

std::optional<Host> parse_host(std::string_view field) noexcept {
    if (!is_authority(field)) return std::nullopt;
    auto const end = host_end(field);
    Host host{field.substr(0, end), std::nullopt};
    if (end + 1 < field.size()) host.port = parse_port(field.substr(end + 1));
    return host;
}

std::optional<UrlParts> split_url(std::string_view url) noexcept {
    auto const colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    UrlParts parts;
    parts.scheme = url.substr(0, colon);
    if (!ascii::iequals(parts.scheme, "http") && !ascii::iequals(parts.scheme, "https")) return std::nullopt;
    for (char const c : url)
        if (ascii::is_control(c) || c == ' ') return std::nullopt;

    auto rest = url.substr(colon + 3);
    auto const authority_size = std::min(rest.find_first_of("/?#"), rest.size());
    auto const host = parse_host(rest.substr(0, authority_size));
    if (!host) return std::nullopt;
    parts.host = host->name;
    parts.port = host->port.value_or(parts.https() ? 443 : 80);

    rest.remove_prefix(authority_size);
    if (auto const hash = rest.find('#'); hash != std::string_view::npos) {
        parts.fragment = rest.substr(hash + 1);
        rest = rest.substr(0, hash);
    }
    auto const [path, query] = ascii::cut(rest, '?');
    parts.path = path.empty() ? std::string_view("/") : path;
    parts.query = query.value_or("");
    // A URL such as http://host?a=b has no path of its own to begin the target with.
    parts.target = path.empty() ? parts.path : rest;
    return parts;
}

bool same_origin(UrlParts const& a, UrlParts const& b) noexcept {
    return a.https() == b.https() && a.port == b.port && ascii::iequals(a.host, b.host);
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
    auto const base_url = urls::parse_uri(base);
    auto const reference_url = urls::parse_uri_reference(reference);
    if (!base_url || !reference_url || !split_url(base)) return std::nullopt;
    urls::url result;
    if (!urls::resolve(*base_url, *reference_url, result)) return std::nullopt;
    result.remove_fragment();
    std::string text(result.buffer());
    // By hand: set_encoded_path("/") of Boost 1.81 writes "/./" here.
    if (result.encoded_path().empty()) text.insert(std::min(text.find('?'), text.size()), 1, '/');
    if (!split_url(text)) return std::nullopt;
    return text;
}

bool is_local_path(std::string_view url) noexcept {
    if (!url.starts_with('/') || url.starts_with("//")) return false;
    for (char const c : url)
        if (c == '\\' || ascii::is_control(c)) return false;
    return true;
}

std::string url_scheme(std::string_view url) {
    while (!url.empty() && static_cast<unsigned char>(url.front()) <= ' ') url.remove_prefix(1);
    std::string scheme;
    for (char const c : url) {
        if (c == '\t' || c == '\n' || c == '\r') continue;
        if (c == ':') return scheme;
        bool const inside =
            ascii::is_alpha(c) || (!scheme.empty() && (ascii::is_digit(c) || c == '+' || c == '-' || c == '.'));
        if (!inside) return {};
        scheme += ascii::to_lower(c);
    }
    return {};
}

} // namespace http
} // namespace hxx
