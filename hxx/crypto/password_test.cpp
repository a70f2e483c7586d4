#include "hxx/crypto/password.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx {
namespace {

PasswordCost const cheap{.passes = 1, .memory = 64 * 1024};

TEST(Password, IsVerified) {
    for (std::string const& password :
         {std::string("correct horse battery staple"), std::string(), std::string("p\0w", 3), std::string("пароль 🔑"),
          std::string(longest_password, 'x')}) {
        auto const stored = hash_password(password, cheap);
        EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << stored;
        EXPECT_LT(stored.size(), 128U);
        EXPECT_TRUE(verify_password(stored, password));
        EXPECT_FALSE(verify_password(stored, password + "x"));
        EXPECT_FALSE(verify_password(stored, "another"));
    }
    EXPECT_FALSE(verify_password(hash_password(std::string("p\0w", 3), cheap), "p"));
}

TEST(Password, HasASaltOfItsOwn) { EXPECT_NE(hash_password("same", cheap), hash_password("same", cheap)); }

TEST(Password, IsNotVerifiedByWhatIsNoHash) {
    auto const stored = hash_password("secret", cheap);
    for (std::string const& wrong :
         {std::string(), std::string("secret"), std::string("$argon2id$"),
          std::string("$argon2i$v=19$m=64,t=1,p=1$a$b"), stored.substr(0, stored.size() - 1), stored + "a",
          stored + std::string(1, '\0'), std::string(10'000, '$'),
          std::string("$argon2id$v=19$m=4294967295,t=4294967295,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA")})
        EXPECT_FALSE(verify_password(wrong, "secret")) << wrong;
}

TEST(Password, TooLongIsRefused) {
    std::string const monster(longest_password + 1, 'x');
    EXPECT_THROW(static_cast<void>(hash_password(monster, cheap)), std::invalid_argument);
    EXPECT_FALSE(verify_password(hash_password("x", cheap), monster));
    EXPECT_FALSE(verify_password_of_nobody(std::string(1'000'000, 'x'), cheap));
}

TEST(Password, IsRehashedWhenTheCostChanges) {
    auto const stored = hash_password("secret", cheap);
    EXPECT_FALSE(needs_rehash(stored, cheap));
    EXPECT_TRUE(needs_rehash(stored, {.passes = 2, .memory = cheap.memory}));
    EXPECT_TRUE(needs_rehash(stored, {.passes = 1, .memory = 2 * cheap.memory}));
    EXPECT_TRUE(needs_rehash("plain text", cheap));
    EXPECT_TRUE(needs_rehash(std::string(500, 'a'), cheap));
}

TEST(Password, DefaultCostIsOwaspsLeast) {
    auto const stored = hash_password("secret");
    EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << stored;
    EXPECT_TRUE(verify_password(stored, "secret"));
    EXPECT_FALSE(verify_password_of_nobody("secret"));
}

TEST(Password, CostThatCannotBeIsRefused) {
    EXPECT_THROW(static_cast<void>(hash_password("x", {.passes = 0, .memory = 65536})), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(hash_password("x", {.passes = 1, .memory = 1})), std::invalid_argument);
}

} // namespace
} // namespace hxx
