#include "hxx/client/redirect.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/client/error.hpp"
#include "hxx/http/url.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace hxx::http {
namespace {

// What says how to answer, and nothing about who asks. Authorization, Cookie and Host are not among them, nor is what a
// service calls its keys (X-Api-Key …).
constexpr std::array<std::string_view, 10> for_any_origin = {
    "Accept",           "Accept-Language", "Accept-Encoding", "User-Agent",        "Content-Type",
    "Content-Language", "Range",           "If-None-Match",   "If-Modified-Since", "Cache-Control"};

bool is_redirect(int status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool becomes_get(std::string_view method, int status) noexcept {
    if (status == 303) return method != "GET" && method != "HEAD";
    return (status == 301 || status == 302) && method == "POST";
}

std::string target_of(ClientRequest const& request, std::string_view location) {
    auto url = resolve_url(request.url(), to_uri(location));
    if (!url)
        throw ClientError(ClientErrorKind::InvalidUrl, request.url(),
                          "is redirected to '" + redacted_url(location) + "', which is no http or https URL");
    return *std::move(url);
}

Headers headers_for(ClientRequest const& request, std::string_view target, bool keeps_body) {
    auto const here = split_url(request.url()), there = split_url(target);
    bool const same = here && there && same_origin(*here, *there);
    Headers headers;
    for (auto const [name, value] : request.headers()) {
        bool const known = std::any_of(for_any_origin.begin(), for_any_origin.end(),
                                       [name](std::string_view other) { return ascii::iequals(name, other); });
        if (!same && !known) continue;
        if (!keeps_body && ascii::istarts_with(name, "Content-")) continue;
        headers.add_unchecked(name, value);
    }
    return headers;
}

} // namespace

std::optional<ClientRequest> redirected(ClientRequest const& request, Reply const& reply) {
    auto const location = reply.header("Location");
    if (!is_redirect(reply.status()) || !location) return std::nullopt;
    bool const get = becomes_get(request.method(), reply.status());
    auto url = target_of(request, *location);
    auto headers = headers_for(request, url, !get);
    return ClientRequest(get ? "GET" : request.method(), std::move(url), std::move(headers),
                         get ? std::string() : request.body());
}

} // namespace hxx::http
