// The signature algorithms of hxx::jwt, a closed list (RFC 7518 section 3.1, RFC 8037 section 3.1). "none" is no
// member.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace hxx::jwt {

enum class Algorithm : unsigned char { HS256, HS384, HS512, RS256, ES256, EdDSA };

[[nodiscard]] std::string_view name_of(Algorithm algorithm) noexcept;
/// Case counts (RFC 7515 section 4.1.1). Nothing for any other name.
[[nodiscard]] std::optional<Algorithm> algorithm_named(std::string_view name) noexcept;
/// Throws std::invalid_argument, with the names that there are, for any other name.
[[nodiscard]] Algorithm known_algorithm(std::string_view name);

/// The size of the hash of HS256, HS384 and HS512 in bytes, which is also the least that their secrets have (RFC 7518
/// section 3.2); 0 for the algorithms of public keys.
[[nodiscard]] std::size_t hmac_size(Algorithm algorithm) noexcept;

} // namespace hxx::jwt
