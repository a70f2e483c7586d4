#include "hxx/security/passwords.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/crypto/password.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

/// What passwords were hashed for, one after the other: the time that Argon2 takes is what tells accounts apart, and
/// how often it is called does not depend on the machine.
std::vector<std::string> hashed_against;

} // namespace

/// Found before libsodium's own.
extern "C" int crypto_pwhash_argon2id_str_verify(char const* hash, char const* password, unsigned long long size) {
    static auto const real = reinterpret_cast<int (*)(char const*, char const*, unsigned long long)>(
        dlsym(RTLD_NEXT, "crypto_pwhash_argon2id_str_verify"));
    hashed_against.emplace_back(hash);
    return real(hash, password, size);
}

namespace hxx {
namespace {

TEST(Passwords, AreHashedAndVerifiedElsewhere) {
    auto const hash = sync_wait(password_hash("correct horse"));
    EXPECT_TRUE(hash.starts_with("$argon2id$"));
    EXPECT_TRUE(sync_wait(password_matches(hash, "correct horse")));
    EXPECT_FALSE(sync_wait(password_matches(hash, "wrong horse")));
    EXPECT_FALSE(sync_wait(password_matches("no hash", "correct horse")));
    EXPECT_THROW(sync_wait(password_hash(std::string(1025, 'x'))), std::invalid_argument);
}

/// What checking that password against what is stored has hashed.
std::vector<std::string> hashed_for(std::string const& stored, std::string const& typed) {
    hashed_against.clear();
    EXPECT_FALSE(sync_wait(password_matches(stored, typed)));
    return hashed_against;
}

/// "$argon2id$v=19$m=19456,t=2,p=1", which is what a hash costs.
std::string cost_of(std::string const& hash) { return hash.substr(0, hash.rfind('$', hash.rfind('$') - 1)); }

TEST(Passwords, AnAccountThatNobodyHasIsHashedForToo) {
    auto const hash = hash_password("correct horse");
    EXPECT_EQ(hashed_for(hash, "guess"), std::vector{hash});
    auto const for_nobody = hashed_for("", "guess");
    ASSERT_EQ(for_nobody.size(), 1U);
    EXPECT_EQ(cost_of(for_nobody.front()), cost_of(hash));
}

TEST(Passwords, ATooLongOneIsHashedForNobodyWhoeverIsAsked) {
    std::string const long_one(1025, 'x');
    EXPECT_TRUE(hashed_for(hash_password("correct horse"), long_one).empty());
    EXPECT_TRUE(hashed_for("", long_one).empty());
}

} // namespace
} // namespace hxx
