#include "hxx/compiled/generator.hpp"

#include "hxx/jinja/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace hxx::compiled {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Generated generated(std::string text, std::set<std::string, std::less<>> const& others = {},
                    std::string name = "page.html") {
    static jinja::Environment const environment;
    return generate(environment, {.name = std::move(name),
                                  .text = std::move(text),
                                  .file = "templates/page.html",
                                  .compiled = [&](std::string_view other) { return others.contains(other); }});
}

TEST(Symbols, AreIdentifiersAndDifferForDifferentNames) {
    EXPECT_EQ(symbol_of("pages/users.html"), "t_pages_susers_dhtml");
    std::vector<std::string> const names = {"pages/users.html",
                                            "pages_sers.html",
                                            "a/b.html",
                                            "a_b.html",
                                            "a.b.html",
                                            "a-b.html",
                                            "a b.html",
                                            "ab.html",
                                            "A/b.html",
                                            "a/b_html",
                                            "a_d.html",
                                            "a/d.html",
                                            "a/dhtml",
                                            "a.html",
                                            "a_u.html",
                                            "a/u.html",
                                            "a__.html",
                                            "a/_.html",
                                            "a_/.html",
                                            "a//.html",
                                            "a_x2d.html",
                                            "a/x2d.html",
                                            "",
                                            "\xC3\xA9.html",
                                            "\xC3_xa9.html",
                                            "_",
                                            ".",
                                            "/",
                                            "__",
                                            "_u",
                                            "/u"};
    std::set<std::string> symbols;
    for (auto const& name : names) {
        auto const symbol = symbol_of(name);
        EXPECT_TRUE(symbols.insert(symbol).second) << name << " has the symbol of another: " << symbol;
        EXPECT_EQ(symbol.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
                  std::string::npos)
            << symbol;
        EXPECT_TRUE(symbol.starts_with("t_"));
    }
}

TEST(Generator, EveryStepStandsAtItsLineAndColumn) {
    auto const code = generated("<p>\n\n  {{ user.name }}\n\t{% if x %}é{{ y }}{% endif %}\n").code;
    // The line that follows a #line is the template's, and its code begins in the same column.
    EXPECT_THAT(code, HasSubstr("#line 3 \"templates/page.html\"\n         c.at(3, "));
    EXPECT_THAT(code, HasSubstr("#line 4 \"templates/page.html\"\n               c.at(4, 39); emit"));
    EXPECT_THAT(code, HasSubstr("there is no field 'name'"));
}

TEST(Generator, WhatAScopeLeavesBehindIsOfTheLineItBeganAt) {
    auto const code = generated("<p>{% if x %}\n{{ y }}\n{% endif %}\n\n <b>").code;
    EXPECT_THAT(code, HasSubstr("#line 1 \"templates/page.html\"\n    template <class C> static void body("));
    EXPECT_THAT(code, HasSubstr("#line 1 \"templates/page.html\"\n            } else {\n"));
    EXPECT_THAT(code, HasSubstr("#line 5 \"templates/page.html\"\n        write(c, "));
}

TEST(Generator, TheFilesNameIsALiteral) {
    jinja::Environment const environment;
    auto const code = generate(environment, {.name = "a.html", .text = "{{ a + b }}", .file = "t \"x\"\\a.html"}).code;
    EXPECT_THAT(code, HasSubstr("#line 1 \"t \\\"x\\\"\\\\a.html\"\n"));
}

TEST(Generator, ItsFunctionsOfAContextAreTheBodyAndTheBlocks) {
    auto const page = generated("{% macro m() %}{% endmacro %}{% block a %}{% block b %}{% endblock %}{% endblock %}"
                                "{% for x in y recursive %}{% endfor %}");
    EXPECT_EQ(page.symbol, "t_page_dhtml");
    EXPECT_EQ(page.typed.size(), 4U); // body and setup, two blocks
    EXPECT_THAT(page.typed, testing::IsSupersetOf({"body", "setup"}));
    EXPECT_THAT(page.code, HasSubstr("struct t_page_dhtml {"));
}

TEST(Generator, UsesTheCompiledTemplatesThatItExtendsAndIncludesByName) {
    std::set<std::string, std::less<>> const others{"base.html", "part.html", "other.html"};
    EXPECT_THAT(generated("{% extends 'base.html' %}{% block a %}{% include 'part.html' %}{% endblock %}", others).uses,
                ElementsAre("base.html", "part.html"));
    EXPECT_THAT(generated("{% extends name %}", others).uses, IsEmpty());
    EXPECT_THAT(generated("{% extends 'unknown.html' %}", others).uses, IsEmpty());
    EXPECT_THAT(generated("{% if x %}{% extends 'base.html' %}{% endif %}", others).uses, IsEmpty());
    EXPECT_THAT(generated("{% include 'part.html' without context %}", others).uses, IsEmpty());
    EXPECT_THAT(
        generated("{% include ['part.html', 'other.html'] %}{% include name %}{% include 'no.html' %}", others).uses,
        IsEmpty());
}

