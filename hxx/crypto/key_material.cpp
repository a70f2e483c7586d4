#include "hxx/crypto/key_material.hpp"

#include "hxx/crypto/signer.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <sodium/crypto_core_ed25519.h>

#include <array>
#include <limits>
#include <stdexcept>

namespace hxx::jwt {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192; // a larger one costs whoever verifies more than it is worth
constexpr std::size_t coordinate_size = 32;
constexpr std::size_t ed25519_size = 32;

[[noreturn]] void refuse(std::string const& why) { throw std::invalid_argument("jwt: " + why); }

EVP_MD const* digest_of(Algorithm algorithm) {
    switch (algorithm) {
    case Algorithm::HS384: return EVP_sha384();
    case Algorithm::HS512: return EVP_sha512();
    case Algorithm::EdDSA: return nullptr; // Ed25519 hashes by itself
    default: return EVP_sha256();
    }
}

void check_rsa(EVP_PKEY* key) {
    // Not EVP_PKEY_RSA_PSS, whose keys are for another algorithm.
    if (EVP_PKEY_is_a(key, "RSA") != 1) refuse("RS256 needs an RSA key, and this is none");
    int const bits = EVP_PKEY_get_bits(key);
    if (bits < least_rsa_bits || bits > most_rsa_bits)
        refuse("an RSA key of " + std::to_string(bits) + " bits is refused; it needs " +
               std::to_string(least_rsa_bits) + " to " + std::to_string(most_rsa_bits) + " (RFC 7518 section 3.3)");
    BIGNUM* exponent_read = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent_read);
    evp::Number const exponent(exponent_read);
    if (!exponent || BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) || BN_num_bits(exponent.get()) > 64)
        refuse("the RSA key's public exponent is not odd, or not between 3 and 2^64");
}

void check_ec(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "EC") != 1) refuse("ES256 needs an EC key, and this is none");
    std::array<char, 64> group{};
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1 ||
        std::string_view(group.data(), size) != SN_X9_62_prime256v1)
        refuse("ES256 needs a key on the curve P-256 (RFC 7518 section 3.4), and this one is on another");
    // Parameters written out instead of a name can differ from the curve that they resemble (CVE-2020-0601).
    int is_explicit = 0;
    if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) == 1 &&
        is_explicit != 0)
        refuse("the EC key has its curve's parameters written out; only the curve's name is taken");
}

void check_ed25519(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") != 1) refuse("EdDSA needs an Ed25519 key, and this is none");
    std::array<unsigned char, ed25519_size> point{};
    std::size_t size = point.size();
    // OpenSSL would take a point of small order, under which signatures can be made without a private key.
    if (EVP_PKEY_get_raw_public_key(key, point.data(), &size) != 1 || size != point.size() ||
        crypto_core_ed25519_is_valid_point(point.data()) != 1)
        refuse("the Ed25519 key is no point of the curve's main subgroup");
}

void check_public(EVP_PKEY* key) {
    evp::PkeyContext const context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || EVP_PKEY_public_check(context.get()) != 1)
        refuse("the public key is not sound: " + evp::Errors::reason());
}

// OpenSSL's signatures are DER; those of JWS are r and s in 32 bytes each (RFC 7518 section 3.4).
std::string ecdsa_from_der(std::string_view der) {
    auto const* at = evp::bytes_of(der);
    evp::EcdsaSignature const parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::string result(2 * coordinate_size, '\0');
    auto* out = evp::bytes_of(result);
    constexpr int size = coordinate_size;
    if (!parsed || BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, size) != size ||
        BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + coordinate_size, size) != size)
        throw std::runtime_error("jwt: OpenSSL made a signature that is none");
    return result;
}

// Empty if the signature cannot be one. That r and s are from 1 to n - 1, OpenSSL sees to when it verifies.
std::string ecdsa_to_der(std::string_view signature) {
    if (signature.size() != 2 * coordinate_size) return {};
    constexpr int size = coordinate_size;
    evp::Number r(BN_bin2bn(evp::bytes_of(signature), size, nullptr));
    evp::Number s(BN_bin2bn(evp::bytes_of(signature) + coordinate_size, size, nullptr));
    evp::EcdsaSignature const made(ECDSA_SIG_new());
    // They belong to the signature from here on; this fails for null alone.
    if (!r || !s || !made || ECDSA_SIG_set0(made.get(), r.release(), s.release()) != 1) return {};
    int const needed = i2d_ECDSA_SIG(made.get(), nullptr);
    if (needed <= 0) return {};
    std::string der(static_cast<std::size_t>(needed), '\0');
    auto* out = evp::bytes_of(der);
    i2d_ECDSA_SIG(made.get(), &out);
    return der;
}

} // namespace

