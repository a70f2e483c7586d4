#include "hxx/html/document.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::dom {
namespace {

// Every element has a letter for a name; a test says which letters match.
constexpr std::string_view fragment = R"(
<section x=A id=main class="one two">
  <h2 x=B>head</h2>
  <p x=C class=one lang=en-GB>p1</p>
  <p x=D class="two three" data-n="a b c">p2 <b x=E>b</b></p>
  <ul x=F>
    <li x=G>1</li>
    <li x=H class=two><b x=I id="a:b.c">2</b></li>
    <li x=J>3</li>
    <li x=K></li>
  </ul>
  <form x=L><input x=M type=checkbox checked disabled name="user[name]"><input x=N TYPE=Text value="">
    <option x=O selected></option></form>
</section>
<svg x=P viewBox="0 0 1 1"></svg>
<my-el x=Q>gr&ouml;&szlig;e</my-el>)";

std::string matches(std::string_view selector) {
    static auto const document = Document::parse(fragment);
    std::string letters;
    for (auto const& node : document.select(selector)) letters += node.attr("x").value_or("?");
    return letters;
}

struct Case {
    std::string_view selector, letters;
};
class HtmlSelector : public testing::TestWithParam<Case> {};
TEST_P(HtmlSelector, Matches) { EXPECT_EQ(matches(GetParam().selector), GetParam().letters) << GetParam().selector; }

INSTANTIATE_TEST_SUITE_P(Simple, HtmlSelector,
                         testing::Values(Case{"*", "ABCDEFGHIJKLMNOPQ"}, Case{"p", "CD"}, Case{"LI", "GHJK"},
                                         Case{"my-el", "Q"}, Case{"#main", "A"}, Case{"#Main", ""}, Case{".two", "ADH"},
                                         Case{".two.three", "D"}, Case{"p.one", "C"}, Case{"section#main.one", "A"},
                                         Case{"#main#main", "A"}, Case{"#a\\:b\\.c", "I"}, Case{"#a\\3a b\\.c", "I"},
                                         Case{".none", ""}, Case{"  p  ", "CD"}, Case{"svg[viewbox]", "P"}));
INSTANTIATE_TEST_SUITE_P(Attributes, HtmlSelector,
                         testing::Values(Case{"[lang]", "C"}, Case{"[ lang ]", "C"}, Case{"[lang=en]", ""},
                                         Case{"[lang|=en]", "C"}, Case{"[lang|='en-GB']", "C"}, Case{"[lang^=en]", "C"},
                                         Case{"[lang$=\"GB\"]", "C"}, Case{"[lang*='n-G']", "C"},
                                         Case{"[data-n~=b]", "D"}, Case{"[data-n~='a b']", ""},
                                         Case{"[data-n='a b c']", "D"}, Case{"[name='user[name]']", "M"},
                                         Case{"[name=user\\[name\\]]", "M"}, Case{"[type=text]", ""},
                                         Case{"[type=text i]", "N"}, Case{"[TYPE=Text s]", "N"},
                                         Case{"[value='']", "N"}, Case{"[value^='']", ""}, Case{"[value*='']", ""},
                                         Case{"[x=A][class]", "A"}));
INSTANTIATE_TEST_SUITE_P(Combinators, HtmlSelector,
                         testing::Values(Case{"section b", "EI"}, Case{"section > b", ""}, Case{"p>b", "E"},
                                         Case{"ul li.two > b", "I"}, Case{"section * b", "EI"}, Case{"h2 + p", "C"},
                                         Case{"p + p", "D"}, Case{"h2 ~ p", "CD"}, Case{"li ~ li", "HJK"},
                                         Case{"li + li + li", "JK"}, Case{"p, b , #main", "ACDEI"}, Case{"p,p", "CD"},
                                         Case{"section > ul > li b", "I"}, Case{".one .two b", "EI"},
                                         Case{"section~my-el", "Q"}));
INSTANTIATE_TEST_SUITE_P(
    PseudoClasses, HtmlSelector,
    testing::Values(Case{"li:first-child", "G"}, Case{"li:last-child", "K"}, Case{"b:only-child", "EI"},
                    Case{"li:nth-child(2)", "H"}, Case{"li:nth-child(odd)", "GJ"}, Case{"li:nth-child( even )", "HK"},
                    Case{"li:nth-child(n+3)", "JK"}, Case{"li:nth-child(-n + 2)", "GH"}, Case{"li:nth-child(3n)", "J"},
                    Case{"li:nth-child(2n+1)", "GJ"}, Case{"li:nth-child(0)", ""}, Case{"li:nth-last-child(1)", "K"},
                    Case{"li:empty", "K"}, Case{"li:not(.two)", "GJK"}, Case{"li:not(:first-child):not(:empty)", "HJ"},
                    Case{"li:not(.two, :empty)", "GJ"}, Case{"li:not(ul > li)", ""}, Case{":checked", "MO"},
                    Case{"input:disabled", "M"}, Case{"p:FIRST-child", ""}));

struct Wrong {
    std::string_view selector, complaint;
};
class WrongSelector : public testing::TestWithParam<Wrong> {};
TEST_P(WrongSelector, IsRefusedWithThePlace) {
    auto const& [selector, complaint] = GetParam();
    try {
        static_cast<void>(matches(selector));
        FAIL() << selector;
    } catch (std::invalid_argument const& error) {
        EXPECT_EQ(error.what(), "CSS selector '" + std::string(selector) + "', at character " + std::string(complaint));
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongSelector,
    testing::Values(
        Wrong{"", "1: a tag, #id, .class, [attribute] or :pseudo-class is missing"},
        Wrong{"p,", "3: a tag, #id, .class, [attribute] or :pseudo-class is missing"},
        Wrong{"p >", "4: a tag, #id, .class, [attribute] or :pseudo-class is missing"},
        Wrong{"> p", "1: a tag, #id, .class, [attribute] or :pseudo-class is missing"},
        Wrong{"p..x", "3: a name is missing"}, Wrong{"#", "2: a name is missing"}, Wrong{"p[", "3: a name is missing"},
        Wrong{"[a", "3: '=' is missing"}, Wrong{"[a=b", "5: ']' is missing"}, Wrong{"[a=]", "4: a name is missing"},
        Wrong{"[a='b]", "7: the quote is not closed"}, Wrong{"[a!=b]", "3: '=' is missing"},
        Wrong{"p)", "2: this cannot follow here"}, Wrong{"p::before", "3: pseudo-elements match no element"},
        Wrong{"p:hover", "3: the pseudo-class :hover is not supported"},
        Wrong{"p:nth-child(x)", "13: this is no position such as 3, odd, even or 2n+1"},
        Wrong{"p:nth-child", "12: '(' is missing"}, Wrong{"p:not(a", "8: ')' is missing"},
        Wrong{"p\\", "3: nothing follows the backslash"}, Wrong{"\xC3\xB6!", "2: this cannot follow here"}));

TEST(HtmlSelectors, NestedTooDeeplyAreRefused) {
    std::string selector = "p";
    for (int i = 0; i < 100; ++i) selector = ":not(" + selector + ")";
    EXPECT_THROW(static_cast<void>(matches(selector)), std::invalid_argument);
}

} // namespace
} // namespace hxx::dom
