#include "hxx/security/passwords.hpp"

#include "hxx/async/sync_wait.hpp"
#include "hxx/crypto/password.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

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

/// Processor time of this process, which is what Argon2 costs; a busy machine does not change it much.
double cost_of(std::string const& stored) {
    auto const before = std::clock();
    EXPECT_FALSE(sync_wait(password_matches(stored, "guess")));
    return static_cast<double>(std::clock() - before);
}

TEST(Passwords, AnAccountThatNobodyHasIsHashedForToo) {
    auto const hash = hash_password("correct horse");
    double somebody = 0, nobody = 0;
    for (int i = 0; i < 5; ++i) somebody += cost_of(hash), nobody += cost_of("");
    // Without the hash it would be a thousandth.
    EXPECT_GT(nobody, somebody / 10);
}

} // namespace
} // namespace hxx
