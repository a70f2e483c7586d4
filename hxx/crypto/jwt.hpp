// JSON Web Tokens (RFC 7519), signed (RFC 7515, compact), with the precautions of RFC 8725.
//
//     auto const keys = jwt::Keys::from(settings.secret);              // HS256; at least 32 bytes
//     std::string token = keys.sign(jwt::Claims().subject("ada").audience("users").expires_in(15min));
//
//     if (auto const verified = keys.verify(token, {.algorithms = {"HS256"}, .audience = "users"}))
//         greet(verified->sub);
//     else
//         log::info("token refused", {{"why", verified.failure().message}});
//
// A token is signed, not encrypted: whoever has it reads it. Whoever has it can use it until it expires.
#pragma once

#include "hxx/crypto/jwk.hpp"
#include "hxx/crypto/jwt_claims.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hxx::jwt {

/// A longer token is refused before anything of it is read, and is not made either.
inline constexpr std::size_t longest_token = 8192;

/// Why a token is refused. In this order: a later one is only found out where none before it holds.
enum class Reason : unsigned char {
    TooLarge,            // more than longest_token bytes
    Malformed,           // not three parts of strict Base64url
    BadHeader,           // no JSON object, a name twice, a member of a wrong type, or b64, zip, enc
    UnsupportedCritical, // "crit": an extension that must be understood, and none is
    UnknownAlgorithm,    // "none" in any spelling, and all others that are not done here
    AlgorithmNotAllowed, // not in VerifyOptions::algorithms
    WrongType,           // "typ" is not "JWT", or not what was asked for
    KeyNotFound,         // no key of that algorithm, or none of that algorithm and "kid"
    BadSignature,
    BadPayload,   // signed by us, but no JSON object, or with a name twice
    BadClaim,     // a registered claim of a wrong type, or a time that is none
    MissingClaim, // one of VerifyOptions::required, or "aud" or "iss" where one is asked for
    WrongIssuer,
    WrongAudience, // another; or any at all, where VerifyOptions names none
    Expired,
    NotYetValid,
    IssuedInFuture,
};

/// The enumerator's name: "BadSignature".
[[nodiscard]] std::string_view name_of(Reason reason) noexcept;

struct Failure {
    Reason reason;
    std::string message; // for a log; nothing of it is for whoever sent the token
};

/// The claims of a token that was verified, or why it is refused.
class Verified {
  public:
    Verified(Claims claims);
    Verified(Failure failure);

    explicit operator bool() const noexcept { return std::holds_alternative<Claims>(result_); }
    /// Throw std::logic_error for a token that was refused.
    [[nodiscard]] Claims const& operator*() const { return claims(); }
    [[nodiscard]] Claims const* operator->() const { return &claims(); }
    [[nodiscard]] Claims const& claims() const;
    /// Throws std::logic_error for a token that was not refused.
    [[nodiscard]] Failure const& failure() const;

  private:
    std::variant<Claims, Failure> result_;
};

/// What a token must be. Mistakes in it are the program's: verify() throws std::invalid_argument for them.
struct VerifyOptions {
    /// Those that are taken: "HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA". Required (RFC 8725 section 3.1).
    std::vector<std::string> algorithms = {};
    /// Must be among the token's "aud". If it is not given, a token that has an "aud" is not for us (RFC 7519 section
    /// 4.1.3).
    std::optional<std::string> audience = {};
    /// Must be the token's "iss".
    std::optional<std::string> issuer = {};
    /// Claims that must be there.
    std::vector<std::string> required = {"exp"};
    /// The header's "typ", such as "at+jwt" (RFC 8725 section 3.11). If it is not given, "JWT" or none at all.
    std::optional<std::string> type = {};
    /// How far clocks may differ: 0 to 5 minutes.
    std::chrono::seconds leeway{30};
    /// The time; the system's if it is not given.
    std::optional<std::chrono::sys_seconds> now = {};
};

/// The keys of an application: the first one signs, all of them verify, so that a key can be replaced while its tokens
/// are still out. Does not change once it is made; safe from many threads.
class Keys {
  public:
    /// Throws std::invalid_argument for no key, more than 100, or two with the same kid.
    explicit Keys(std::vector<Key> keys);
    explicit Keys(Key current, std::vector<Key> former = {});
    /// One HS256 key without a kid.
    [[nodiscard]] static Keys from(std::string_view secret);
    /// From a JSON Web Key Set (RFC 7517 section 5), such as an identity provider publishes. Keys for something that is
    /// not done here (other kinds, curves, algorithms, encryption) are passed over. Throws std::invalid_argument for a
    /// key that is wrong in itself, and if no key is left.
    [[nodiscard]] static Keys from_jwks(std::string_view json);

    /// The token, signed by the first key, with "typ" (JWT), "alg" and, if the key has one, "kid". Throws
    /// std::logic_error if that key may not sign; std::invalid_argument for claims that are not UTF-8;
    /// std::length_error for a token that would be longer than longest_token.
    [[nodiscard]] std::string sign(Claims const& claims, std::string_view type = "JWT") const;

    /// A token with a "kid" is verified by the key of that kid and the token's algorithm, one without by each key of
    /// its algorithm. "jku", "x5u", "jwk", "x5c" in a header are not looked at: a token does not bring its own key. No
    /// token makes it throw.
    [[nodiscard]] Verified verify(std::string_view token, VerifyOptions const& options) const;

    [[nodiscard]] std::vector<Key> const& all() const noexcept { return keys_; }
    /// The public halves as a JSON Web Key Set, for who verifies. Secrets are left out.
    [[nodiscard]] std::string public_jwks() const;

  private:
    std::vector<Key> keys_;
};

} // namespace hxx::jwt
