#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

TEST(Statements, For) {
    EXPECT_EQ(
        plain(
            "{% for x in [1, 2, 3] %}{{ loop.index }}/{{ loop.length }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}"),
        "1/3:1,2/3:2,3/3:3");
    EXPECT_EQ(plain("{% for x in [] %}a{% else %}none{% endfor %}"), "none");
    EXPECT_EQ(plain("{% for k, (a, b) in {'x': (1, 2)}.items() %}{{ k }}{{ a }}{{ b }}{% endfor %}"), "x12");
    EXPECT_EQ(plain("{% for x in [1, 2, 3, 4] if x is even %}{{ loop.index }}{{ x }}{{ loop.last }};{% endfor %}"),
              "12False;24True;");
    EXPECT_EQ(
        plain(
            "{% for x in 'abc' %}{{ loop.previtem|default('-') }}{{ x }}{{ loop.nextitem|default('-') }} {% endfor %}"),
        "-ab abc bc- ");
    EXPECT_EQ(plain("{% for x in range(3) %}{{ loop.first }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.index0 }}{{ "
                    "loop.depth }} {% endfor %}"),
              "True3201 False2111 False1021 ");
    EXPECT_EQ(plain("{% for x in [1, 1, 2] %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x) }} {% endfor %}"),
              "aTrue bFalse aTrue ");
    EXPECT_EQ(plain("{% for x in [1, 2]|map('string') %}{{ x }}{{ loop.length }}{{ loop.last }} {% endfor %}"),
              "12False 22True ");
}

TEST(Statements, ForRecursive) {
    EXPECT_EQ(
        plain("{% for n in t recursive %}{{ loop.depth }}{{ n.v }}{% if n.c %}[{{ loop(n.c) }}]{% endif %}{% endfor %}",
              {{"t", Value::list({Value::dict(
                         {{"v", "a"}, {"c", Value::list({Value::dict({{"v", "b"}}), Value::dict({{"v", "c"}})})}})})}}),
        "1a[2b2c]");
    EXPECT_EQ(plain_error("{% for n in [1] %}{{ loop([1]) }}{% endfor %}").kind(), ErrorKind::TypeError);
}

TEST(Statements, BreakAndContinue) {
    EXPECT_EQ(plain("{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}{% if x == 3 %}{% break %}{% endif "
                    "%}{{ x }}{% endfor %}|"),
              "02|");
    EXPECT_EQ(plain("{% for x in [1, 2] %}{% set y %}a{% if x == 1 %}{% continue %}{% endif %}b{% endset %}[{{ y }}]{% "
                    "endfor %}|"),
              "[ab]|");
    EXPECT_EQ(plain("{% for a in [1, 2] %}{% for b in [1, 2] %}{% break %}{% endfor %}{{ a }}{% endfor %}"), "12");
    EXPECT_EQ(plain_error("{% break %}").kind(), ErrorKind::TemplateSyntaxError);
    EXPECT_EQ(plain_error("{% break %}", {}, {.loop_controls = false}).message(), "Encountered unknown tag 'break'.");
}

TEST(Statements, LoopVariablesDoNotLeak) {
    EXPECT_EQ(plain("{% set x = 0 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}"), "120");
    EXPECT_EQ(plain("{% for i in [1] %}{% endfor %}[{{ i }}]"), "[]");
    EXPECT_EQ(plain("{% set n = namespace(total=0) %}{% for i in [1, 2] %}{% set n.total = n.total + i %}{% endfor "
                    "%}{{ n.total }}"),
              "3");
    EXPECT_EQ(plain_error("{% set d = {} %}{% set d.x = 1 %}").message(),
              "cannot assign attribute on non-namespace object");
}

TEST(Statements, If) {
    EXPECT_EQ(plain("{% if a %}1{% elif b %}2{% else %}3{% endif %}", {{"b", true}}), "2");
    EXPECT_EQ(plain("{% if not a and (b or c) %}1{% endif %}", {{"c", 1}}), "1");
    EXPECT_EQ(plain("{% if a %}{% set x = 1 %}{% endif %}[{{ x }}]", {{"x", 7}}), "[7]");
    EXPECT_EQ(plain("{% if false and x is nothing %}{% endif %}a", {}), "a")
        << "an unknown test in an if fails only when it is reached";
}

TEST(Statements, SetAndWith) {
    EXPECT_EQ(plain("{% set a, b = (1, 2) %}{% set c = a, b %}{{ c }}"), "(1, 2)");
    EXPECT_EQ(plain("{% set x | upper %}a{{ 1 }}{% endset %}{{ x }}"), "A1");
    EXPECT_EQ(html("{% set x %}<b>{{ '<' }}</b>{% endset %}{{ x }}"), "<b>&lt;</b>");
    EXPECT_EQ(plain("{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}"), "211");
    EXPECT_EQ(plain_error("{% set a, b = (1, 2, 3) %}").message(), "too many values to unpack (expected 2)");
    EXPECT_EQ(plain_error("{% set a, b = 1 %}").message(), "cannot unpack non-iterable int object");
}

