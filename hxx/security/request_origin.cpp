#include "hxx/security/request_origin.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/web/request.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace hxx {

namespace {

struct Origin {
    std::string_view scheme, authority; // "https", "example.org:8443"
};

/// Nothing for "null" and whatever else is no http or https origin.
std::optional<Origin> split(std::string_view origin) {
    for (std::string_view const scheme : {"https", "http"}) {
        if (!ascii::istarts_with(origin, scheme) || !origin.substr(scheme.size()).starts_with("://")) continue;
        auto const authority = origin.substr(scheme.size() + 3);
        if (authority.empty() || authority.find_first_of("/?#@\\ ,") != authority.npos) return std::nullopt;
        return Origin{scheme, authority};
    }
    return std::nullopt;
}

/// Without the port that the scheme has anyway.
std::string_view plain(std::string_view authority, std::string_view scheme) {
    std::string_view const port = scheme == "https" ? ":443" : ":80";
    if (authority.ends_with(port)) authority.remove_suffix(port.size());
    return authority;
}

bool is_trusted(std::string_view origin, std::span<std::string const> trusted) {
    return std::ranges::any_of(trusted, [origin](auto const& one) { return ascii::iequals(one, origin); });
}

/// A proxy may speak TLS for this server, which then sees http: only the other way round is the scheme's word worth
/// something.
bool is_own(Origin const& origin, Request const& request) {
    if (request.secure() && origin.scheme != "https") return false;
    return ascii::iequals(plain(origin.authority, origin.scheme), plain(request.host(), origin.scheme));
}

/// The field's value; nothing if it is missing. One that is there twice has no value that anybody meant.
std::optional<std::string_view> only(http::Headers const& headers, std::string_view name) {
    std::optional<std::string_view> found;
    for (auto const& field : headers) {
        if (!ascii::iequals(field.name, name)) continue;
        found = found ? std::string_view() : std::string_view(field.value);
    }
    return found;
}

} // namespace

RequestOrigin request_origin(Request const& request, std::span<std::string const> trusted) {
    auto const origin = only(request.headers(), "Origin");
    if (origin && is_trusted(*origin, trusted)) return RequestOrigin::Same;
    if (auto const site = only(request.headers(), "Sec-Fetch-Site"))
        return *site == "same-origin" || *site == "none" ? RequestOrigin::Same : RequestOrigin::Other;
    if (!origin) return RequestOrigin::Unknown;
    auto const parts = split(*origin);
    return parts && is_own(*parts, request) ? RequestOrigin::Same : RequestOrigin::Other;
}

std::string checked_origin(std::string_view origin) {
    auto const parts = split(origin);
    if (!parts)
        throw std::invalid_argument("'" + std::string(origin) +
                                    "' is no origin: write scheme, host and port alone, \"https://admin.example.org\"");
    return std::string(parts->scheme) + "://" + ascii::lowered(plain(parts->authority, parts->scheme));
}

} // namespace hxx
