#include "hxx/client/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace hxx::http {
namespace {

struct Ipv4Block {
    std::uint32_t first;
    int prefix;
};

constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24 | b << 16 | c << 8 | d; }

// https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.
constexpr std::array<Ipv4Block, 15> not_public_ipv4 = {{
    {ip(0, 0, 0, 0), 8},       // this network (RFC 791)
    {ip(10, 0, 0, 0), 8},      // private (RFC 1918)
    {ip(100, 64, 0, 0), 10},   // shared by a carrier's customers (RFC 6598)
    {ip(127, 0, 0, 0), 8},     // loopback (RFC 1122)
    {ip(169, 254, 0, 0), 16},  // link-local (RFC 3927)
    {ip(172, 16, 0, 0), 12},   // private
    {ip(192, 0, 0, 0), 24},    // protocol assignments (RFC 6890)
    {ip(192, 0, 2, 0), 24},    // documentation (RFC 5737)
    {ip(192, 88, 99, 0), 24},  // 6to4 relays (RFC 7526)
    {ip(192, 168, 0, 0), 16},  // private
    {ip(198, 18, 0, 0), 15},   // benchmarks (RFC 2544)
    {ip(198, 51, 100, 0), 24}, // documentation
    {ip(203, 0, 113, 0), 24},  // documentation
    {ip(224, 0, 0, 0), 4},     // multicast (RFC 1112)
    {ip(240, 0, 0, 0), 4},     // reserved (RFC 1112), broadcast
}};

struct Ipv6Block {
    std::array<std::uint8_t, 6> first; // the rest is 0
    int prefix;
};

// Within 2000::/3; https://www.iana.org/assignments/iana-ipv6-special-registry.
constexpr std::array<Ipv6Block, 3> not_public_ipv6 = {{
    {{0x20, 0x01, 0x00, 0x00, 0, 0}, 23}, // protocol assignments (RFC 2928), Teredo (RFC 4380) among them
    {{0x20, 0x01, 0x0d, 0xb8, 0, 0}, 32}, // documentation (RFC 3849)
    {{0x3f, 0xff, 0x00, 0x00, 0, 0}, 20}, // documentation (RFC 9637)
}};

bool begins_with(std::span<std::uint8_t const> address, std::span<std::uint8_t const> start, int bits) noexcept {
    auto const whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(start.begin(), start.begin() + bits / 8, address.begin())) return false;
    int const rest = bits % 8;
    return rest == 0 || (address[whole] ^ start[whole]) >> (8 - rest) == 0;
}

std::uint32_t ipv4_at(std::span<std::uint8_t const, 16> address, std::size_t at) noexcept {
    return ip(address[at], address[at + 1], address[at + 2], address[at + 3]);
}

} // namespace

bool is_public_ipv4(std::uint32_t address) noexcept {
    return std::none_of(not_public_ipv4.begin(), not_public_ipv4.end(), [address](Ipv4Block const& block) {
        return (address ^ block.first) >> (32 - block.prefix) == 0;
    });
}

bool is_public_ipv6(std::span<std::uint8_t const, 16> address) noexcept {
    static constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static constexpr std::array<std::uint8_t, 12> nat64 = {0x00, 0x64, 0xff, 0x9b};
    if (begins_with(address, mapped, 96) || begins_with(address, nat64, 96))
        return is_public_ipv4(ipv4_at(address, 12));
    static constexpr std::array<std::uint8_t, 2> six_to_four = {0x20, 0x02};
    if (begins_with(address, six_to_four, 16)) return is_public_ipv4(ipv4_at(address, 2));
    if (address[0] >> 5 != 1) return false; // 2000::/3
    return std::none_of(not_public_ipv6.begin(), not_public_ipv6.end(),
                        [address](Ipv6Block const& block) { return begins_with(address, block.first, block.prefix); });
}

bool is_public_address(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> name{};
    if (text.size() >= name.size() || text.find('\0') != std::string_view::npos) return false;
    std::copy(text.begin(), text.end(), name.begin());
    in_addr v4{};
    if (inet_pton(AF_INET, name.data(), &v4) == 1) return is_public_ipv4(ntohl(v4.s_addr));
    in6_addr v6{};
    return inet_pton(AF_INET6, name.data(), &v6) == 1 && is_public_ipv6(v6.s6_addr);
}

} // namespace hxx::http
