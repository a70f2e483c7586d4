#include "hxx/crypto/signer.hpp"

#include "hxx/base/encoding.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx {
namespace {

using namespace std::chrono_literals;

std::string const old_secret = "an old secret of more than 32 bytes, yes";
std::string const new_secret = "a new secret of more than 32 bytes, too.";
Signer::Time const now{std::chrono::seconds(1'800'000'000)};

TEST(Signer, GivesTheTextBack) {
    Signer const signer(Secrets(new_secret), "session");
    for (std::string const& text : {std::string("user=7"), std::string(), std::string("a.b.c"),
                                    std::string("\0\xff\n;,\"", 6), std::string(3000, 'x')}) {
        auto const token = signer.sign(text, now);
        auto const found = signer.verify(token, now + 1s, 1h);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->text, text);
        EXPECT_EQ(found->at, now);
        EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
                  std::string::npos);
    }
}

TEST(Signer, RefusesEveryChange) {
    Signer const signer(Secrets(new_secret), "session");
    auto const token = signer.sign("user=7", now);
    for (std::size_t i = 0; i < token.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = token;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            EXPECT_FALSE(signer.verify(changed, now, 1h)) << changed;
        }
    for (std::size_t size = 0; size < token.size(); ++size)
        EXPECT_FALSE(signer.verify(std::string_view(token).substr(0, size), now, 1h));
    for (std::string const& wrong :
         {token + "=", token + "A", " " + token, token + " ", "." + token, token + ".", std::string("."),
          std::string(".."), to_base64url("user=7") + ".1800000000.", std::string(100'000, '.')})
        EXPECT_FALSE(signer.verify(wrong, now, 1h)) << wrong.substr(0, 100);
}

TEST(Signer, KeepsPurposesAndSecretsApart) {
    auto const token = Signer(Secrets(new_secret), "session").sign("7", now);
    EXPECT_FALSE(Signer(Secrets(new_secret), "csrf").verify(token, now, 1h));
    EXPECT_FALSE(Signer(Secrets(old_secret), "session").verify(token, now, 1h));
    EXPECT_FALSE(Signer(Secrets::random(), "session").verify(token, now, 1h));
}

TEST(Signer, VerifiesWhatFormerSecretsSigned) {
    auto const old_token = Signer(Secrets(old_secret), "session").sign("7", now);
    Signer const rotated(Secrets(new_secret, {old_secret}), "session");
    EXPECT_EQ(rotated.verify(old_token, now, 1h)->text, "7");
    auto const token = rotated.sign("8", now);
    EXPECT_EQ(Signer(Secrets(new_secret), "session").verify(token, now, 1h)->text, "8");
    EXPECT_FALSE(Signer(Secrets(old_secret), "session").verify(token, now, 1h));
}

TEST(Signer, KnowsAge) {
    Signer const signer(Secrets(new_secret), "session");
    auto const token = signer.sign("7", now);
    EXPECT_TRUE(signer.verify(token, now + 1h, 1h));
    EXPECT_FALSE(signer.verify(token, now + 1h + 1s, 1h));
    EXPECT_TRUE(signer.verify(token, now - 1min, 1h));
    EXPECT_FALSE(signer.verify(token, now - 61s, 1h));
}

TEST(Secrets, ThatCanBeGuessedAreRefused) {
    EXPECT_THROW(Secrets("changeme"), std::invalid_argument);
    EXPECT_THROW(Secrets(std::string(31, 'x')), std::invalid_argument);
    EXPECT_THROW(Secrets(new_secret, {"old"}), std::invalid_argument);
    EXPECT_NE(Secrets::random().all(), Secrets::random().all());
}

TEST(EqualInConstantTime, Compares) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

} // namespace
} // namespace hxx
