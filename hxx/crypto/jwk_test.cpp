#include "hxx/crypto/jwk.hpp"

#include "hxx/crypto/jwt_for_test.hpp"
#include "hxx/crypto/key_pem_for_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::jwt {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::string_view signed_text = "a text";

template <class F>
void refuses(F&& make, std::string const& why) {
    EXPECT_THAT(std::forward<F>(make), ThrowsMessage<std::invalid_argument>(HasSubstr(why)));
}

void refuses_jwk(std::string const& jwk, std::string const& why) {
    refuses([&] { static_cast<void>(Key::from_jwk(jwk)); }, why);
}

std::string replaced(std::string_view text, std::string_view old, std::string_view with) {
    std::string result(text);
    return result.replace(result.find(old), old.size(), with);
}

std::string rsa_without_factors() { return std::string(rfc_rsa_jwk.substr(0, rfc_rsa_jwk.find(",\"p\""))) + "}"; }

TEST(Jwk, SecretsAreAsLongAsTheirHash) {
    EXPECT_EQ(Key::hs256(std::string(32, 'k')).algorithm(), "HS256");
    EXPECT_EQ(Key::hs384(std::string(48, 'k')).algorithm(), "HS384");
    EXPECT_EQ(Key::hs512(std::string(64, 'k')).algorithm(), "HS512");
    refuses([] { static_cast<void>(Key::hs256(std::string(31, 'k'))); }, "openssl rand -base64 32");
    refuses([] { static_cast<void>(Key::hs384(std::string(47, 'k'))); }, "HS384 needs 48");
    refuses([] { static_cast<void>(Key::hs512(std::string(63, 'k'))); }, "HS512 needs 64");
    refuses_jwk(R"({"kty":"oct","alg":"HS256","k":"c2hvcnQ"})", "a secret of 5 bytes");
}

TEST(Jwk, APublicKeyIsNoSecret) {
    auto const pem = public_pem(*generate_ec("P-256"));
    refuses([&] { static_cast<void>(Key::hs256(pem)); }, "PEM");
    refuses([&] { static_cast<void>(Key::from_pem(pem, "HS256")); }, "HS256 takes a secret");
}

// RFC 8037 appendix A.4 and A.5
TEST(Jwk, SignsAsRfc8037Does) {
    auto const key = Key::from_jwk(rfc_ed25519_jwk);
    constexpr std::string_view input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    auto const signature = key.sign(input);
    EXPECT_EQ(to_base64url(signature), "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr"
                                       "_MuM0KAg");
    EXPECT_TRUE(Key::from_jwk(key.public_jwk()).verify(input, signature));
}

