#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

TEST(Errors, WhereAndWhat) {
    auto const environment = environment_of({{"page.html", "<p>\n  {{ user.name.first }}\n</p>"}});
    auto const error =
        error_of([&] { static_cast<void>(environment.render("page.html", {{"user", Value::dict({})}})); });
    EXPECT_EQ(error.kind(), ErrorKind::UndefinedError);
    EXPECT_EQ(error.template_name(), "page.html");
    EXPECT_EQ(error.line(), 2U);
    EXPECT_EQ(error.column(), 15U);
    EXPECT_EQ(error.source_line(), "  {{ user.name.first }}");
    EXPECT_STREQ(error.what(), "page.html:2:15: UndefinedError: 'dict object' has no attribute 'name'\n"
                               " 2 |   {{ user.name.first }}\n"
                               "   |               ^");
}

TEST(Errors, ChainOfIncludesAndMacros) {
    auto const environment = environment_of(
        {{"page", "{% extends 'base' %}{% from 'lib' import show %}\n{% block body %}{{ show(1) }}{% endblock %}"},
         {"base", "{% block body %}{% endblock %}"},
         {"lib", "{% macro show(x) %}\n{% include 'part' %}{% endmacro %}"},
         {"part", "{{ x / 0 }}"}});
    auto const error = error_of([&] { static_cast<void>(environment.render("page")); });
    EXPECT_EQ(error.template_name(), "part");
    std::string chain;
    for (auto const& place : error.chain())
        chain += place.what + " " + place.template_name + ":" + std::to_string(place.line) + "; ";
    EXPECT_EQ(chain, "included lib:2; called page:2; in block 'body' base:1; extended page:1; ");
}

TEST(Errors, SyntaxErrorsOfIncludedTemplatesNameThem) {
    auto const environment = environment_of({{"page", "\n{% include 'broken' %}"}, {"broken", "{% if %}"}});
    auto const error = error_of([&] { static_cast<void>(environment.render("page")); });
    EXPECT_EQ(error.kind(), ErrorKind::TemplateSyntaxError);
    EXPECT_EQ(error.template_name(), "broken");
    ASSERT_EQ(error.chain().size(), 1U);
    EXPECT_EQ(error.chain()[0].line, 2U);
}

TEST(Errors, Suggestions) {
    EXPECT_EQ(plain_error("{{ 'a'|uper }}").hint(), "did you mean 'upper'?");
    EXPECT_EQ(plain_error("{{ 1 is od }}").hint(), "did you mean 'odd'?");
    auto const environment = environment_of({{"users.html", ""}});
    auto const error = error_of([&] { static_cast<void>(environment.render("user.html")); });
    EXPECT_EQ(error.kind(), ErrorKind::TemplateNotFound);
    EXPECT_EQ(error.hint(), "did you mean 'users.html'?");
    EXPECT_EQ(error.missing_templates(), std::vector<std::string>{"user.html"});
}

TEST(Errors, UnknownFiltersInBranchesFailWhenReached) {
    EXPECT_EQ(plain_error("{{ 'a'|nope }}").kind(), ErrorKind::TemplateAssertionError);
    EXPECT_EQ(plain("{% if false %}{{ 'a'|nope }}{% endif %}"), "");
    EXPECT_EQ(plain_error("{% if true %}{{ x|nope }}{% endif %}").kind(), ErrorKind::TemplateRuntimeError);
}

TEST(Errors, MissingTemplates) {
    auto const environment =
        environment_of({{"a", "{% include 'x' %}"}, {"b", "{% include ['x', 'y'] %}"}, {"c", "{% extends 'x' %}"}});
    auto kind = [&](char const* name) { return error_of([&] { static_cast<void>(environment.render(name)); }); };
    EXPECT_EQ(kind("a").kind(), ErrorKind::TemplateNotFound);
    EXPECT_EQ(kind("b").kind(), ErrorKind::TemplatesNotFound);
    EXPECT_EQ(kind("b").missing_templates(), (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(kind("c").line(), 1U);
}

TEST(Errors, OutputBeforeAnErrorIsTakenBack) {
    auto const environment = environment_of({{"t", "some text{{ 1 / 0 }}"}});
    std::string out = "before";
    EXPECT_THROW(environment.render("t", {}, out), Error);
    EXPECT_EQ(out, "before");
}

TEST(Errors, ColumnsCountCodePointsAndKeepTabs) {
    auto const error = plain_error("\t\xC3\xA9\xC3\xA9{{ 1 / 0 }}");
    EXPECT_EQ(error.column(), 7U);
    EXPECT_NE(std::string(error.what()).find("   | \t     ^"), std::string::npos) << error.what();
}

// ── Limits ──────────────────────────────────────────────────────────────────────────────────────────────────────

Error limited(std::string source, Limits limits) {
    Options options;
    options.limits = limits;
    return plain_error(std::move(source), {}, std::move(options));
}

TEST(Limits, Everything) {
    EXPECT_EQ(limited("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(limited("{% for a in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(limited("{% block b %}{{ self.b() }}{% endblock %}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(
        limited("{% for a in range(100) %}{% for b in range(100) %}{% endfor %}{% endfor %}", {.iterations = 1000})
            .kind(),
        ErrorKind::LimitError);
    EXPECT_EQ(limited("{% for a in range(100) %}0123456789{% endfor %}", {.output = 500}).kind(),
              ErrorKind::LimitError);
    EXPECT_EQ(limited("{% set x %}{% for a in range(100) %}0123456789{% endfor %}{% endset %}", {.output = 500}).kind(),
              ErrorKind::LimitError);
    EXPECT_EQ(limited("{{ range(100)|list }}", {.range = 50}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(limited("{{ 'x' * 999999999 }}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(limited("{{ [1] * 999999999 }}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(limited("{{ 'x'|center(999999999) }}", {}).kind(), ErrorKind::LimitError);
    EXPECT_EQ(
        limited("{% set n = namespace(x='ab') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}", {})
            .kind(),
        ErrorKind::LimitError);
    EXPECT_EQ(limited("{% set n = namespace(x=[1]) %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}", {})
                  .kind(),
              ErrorKind::LimitError);
}

TEST(Limits, DeepButFiniteRecursionWorks) {
    EXPECT_EQ(plain("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% endif %}.{% endmacro %}{{ m(150) }}"),
              std::string(151, '.'));
}

} // namespace
} // namespace hxx::jinja
