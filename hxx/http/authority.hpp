// The host and port of a Host field or of an absolute-form target (RFC 3986 section 3.2.2, RFC 9110 section 7.2).
#pragma once

#include <string_view>

namespace hxx::http {

/// True for `host` or `host:port`: a registered name (percent-encoding allowed), an IPv4 address or an IP literal in
/// brackets, not empty; a port of digits up to 65535. User information is refused (RFC 9110 4.2.4).
[[nodiscard]] bool is_authority(std::string_view text) noexcept;

} // namespace hxx::http