TEST(Statements, Macros) {
    EXPECT_EQ(plain("{% macro m(a, b=a, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 2) }} {{ m(c=3, "
                    "a=4) }}"),
              "11x 12x 443");
    EXPECT_EQ(plain("{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, x=2) }}"), "(1,){'x': 2}");
    EXPECT_EQ(plain("{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m() }}"), "[]");
    EXPECT_EQ(plain("{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% call(y) m(5) %}<{{ y }}>{% endcall %}"), "<5>");
    EXPECT_EQ(plain("{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}"), "3210");
    EXPECT_EQ(plain("{% macro m(a, b) %}{% endmacro %}{{ m.name }}{{ m.arguments }}"), "m('a', 'b')");
    EXPECT_EQ(plain_error("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}").message(),
              "macro 'm' takes not more than 1 argument(s)");
    EXPECT_EQ(plain_error("{% macro m(a) %}{% endmacro %}{{ m(b=2) }}").message(),
              "macro 'm' takes no keyword argument 'b'");
}

TEST(Statements, MacrosSeeTheVariablesAroundThem) {
    EXPECT_EQ(plain("{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}{% set x = 2 %}{{ m() }}"), "12");
    EXPECT_EQ(plain("{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}"), "12");
    EXPECT_EQ(
        plain(
            "{% macro a(x) %}{% macro b() %}{{ x }}{% endmacro %}{{ b() }}{{ b() }}{% endmacro %}{{ a(1) }}{{ a(2) }}"),
        "1122");
    EXPECT_EQ(plain("{% set l = namespace(m=none) %}{% macro a(x) %}{% macro b() %}{{ x }}{% endmacro %}{% set l.m = b "
                    "%}{% endmacro %}"
                    "{{ a(1) }}{{ l.m() }}{{ a(2) }}{{ l.m() }}"),
              "12");
}

TEST(Statements, MacrosAndEscaping) {
    EXPECT_EQ(
        html("{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m('<') }}{{ m('<')|upper }}{% set y = m('&') %}{{ y }}"),
        "<b>&lt;</b><B>&LT;</B><b>&amp;</b>");
    EXPECT_EQ(html("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}<i>{{ '<' }}</i>{% endcall %}"),
              "<<i>&lt;</i>>");
}

TEST(Statements, FilterBlocksAndRaw) {
    EXPECT_EQ(plain("{% filter upper|replace('B', 'x') %}a{{ 'b' }}c{% endfilter %}"), "AxC");
    EXPECT_EQ(html("{% filter upper %}<b>{{ '<' }}{% endfilter %}"), "<B>&LT;");
    EXPECT_EQ(plain("{% raw %}{{ x }}{% if %}{% endraw %}"), "{{ x }}{% if %}");
    EXPECT_EQ(plain("a{# {{ x }} #}b{% print 1, 2 %}"), "ab12");
}

TEST(Statements, Autoescape) {
    EXPECT_EQ(html("{{ x }}{% autoescape false %}{{ x }}{% endautoescape %}{{ x }}", {{"x", "<"}}), "&lt;<&lt;");
    EXPECT_EQ(html("{% autoescape on %}{{ x }}{% endautoescape %}{% autoescape off %}{{ x }}{% endautoescape %}",
                   {{"x", "<"}, {"on", true}, {"off", false}}),
              "&lt;<");
}

TEST(Statements, MarkupAndEscaping) {
    EXPECT_EQ(html("{{ '<' }}{{ '<'|safe }}{{ '<'|e }}{{ ('<'|e)|e }}{{ '<'|forceescape }}"), "&lt;<&lt;&lt;&lt;");
    EXPECT_EQ(html("{{ m ~ '<' }}{{ m + '<' }}{{ m % '<' }}", {{"m", Value::markup("<b>%s")}}),
              "<b>%s&lt;<b>%s&lt;<b>&lt;");
    EXPECT_EQ(html("{{ ['<', m]|join('&') }}", {{"m", Value::markup("<b>")}}), "&lt;&amp;<b>");
    EXPECT_EQ(html("{{ [\"'<\"] }}"), "[&#34;&#39;&lt;&#34;]");
    EXPECT_EQ(html("{{ 1 }}{{ 1.5 }}{{ none }}{{ true }}"), "11.5NoneTrue");
}

TEST(Statements, Do) {
    EXPECT_EQ(plain("{% set l = [] %}{% do l.extend([1, 2]) %}{{ l }}"), "[1, 2]");
    EXPECT_EQ(plain_error("{% do 1 %}", {}, {.do_statement = false}).message(), "Encountered unknown tag 'do'.");
}

TEST(Statements, Globals) {
    EXPECT_EQ(plain("{{ range(3)|list }}{{ range(5, 1, -2)|list }}{{ dict(a=1) }}"), "[0, 1, 2][5, 3]{'a': 1}");
    EXPECT_EQ(plain("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% do "
                    "c.reset() %}{{ c.current }}"),
              "abbaa");
    EXPECT_EQ(plain("{% set j = joiner('|') %}{% for x in 'abc' %}{{ j() }}{{ x }}{% endfor %}"), "a|b|c");
    EXPECT_NE(plain("{{ lipsum(n=1, html=false, min=5, max=6) }}").find('.'), std::string::npos);
    EXPECT_EQ(html("{{ lipsum(n=2) }}").substr(0, 3), "<p>");
}

} // namespace
} // namespace hxx::jinja
