// jwt::Key: what signs tokens and verifies them; from a secret, from PEM, from a JSON Web Key (RFC 7517).
//
//     auto const ours = jwt::Key::from_pem(read_file("private.pem"), "EdDSA", "2026-11");
//     auto const theirs = jwt::Key::from_jwk(R"({"kty":"EC","crv":"P-256","x":"…","y":"…","kid":"7"})");
//
// A key has one algorithm for its life: HS256, HS384, HS512 (a secret shared by who signs and who verifies), RS256,
// ES256 or EdDSA (Ed25519; the public half verifies). Whatever a token says, its signature is computed by that one and
// no other (RFC 8725 section 3.1). Every mistake in a key is std::invalid_argument when it is made, not when it is
// used.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hxx::jwt {

class KeyMaterial;

/// Cheap to copy: copies share what does not change. Safe from many threads.
class Key {
  public:
    /// From a secret of at least 32, 48 or 64 bytes (RFC 7518 section 3.2). `openssl rand -base64 32` makes one. A PEM
    /// text is refused. kid: a name by which a token says which key signed it; empty for none.
    [[nodiscard]] static Key hs256(std::string_view secret, std::string kid = {});
    [[nodiscard]] static Key hs384(std::string_view secret, std::string kid = {});
    [[nodiscard]] static Key hs512(std::string_view secret, std::string kid = {});

    /// From the text of a PEM file that holds a private key (it signs and verifies) or a public one (it verifies), for
    /// "RS256", "ES256" or "EdDSA". Refused: RSA of fewer than 2048 bits or more than 8192, EC on another curve than
    /// P-256, Ed25519 points outside the main subgroup, files with a passphrase, certificates, a private key that does
    /// not fit its public half.
    [[nodiscard]] static Key from_pem(std::string_view pem, std::string_view algorithm, std::string kid = {});

    /// From a JSON Web Key, public or private. Its algorithm is its "alg"; without one, `algorithm`; without that, the
    /// one that its kind has here (RSA: RS256, EC: ES256, OKP: EdDSA; a secret, "oct", has three, and must say). "use"
    /// other than "sig" is refused; "key_ops" is kept to (RFC 7517 section 4.3). Refused as from_pem() refuses.
    [[nodiscard]] static Key from_jwk(std::string_view json, std::string_view algorithm = {});

    [[nodiscard]] std::string_view algorithm() const noexcept;
    /// Empty for a key without one.
    [[nodiscard]] std::string const& kid() const noexcept { return kid_; }
    [[nodiscard]] Key with_kid(std::string kid) const;
    /// Is it a secret or a private key that may sign?
    [[nodiscard]] bool can_sign() const noexcept { return can_sign_; }
    /// Is it the key of a shared secret (HS256, HS384, HS512), which has no public half?
    [[nodiscard]] bool is_secret() const noexcept;

    /// The public half as a JSON Web Key, with "use", "alg" and, if there is one, "kid". Throws std::logic_error for a
    /// secret.
    [[nodiscard]] std::string public_jwk() const;
    /// The public half's name made of the key itself: SHA-256 over its members as RFC 7638 orders them, in Base64url;
    /// a good kid. Throws std::logic_error for a secret, whose thumbprint would help to guess it.
    [[nodiscard]] std::string thumbprint() const;

    /// The bytes of a signature (RFC 7515 section 5.1 step 5): of HMAC's size, RSA's modulus, or 64 bytes. ES256 gives
    /// another one each time. Throws std::logic_error if !can_sign().
    [[nodiscard]] std::string sign(std::string_view input) const;
    /// Was it signed by this key, or its private half? False for a signature of a wrong size, and for a key whose
    /// "key_ops" does not let it verify. Secrets are compared in constant time.
    [[nodiscard]] bool verify(std::string_view input, std::string_view signature) const;

  private:
    Key(std::shared_ptr<KeyMaterial const> material, std::string kid);

    std::shared_ptr<KeyMaterial const> material_;
    std::string kid_;
    bool can_sign_;
    bool can_verify_ = true;
};

} // namespace hxx::jwt
