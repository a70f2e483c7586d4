// A secret or an OpenSSL key, checked, and bound to the one algorithm that it is used with. For the sources of this
// room.
#pragma once

#include "hxx/crypto/algorithm.hpp"
#include "hxx/crypto/evp.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hxx::jwt {

/// Does not change once it is made; safe from many threads.
class KeyMaterial {
  public:
    /// Throws std::invalid_argument for a secret that is shorter than the algorithm's hash (RFC 7518 section 3.2), or
    /// that is a PEM text: a public key is no secret (RFC 8725 section 2.1).
    KeyMaterial(Algorithm algorithm, std::string_view secret);
    /// Throws std::invalid_argument unless the key is of the algorithm's kind and worth using: RSA of 2048 to 8192 bits
    /// with an odd exponent from 3 (RFC 7518 section 3.3), a point on P-256 by its name (section 3.4), a point of
    /// Ed25519's main subgroup. A private key must fit its public half: it signs once for a trial.
    KeyMaterial(Algorithm algorithm, evp::Pkey key, bool is_private);
    ~KeyMaterial();
    KeyMaterial(KeyMaterial const&) = delete;
    KeyMaterial& operator=(KeyMaterial const&) = delete;

    [[nodiscard]] Algorithm algorithm() const noexcept { return algorithm_; }
    [[nodiscard]] bool is_private() const noexcept { return is_private_; }
    /// Null for a secret.
    [[nodiscard]] EVP_PKEY* pkey() const noexcept { return key_.get(); }

    /// The signature's bytes as JWS wants them (RFC 7518 section 3, RFC 8037 section 3.1). Throws std::logic_error for
    /// a public key, std::runtime_error if OpenSSL cannot.
    [[nodiscard]] std::string sign(std::string_view input) const;
    /// False for a signature of a wrong size or form, too.
    [[nodiscard]] bool verify(std::string_view input, std::string_view signature) const;

  private:
    [[nodiscard]] std::string hmac(std::string_view input) const;

    Algorithm algorithm_;
    bool is_private_;
    std::string secret_;
    evp::Pkey key_;
};

} // namespace hxx::jwt
