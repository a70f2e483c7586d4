#include "hxx/security/token_mask.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

std::string const secret = "0123456789abcdef0123456789abcdef";

TEST(TokenMask, GivesTheSecretBackAndLooksDifferentEachTime) {
    auto const one = mask(secret), other = mask(secret);
    EXPECT_EQ(one.size(), 86U);
    EXPECT_NE(one, other);
    EXPECT_NE(one.substr(43), other.substr(43)); // the half with the secret in it
    EXPECT_EQ(unmask(one), secret);
    EXPECT_EQ(unmask(other), secret);
}

TEST(TokenMask, RefusesWhatCannotBeOne) {
    EXPECT_EQ(unmask("not base64url!"), std::nullopt);
    EXPECT_EQ(unmask("AAAA"), std::nullopt); // three bytes have no halves
    EXPECT_EQ(unmask(""), "");
}

} // namespace
} // namespace hxx
