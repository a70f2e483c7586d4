#include "hxx/crypto/jwt.hpp"

#include "hxx/crypto/jwt_for_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace hxx::jwt {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::string const secret = "a secret of more than 32 bytes, for tests";
std::string const other_secret = "another secret of more than 32 bytes, too";

VerifyOptions taking(std::string const& algorithm) { return {.algorithms = {algorithm}, .now = test_now}; }

Reason reason_of(Verified const& verified) { return verified.failure().reason; }

TEST(Jwt, GivesItsClaimsBack) {
    auto const keys = Keys::from(secret);
    auto const token = keys.sign(Claims()
                                     .issuer("https://us.example")
                                     .subject("ада")
                                     .audience("users")
                                     .audience("admins")
                                     .id("7")
                                     .issued(test_now)
                                     .not_before(test_now - 1s)
                                     .expires(test_now + 15min)
                                     .set("scope", "users:read  users:write")
                                     .set("level", 3)
                                     .set("ratio", 0.5)
                                     .set("beta", true)
                                     .set("groups", std::vector<std::string>{"a", "b\"c"})
                                     .set_json("realm", R"({"roles":["x"]})"));
    EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2);
    auto const verified = keys.verify(
        token, {.algorithms = {"HS256"}, .audience = "admins", .issuer = "https://us.example", .now = test_now});
    ASSERT_TRUE(verified) << verified.failure().message;
    EXPECT_EQ(verified->iss, "https://us.example");
    EXPECT_EQ(verified->sub, "ада");
    EXPECT_THAT(verified->aud, ElementsAre("users", "admins"));
    EXPECT_EQ(verified->jti, "7");
    EXPECT_EQ(verified->iat, test_now);
    EXPECT_EQ(verified->nbf, test_now - 1s);
    EXPECT_EQ(verified->exp, test_now + 15min);
    EXPECT_THAT(verified->scopes(), ElementsAre("users:read", "users:write"));
    EXPECT_TRUE(verified->has_scope("users:write"));
    EXPECT_FALSE(verified->has_scope("users"));
    EXPECT_EQ(verified->integer("level"), 3);
    EXPECT_EQ(verified->flag("beta"), true);
    EXPECT_THAT(verified->texts("groups").value(), ElementsAre("a", "b\"c"));
    EXPECT_EQ(verified->json("realm"), R"({"roles":["x"]})");
    EXPECT_EQ(verified->text("level"), std::nullopt);
    EXPECT_EQ(verified->integer("scope"), std::nullopt);
    EXPECT_EQ(verified->text("no"), std::nullopt);
    EXPECT_EQ((*verified).to_json(), verified.claims().to_json());
    EXPECT_THROW(static_cast<void>(verified.failure()), std::logic_error);
}

TEST(Jwt, ClaimsRefuseWhatIsNoClaim) {
    EXPECT_THROW(Claims().set("exp", 1), std::invalid_argument);
    EXPECT_THROW(Claims().set("x", std::numeric_limits<double>::infinity()), std::invalid_argument);
    for (char const* wrong : {"", "{", "1,\"y\":2", "1}", "{\"a\":1,\"a\":2}", "NaN", "'a'", "2e777777"})
        EXPECT_THROW(Claims().set_json("x", wrong), std::invalid_argument) << wrong;
    auto const keys = Keys::from(secret);
    EXPECT_THROW(static_cast<void>(keys.sign(Claims().subject("\xff"))), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(keys.sign(Claims().expires(Claims::Time(-1s)))), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(keys.sign(Claims().expires(Claims::Time::max()))), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(keys.sign(Claims().subject(std::string(8000, 'a')))), std::length_error);
}

TEST(Jwt, ExpiresInALifetimeFromNow) {
    auto const keys = Keys::from(secret);
    EXPECT_TRUE(keys.verify(keys.sign(Claims().expires_in(1h)), {.algorithms = {"HS256"}}));
    auto const late = keys.verify(keys.sign(Claims().expires_in(-1h)), {.algorithms = {"HS256"}});
    ASSERT_FALSE(late);
    EXPECT_EQ(reason_of(late), Reason::Expired);
    EXPECT_THROW(static_cast<void>(late->sub), std::logic_error);
}

struct Example {
    std::string_view jwk;
    std::string algorithm;
    std::string token;
};

