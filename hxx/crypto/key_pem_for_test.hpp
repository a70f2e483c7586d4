// For tests: keys of any kind, good and bad, as PEM.
#pragma once

#include "hxx/crypto/evp.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <string>

namespace hxx::jwt {

inline evp::Pkey generated(EVP_PKEY* key) {
    if (!key) throw std::runtime_error("no key: " + evp::Errors::reason());
    return evp::Pkey(key);
}
inline evp::Pkey generate_rsa(unsigned bits) { return generated(EVP_RSA_gen(bits)); }
inline evp::Pkey generate_ec(char const* curve) { return generated(EVP_EC_gen(curve)); }
inline evp::Pkey generate_ed25519() { return generated(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

/// The same key, which names its curve's parameters in place of the curve.
inline evp::Pkey with_explicit_curve(EVP_PKEY& key) {
    auto copy = generated(EVP_PKEY_dup(&key));
    EVP_PKEY_set_utf8_string_param(copy.get(), OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_EXPLICIT);
    return copy;
}

inline std::string content_of(evp::Bio const& bio) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

inline std::string public_pem(EVP_PKEY const& key) {
    evp::Bio const bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), &key);
    return content_of(bio);
}

inline std::string private_pem(EVP_PKEY const& key, std::string const& passphrase = {}) {
    evp::Bio const bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(), passphrase.data(),
                                  static_cast<int>(passphrase.size()), nullptr, nullptr);
    return content_of(bio);
}

} // namespace hxx::jwt
