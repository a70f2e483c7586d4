// Which IP addresses are public: those of the Internet at large, by IANA's special-purpose registries (RFC 6890). What
// a server fetches on a stranger's word must not lead into its own network.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hxx::http {

/// False for this host and network (0/8, 127/8), private (10/8, 172.16/12, 192.168/16), carrier-grade NAT (100.64/10),
/// link-local (169.254/16, where clouds keep credentials), protocol assignments, documentation, benchmarks, 6to4
/// relays, multicast, reserved and broadcast addresses. The address in the host's byte order: 0x7F000001.
[[nodiscard]] bool is_public_ipv4(std::uint32_t address) noexcept;

/// False for everything that is not global unicast (2000::/3): loopback, unspecified, unique local (RFC 4193),
/// link-local, site-local, multicast; and within it for documentation, Teredo and protocol assignments. An address that
/// holds an IPv4 address (mapped ::ffff:0:0/96, NAT64 64:ff9b::/96, 6to4 2002::/16) is as public as that one.
[[nodiscard]] bool is_public_ipv6(std::span<std::uint8_t const, 16> address) noexcept;

/// The same for an address as text, "192.0.2.1" or "2001:db8::1" (without brackets and zone). False for what is none.
[[nodiscard]] bool is_public_address(std::string_view text) noexcept;

} // namespace hxx::http
