#include "embedded/named.hpp"
#include "embedded/tree.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

TEST(Embed, GivesAFileByTheNameThatCMakeGaveIt) {
    auto const* file = embedded::named().find("text.txt");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->content, "first\nsecond\n");
    EXPECT_EQ(file->sha256, "dbea9325179efe46ea2add94f7b6b745ca983fabb208dc6d34aa064623d7ee23");
    EXPECT_EQ(embedded::named().find("files/a.txt"), nullptr);
    EXPECT_EQ(embedded::named().find("text"), nullptr);
}

TEST(Embed, KeepsEveryByteAndEndsWithNul) {
    auto const* file = embedded::named().find("odd \"name\".dat");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->content, "a\r\n\\\"\xff"
                             "b");
    EXPECT_EQ(file->content.data()[file->content.size()], '\0');
}

TEST(Embed, TakesAnEmptyFile) {
    auto const* file = embedded::named().find("nothing");
    ASSERT_NE(file, nullptr);
    EXPECT_TRUE(file->content.empty());
}

TEST(Embed, TakesADirectoryWithItsSubdirectories) {
    std::vector<std::string> names;
    for (auto const& file : embedded::tree()) names.emplace_back(file.name);
    EXPECT_EQ(names, (std::vector<std::string>{"a.txt", "sub/b.json"}));
    EXPECT_EQ(embedded::tree().size(), 2U);
    EXPECT_EQ(embedded::tree().find("sub/b.json")->content, "{\"x\":1}\n");
}

TEST(Embed, ASetWithoutFilesFindsNothing) {
    EXPECT_EQ(hxx::EmbeddedFiles().find("a.txt"), nullptr);
    EXPECT_EQ(hxx::EmbeddedFiles().size(), 0U);
}

} // namespace
