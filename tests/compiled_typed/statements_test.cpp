// Every statement in a template that is compiled with the types of its context.
#include "tests/compiled_typed/rendering.hpp"

#include <gmock/gmock.h>

namespace hxx::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TypedStatements, Loops) {
    EXPECT_THAT(rendered(pages::Loops{}),
                StartsWith("1032TrueFalse310  Ada &lt;3 Grace odd True\n2121FalseFalse310 Ada &lt;3 "
                           "Grace Edsger &#34;E&#34; even True\n"));
    pages::Loops empty;
    empty.people.clear();
    empty.numbers.clear();
    empty.pairs.clear();
    empty.flags.clear();
    static_cast<void>(rendered(empty));
}
TEST(TypedStatements, RecursiveLoops) {
    EXPECT_THAT(rendered(pages::Recursive{}),
                StartsWith("<ul><li>10 1/2 root<ul><li>21 1/2 a<ul><li>32 1/2 a&lt;1&gt;</li>"));
    EXPECT_THAT(rendered(pages::Recursive{{}}), StartsWith("<ul>empty</ul>"));
}
TEST(TypedStatements, Bodies) {
    EXPECT_THAT(rendered(pages::Bodies{}), StartsWith("[base Ti&lt;tle&gt;"));
    EXPECT_THAT(rendered(pages::Bodies{}, "bodies.html#top", {}), StartsWith("[base Ti&lt;tle&gt;"));
    EXPECT_EQ(rendered(pages::Bodies{}, "bodies.html#rows", {}), "(Grace85)");
}
TEST(TypedStatements, Sets) {
    EXPECT_THAT(rendered(pages::Sets{}), StartsWith("Ti&lt;tle&gt; Ti&lt;tle&gt;! 1Ada &lt;3 <i>Ti&lt;tle&gt;</i>20 "
                                                    "X3TI&LT;TLE&GT;\n6Ti&lt;tle&gt; False London\n93 3"));
    pages::Sets one;
    one.count = 1;
    static_cast<void>(rendered(one));
    one.count = 9;
    static_cast<void>(rendered(one));
}
TEST(TypedStatements, Macros) {
    EXPECT_THAT(rendered(pages::Macros{}),
                StartsWith("<tr><td>Ada &lt;3 36</td><th>Ada &lt;3 36</th><td>Ada &lt;3 e</td><b>Ada &lt;3 1</b>"));
}
TEST(TypedStatements, ImportedMacros) {
    EXPECT_THAT(rendered(pages::Imported{}), HasSubstr("<p>&lt;T&gt;</p> <q class=\"&lt;c&gt;\">&lt;T&gt;</q>"));
}
TEST(TypedStatements, Includes) {
    EXPECT_THAT(rendered(pages::Includes{}), StartsWith("(In&lt;cl&gt;) (In&lt;cl&gt; Ada &lt;3 UK)"));
}
TEST(TypedStatements, Blocks) {
    EXPECT_THAT(rendered(pages::Child{}), StartsWith("<title>Child: Top &amp; titleset by child</title>"));
    EXPECT_THAT(rendered(pages::Grandchild{}),
                StartsWith("<title>Grand: Child: Top &amp; titleset by child Top &amp; title "));
}
TEST(TypedStatements, ABlockAlone) {
    for (std::string const block : {"title", "body", "item", "unscoped", "must", "footer", "nested", "nothing"}) {
        auto const child = rendered(pages::Child{}, "child.html#" + block, {});
        auto const grandchild = rendered(pages::Grandchild{}, "grandchild.html#" + block, {});
        if (block == "title") {
            EXPECT_EQ(child, "Child: Top &amp; titleset by child");
        }
        if (block == "footer") {
            EXPECT_EQ(child, "foot 1 London");
            EXPECT_EQ(grandchild, "foot grand London");
        }
    }
    auto const page = pages::Child{};
    EXPECT_EQ(compiled().render_block("child.html", "footer", page), "foot 1 London");
}
TEST(TypedStatements, AParentThatOnlyTheRenderingKnows) {
    pages::DynamicParent page;
    EXPECT_THAT(rendered(page), StartsWith("<title>dyn dynamicdynamic</title>"));
    page.extend = false;
    EXPECT_THAT(rendered(page), StartsWith("before dynamic"));
    page.extend = true;
    page.layout = "none.html";
    EXPECT_THAT(rendered(page), StartsWith("error: dynamic_parent.html:1:"));
}
TEST(TypedStatements, Escaping) {
    EXPECT_THAT(rendered(pages::Escapes{}), StartsWith("&lt;&amp;&gt; <&><a><b<&><&> "));
    pages::Escapes off;
    off.escape = false;
    // A constant is written as around it: Jinja2 does not know yet.
    EXPECT_THAT(rendered(off), HasSubstr("<&>&lt;lit&gt;<a><b<&><<i><&>"));
    EXPECT_THAT(rendered(pages::Plain{}), StartsWith("<&> <a><b ['<a>', 'b'] &lt;&amp;&gt; 3 "));
}

} // namespace
} // namespace hxx::tests
