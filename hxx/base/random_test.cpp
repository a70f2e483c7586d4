#include "hxx/base/random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace hxx {
namespace {

TEST(Random, IdsAreUniqueAcrossThreads) {
    constexpr std::size_t each = 5000;
    std::vector<std::vector<std::string>> made(4);
    {
        std::vector<std::thread> threads;
        for (auto& ids : made)
            threads.emplace_back([&ids] {
                for (std::size_t i = 0; i < each; ++i) ids.emplace_back(Id::random().view());
            });
        for (auto& thread : threads) thread.join();
    }
    std::set<std::string> all;
    for (auto const& ids : made) all.insert(ids.begin(), ids.end());
    EXPECT_EQ(all.size(), made.size() * each);
}

TEST(Random, IdsAreTwentySixDigitsOfBase32) {
    auto const id = Id::random();
    EXPECT_EQ(id.view().size(), 26u);
    EXPECT_EQ(id.view().find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz"), std::string_view::npos);
}

TEST(Random, AChildProcessDoesNotRepeatItsParentsIds) {
    static_cast<void>(Id::random());
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    auto const child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto const id = Id::random();
        auto const written = write(pipe_ends[1], id.view().data(), id.view().size());
        _exit(written == 26 ? 0 : 1);
    }
    char text[26];
    ASSERT_EQ(read(pipe_ends[0], text, sizeof text), 26);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    EXPECT_EQ(status, 0);
    for (int i = 0; i < 300; ++i) EXPECT_NE(Id::random().view(), std::string_view(text, sizeof text));
}

TEST(Random, TokensAreBase64urlOfTheBytesAskedFor) {
    EXPECT_EQ(random_token(16).size(), 22u);
    EXPECT_EQ(random_token(32).size(), 43u);
    EXPECT_NE(random_token(16), random_token(16));
}

} // namespace
} // namespace hxx
