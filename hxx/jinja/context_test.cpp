#include "hxx/jinja/context.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace hxx::jinja {
namespace {

struct Page {
    std::string title;
    int count;
};

TEST(Context, IsTypedWhereNothingHidesAMember) {
    Page const page{"a", 1};
    Context const plain(page);
    ASSERT_NE(plain.typed_model(), nullptr);
    EXPECT_EQ(plain.typed_model()->raw_data(), &page);

    Context other(page);
    other.add("form", 1);
    EXPECT_NE(other.typed_model(), nullptr);
    other.add("count", 2);
    EXPECT_EQ(other.typed_model(), nullptr);

    EXPECT_EQ((Context{{"title", "a"}}).typed_model(), nullptr);
    std::map<std::string, int> const mapping{{"count", 1}};
    EXPECT_EQ(Context(mapping).typed_model(), nullptr);
}

TEST(Context, IsTypedByWhatComesFirst) {
    Page const page{"a", 1};
    Context const given(page), unrelated{{"site", "x"}}, hiding{{"title", "b"}};
    Context below(page);
    Context all;
    all.front(&given).parent(&below);
    ASSERT_NE(all.typed_model(), nullptr);
    EXPECT_EQ(all.typed_model()->raw_data(), &page);
    Context own(page);
    EXPECT_NE(own.front(&unrelated).typed_model(), nullptr);
    EXPECT_EQ(own.front(&hiding).typed_model(), nullptr);
    Context only_below;
    EXPECT_EQ(only_below.parent(&below).typed_model(), nullptr) << "globals and others come before it";
}

} // namespace
} // namespace hxx::jinja
