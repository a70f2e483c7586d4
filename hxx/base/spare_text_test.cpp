#include "hxx/base/spare_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

// Each test on a thread of its own, whose stock is empty.
void on_new_thread(auto test) { std::thread(test).join(); }

TEST(SpareText, MemoryComesBackEmpty) {
    on_new_thread([] {
        std::string text(1000, 'x');
        auto const* const memory = text.data();
        recycle(text);
        EXPECT_EQ(text, "");
        auto const spare = take_spare_text();
        EXPECT_EQ(spare, "");
        EXPECT_GE(spare.capacity(), 1000U);
        EXPECT_EQ(spare.data(), memory);
        EXPECT_EQ(take_spare_text().capacity(), std::string().capacity());
    });
}

TEST(SpareText, NeitherSmallNorLargeTextsAreKept) {
    on_new_thread([] {
        for (std::size_t const size : {0UL, 10UL, 50UL, 1'000'000UL}) {
            std::string text(size, 'x');
            recycle(text);
            EXPECT_EQ(text, "");
            EXPECT_LT(text.capacity(), 64U) << size;
            EXPECT_EQ(take_spare_text().capacity(), std::string().capacity()) << size;
        }
    });
}

TEST(SpareText, AFewAreKept) {
    on_new_thread([] {
        for (auto& text : std::vector<std::string>(100, std::string(1000, 'x'))) recycle(text);
        int kept = 0;
        while (take_spare_text().capacity() >= 1000) ++kept;
        EXPECT_EQ(kept, 4);
    });
}

} // namespace
} // namespace hxx