// RFC 8037 appendix A.3, and RFC 7638 section 3.1, whose key is that of RFC 7517 appendix A.1.
TEST(Jwk, Thumbprints) {
    EXPECT_EQ(Key::from_jwk(rfc_ed25519_jwk).thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    EXPECT_EQ(
        Key::from_jwk(
            R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L)"
            R"(6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY)"
            R"(368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3)"
            R"(XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})")
            .thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    EXPECT_THROW(static_cast<void>(Key::from_jwk(rfc_secret_jwk).thumbprint()), std::logic_error);
}

TEST(Jwk, PublicHalvesVerifyAndDoNotSign) {
    for (auto const jwk : {rfc_rsa_jwk, rfc_ec_jwk, rfc_ed25519_jwk}) {
        auto const key = Key::from_jwk(jwk).with_kid("7");
        auto const text = key.public_jwk();
        EXPECT_EQ(text.find("\"d\""), std::string::npos);
        auto const half = Key::from_jwk(text);
        EXPECT_EQ(half.kid(), "7");
        EXPECT_EQ(half.algorithm(), key.algorithm());
        EXPECT_EQ(half.public_jwk(), text);
        EXPECT_EQ(half.thumbprint(), key.thumbprint());
        EXPECT_TRUE(half.verify(signed_text, key.sign(signed_text)));
        EXPECT_FALSE(half.verify("another text", key.sign(signed_text)));
        EXPECT_FALSE(half.can_sign());
        EXPECT_THROW(static_cast<void>(half.sign(signed_text)), std::logic_error);
    }
    EXPECT_THROW(static_cast<void>(Key::from_jwk(rfc_secret_jwk).public_jwk()), std::logic_error);
}

TEST(Jwk, RsaOfNAndDAlone) {
    auto const key = Key::from_jwk(rsa_without_factors());
    EXPECT_TRUE(Key::from_jwk(rfc_rsa_jwk).verify(signed_text, key.sign(signed_text)));
}

TEST(Jwk, StatesItsAlgorithmAndPurpose) {
    EXPECT_EQ(Key::from_jwk(R"({"kty":"oct","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"})", "HS256").algorithm(),
              "HS256");
    refuses_jwk(R"({"kty":"oct","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"})", "\"alg\" is missing");
    refuses([] { static_cast<void>(Key::from_jwk(rfc_secret_jwk, "HS512")); }, "\"HS512\" was asked for");
    refuses([] { static_cast<void>(Key::from_jwk(rfc_rsa_jwk, "none")); }, "there is no algorithm \"none\"");
    refuses([] { static_cast<void>(Key::from_jwk(rfc_rsa_jwk, "HS256")); }, "another kind of key");
    refuses_jwk(replaced(rfc_rsa_jwk, "{", R"({"alg":"RS512",)"), "RS512");
    refuses_jwk(replaced(rfc_ec_jwk, "{", R"({"alg":"EdDSA",)"), "another kind of key");
    refuses_jwk(replaced(rfc_ec_jwk, "{", R"({"use":"enc",)"), "\"enc\"");
    refuses_jwk(replaced(rfc_ec_jwk, "{", R"({"key_ops":["deriveKey"],)"), "key_ops");
    refuses_jwk(replaced(rfc_ec_jwk, "{", R"({"key_ops":["sign","sign"],)"), "key_ops");
    auto const signs = Key::from_jwk(replaced(rfc_ec_jwk, "{", R"({"key_ops":["sign"],)"));
    auto const verifies = Key::from_jwk(replaced(rfc_ec_jwk, "{", R"({"key_ops":["verify"],)"));
    EXPECT_FALSE(verifies.can_sign());
    EXPECT_FALSE(signs.verify(signed_text, signs.sign(signed_text)));
    EXPECT_TRUE(verifies.verify(signed_text, signs.sign(signed_text)));
}

TEST(Jwk, WhatIsNoneIsRefused) {
    refuses_jwk("", "no JSON");
    refuses_jwk("[]", "no JSON object");
    refuses_jwk("{}", "\"kty\" is missing");
    refuses_jwk(R"({"kty":"AKP"})", "AKP");
    refuses_jwk(R"({"kty":7})", "\"kty\" is no text");
    refuses_jwk(replaced(rfc_ec_jwk, "{", R"({"kty":"EC",)"), "two members have one name");
    refuses_jwk(R"({"kty":"RSA","e":"AQAB"})", "\"n\" is missing");
    refuses_jwk(R"({"kty":"RSA","n":"","e":"AQAB"})", "\"n\" is no Base64url");
    refuses_jwk(replaced(rfc_rsa_jwk, "AQAB", "AQAB="), "\"e\" is no Base64url");
    refuses_jwk(replaced(rfc_rsa_jwk, "{", R"({"oth":[],)"), "oth");
    refuses_jwk(replaced(rfc_rsa_jwk, "\"dp\"", "\"other\""), "\"dp\" is missing");
    refuses_jwk(std::string(100'000, '{'), "100000 bytes");
}

TEST(Jwk, WeakRsaIsRefused) {
    auto const small = generate_rsa(1024);
    refuses([&] { static_cast<void>(Key::from_pem(public_pem(*small), "RS256")); }, "RSA key of 1024 bits");
    refuses([&] { static_cast<void>(Key::from_pem(private_pem(*small), "RS256")); }, "RSA key of 1024 bits");
    std::string const modulus = Key::from_jwk(rfc_rsa_jwk).public_jwk();
    refuses_jwk(replaced(modulus, "AQAB", "AQ"), "exponent"); // e = 1: each text is its own signature
    refuses_jwk(replaced(modulus, "AQAB", "Ag"), "exponent"); // e = 2
    refuses_jwk(replaced(modulus, "AQAB", to_base64url(std::string(9, '\xff'))), "exponent");
    refuses_jwk(R"({"kty":"RSA","e":"AQAB","n":")" + to_base64url(std::string(256, '\xff')) + "\"}", "not sound");
    refuses_jwk(R"({"kty":"RSA","e":"AQAB","n":")" + to_base64url(std::string(1025, '\xff')) + "\"}", "8200 bits");
}

TEST(Jwk, OddPointsAreRefused) {
    auto const zeros = to_base64url(std::string(32, '\0'));
    auto const ec = [](std::string const& x, std::string const& y) {
        return R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + "\"}";
    };
    refuses_jwk(ec(zeros, zeros), "no key");
    refuses_jwk(ec("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", zeros), "no key");
    refuses_jwk(ec(to_base64url(std::string(32, '\xff')), zeros), "no key");
    refuses_jwk(ec(to_base64url("short"), zeros), "5 bytes in place of 32");
    refuses_jwk(replaced(rfc_ec_jwk, "P-256", "P-384"), "another curve than P-256");
    refuses_jwk(replaced(rfc_ec_jwk, "P-256", "secp256k1"), "another curve than P-256");
    refuses_jwk(replaced(rfc_ed25519_jwk, "Ed25519", "X25519"), "another curve than Ed25519");
    auto const edwards = [](std::string const& bytes) {
        return R"({"kty":"OKP","crv":"Ed25519","x":")" + to_base64url(bytes) + "\"}";
    };
    refuses_jwk(edwards(std::string(32, '\0')), "main subgroup");        // of order 4
    refuses_jwk(edwards("\1" + std::string(31, '\0')), "main subgroup"); // the neutral element
    refuses_jwk(edwards(std::string(32, '\xff')), "main subgroup");      // not canonical
    refuses_jwk(edwards(std::string(33, '\1')), "33 bytes in place of 32");
}

TEST(Jwk, HalvesThatDoNotFitAreRefused) {
    refuses_jwk(replaced(rfc_ed25519_jwk, "nWGx", "nWGy"), "not the public half");
    refuses_jwk(replaced(rfc_ec_jwk, "jpsQ", "jpsR"), "does not fit");
    refuses_jwk(replaced(rsa_without_factors(), "Eq5x", "Eq5y"), "does not fit");
    refuses_jwk(replaced(rfc_rsa_jwk, "AQAB", "AQAD"), "does not fit");
}

TEST(Jwk, FromPem) {
    struct {
        evp::Pkey key;
        char const* algorithm;
    } const cases[] = {{generate_rsa(2048), "RS256"}, {generate_ec("P-256"), "ES256"}, {generate_ed25519(), "EdDSA"}};
    for (auto const& [pkey, algorithm] : cases) {
        auto const key = Key::from_pem(private_pem(*pkey), algorithm, "one");
        auto const half = Key::from_pem(public_pem(*pkey), algorithm);
        EXPECT_EQ(key.kid(), "one");
        EXPECT_TRUE(key.can_sign());
        EXPECT_FALSE(half.can_sign());
        EXPECT_TRUE(half.verify(signed_text, key.sign(signed_text)));
        EXPECT_EQ(half.thumbprint(), key.thumbprint());
        for (char const* other : {"RS256", "ES256", "EdDSA", "HS256"})
            if (std::string_view(other) != algorithm) {
                EXPECT_THROW(static_cast<void>(Key::from_pem(public_pem(*pkey), other)), std::invalid_argument);
            }
    }
}

TEST(Jwk, PemThatIsRefused) {
    auto const from = [](std::string const& pem, char const* algorithm = "ES256") {
        return [=] { static_cast<void>(Key::from_pem(pem, algorithm)); };
    };
    auto const ec = generate_ec("P-256");
    refuses(from(private_pem(*ec, "a passphrase")), "cannot be read");
    refuses(from(public_pem(*ec), "ES384"), "there is no algorithm \"ES384\"");
    refuses(from(public_pem(*ec), "none"), "there is no algorithm \"none\"");
    refuses(from(public_pem(*generate_ec("P-384"))), "P-256");
    refuses(from(public_pem(*generate_ec("secp256k1"))), "P-256");
    refuses(from(public_pem(*with_explicit_curve(*ec))), "written out");
    refuses(from(""), "holds no key");
    refuses(from("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), "openssl x509 -pubkey");
    refuses(from("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "cannot be read");
    refuses(from("-----BEGIN PRIVATE KEY-----"), "cannot be read");
    refuses(from(std::string(100'000, 'A')), "100000 bytes");
}

TEST(Jwk, LeavesOpenSslsQueueAsItWas) {
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 1);
    EXPECT_THROW(static_cast<void>(Key::from_pem("-----BEGIN PRIVATE KEY-----", "RS256")), std::invalid_argument);
    auto const key = Key::from_jwk(rfc_rsa_jwk);
    EXPECT_FALSE(key.verify(signed_text, std::string(256, '\1')));
    EXPECT_EQ(ERR_GET_LIB(ERR_get_error()), ERR_LIB_USER);
    EXPECT_EQ(ERR_get_error(), 0U);
}

} // namespace
} // namespace hxx::jwt
