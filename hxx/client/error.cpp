#include "hxx/client/error.hpp"

#include <algorithm>
#include <array>

namespace hxx::http {
namespace {

constexpr std::array<std::string_view, 11> kind_names = {
    "timeout",         "connect",  "resolve",     "tls",           "too large", "too many redirects",
    "refused address", "protocol", "invalid URL", "invalid reply", "status"};

// What an error shows of a URL that may be anything.
constexpr std::size_t shown = 200;

} // namespace

std::string_view to_string(ClientErrorKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::string redacted_url(std::string_view url) {
    auto const end = std::min(url.find_first_of("?#"), url.size());
    std::string text(url.substr(0, std::min(end, shown)));
    if (end > shown) text += "…";
    if (end < url.size() && url[end] == '?') text += "?…";
    auto const scheme = text.find("://");
    auto const authority = scheme == std::string::npos ? 0 : scheme + 3;
    auto const authority_end = std::min(text.find_first_of("/\\?", authority), text.size());
    // The last "@" of the authority: a password may hold one.
    auto const at = text.substr(0, authority_end).rfind('@');
    if (at != std::string::npos && at >= authority) text.replace(authority, at - authority, "***");
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

ClientError::ClientError(ClientErrorKind kind, std::string_view url, std::string_view message, int status)
    : std::runtime_error(redacted_url(url).append(": ").append(message)),
      kind_(kind),
      status_(status),
      url_(redacted_url(url)) {}

} // namespace hxx::http