// RFC 7515 appendices A.1 to A.3: one payload, which expired in 2011.
TEST(Jwt, VerifiesTheExamplesOfRfc7515) {
    std::string const payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp"
        "0cnVlfQ";
    for (auto const& [jwk, algorithm, token] :
         {Example{rfc_secret_jwk, "HS256",
                  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + payload +
                      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
          Example{
              rfc_rsa_jwk, "RS256",
              "eyJhbGciOiJSUzI1NiJ9." + payload +
                  ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5juj"
                  "Gbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
                  "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6L"
                  "bgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
          Example{rfc_ec_jwk, "ES256",
                  "eyJhbGciOiJFUzI1NiJ9." + payload +
                      ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"}}) {
        Keys const keys(Key::from_jwk(jwk));
        auto options = taking(algorithm);
        auto const today = keys.verify(token, options);
        ASSERT_FALSE(today);
        EXPECT_EQ(reason_of(today), Reason::Expired);
        options.now = Claims::Time(1'300'819'379s);
        auto const then = keys.verify(token, options);
        ASSERT_TRUE(then) << then.failure().message;
        EXPECT_EQ(then->iss, "joe");
        EXPECT_EQ(then->flag("http://example.com/is_root"), true);
        // RSA's and HMAC's signatures have one value.
        auto const input = token.substr(0, token.rfind('.'));
        if (algorithm != "ES256") {
            EXPECT_EQ(input + "." + to_base64url(keys.all().front().sign(input)), token);
        }
    }
}

TEST(Jwt, EachAlgorithmThereAndBack) {
    for (auto const& key :
         {Key::hs256(std::string(32, 'k')), Key::hs384(std::string(48, 'k')), Key::hs512(std::string(64, 'k'), "seven"),
          Key::from_jwk(rfc_rsa_jwk), Key::from_jwk(rfc_ec_jwk), Key::from_jwk(rfc_ed25519_jwk).with_kid("ed")}) {
        Keys const keys(key);
        std::string const algorithm(key.algorithm());
        auto const token = keys.sign(Claims().subject("ada").expires(test_now + 1s));
        auto const verified = keys.verify(token, taking(algorithm));
        ASSERT_TRUE(verified) << algorithm << ": " << verified.failure().message;
        EXPECT_EQ(verified->sub, "ada");
        if (key.is_secret()) continue;
        auto const published = Keys::from_jwks(keys.public_jwks());
        EXPECT_TRUE(published.verify(token, taking(algorithm)));
        EXPECT_THROW(static_cast<void>(published.sign(Claims())), std::logic_error);
        // Of what is published, nothing makes a token.
        EXPECT_EQ(reason_of(published.verify(Keys::from(keys.public_jwks()).sign(Claims()), taking("HS256"))),
                  Reason::KeyNotFound);
    }
}

TEST(Jwt, KeysAreReplacedWhileTheirTokensAreOut) {
    auto const token = Keys::from(secret).sign(Claims().expires(test_now + 1s));
    Keys const rotated(Key::hs256(other_secret, "new"), {Key::hs256(secret)});
    EXPECT_TRUE(rotated.verify(token, taking("HS256")));
    auto const next = rotated.sign(Claims().expires(test_now + 1s));
    EXPECT_TRUE(rotated.verify(next, taking("HS256")));
    EXPECT_EQ(reason_of(Keys::from(other_secret).verify(next, taking("HS256"))), Reason::KeyNotFound);
    Keys const later(Key::hs256(other_secret, "new"));
    EXPECT_EQ(reason_of(later.verify(token, taking("HS256"))), Reason::BadSignature);
    EXPECT_TRUE(later.verify(next, taking("HS256")));
}

TEST(Jwt, KeySetsThatAreRefused) {
    EXPECT_THROW(Keys(std::vector<Key>()), std::invalid_argument);
    EXPECT_THROW(Keys(std::vector<Key>(101, Key::hs256(secret))), std::invalid_argument);
    EXPECT_THROW(Keys(Key::hs256(secret, "a"), {Key::hs256(other_secret, "a")}), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(Keys::from("short")), std::invalid_argument);
    for (std::string const& wrong :
         {std::string("{}"), std::string("[]"), std::string(R"({"keys":{}})"), std::string(R"({"keys":[]})"),
          std::string(R"({"keys":["x"]})"), std::string(R"({"keys":[{"kty":"oct","alg":"HS256","k":"AA"}]})"),
          std::string(R"({"keys":[{"kty":"EC","crv":"P-521"}]})"), std::string(2'000'000, ' ')})
        EXPECT_THROW(static_cast<void>(Keys::from_jwks(wrong)), std::invalid_argument) << wrong.substr(0, 80);
}

TEST(Jwt, KeySetsPassOverWhatIsNotForThem) {
    auto const set = Keys::from_jwks(R"({"keys":[{"kty":"AKP","alg":"ML-DSA-44"},{"kty":"RSA","use":"enc"},)"
                                     R"({"kty":"RSA","alg":"PS256"},{"kty":"OKP","crv":"X25519"},)" +
                                     Key::from_jwk(rfc_ec_jwk).with_kid("ec").public_jwk() + "],\"more\":1}");
    ASSERT_EQ(set.all().size(), 1U);
    EXPECT_EQ(set.all().front().kid(), "ec");
    EXPECT_EQ(Keys::from(secret).public_jwks(), R"({"keys":[]})");
}

TEST(Jwt, TypesAreAskedFor) {
    Keys const keys = Keys::from(secret);
    auto const claims = Claims().expires(test_now + 1s);
    auto options = taking("HS256");
    EXPECT_EQ(reason_of(keys.verify(keys.sign(claims, "at+jwt"), options)), Reason::WrongType);
    options.type = "at+jwt";
    EXPECT_TRUE(keys.verify(keys.sign(claims, "at+jwt"), options));
    EXPECT_TRUE(keys.verify(keys.sign(claims, "application/AT+JWT"), options));
    EXPECT_EQ(reason_of(keys.verify(keys.sign(claims), options)), Reason::WrongType);
    EXPECT_EQ(reason_of(keys.verify(forge(keys.all()[0], R"({"alg":"HS256"})", "{}"), options)), Reason::WrongType);
}

TEST(Jwt, WhatIsRequiredIsTheCallersChoice) {
    Keys const keys = Keys::from(secret);
    auto options = taking("HS256");
    options.required = {"jti", "tenant"};
    EXPECT_TRUE(keys.verify(keys.sign(Claims().id("1").set("tenant", 7)), options));
    EXPECT_EQ(reason_of(keys.verify(keys.sign(Claims().id("1")), options)), Reason::MissingClaim);
    EXPECT_EQ(reason_of(keys.verify(keys.sign(Claims().id("1").set_json("tenant", "null")), options)),
              Reason::MissingClaim);
    options.required = {};
    EXPECT_TRUE(keys.verify(keys.sign(Claims()), options));
    // A token for somebody is not for who says no name.
    EXPECT_EQ(reason_of(keys.verify(keys.sign(Claims().audience("users")), options)), Reason::WrongAudience);
}

TEST(Jwt, MistakesInTheOptionsAreTheProgramsOwn) {
    Keys const keys = Keys::from(secret);
    auto const wrong = [&](auto const& change) {
        auto options = taking("HS256");
        change(options);
        EXPECT_THROW(static_cast<void>(keys.verify("", options)), std::invalid_argument);
    };
    wrong([](VerifyOptions& o) { o.algorithms = {}; });
    wrong([](VerifyOptions& o) { o.algorithms = {"HS256", "none"}; });
    wrong([](VerifyOptions& o) { o.algorithms = {"hs256"}; });
    wrong([](VerifyOptions& o) { o.audience = ""; });
    wrong([](VerifyOptions& o) { o.issuer = ""; });
    wrong([](VerifyOptions& o) { o.type = ""; });
    wrong([](VerifyOptions& o) { o.leeway = -1s; });
    wrong([](VerifyOptions& o) { o.leeway = 1h; });
}

TEST(Jwt, ReasonsHaveTheirNames) {
    EXPECT_EQ(name_of(Reason::TooLarge), "TooLarge");
    EXPECT_EQ(name_of(Reason::KeyNotFound), "KeyNotFound");
    EXPECT_EQ(name_of(Reason::MissingClaim), "MissingClaim");
    EXPECT_EQ(name_of(Reason::IssuedInFuture), "IssuedInFuture");
}

} // namespace
} // namespace hxx::jwt
