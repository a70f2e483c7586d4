#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

Options const off{.autoescape = Autoescape::Off};

Templates site() {
    return {{"base", "<{% block title %}base{% endblock %}|{% block body %}{% endblock %}>"},
            {"page", "{% extends 'base' %}{% set n = 3 %}{% macro star(x) %}*{{ x }}*{% endmacro %}"
                     "{% block title %}{{ super() }}+page{% endblock %}"
                     "{% block body %}{% block rows %}{% for i in range(n) %}{{ star(i) }}{% endfor %}{% endblock "
                     "%}!{% endblock %}"},
            {"leaf", "{% extends 'page' %}{% block title %}leaf({{ super() }}){% endblock %}{% block rows %}[{{ "
                     "super() }}]{% endblock %}"}};
}

TEST(Inheritance, BlocksAndSuper) {
    auto const environment = environment_of(site(), off);
    EXPECT_EQ(environment.render("base"), "<base|>");
    EXPECT_EQ(environment.render("page"), "<base+page|*0**1**2*!>");
    EXPECT_EQ(environment.render("leaf"), "<leaf(base+page)|[*0**1**2*]!>");
}

TEST(Inheritance, DynamicParents) {
    auto const environment =
        environment_of({{"a", "A{% block x %}{% endblock %}"},
                        {"b", "B{% block x %}{% endblock %}"},
                        {"page", "{% extends parent %}{% block x %}x{% endblock %}"},
                        {"maybe", "{% if up %}{% extends 'a' %}{% endif %}own{% block x %}x{% endblock %}"}},
                       off);
    EXPECT_EQ(environment.render("page", {{"parent", "a"}}), "Ax");
    EXPECT_EQ(environment.render("page", {{"parent", "b"}}), "Bx");
    EXPECT_EQ(environment.render("maybe", {{"up", true}}), "Ax");
    EXPECT_EQ(environment.render("maybe"), "ownx");
}

TEST(Inheritance, SelfScopedAndRequired) {
    auto const environment =
        environment_of({{"self", "{% block t %}x{% endblock %}{{ self.t() }}{{ self.t()|upper }}"},
                        {"scoped", "{% for i in [1, 2] %}{% block row scoped %}{{ i }}{% endblock %}{% endfor %}"},
                        {"unscoped", "{% for i in [1, 2] %}{% block row %}[{{ i }}]{% endblock %}{% endfor %}"},
                        {"base", "{% block r required %}{% endblock %}"},
                        {"lacks", "{% extends 'base' %}"},
                        {"has", "{% extends 'base' %}{% block r %}r{% endblock %}"},
                        {"deep", "{% extends 'mid' %}{% block t %}{{ super.super() }}{% endblock %}"},
                        {"mid", "{% extends 'self' %}{% block t %}mid{% endblock %}"}},
                       off);
    EXPECT_EQ(environment.render("self"), "xxX");
    EXPECT_EQ(environment.render("scoped"), "12");
    EXPECT_EQ(environment.render("unscoped"), "[][]");
    EXPECT_EQ(environment.render("has"), "r");
    EXPECT_EQ(environment.render("deep"), "xxX");
    EXPECT_EQ(error_of([&] { static_cast<void>(environment.render("lacks")); }).message(),
              "Required block 'r' not found");
}

TEST(Inheritance, Mistakes) {
    auto message = [](Templates templates) {
        auto const environment = environment_of(std::move(templates), off);
        return error_of([&] { static_cast<void>(environment.render("t")); }).message();
    };
    EXPECT_EQ(message({{"t", "{% block a %}{% endblock %}{% block a %}{% endblock %}"}}), "block 'a' defined twice");
    EXPECT_EQ(message({{"t", "{% block a %}{{ super() }}{% endblock %}"}}), "there is no parent block called 'a'.");
    EXPECT_EQ(message({{"t", "{% extends 'b' %}{% extends 'b' %}"}, {"b", ""}}), "extended multiple times");
    EXPECT_EQ(message({{"t", "{% extends 't' %}"}}).substr(0, 38), "macros, includes and blocks are nested");
}

