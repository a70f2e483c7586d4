#include "hxx/base/form_fields.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

using Values = std::vector<std::string>;

TEST(FormFields, DecodesNamesAndValues) {
    auto const fields = FormFields::parse("name=Ada+Lovelace&city=Z%C3%BCrich&a%26b=c%3Dd%2B");
    EXPECT_EQ(fields, (FormFields{{"name", "Ada Lovelace"}, {"city", "Zürich"}, {"a&b", "c=d+"}}));
}

TEST(FormFields, OnlyAmpersandSeparates) { EXPECT_EQ(FormFields::parse("a=1;b=2"), (FormFields{{"a", "1;b=2"}})); }

TEST(FormFields, BlankValuesAreKept) {
    auto const fields = FormFields::parse("a=&b&=c&&d==");
    EXPECT_EQ(fields, (FormFields{{"a", ""}, {"b", ""}, {"", "c"}, {"d", "="}}));
    EXPECT_TRUE(FormFields::parse("").empty());
    EXPECT_TRUE(FormFields::parse("&&&").empty());
}

TEST(FormFields, TheLastValueCounts) {
    auto const fields = FormFields::parse("a=1&b=2&a=3");
    ASSERT_NE(fields.get("a"), nullptr);
    EXPECT_EQ(*fields.get("a"), "3");
    EXPECT_EQ(fields.get_all("a"), (Values{"1", "3"}));
    EXPECT_EQ(fields.get("c"), nullptr);
    EXPECT_FALSE(fields.contains("c"));
    EXPECT_EQ(fields.get_all("c"), Values{});
    EXPECT_EQ(fields.get_or("c", "x"), "x");
}

TEST(FormFields, SetAndEraseKnowAllOfAName) {
    FormFields fields{{"a", "1"}, {"b", "2"}, {"a", "3"}};
    fields.set("a", "9");
    fields.set("c", "4");
    EXPECT_EQ(fields, (FormFields{{"a", "9"}, {"b", "2"}, {"c", "4"}}));
    EXPECT_EQ(fields.erase("b"), 1u);
    EXPECT_EQ(fields.erase("b"), 0u);
    EXPECT_EQ(fields.size(), 2u);
}

TEST(FormFields, RefusesWhatIsMalformed) {
    for (auto const* text : {"a=%", "a=%4", "a=%4g", "a=%g4", "%=1", "a=%zz&b=1", "a=100%"})
        EXPECT_THROW((void)FormFields::parse(text), FormError) << text;
    for (auto const* text : {"a=%FF", "a=%C3", "%C0%AF=1", "a=%ED%A0%80", "a=\xff"})
        EXPECT_THROW((void)FormFields::parse(text), FormError) << text;
    EXPECT_THROW((void)FormFields::parse("a=%00"), FormError);
    EXPECT_THROW((void)FormFields::parse(std::string_view("a=\0", 3)), FormError);
}

TEST(FormFields, RefusesTooManyFields) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "&a=1";
    EXPECT_EQ(FormFields::parse(text).size(), 1000u);
    EXPECT_THROW((void)FormFields::parse(text + "&a=1"), FormError);
    EXPECT_THROW((void)FormFields::parse("a&b&c", FormFields::Limits{.max_fields = 2}), FormError);
}

TEST(FormFields, EncodesSoThatItReadsTheSame) {
    FormFields const fields{{"a b", "c&d=e+f%"}, {"ü", "~*-._"}, {"", ""}};
    EXPECT_EQ(fields.encode(), "a+b=c%26d%3De%2Bf%25&%C3%BC=%7E*-._&=");
    EXPECT_EQ(FormFields::parse(fields.encode()), fields);
}

} // namespace
} // namespace hxx
