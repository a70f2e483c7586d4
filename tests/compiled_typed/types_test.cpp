// Every C++ type as a variable of a compiled template.
#include "tests/compiled_typed/rendering.hpp"

#include <gmock/gmock.h>

namespace hxx::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TypedTypes, Numbers) {
    EXPECT_THAT(rendered(pages::Numbers{}),
                StartsWith("-128 255 -32768 65535 -2147483647 4294967295 -9223372036854775808 18446744073709551615 "
                           "9223372036854775807 9223372036854775808\nTrue False 2.5 3.0 1e-07 "));
}
TEST(TypedTypes, Texts) {
    EXPECT_THAT(
        rendered(pages::Texts{}),
        StartsWith("a &lt;b&gt; &amp; &#39;c&#39; &#34;d&#34; é||view &lt;i&gt;|pointer &amp; co|&lt;|<b>bold</b>|"
                   "&lt;b&gt;plain&lt;/b&gt;||annotated &lt;u&gt;|7|paid\n"));
}
TEST(TypedTypes, ATextOfANullPointerAndACharacterOfZero) {
    pages::Texts texts;
    texts.letter = '\0';
    texts.view = {};
    static_cast<void>(rendered(texts));
}
TEST(TypedTypes, OptionalsAndPointers) {
    EXPECT_THAT(rendered(pages::Wrapped{}), StartsWith("5 None opt &lt;i&gt; None Ada &lt;3 London Grace "));
}
TEST(TypedTypes, Containers) {
    EXPECT_THAT(rendered(pages::Containers{}),
                StartsWith("[3, 1, 2] [True, False, True] [&#39;x&lt;y&#39;, &#39;z&#39;] [] "));
}
TEST(TypedTypes, Functions) { EXPECT_THAT(rendered(pages::Functions{}), StartsWith("3 8 a!&lt; Ada &lt;3!&lt; 8 4 ")); }
TEST(TypedTypes, Times) { EXPECT_THAT(rendered(pages::Times{}), StartsWith("90 1.5 1970-01-02")); }
TEST(TypedTypes, Operators) {
    EXPECT_THAT(rendered(pages::Operators{}), StartsWith("5 9 -14 -3.5 -4 -1 49 -7 -2 7.5 abb "));
}
TEST(TypedTypes, Filters) {
    EXPECT_THAT(rendered(pages::Filters{}), StartsWith("3 MIXED &lt;CASE&gt; SS mixed &lt;case&gt; ß "));
}
TEST(TypedTypes, WhatIsRightForOneOfThem) { EXPECT_THAT(rendered(pages::Doubts{}), StartsWith("11")); }
TEST(TypedTypes, Undefined) {
    EXPECT_THAT(rendered(pages::Undefined{}),
                StartsWith(" False    False 1 d Ada &lt;3 y no a True 0  Ada &lt;3 False 1"));
    jinja::Options options;
    options.undefined = jinja::UndefinedMode::Strict;
    EXPECT_THAT(rendered(pages::Undefined{}, "undefined.html", options),
                HasSubstr("UndefinedError: 'nothing' is undefined"));
}

} // namespace
} // namespace hxx::tests