TEST(Inheritance, Include) {
    auto const environment =
        environment_of({{"part", "[{{ x }}{{ y }}]"},
                        {"with", "{% set x = 1 %}{% for y in [2] %}{% include 'part' %}{% endfor %}"},
                        {"without", "{% set x = 1 %}{% include 'part' without context %}"},
                        {"list", "{% include ['no', 'part'] %}{% include name %}"},
                        {"missing", "a{% include 'no' ignore missing %}{% include ['no', 'none'] ignore missing %}b"},
                        {"self", "{% include 'self' %}"}},
                       off);
    EXPECT_EQ(environment.render("with"), "[12]");
    EXPECT_EQ(environment.render("without", {{"y", 5}}), "[]");
    EXPECT_EQ(environment.render("list", {{"name", "part"}, {"x", 1}}), "[1][1]");
    EXPECT_EQ(environment.render("missing"), "ab");
    EXPECT_EQ(error_of([&] { static_cast<void>(environment.render("self")); }).kind(), ErrorKind::LimitError);
}

TEST(Inheritance, Import) {
    auto const environment = environment_of(
        {{"m", "{% macro hi(n='you') %}hi {{ n }}{{ x }}{% endmacro %}{% set v = 5 %}{% set _p = 6 %}text"},
         {"import", "{% import 'm' as m %}{{ m.hi() }} {{ m.v }}{{ m._p }}"},
         {"from", "{% from 'm' import hi as h, v %}{{ h('me') }} {{ v }}"},
         {"context", "{% from 'm' import hi with context %}{{ hi() }}"},
         {"unknown", "{% from 'm' import nope %}{{ nope }}|{{ nope() }}"},
         {"printed", "{% import 'm' as m %}{{ m }}"}},
        off);
    EXPECT_EQ(environment.render("import", {{"x", "!"}}), "hi you 5");
    EXPECT_EQ(environment.render("from"), "hi me 5");
    EXPECT_EQ(environment.render("context", {{"x", "!"}}), "hi you!");
    EXPECT_EQ(environment.render("printed"), "text");
    EXPECT_EQ(error_of([&] { static_cast<void>(environment.render("unknown")); }).message(),
              "the template 'm' (imported on line 1 in 'unknown') does not export the requested name 'nope'");
}

// ── Blocks alone ────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Blocks, RenderAlone) {
    auto const environment = environment_of(site(), off);
    EXPECT_EQ(environment.render_block("page", "rows", {}), "*0**1**2*");
    EXPECT_EQ(environment.render_block("leaf", "rows", {}), "[*0**1**2*]") << "super() and the parent's set and macro";
    EXPECT_EQ(environment.render_block("leaf", "title", {}), "leaf(base+page)");
    EXPECT_EQ(environment.render_block("leaf", "body", {}), "[*0**1**2*]!");
    EXPECT_EQ(environment.render("leaf#title"), "leaf(base+page)");
    EXPECT_EQ(environment.get_template("page#rows")->render({}), "*0**1**2*");
}

TEST(Blocks, SetupRunsWithoutOutput) {
    auto const environment = environment_of(
        {{"base", "{{ fails() }}{% set from_base = 'b' %}{% block x %}{% endblock %}"},
         {"page", "{% extends 'base' %}{% import 'lib' as lib %}{% set total = namespace(n=0) %}"
                  "{% for i in [1, 2, 3] %}{% set total.n = total.n + i %}{{ fails() }}{% endfor %}"
                  "{% set text %}t{{ 1 }}{% endset %}{% if true %}{% set deep = 'd' %}{% endif %}"
                  "{% block x %}{{ total.n }}{{ text }}{{ from_base }}{{ deep }}{{ lib.m() }}{% endblock %}"},
         {"lib", "{% macro m() %}m{% endmacro %}"}},
        off);
    EXPECT_EQ(environment.render_block("page", "x", {}), "6t1bdm");
}

TEST(Blocks, AddressedInIncludes) {
    auto const environment = environment_of({{"page", "a{% block rows %}<{{ x }}>{% endblock %}b"},
                                             {"use", "{% for x in [1, 2] %}{% include 'page#rows' %}{% endfor %}"}},
                                            off);
    EXPECT_EQ(environment.render("use"), "<1><2>");
}

TEST(Blocks, Questions) {
    auto const environment = environment_of(site(), off);
    EXPECT_TRUE(environment.has_block("leaf", "body"));
    EXPECT_FALSE(environment.has_block("leaf", "foot"));
    EXPECT_EQ(environment.get_template("page")->block_names(), (std::vector<std::string>{"title", "body", "rows"}));
    auto const error = error_of([&] { static_cast<void>(environment.render_block("leaf", "rwos", {})); });
    EXPECT_EQ(error.message(), "the template has no block 'rwos'; its blocks are: title, rows, body");
    EXPECT_EQ(error.hint(), "did you mean 'rows'?");
}

} // namespace
} // namespace hxx::jinja
