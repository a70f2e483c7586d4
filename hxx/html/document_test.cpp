#include "hxx/html/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::dom {
namespace {

using testing::ElementsAre;

constexpr std::string_view page = R"(<!doctype html>
<html lang=en><head><title>Users &amp; friends</title><style>p { color: red }</style></head>
<body class="app  wide">
  <h1 id="top">All <em>users</em></h1>
  <table id=users><thead><tr><th>Name<th>Age</thead>
  <tr data-id=1><td>Ada</td><td>36</td>
  <tr data-id=2 class=odd><td>Grace&nbsp;H.<td>85
  </table>
  <script>var x = "<p>not me</p>";</script>
  <p>one<br>two</p><!-- a comment -->
</body>)";

TEST(HtmlDocument, IsParsedAsBrowsersDo) {
    auto const document = Document::parse(page);
    EXPECT_EQ(document.text("title"), "Users & friends");
    EXPECT_EQ(document.count("#users tbody > tr"), 2u) << "a tbody is implied";
    EXPECT_EQ(document.count("p"), 1u) << "a script's text is no HTML";
    ASSERT_EQ(document.children().size(), 1u);
    EXPECT_EQ(document.children()[0].tag(), "html");
    EXPECT_EQ(document.attr("html", "lang"), "en");
}

TEST(HtmlDocument, ReadsTextAsPeopleDo) {
    auto const document = Document::parse(page);
    EXPECT_EQ(document.text("h1"), "All users");
    EXPECT_EQ(document.text("tr[data-id='1']"), "Ada 36");
    EXPECT_EQ(document.text("p"), "one two");
    EXPECT_EQ(document.text("tr.odd td"), "Grace\xC2\xA0H.");
    EXPECT_THAT(document.texts("th"), ElementsAre("Name", "Age"));
    EXPECT_EQ(document.text().find("not me"), std::string::npos);
    EXPECT_EQ(Document::parse("<ul><li>a</li><li>b</li></ul>").text(), "a b");
    EXPECT_EQ(Document::parse("<b>a</b><i>b</i>  c\n\td").text(), "ab c d");
}

TEST(HtmlDocument, TakesFragmentsAsHtmxDoes) {
    auto const rows = Document::parse("<tr id=a><td>1</td></tr><tr id=b><td>2</td></tr>");
    EXPECT_EQ(rows.count("tr"), 2u);
    EXPECT_EQ(rows.count("table"), 0u);
    EXPECT_EQ(rows.children().size(), 2u);
    EXPECT_FALSE(rows.children()[0].parent());
    EXPECT_EQ(rows.count("html"), 0u);
    EXPECT_EQ(rows.count("html > tr"), 0u);
    EXPECT_EQ(rows.count("tr:first-child"), 1u);
    EXPECT_EQ(Document::parse("<option>1<option>2").count("option"), 2u);
    EXPECT_EQ(Document::parse("just text").text(), "just text");
    EXPECT_EQ(Document::parse("").children().size(), 0u);
    EXPECT_EQ(Document::parse("").html(), "");
    EXPECT_EQ(Document::parse("<header>x</header>").children()[0].tag(), "header");
    EXPECT_EQ(Document::parse(" <!-- x -->\n<!DOCTYPE html>y").children()[0].tag(), "html");
    EXPECT_EQ(Document::parse("<template><tr><td>in</td></tr></template>").text("td"), "in");
    EXPECT_EQ(Document::parse("<my-element a=b>x</my-element>").attr("my-element", "A"), "b");
}

TEST(HtmlDocument, GivesAttributes) {
    auto const document = Document::parse("<input DISABLED value='a &lt; &quot;b&quot;' name=n>");
    auto const input = document.select_one("input");
    ASSERT_TRUE(input);
    EXPECT_EQ(input->attr("value"), "a < \"b\"");
    EXPECT_EQ(input->attr("disabled"), "");
    EXPECT_EQ(input->attr("missing"), std::nullopt);
    EXPECT_EQ(input->attributes().size(), 3u);
    EXPECT_EQ(input->attributes()[2].first, "name");
    EXPECT_TRUE(Document::parse("<p class=' a\tb\n'>").select_one("p")->has_class("b"));
    EXPECT_FALSE(Document::parse("<p class='ab'>").select_one("p")->has_class("a"));
}

TEST(HtmlDocument, WritesHtml) {
    auto const document =
        Document::parse("<p CLASS=x title='\"&'>a &lt; b &amp; c<br/><!--y--></P><script>1 < 2</script>");
    EXPECT_EQ(document.html(),
              "<p class=\"x\" title=\"&quot;&amp;\">a &lt; b &amp; c<br><!--y--></p><script>1 < 2</script>");
    EXPECT_EQ(document.select_one("p")->inner_html(), "a &lt; b &amp; c<br><!--y-->");
    EXPECT_EQ(Document::parse(document.html()).html(), document.html());
}

TEST(HtmlDocument, SearchesBelowAnElement) {
    auto const document = Document::parse("<div id=a><p>1</p><div><p>2</p></div></div><p>3</p>");
    auto const div = document.select_one("#a");
    ASSERT_TRUE(div);
    EXPECT_EQ(div->select("p").size(), 2u);
    EXPECT_EQ(div->select("#a > p").size(), 1u) << "the selector sees the whole document";
    EXPECT_FALSE(div->select_one("#a"));
    EXPECT_TRUE(div->matches("div#a:first-child"));
    EXPECT_FALSE(div->matches("p"));
    EXPECT_EQ(div->select("p")[1].parent()->parent(), div);
    EXPECT_EQ(div->children().size(), 2u);
}

TEST(HtmlDocument, ShowsWhatThereIsWhenNothingMatches) {
    auto const document = Document::parse("<p id=here>x</p>");
    EXPECT_FALSE(document.exists("#there"));
    EXPECT_TRUE(document.exists("#here"));
    EXPECT_EQ(document.attr("p", "class"), std::nullopt);
    EXPECT_THROW(static_cast<void>(document.attr("#there", "class")), std::out_of_range);
    try {
        static_cast<void>(document.text("#there"));
        FAIL();
    } catch (std::out_of_range const& error) {
        EXPECT_STREQ(error.what(), "no element matches '#there' in this HTML:\n<p id=\"here\">x</p>");
    }
}

TEST(HtmlDocument, SurvivesMovesAndDeepNesting) {
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep += "<div>";
    deep += "<p id=bottom>x</p>";
    auto document = Document::parse(deep);
    auto const node = document.select_one("#bottom");
    Document const moved = std::move(document);
    ASSERT_TRUE(node);
    EXPECT_EQ(node->text(), "x");
    EXPECT_EQ(moved.select_one("div p"), node);
    EXPECT_GT(moved.html().size(), deep.size());
    EXPECT_EQ(moved.text(), "x");
}

} // namespace
} // namespace hxx::dom
