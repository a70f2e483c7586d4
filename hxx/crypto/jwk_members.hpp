// The members of a JSON Web Key: RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2. For the sources of this
// room.
#pragma once

#include "hxx/crypto/key_material.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx::jwt {

struct JwkMembers {
    std::shared_ptr<KeyMaterial const> material;
    std::string kid;
    bool may_sign = true;
    bool may_verify = true;
};

/// It is a key, but for something that is not done here: another kind, curve or algorithm, or encryption. In a set it
/// is passed over (RFC 7517 section 5).
struct UnusableKey : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// Throws UnusableKey, and std::invalid_argument for what is wrong with the key itself.
[[nodiscard]] JwkMembers read_jwk(std::string_view json, std::string_view algorithm);

/// As Key::public_jwk() and Key::thumbprint() say.
[[nodiscard]] std::string write_public_jwk(KeyMaterial const& material, std::string const& kid);
[[nodiscard]] std::string jwk_thumbprint(KeyMaterial const& material);

} // namespace hxx::jwt