TEST(Generator, MacrosAndTextAreAModule) {
    auto const module = generated("text {% macro tag(name, text='') %}<{{ name }}>{{ text }}{% endmacro %}\n"
                                  "{% macro box() %}{{ caller() }}{% endmacro %}{% macro _own() %}{% endmacro %}")
                            .module;
    ASSERT_TRUE(module);
    EXPECT_EQ(module->name, "page.html");
    EXPECT_EQ(module->symbol, "t_page_dhtml");
    EXPECT_THAT(module->exported, testing::UnorderedElementsAre("tag", "box"));
    ASSERT_NE(module->find("tag"), nullptr);
    EXPECT_THAT(module->find("tag")->parameters, ElementsAre("name", "text"));
    EXPECT_EQ(module->find("nothing"), nullptr);
    EXPECT_TRUE(module->autoescape);
    EXPECT_FALSE(generated("{% macro a() %}{% endmacro %}", {}, "mail.txt").module->autoescape);
}

TEST(Generator, WhatMustBeRunIsNoModule) {
    EXPECT_FALSE(generated("{% set x = 1 %}{% macro a() %}{% endmacro %}").module);
    EXPECT_FALSE(generated("{{ x }}{% macro a() %}{% endmacro %}").module);
    EXPECT_FALSE(generated("{% if x %}{% macro a() %}{% endmacro %}{% endif %}").module);
    EXPECT_FALSE(generated("{% macro a() %}1{% endmacro %}{% macro a() %}2{% endmacro %}").module);
    EXPECT_FALSE(generated("{% extends 'base.html' %}{% macro a() %}{% endmacro %}").module);
}

TEST(Generator, AnImportedModuleIsUsed) {
    jinja::Environment const environment;
    auto const lib = generate(
        environment, {.name = "lib.html", .text = "{% macro m(x) %}{{ x }}{% endmacro %}", .file = "lib.html"});
    auto const importing = [&](std::string text) {
        return generate(environment,
                        {.name = "page.html",
                         .text = std::move(text),
                         .file = "page.html",
                         .compiled = [](std::string_view) { return true; },
                         .module = [&](std::string_view name) { return name == "lib.html" ? &*lib.module : nullptr; }});
    };
    auto const page = importing("{% import 'lib.html' as lib %}{{ lib.m(1) }}");
    EXPECT_THAT(page.uses, ElementsAre("lib.html"));
    EXPECT_THAT(page.code, HasSubstr("direct_t_lib_dhtml_"));
    EXPECT_THAT(importing("{% from 'lib.html' import m as n %}{{ n(1) }}").code, HasSubstr("direct_t_lib_dhtml_"));
    EXPECT_THAT(importing("{% import 'lib.html' as lib with context %}{{ lib.m(1) }}").code,
                Not(HasSubstr("t_lib_dhtml")));
    EXPECT_THAT(importing("{% import 'other.html' as lib %}{{ lib.m(1) }}").code, Not(HasSubstr("t_lib_dhtml")));
}

TEST(Generator, ConstantsAreEvaluated) {
    auto const code = generated("{{ 1 + 2 }}{{ 'a'|upper }}{{ '<' }}{{ none }}").code;
    EXPECT_THAT(code, AllOf(HasSubstr("3A&lt;None"), Not(HasSubstr("binary<")),
                            HasSubstr("evaluated[] = {\n        \"upper\"")));
}

TEST(Generator, AWrongTemplateIsAnErrorWithItsPlace) {
    try {
        static_cast<void>(generated("<p>\n{{ a b }}"));
        FAIL();
    } catch (jinja::Error const& error) {
        EXPECT_EQ(error.kind(), jinja::ErrorKind::TemplateSyntaxError);
        EXPECT_EQ(error.template_name(), "page.html");
        EXPECT_EQ(error.line(), 2U);
    }
    EXPECT_THROW(static_cast<void>(generated("{{ f(a=1, a=2) }}")), jinja::Error);
    EXPECT_THROW(static_cast<void>(generated("{% for loop in x %}{% endfor %}")), jinja::Error);
}

} // namespace
} // namespace hxx::compiled
