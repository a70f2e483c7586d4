#include "hxx/jinja/template_info.hpp"
#include "hxx/jinja/testing.hpp"

#include <gmock/gmock.h>

namespace hxx::jinja {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TemplateInfo inspect(std::string source) {
    return EnvironmentBuilder().global("site", Value("hxx")).build().from_string(std::move(source))->inspect();
}

// "name@line:column" of each.
std::vector<std::string> shown(std::vector<TemplateInfo::Use> const& uses) {
    std::vector<std::string> all;
    for (auto const& [name, at] : uses)
        all.push_back(name + "@" + std::to_string(at.line) + ":" + std::to_string(at.column));
    return all;
}

TEST(Inspect, FindsTheVariablesThatAContextMustHave) {
    EXPECT_THAT(shown(inspect("{{ title }}\n{{ site }}{{ range(3) }}{% set own = q %}{{ own }}").variables),
                ElementsAre("title@1:4", "q@2:38"));
    EXPECT_THAT(
        shown(
            inspect("{% for u in users if u.active %}{{ loop.index }}{{ u }}{{ page }}{% endfor %}{{ u }}").variables),
        ElementsAre("users@1:13", "page@1:59", "u@1:81"));
    EXPECT_THAT(
        shown(
            inspect("{% macro m(a, b=fallback) %}{{ a }}{{ outside }}{{ varargs }}{% endmacro %}{{ m(x) }}").variables),
        ElementsAre("fallback@1:17", "outside@1:39", "x@1:81"));
    EXPECT_THAT(
        shown(inspect("{% with a = b %}{{ a }}{% block c scoped %}{{ d }}{{ super() }}{% endblock %}{% endwith %}")
                  .variables),
        ElementsAre("b@1:13", "d@1:47"));
    EXPECT_THAT(shown(inspect("{% import 'x' as x %}{% from 'y' import y %}{{ x.a }}{{ y }}").variables), IsEmpty());
    EXPECT_THAT(shown(inspect("{% if a %}{% set b = 1 %}{% endif %}{{ b }}").variables),
                ElementsAre("a@1:7", "b@1:40"));
}

TEST(Inspect, FindsTheTemplatesThatItRefersTo) {
    auto const info = inspect("{% extends 'base.html' %}\n"
                              "{% include ['a.html', 'b.html'] ignore missing %}\n"
                              "{% include 'c.html' if x else chosen without context %}\n"
                              "{% import 'forms.html#field' as f with context %}{% from 'm.html' import a %}");
    using Kind = TemplateInfo::Reference::Kind;
    ASSERT_EQ(info.references.size(), 5U);
    auto const& all = info.references;
    EXPECT_EQ(all[0].kind, Kind::Extends);
    EXPECT_THAT(all[0].names, ElementsAre("base.html"));
    EXPECT_EQ(all[0].at, (TemplateInfo::Position{1, 4}));
    EXPECT_EQ(all[1].kind, Kind::Include);
    EXPECT_THAT(all[1].names, ElementsAre("a.html", "b.html"));
    EXPECT_TRUE(all[1].ignore_missing && all[1].with_context && !all[1].dynamic);
    EXPECT_EQ(all[1].at.line, 2U);
    EXPECT_THAT(all[2].names, ElementsAre("c.html"));
    EXPECT_TRUE(all[2].dynamic && !all[2].with_context);
    EXPECT_EQ(all[3].kind, Kind::Import);
    EXPECT_THAT(all[3].names, ElementsAre("forms.html#field"));
    EXPECT_TRUE(all[3].with_context);
    EXPECT_EQ(all[4].kind, Kind::FromImport);
    EXPECT_FALSE(all[4].with_context);
}

TEST(Inspect, FindsBlocksAndMacros) {
    auto const info = inspect("{% block a %}{% block b scoped required %}{% endblock %}{% endblock %}\n"
                              "{% macro field(name, label='') %}{{ kwargs }}{{ caller() }}{% endmacro %}");
    ASSERT_EQ(info.blocks.size(), 2U);
    EXPECT_EQ(info.blocks[0].name, "a");
    EXPECT_FALSE(info.blocks[0].scoped || info.blocks[0].required);
    EXPECT_TRUE(info.blocks[1].scoped && info.blocks[1].required);
    EXPECT_EQ(info.blocks[1].at, (TemplateInfo::Position{1, 17}));
    ASSERT_EQ(info.macros.size(), 1U);
    auto const& macro = info.macros[0];
    EXPECT_EQ(macro.name, "field");
    EXPECT_EQ(macro.at.line, 2U);
    EXPECT_TRUE(macro.kwargs && macro.caller && !macro.varargs);
    ASSERT_EQ(macro.parameters.size(), 2U);
    EXPECT_EQ(macro.parameters[0].name, "name");
    EXPECT_TRUE(!macro.parameters[0].has_default && macro.parameters[1].has_default);
}

TEST(Inspect, FindsFiltersAndTests) {
    auto const info = inspect("{{ 'a'|upper }}{{ x|default('b'|lower)|join(', ') }}\n"
                              "{% if x is defined and not x is divisibleby 3 %}{% endif %}"
                              "{% filter trim|title %}{% endfilter %}{% set y | upper %}{% endset %}");
    std::vector<std::string> names;
    for (auto const& filter : info.filters) names.push_back(filter.name);
    EXPECT_THAT(names, testing::UnorderedElementsAre("upper", "default", "lower", "join", "trim", "title", "upper"));
    EXPECT_EQ(shown(info.filters).front(), "upper@1:8");
    EXPECT_THAT(shown(info.tests), ElementsAre("defined@2:9", "divisibleby@2:30"));
}

} // namespace
} // namespace hxx::jinja
