#include "hxx/crypto/algorithm.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace hxx::jwt {
namespace {

constexpr std::array<std::string_view, 6> names{"HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA"};

} // namespace

std::string_view name_of(Algorithm algorithm) noexcept { return names[static_cast<std::size_t>(algorithm)]; }

std::optional<Algorithm> algorithm_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Algorithm>(i);
    return std::nullopt;
}

Algorithm known_algorithm(std::string_view name) {
    if (auto const algorithm = algorithm_named(name)) return *algorithm;
    throw std::invalid_argument("jwt: there is no algorithm \"" + std::string(name) +
                                "\"; there are HS256, HS384, HS512, RS256, ES256 and EdDSA");
}

std::size_t hmac_size(Algorithm algorithm) noexcept {
    switch (algorithm) {
    case Algorithm::HS256: return 32;
    case Algorithm::HS384: return 48;
    case Algorithm::HS512: return 64;
    default: return 0;
    }
}

} // namespace hxx::jwt
