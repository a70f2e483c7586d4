#include "hxx/crypto/jwk.hpp"

#include "hxx/crypto/jwk_members.hpp"
#include "hxx/crypto/key_material.hpp"

#include <openssl/pem.h>

#include <stdexcept>
#include <utility>

namespace hxx::jwt {
namespace {

constexpr std::size_t longest_key = 64 * 1024; // of a text that holds one

void check_size(std::string_view text) {
    if (text.size() > longest_key)
        throw std::invalid_argument("jwt: a key in a text of " + std::to_string(text.size()) + " bytes; at most " +
                                    std::to_string(longest_key) + " are read");
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

} // namespace

Key::Key(std::shared_ptr<KeyMaterial const> material, std::string kid)
    : material_(std::move(material)), kid_(std::move(kid)), can_sign_(material_->is_private()) {}

Key Key::hs256(std::string_view secret, std::string kid) {
    return {std::make_shared<KeyMaterial const>(Algorithm::HS256, secret), std::move(kid)};
}
Key Key::hs384(std::string_view secret, std::string kid) {
    return {std::make_shared<KeyMaterial const>(Algorithm::HS384, secret), std::move(kid)};
}
Key Key::hs512(std::string_view secret, std::string kid) {
    return {std::make_shared<KeyMaterial const>(Algorithm::HS512, secret), std::move(kid)};
}

Key Key::from_pem(std::string_view pem, std::string_view algorithm, std::string kid) {
    auto const known = known_algorithm(algorithm);
    check_size(pem);
    bool const is_private = pem.find("PRIVATE KEY-----") != std::string_view::npos;
    if (!is_private && pem.find("PUBLIC KEY-----") == std::string_view::npos)
        throw std::invalid_argument("jwt: the text holds no key in PEM (-----BEGIN PUBLIC KEY-----). "
                                    "`openssl x509 -pubkey -noout` takes the key out of a certificate");
    evp::Errors const errors;
    evp::Bio const source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!source) throw std::bad_alloc();
    auto const read = is_private ? PEM_read_bio_PrivateKey : PEM_read_bio_PUBKEY;
    evp::Pkey key(read(source.get(), nullptr, no_passphrase, nullptr));
    return {std::make_shared<KeyMaterial const>(known, std::move(key), is_private), std::move(kid)};
}

Key Key::from_jwk(std::string_view json, std::string_view algorithm) {
    check_size(json);
    auto members = read_jwk(json, algorithm);
    Key key(std::move(members.material), std::move(members.kid));
    key.can_sign_ = key.can_sign_ && members.may_sign;
    key.can_verify_ = members.may_verify;
    return key;
}

std::string_view Key::algorithm() const noexcept { return name_of(material_->algorithm()); }

Key Key::with_kid(std::string kid) const {
    Key copy = *this;
    copy.kid_ = std::move(kid);
    return copy;
}

bool Key::is_secret() const noexcept { return material_->pkey() == nullptr; }

std::string Key::public_jwk() const { return write_public_jwk(*material_, kid_); }
std::string Key::thumbprint() const { return jwk_thumbprint(*material_); }

std::string Key::sign(std::string_view input) const {
    if (!can_sign_)
        throw std::logic_error("jwt: the key \"" + kid_ + "\" may not sign: it is public, or its key_ops say so");
    return material_->sign(input);
}

bool Key::verify(std::string_view input, std::string_view signature) const {
    return can_verify_ && material_->verify(input, signature);
}

} // namespace hxx::jwt
