#include "hxx/security/login_limiter.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/http/error.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;

/// Seconds that the limiter wants to be waited for; 0 if the attempt is allowed.
int refused_for(LoginLimiter const& limiter, std::string const& account, std::string const& address) {
    try {
        (void)limiter.attempt(account, address);
        return 0;
    } catch (HttpError const& error) {
        EXPECT_EQ(error.status(), 429);
        EXPECT_EQ(error.headers().at(0).first, "Retry-After");
        return std::stoi(error.headers().at(0).second);
    }
}

class LoginLimiterTest : public testing::Test {
  protected:
    ~LoginLimiterTest() override { clock::advance_for_test(-moved); }
    void wait(std::chrono::seconds time) {
        clock::advance_for_test(time);
        moved += time;
    }
    std::chrono::seconds moved{0};
};

TEST_F(LoginLimiterTest, FiveFailuresAreEnough) {
    LoginLimiter const limiter;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.1"), 0) << i;
    auto const seconds = refused_for(limiter, "ada", "192.0.2.1");
    EXPECT_GT(seconds, 100);
    EXPECT_LE(seconds, 180); // a fifth of the window
    EXPECT_EQ(refused_for(limiter, "bob", "192.0.2.1"), 0);
    EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.2"), 0);
    wait(181s);
    EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.1"), 0); // one is forgotten
    EXPECT_GT(refused_for(limiter, "ada", "192.0.2.1"), 0);
    wait(900s);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.1"), 0) << i;
}

TEST_F(LoginLimiterTest, ASuccessForgetsThem) {
    LoginLimiter const limiter;
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 2; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.1"), 0);
        limiter.attempt("ada", "192.0.2.1").succeeded();
    }
}

TEST_F(LoginLimiterTest, ASuccessOfOneOpensNoWayForAnother) {
    LoginLimiter const limiter({.per_account = 6});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.66"), 0);
    limiter.attempt("ada", "192.0.2.1").succeeded();
    EXPECT_GT(refused_for(limiter, "ada", "192.0.2.66"), 0);
}

TEST_F(LoginLimiterTest, ManyAddressesOnOneAccountAreLimited) {
    LoginLimiter const limiter({.per_account = 10});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2." + std::to_string(i)), 0);
    EXPECT_GT(refused_for(limiter, "ada", "192.0.2.99"), 0);
    EXPECT_EQ(refused_for(limiter, "bob", "192.0.2.99"), 0);
}

TEST_F(LoginLimiterTest, OneAddressOnManyAccountsIsLimited) {
    LoginLimiter const limiter({.per_address = 10});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(refused_for(limiter, "user" + std::to_string(i), "192.0.2.1"), 0);
    EXPECT_GT(refused_for(limiter, "another", "192.0.2.1"), 0);
    EXPECT_EQ(refused_for(limiter, "another", "192.0.2.2"), 0);
}

TEST_F(LoginLimiterTest, AnIpv6AddressStandsForItsNetwork) {
    LoginLimiter const limiter({.per_address = 3});
    for (int i = 1; i <= 3; ++i)
        EXPECT_EQ(refused_for(limiter, "user" + std::to_string(i), "2001:db8::" + std::to_string(i)), 0);
    EXPECT_GT(refused_for(limiter, "another", "2001:db8::ffff:1"), 0);
    EXPECT_EQ(refused_for(limiter, "another", "2001:db8:0:1::1"), 0);
}

TEST_F(LoginLimiterTest, ManyEntriesPushOutThoseWithTheFewestFailures) {
    LoginLimiter const limiter({.per_address = 1'000'000, .most_entries = 300});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused_for(limiter, "ada", "192.0.2.1"), 0);
    for (int i = 0; i < 5000; ++i) (void)limiter.attempt("account" + std::to_string(i), "192.0.2.7");
    EXPECT_GT(refused_for(limiter, "ada", "192.0.2.1"), 0);
}

TEST_F(LoginLimiterTest, ManyAtOnceAreCountedOneByOne) {
    LoginLimiter const limiter;
    std::atomic<int> allowed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n)
                if (refused_for(limiter, "ada", "192.0.2.1") == 0) ++allowed;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(allowed, 5);
}

} // namespace
} // namespace hxx
