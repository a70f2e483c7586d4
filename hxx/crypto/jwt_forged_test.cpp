// Tokens that must be refused, and why each is.
#include "hxx/crypto/jwt.hpp"

#include "hxx/crypto/jwt_for_test.hpp"

#include <gtest/gtest.h>

namespace hxx::jwt {
namespace {

std::string const secret = "a secret of more than 32 bytes, for tests";
std::string const good_payload = R"({"sub":"ada","aud":"users","iss":"us","exp":1800000600})";
VerifyOptions const options{
    .algorithms = {"HS256", "RS256", "ES256", "EdDSA"}, .audience = "users", .issuer = "us", .now = test_now};

Key const& hs() {
    static Key const key = Key::hs256(secret, "hs");
    return key;
}
Key const& rs() {
    static Key const key = Key::from_jwk(rfc_rsa_jwk).with_kid("rs");
    return key;
}
Key const& es() {
    static Key const key = Key::from_jwk(rfc_ec_jwk).with_kid("es");
    return key;
}
Key const& ed() {
    static Key const key = Key::from_jwk(rfc_ed25519_jwk).with_kid("ed");
    return key;
}
Keys const& all_keys() {
    static Keys const keys({hs(), rs(), es(), ed()});
    return keys;
}

struct Forged {
    char const* name;
    Reason reason;
    std::string token;
};

/// A good payload under that header, signed with HS256.
std::string with_header(std::string_view header) { return forge(hs(), header, good_payload); }
std::string with_payload(std::string_view payload) { return forge(hs(), R"({"alg":"HS256"})", payload); }
/// A good payload with members added.
std::string with_claims(std::string const& members) {
    return with_payload(good_payload.substr(0, good_payload.size() - 1) + "," + members + "}");
}
/// The claims that are asked for, with that exp.
std::string with_exp(std::string const& exp) { return with_payload(R"({"aud":"users","iss":"us","exp":)" + exp + "}"); }
/// A good head and payload of that algorithm, and that signature.
std::string with_signature(std::string_view algorithm, std::string_view signature) {
    return to_base64url(R"({"alg":")" + std::string(algorithm) + R"("})") + "." + to_base64url(good_payload) + "." +
           to_base64url(signature);
}
std::string unsigned_token(std::string_view algorithm) { return with_signature(algorithm, ""); }

std::string ec_signature(std::string_view r, std::string_view s) {
    auto const bytes = [](std::string_view hex) {
        return *from_hex(std::string(64 - hex.size(), '0') + std::string(hex));
    };
    return bytes(r) + bytes(s);
}
std::string const order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"; // P-256's n

std::string good_token(Key const& key) {
    return forge(key, R"({"alg":")" + std::string(key.algorithm()) + R"("})", good_payload);
}
std::string signature_of(Key const& key) {
    auto const token = good_token(key);
    return *from_base64url(token.substr(token.rfind('.') + 1));
}
std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }
std::string replaced(std::string text, std::string_view old, std::string_view with) {
    return text.replace(text.find(old), old.size(), with);
}

void refuse_all(std::vector<Forged> const& table) {
    for (auto const& [name, reason, token] : table) {
        auto const verified = all_keys().verify(token, options);
        if (verified)
            ADD_FAILURE() << name << " was taken";
        else
            EXPECT_EQ(name_of(verified.failure().reason), name_of(reason))
                << name << ": " << verified.failure().message;
    }
}

TEST(ForgedJwt, TheirPatternIsGood) {
    for (auto const& key : all_keys().all()) EXPECT_TRUE(all_keys().verify(good_token(key), options));
    EXPECT_TRUE(all_keys().verify(with_claims(R"("a":[1,{"b":null}])"), options));
    EXPECT_TRUE(all_keys().verify(with_exp("1800000000.5"), options));
}

TEST(ForgedJwt, Shape) {
    auto const good = good_token(hs());
    auto const last = good.rfind('.');
    auto const other_last = [&](char to) { return good.substr(0, good.size() - 1) + to; };
    std::string stray; // the last character stands for four bits and two that must be zero
    for (char const c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
        if (c == good.back()) stray = other_last(static_cast<char>(c == '9' ? '-' : c + 1));
    refuse_all({
        {"nothing", Reason::Malformed, ""},
        {"one part", Reason::Malformed, "abc"},
        {"two parts", Reason::Malformed, good.substr(0, last)},
        {"two points alone", Reason::BadHeader, ".."},
        {"four parts", Reason::Malformed, good + ".AAAA"},
        {"five parts, as JWE has", Reason::Malformed, good + ".AAAA.AAAA"},
        {"a point at the end", Reason::Malformed, good + "."},
        {"a point in front", Reason::Malformed, "." + good},
        {"padding", Reason::Malformed, good + "="},
        {"padding in the header", Reason::Malformed, replaced(good, ".", "=.")},
        {"a line feed at the end", Reason::Malformed, good + "\n"},
        {"a space in front", Reason::Malformed, " " + good},
        {"a space inside", Reason::Malformed, replaced(good, ".", ". ")},
        {"a NUL at the end", Reason::Malformed, good + std::string(1, '\0')},
        {"the other alphabet", Reason::Malformed, good.substr(0, last + 1) + "+/" + good.substr(last + 3)},
        {"bits left over", Reason::Malformed, stray},
        {"a character too few", Reason::Malformed, good.substr(0, good.size() - 2)},
        {"Bearer in front", Reason::Malformed, "Bearer " + good},
        {"not ASCII", Reason::Malformed, "\xc3\xa4" + good},
        {"too large", Reason::TooLarge, good + std::string(longest_token, 'A')},
        {"too large, points only", Reason::TooLarge, std::string(100'000, '.')},
        {"too large, well signed", Reason::TooLarge, with_claims(R"("a":")" + std::string(9000, 'a') + R"(")")},
    });
}

TEST(ForgedJwt, Header) {
    refuse_all({
        {"no JSON", Reason::BadHeader, with_header("alg=HS256")},
        {"empty", Reason::BadHeader, with_header("")},
        {"a list", Reason::BadHeader, with_header(R"(["HS256"])")},
        {"a text", Reason::BadHeader, with_header(R"("HS256")")},
        {"no alg", Reason::BadHeader, with_header("{}")},
        {"alg null", Reason::BadHeader, with_header(R"({"alg":null})")},
        {"alg a list", Reason::BadHeader, with_header(R"({"alg":["HS256"]})")},
        {"alg twice", Reason::BadHeader, with_header(R"({"alg":"none","alg":"HS256"})")},
        {"alg twice, once escaped", Reason::BadHeader, with_header(R"({"alg":"HS256","\u0061lg":"none"})")},
        {"not UTF-8", Reason::BadHeader, with_header("{\"alg\":\"HS256\",\"a\":\"\xff\"}")},
        {"half a surrogate pair", Reason::BadHeader, with_header(R"({"alg":"HS256","a":"\ud800"})")},
        {"a byte order mark", Reason::BadHeader, with_header("\xef\xbb\xbf{\"alg\":\"HS256\"}")},
        {"something after it", Reason::BadHeader, with_header(R"({"alg":"HS256"}{})")},
        {"a comma too many", Reason::BadHeader, with_header(R"({"alg":"HS256",})")},
        {"a comment", Reason::BadHeader, with_header(R"({"alg":"HS256"/**/})")},
        {"deep", Reason::BadHeader, with_header(R"({"alg":"HS256","a":)" + nested(1000) + "}")},
        {"crit", Reason::UnsupportedCritical, with_header(R"({"alg":"HS256","crit":["exp"],"exp":1})")},
        {"crit empty", Reason::UnsupportedCritical, with_header(R"({"alg":"HS256","crit":[]})")},
        {"crit null", Reason::UnsupportedCritical, with_header(R"({"alg":"HS256","crit":null})")},
        {"b64 with crit", Reason::BadHeader, with_header(R"({"alg":"HS256","b64":false,"crit":["b64"]})")},
        {"b64", Reason::BadHeader, with_header(R"({"alg":"HS256","b64":false})")},
        {"zip", Reason::BadHeader, with_header(R"({"alg":"HS256","zip":"DEF"})")},
        {"enc", Reason::BadHeader, with_header(R"({"alg":"HS256","enc":"A128GCM"})")},
        {"typ of another kind", Reason::WrongType, with_header(R"({"alg":"HS256","typ":"at+jwt"})")},
        {"typ a number", Reason::BadHeader, with_header(R"({"alg":"HS256","typ":1})")},
        {"kid a number", Reason::BadHeader, with_header(R"({"alg":"HS256","kid":1})")},
    });
}

TEST(ForgedJwt, Algorithm) {
    // RFC 8725 section 2.1: the public key, which everybody knows, as HMAC's secret. What an attacker signs with:
    auto const as_secret = Key::hs256(rs().public_jwk());
    refuse_all({
        {"none", Reason::UnknownAlgorithm, unsigned_token("none")},
        {"nOnE", Reason::UnknownAlgorithm, unsigned_token("nOnE")},
        {"NONE", Reason::UnknownAlgorithm, unsigned_token("NONE")},
        {"None with a signature", Reason::UnknownAlgorithm, with_header(R"({"alg":"None"})")},
        {"no name", Reason::UnknownAlgorithm, unsigned_token("")},
        {"hs256", Reason::UnknownAlgorithm, with_header(R"({"alg":"hs256"})")},
        {"a space after it", Reason::UnknownAlgorithm, with_header(R"({"alg":"HS256 "})")},
        {"a NUL after it", Reason::UnknownAlgorithm, with_header(R"({"alg":"HS256\u0000"})")},
        {"PS256", Reason::UnknownAlgorithm, with_header(R"({"alg":"PS256"})")},
        {"RFC 7515 appendix A.4, ES512", Reason::UnknownAlgorithm,
         "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB"
         "34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"},
        {"RFC 7515 appendix A.5, none", Reason::UnknownAlgorithm,
         "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
         "cnVlfQ."},
        {"not allowed", Reason::AlgorithmNotAllowed, with_header(R"({"alg":"HS512"})")},
        {"HS256 with the public key", Reason::BadSignature, forge(as_secret, R"({"alg":"HS256"})", good_payload)},
        {"HS256 with the public key, its kid", Reason::KeyNotFound,
         forge(as_secret, R"({"alg":"HS256","kid":"rs"})", good_payload)},
        {"RS256 over HMAC's bytes", Reason::BadSignature, with_header(R"({"alg":"RS256"})")},
        {"another header over the same signature", Reason::BadSignature, with_signature("HS256", signature_of(ed()))},
        {"HS384's bytes for HS256", Reason::BadSignature,
         forge(Key::hs384(std::string(48, 'k')), R"({"alg":"HS256"})", good_payload)},
    });
    auto const with_rsa = Keys(rs()).verify(forge(as_secret, R"({"alg":"HS256"})", good_payload), options);
    ASSERT_FALSE(with_rsa);
    EXPECT_EQ(with_rsa.failure().reason, Reason::KeyNotFound);
}

TEST(ForgedJwt, Key) {
    auto const attacker = Key::hs256("the attacker's own secret of 32 bytes and more");
    auto const ec = Key::from_jwk(rfc_ec_jwk).public_jwk();
    refuse_all({
        {"kid unknown", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":"?"})")},
        {"kid empty", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":""})")},
        {"kid a path", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":"../../../../dev/null"})")},
        {"kid SQL", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":"x' union select 'key"})")},
        {"kid of another key", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":"es"})")},
        {"kid in other case", Reason::KeyNotFound, with_header(R"({"alg":"HS256","kid":"HS"})")},
        {"another secret", Reason::BadSignature, forge(attacker, R"({"alg":"HS256"})", good_payload)},
        {"jku", Reason::BadSignature,
         forge(attacker, R"({"alg":"HS256","jku":"https://evil.example/k"})", good_payload)},
        {"x5u", Reason::BadSignature,
         forge(attacker, R"({"alg":"HS256","x5u":"https://evil.example/c"})", good_payload)},
        {"a secret in jwk", Reason::BadSignature,
         forge(attacker, R"({"alg":"HS256","jwk":{"kty":"oct","k":"dGhl"}})", good_payload)},
        {"a public key in jwk", Reason::BadSignature,
         forge(attacker, R"({"alg":"ES256","jwk":)" + ec + "}", good_payload)},
        {"x5c", Reason::BadSignature, forge(attacker, R"({"alg":"RS256","x5c":["MIIB"]})", good_payload)},
    });
    // They are not looked at, so an honest token may have them.
    EXPECT_TRUE(all_keys().verify(with_header(R"({"alg":"HS256","jku":"https://idp.example/k","x5c":[]})"), options));
}

TEST(ForgedJwt, Signature) {
    auto const rsa = signature_of(rs()), ec = signature_of(es()), edwards = signature_of(ed()),
               mac = signature_of(hs());
    // s + L is the same number for who does not look whether it is below the group's order L (RFC 8032 section 5.1.7).
    std::string too_great = edwards;
    auto const group = *from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    for (unsigned i = 0, carry = 0; i < 32; ++i) {
        carry += static_cast<unsigned char>(edwards[32 + i]) + static_cast<unsigned char>(group[i]);
        too_great[32 + i] = static_cast<char>(carry & 0xff);
        carry >>= 8;
    }
    auto const half = [](std::string const& text, std::size_t at) {
        auto const part = text.substr(at, 32);
        return (part[0] & 0x80 ? "\x02\x21" + std::string(1, '\0') : "\x02\x20") + part;
    };
    auto const numbers = half(ec, 0) + half(ec, 32);
    auto const der = "\x30" + std::string(1, static_cast<char>(numbers.size())) + numbers;
    refuse_all({
        {"HS256: none", Reason::BadSignature, unsigned_token("HS256")},
        {"HS256: cut", Reason::BadSignature, with_signature("HS256", mac.substr(0, 31))},
        {"HS256: half", Reason::BadSignature, with_signature("HS256", mac.substr(0, 16))},
        {"HS256: a byte more", Reason::BadSignature, with_signature("HS256", mac + "a")},
        {"HS256: zeros", Reason::BadSignature, with_signature("HS256", std::string(32, '\0'))},
        {"RS256: none", Reason::BadSignature, unsigned_token("RS256")},
        {"RS256: cut", Reason::BadSignature, with_signature("RS256", rsa.substr(0, 255))},
        {"RS256: a zero in front", Reason::BadSignature, with_signature("RS256", std::string(1, '\0') + rsa)},
        {"RS256: zeros", Reason::BadSignature, with_signature("RS256", std::string(256, '\0'))},
        {"RS256: one", Reason::BadSignature, with_signature("RS256", std::string(255, '\0') + '\1')},
        {"RS256: above the modulus", Reason::BadSignature, with_signature("RS256", std::string(256, '\xff'))},
        {"ES256: none", Reason::BadSignature, unsigned_token("ES256")},
        {"ES256: DER", Reason::BadSignature, with_signature("ES256", der)},
        {"ES256: 63 bytes", Reason::BadSignature, with_signature("ES256", ec.substr(0, 63))},
        {"ES256: 65 bytes", Reason::BadSignature, with_signature("ES256", ec + "a")},
        {"ES256: r = s = 0", Reason::BadSignature, with_signature("ES256", ec_signature("0", "0"))},
        {"ES256: r = 0", Reason::BadSignature, with_signature("ES256", ec_signature("0", "1"))},
        {"ES256: s = 0", Reason::BadSignature, with_signature("ES256", ec_signature("1", "0"))},
        {"ES256: r = s = 1", Reason::BadSignature, with_signature("ES256", ec_signature("1", "1"))},
        {"ES256: r = s = n", Reason::BadSignature, with_signature("ES256", ec_signature(order, order))},
        {"ES256: s >= n", Reason::BadSignature, with_signature("ES256", ec.substr(0, 32) + std::string(32, '\xff'))},
        {"ES256: r and s swapped", Reason::BadSignature, with_signature("ES256", ec.substr(32) + ec.substr(0, 32))},
        {"EdDSA: none", Reason::BadSignature, unsigned_token("EdDSA")},
        {"EdDSA: zeros", Reason::BadSignature, with_signature("EdDSA", std::string(64, '\0'))},
        {"EdDSA: R of small order", Reason::BadSignature, with_signature("EdDSA", "\1" + std::string(63, '\0'))},
        {"EdDSA: s + L", Reason::BadSignature, with_signature("EdDSA", too_great)},
        {"EdDSA: 63 bytes", Reason::BadSignature, with_signature("EdDSA", edwards.substr(0, 63))},
        {"EdDSA: 65 bytes", Reason::BadSignature, with_signature("EdDSA", edwards + "a")},
    });
}

TEST(ForgedJwt, Payload) {
    refuse_all({
        {"no JSON", Reason::BadPayload, with_payload("Payload")},
        {"empty", Reason::BadPayload, with_payload("")},
        {"null", Reason::BadPayload, with_payload("null")},
        {"a list", Reason::BadPayload, with_payload("[]")},
        {"a number", Reason::BadPayload, with_payload("7")},
        {"another token", Reason::BadPayload, with_payload(good_token(hs()))},
        {"not UTF-8", Reason::BadPayload, with_claims("\"a\":\"\xc0\x80\"")},
        {"deep", Reason::BadPayload, with_claims(R"("a":)" + nested(3000))},
        {"a name twice", Reason::BadPayload, with_claims(R"("sub":"root")")},
        {"a name twice, within", Reason::BadPayload, with_claims(R"("a":[{"b":1,"b":2}])")},
        {"a number beyond all", Reason::BadPayload, with_claims(R"("a":2e777777)")},
        {"exp 1e999", Reason::BadPayload, with_exp("1e999")},
        {"exp NaN", Reason::BadPayload, with_exp("NaN")},
        {"exp Infinity", Reason::BadPayload, with_exp("Infinity")},
        {"exp with a zero in front", Reason::BadPayload, with_exp("01800000600")},
    });
}

TEST(ForgedJwt, ClaimsOfWrongTypes) {
    refuse_all({
        {"exp a text", Reason::BadClaim, with_exp(R"("1800000600")")},
        {"exp null", Reason::BadClaim, with_exp("null")},
        {"exp a list", Reason::BadClaim, with_exp("[1800000600]")},
        {"exp true", Reason::BadClaim, with_exp("true")},
        {"exp negative", Reason::BadClaim, with_exp("-1")},
        {"exp 1e300", Reason::BadClaim, with_exp("1e300")},
        {"exp in milliseconds", Reason::BadClaim, with_exp("1800000600000")},
        {"exp 2^63 - 1", Reason::BadClaim, with_exp("9223372036854775807")},
        {"exp 2^64 - 1", Reason::BadClaim, with_exp("18446744073709551615")},
        {"exp 2^70", Reason::BadClaim, with_exp("1180591620717411303424")},
        {"nbf a text", Reason::BadClaim, with_claims(R"("nbf":"0")")},
        {"iat negative", Reason::BadClaim, with_claims(R"("iat":-0.5e9)")},
        {"iat a text", Reason::BadClaim, with_claims(R"("iat":"now")")},
        {"jti a number", Reason::BadClaim, with_claims(R"("jti":7)")},
        {"sub a number", Reason::BadClaim, with_payload(R"({"aud":"users","iss":"us","exp":1800000600,"sub":7})")},
        {"iss a list", Reason::BadClaim, with_payload(R"({"aud":"users","iss":["us"],"exp":1800000600})")},
        {"aud a number", Reason::BadClaim, with_payload(R"({"aud":7,"iss":"us","exp":1800000600})")},
        {"aud null", Reason::BadClaim, with_payload(R"({"aud":null,"iss":"us","exp":1800000600})")},
        {"aud an object", Reason::BadClaim, with_payload(R"({"aud":{"users":1},"iss":"us","exp":1800000600})")},
        {"aud an empty list", Reason::BadClaim, with_payload(R"({"aud":[],"iss":"us","exp":1800000600})")},
        {"aud a list with a number", Reason::BadClaim,
         with_payload(R"({"aud":["users",7],"iss":"us","exp":1800000600})")},
    });
}

TEST(ForgedJwt, ClaimsThatDoNotHold) {
    refuse_all({
        {"no claims", Reason::MissingClaim, with_payload("{}")},
        {"no exp", Reason::MissingClaim, with_payload(R"({"aud":"users","iss":"us"})")},
        {"no aud", Reason::MissingClaim, with_payload(R"({"iss":"us","exp":1800000600})")},
        {"no iss", Reason::MissingClaim, with_payload(R"({"aud":"users","exp":1800000600})")},
        {"another iss and no aud", Reason::MissingClaim, with_payload(R"({"iss":"US","exp":1800000600})")},
        {"another iss", Reason::WrongIssuer, with_payload(R"({"aud":"users","iss":"US","exp":1800000600})")},
        {"another aud", Reason::WrongAudience, with_payload(R"({"aud":"user","iss":"us","exp":1800000600})")},
        {"aud in a longer text", Reason::WrongAudience,
         with_payload(R"({"aud":"users admins","iss":"us","exp":1800000600})")},
        {"other auds", Reason::WrongAudience, with_payload(R"({"aud":["a","b",""],"iss":"us","exp":1800000600})")},
        {"expired long ago", Reason::Expired, with_exp("0")},
        {"expired at the leeway's end", Reason::Expired, with_exp("1799999970")},
        {"expired, with a fraction", Reason::Expired, with_exp("1799999970.9")},
        {"nbf beyond the leeway", Reason::NotYetValid, with_claims(R"("nbf":1800000031)")},
        {"nbf beyond the leeway by a fraction", Reason::NotYetValid, with_claims(R"("nbf":1800000030.1)")},
        {"nbf in the year 9999", Reason::NotYetValid, with_claims(R"("nbf":253402300799)")},
        {"iat beyond the leeway", Reason::IssuedInFuture, with_claims(R"("iat":1800000031)")},
    });
    EXPECT_TRUE(all_keys().verify(with_exp("1799999971"), options));
    EXPECT_TRUE(all_keys().verify(with_claims(R"("nbf":1800000030,"iat":1800000030)"), options));
}

/// Any change of a single bit: in the header, the payload, the signature, and the points between them.
TEST(ForgedJwt, OneBitIsEnough) {
    for (auto const& key : all_keys().all()) {
        auto const good = forge(key, R"({"alg":")" + std::string(key.algorithm()) + R"(","typ":"JWT"})", good_payload);
        ASSERT_TRUE(all_keys().verify(good, options));
        for (std::size_t at = 0; at < good.size(); ++at)
            for (int bit = 0; bit < 8; ++bit) {
                auto changed = good;
                changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
                EXPECT_FALSE(all_keys().verify(changed, options)) << key.algorithm() << ": bit " << bit << " of " << at;
            }
    }
}

TEST(ForgedJwt, EveryStartOfATokenIsRefused) {
    for (auto const& key : all_keys().all()) {
        auto const good = good_token(key);
        for (std::size_t size = 0; size < good.size(); ++size)
            EXPECT_FALSE(all_keys().verify(std::string_view(good).substr(0, size), options)) << size;
    }
}

} // namespace
} // namespace hxx::jwt