KeyMaterial::KeyMaterial(Algorithm algorithm, std::string_view secret)
    : algorithm_(algorithm), is_private_(true), secret_(secret) {
    auto const least = hmac_size(algorithm);
    if (least == 0) refuse(std::string(name_of(algorithm)) + " takes no secret, but a key: Key::from_pem or from_jwk");
    if (secret.size() < least)
        refuse("a secret of " + std::to_string(secret.size()) + " bytes can be guessed; " +
               std::string(name_of(algorithm)) + " needs " + std::to_string(least) +
               " (RFC 7518 section 3.2). `openssl rand -base64 " + std::to_string(least) + "` makes one");
    if (secret.size() > std::numeric_limits<int>::max()) refuse("a secret of gigabytes");
    if (secret.find("-----BEGIN") != std::string_view::npos)
        refuse("the secret is a PEM text, which is a key: Key::from_pem takes it");
}

KeyMaterial::KeyMaterial(Algorithm algorithm, evp::Pkey key, bool is_private)
    : algorithm_(algorithm), is_private_(is_private), key_(std::move(key)) {
    evp::Errors const errors;
    if (!key_) refuse("the key cannot be read: " + evp::Errors::reason());
    switch (algorithm) {
    case Algorithm::RS256: check_rsa(key_.get()); break;
    case Algorithm::ES256: check_ec(key_.get()); break;
    case Algorithm::EdDSA: check_ed25519(key_.get()); break;
    default: refuse(std::string(name_of(algorithm)) + " takes a secret, and no key that has a public half");
    }
    check_public(key_.get());
    if (!is_private_) return;
    constexpr std::string_view trial = "hxx";
    bool fits = false;
    try {
        fits = verify(trial, sign(trial));
    } catch (std::runtime_error const&) {
    } // it cannot even sign
    if (!fits) refuse("the private key does not fit its public half");
}

KeyMaterial::~KeyMaterial() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

std::string KeyMaterial::hmac(std::string_view input) const {
    std::string mac(hmac_size(algorithm_), '\0');
    unsigned size = 0;
    if (!HMAC(digest_of(algorithm_), secret_.data(), static_cast<int>(secret_.size()), evp::bytes_of(input),
              input.size(), evp::bytes_of(mac), &size) ||
        size != mac.size())
        throw std::runtime_error("jwt: OpenSSL cannot compute an HMAC: " + evp::Errors::reason());
    return mac;
}

std::string KeyMaterial::sign(std::string_view input) const {
    if (!is_private_) throw std::logic_error("jwt: a public key cannot sign");
    evp::Errors const errors;
    if (!key_) return hmac(input);
    evp::DigestContext const context(EVP_MD_CTX_new());
    auto const* text = evp::bytes_of(input);
    std::size_t size = 0;
    bool done = context &&
                EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &size, text, input.size()) == 1;
    std::string signature(size, '\0');
    done = done && EVP_DigestSign(context.get(), evp::bytes_of(signature), &size, text, input.size()) == 1;
    if (!done) throw std::runtime_error("jwt: OpenSSL cannot sign: " + evp::Errors::reason());
    signature.resize(size);
    return algorithm_ == Algorithm::ES256 ? ecdsa_from_der(signature) : signature;
}

bool KeyMaterial::verify(std::string_view input, std::string_view signature) const {
    evp::Errors const errors;
    if (!key_) return equal_in_constant_time(signature, hmac(input));
    std::string der;
    if (algorithm_ == Algorithm::ES256) {
        der = ecdsa_to_der(signature);
        signature = der;
        if (der.empty()) return false;
    } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))) {
        return false; // the size of RSA's modulus (RFC 8017 section 8.2.2), or the 64 bytes of Ed25519
    }
    evp::DigestContext const context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), evp::bytes_of(signature), signature.size(), evp::bytes_of(input),
                            input.size()) == 1;
}

} // namespace hxx::jwt
