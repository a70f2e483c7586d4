#include "hxx/http/authority.hpp"

#include "hxx/base/ascii.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace hxx::http {
namespace {

// unreserved and sub-delims of RFC 3986
constexpr auto name_chars = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 128; ++c) table[static_cast<std::size_t>(c)] = ascii::is_alnum(static_cast<char>(c));
    for (char const c : std::string_view("-._~!$&'()*+,;=")) table[static_cast<unsigned char>(c)] = true;
    return table;
}();
constexpr bool is_name_char(char c) noexcept { return name_chars[static_cast<unsigned char>(c)]; }

bool is_port(std::string_view text) noexcept {
    unsigned value = 0;
    for (char const c : text) {
        if (!ascii::is_digit(c)) return false;
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535) return false;
    }
    return true; // an empty port is legal: "host:"
}

bool is_registered_name(std::string_view name) noexcept {
    if (name.empty()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (is_name_char(name[i])) continue;
        if (name[i] != '%' || i + 2 >= name.size() || ascii::hex_digit(name[i + 1]) < 0 ||
            ascii::hex_digit(name[i + 2]) < 0)
            return false;
        i += 2;
    }
    return true;
}

bool is_ip_literal(std::string_view inside) noexcept {
    if (!inside.empty() && (inside[0] | 0x20) == 'v') { // IPvFuture
        auto const dot = inside.find('.');
        if (dot == std::string_view::npos || dot < 2 || dot + 1 == inside.size()) return false;
        return std::all_of(inside.begin() + 1, inside.begin() + static_cast<std::ptrdiff_t>(dot),
                           [](char c) { return ascii::hex_digit(c) >= 0; }) &&
               std::all_of(inside.begin() + static_cast<std::ptrdiff_t>(dot) + 1, inside.end(),
                           [](char c) { return c == ':' || is_name_char(c); });
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inside.size() >= text.size()) return false;
    std::copy(inside.begin(), inside.end(), text.begin());
    in6_addr address;
    return inet_pton(AF_INET6, text.data(), &address) == 1;
}

} // namespace

bool is_authority(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos || !is_ip_literal(text.substr(1, end - 1))) return false;
        auto const rest = text.substr(end + 1);
        return rest.empty() || (rest[0] == ':' && is_port(rest.substr(1)));
    }
    auto const colon = text.find(':');
    if (colon == std::string_view::npos) return is_registered_name(text);
    return is_registered_name(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

} // namespace hxx::http
