#include "hxx/base/uuid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hxx {
namespace {

TEST(Uuid, ReadsBothSpellings) {
    auto const uuid = Uuid::parse("0B8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a11");
    ASSERT_TRUE(uuid);
    EXPECT_EQ(uuid->str(), "0b8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a11");
    EXPECT_EQ(Uuid::parse("0b8e1f6c6b1c4a539d3b0c2d9d0f6a11"), uuid);
    EXPECT_EQ(uuid->bytes()[0], 0x0b);
    EXPECT_EQ(uuid->bytes()[15], 0x11);
    EXPECT_TRUE(Uuid().is_nil());
    EXPECT_FALSE(uuid->is_nil());
}

TEST(Uuid, RefusesOtherText) {
    for (auto const* text :
         {"", "0b8e1f6c", "0b8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a1g", "0b8e1f6c6-b1c-4a53-9d3b-0c2d9d0f6a11",
          "{0b8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a1}", "0b8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a111",
          "0b8e1f6c-6b1c-4a53-9d3b0c2d9d0f6a11", "----0b8e1f6c6b1c4a539d3b0c2d9d0f"})
        EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Uuid, RandomOnesAreOfVersionFourAndDiffer) {
    std::set<Uuid> seen;
    for (int i = 0; i < 1000; ++i) {
        auto const uuid = Uuid::random();
        EXPECT_EQ(uuid.str()[14], '4');
        EXPECT_NE(std::string_view("89ab").find(uuid.str()[19]), std::string_view::npos);
        EXPECT_EQ(Uuid::parse(uuid.str()), uuid);
        seen.insert(uuid);
    }
    EXPECT_EQ(seen.size(), 1000u);
}

} // namespace
} // namespace hxx
