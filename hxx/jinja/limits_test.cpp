// Small templates that would take endless time, memory or stack: each is a LimitError, and soon. Found by fuzzing.
#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

// As the values of n.a and n.b, which the loop makes larger or deeper each round.
std::string grown(std::string const& start, std::string const& step, int rounds, std::string const& use) {
    return "{% set n = namespace(a=" + start + ", b=" + start + ") %}{% for i in range(" + std::to_string(rounds) +
           ") %}{% set n.a = " + step + " %}{% set n.b = [n.b, n.b] %}{% endfor %}" + use;
}

void expect_limit(std::string const& source, Limits limits = {}) {
    Options options;
    options.limits = limits;
    auto const error = plain_error(source, {}, options);
    EXPECT_EQ(error.kind(), ErrorKind::LimitError) << source << "\n" << error.what();
}

TEST(HostileTemplates, ValuesThatHoldOneTwiceAreEndless) {
    expect_limit(grown("'x'", "[n.a, n.a]", 60, "{{ n.a == n.b }}"));
    expect_limit(grown("'x'", "[n.a, n.a]", 60, "{{ n.a|pprint }}"));
    expect_limit(grown("'x'", "(n.a, n.a)", 60, "{{ {n.a: 1} }}"));
    expect_limit(grown("'x'", "(n.a, n.a)", 60, "{{ {}[n.a] }}"));
    expect_limit("{% set l = [] %}{% do l.extend([l, l]) %}{{ l|pprint }}");
}

TEST(HostileTemplates, DeepValuesDoNotExhaustTheStack) {
    expect_limit(grown("()", "(n.a,)", 20000, "{{ {n.a: 1} }}"));
    expect_limit(grown("()", "(n.a,)", 20000, "{{ {}[n.a] }}"));
    expect_limit(grown("[]", "n.a|map('string')", 20000, "{{ n.a|list }}"));
    expect_limit(grown("[]", "n.a|select", 20000, "{% for x in n.a %}{% endfor %}"));
    EXPECT_FALSE(plain("{% set l = [] %}{% do l.append(l) %}{{ l|pprint }}").empty());
    EXPECT_EQ(plain(grown("[1]", "n.a|select", 100, "{{ n.a|list }}")), "[1]");
}

TEST(HostileTemplates, CallsCountAsRounds) {
    std::string const twice = "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}";
    expect_limit(twice + "{{ m(100) }}", {.iterations = 10'000});
    EXPECT_EQ(plain(twice + "{{ m(3) }}"), "");
}

TEST(HostileTemplates, TextsStaySmall) {
    std::string const x = "{% set x = 'x' * 20000 %}";
    expect_limit(x + "{{ x.join(['y'] * 20000)|length }}");
    expect_limit(x + "{{ ('a\\n' * 20000)|indent(x)|length }}");
    expect_limit(x + "{{ ('a ' * 20000)|wordwrap(1, wrapstring=x)|length }}");
    expect_limit(x + "{{ x|replace('x', x)|length }}");
    expect_limit(grown("'x'", "'%s%s' % (n.a, n.a)", 60, "{{ n.a|length }}"));
    expect_limit(
        "{% set n = namespace(a='x') %}{% for i in range(60) %}{% set n.a = '{0}{0}'.format(n.a) %}{% endfor %}");
    expect_limit("{{ ('\t' * 99999).expandtabs(1000)|length }}");
    expect_limit("{{ lipsum(9999, min=999999, max=1000000) }}");
    expect_limit("{{ [1]|slice(10**9)|list|length }}");
    expect_limit("{{ [1]|batch(10**7, 0)|list|length }}");
}

TEST(HostileTemplates, NumbersBeyondAFloatAreErrors) {
    EXPECT_EQ(plain_error("{{ (10**4000)|filesizeformat }}").kind(), ErrorKind::OverflowError);
    EXPECT_EQ(plain_error("{{ 10**4000 * 1.5 }}").kind(), ErrorKind::OverflowError);
    EXPECT_EQ(plain_error("{{ -(10**4000) + 1.5 }}").kind(), ErrorKind::OverflowError);
    EXPECT_EQ(plain("{{ {10**4000: 1}[10**4000] }}{{ {2**1023: 2}[2.0**1023] }}"), "12");
}

TEST(HostileTemplates, AnErrorOfANumberSaysWhereItIs) {
    auto const error = plain_error("\n{{ " + std::string(5000, '1') + " }}");
    EXPECT_EQ(error.kind(), ErrorKind::ValueError);
    EXPECT_EQ(error.line(), 2U);
    auto const computed = plain_error("\n{{ 10**40400 }}");
    EXPECT_EQ(computed.kind(), ErrorKind::ValueError);
    EXPECT_EQ(computed.line(), 2U);
    EXPECT_EQ(plain("{% if false %}{{ 10**40400 }}{% endif %}ok"), "ok");
}

// Endless, when each branch of an if copied the names of all that came before it.
TEST(HostileTemplates, ManyVariablesInManyBranches) {
    std::string source;
    for (int i = 0; i < 5000; ++i) source += "{% if a %}{% set v" + std::to_string(i) + " = 1 %}{% endif %}";
    EXPECT_EQ(plain(source + "{{ v4999 }}", {{"a", true}}), "1");
}

TEST(HostileTemplates, AnUnknownNameMayBeLong) {
    EXPECT_EQ(plain_error("{{ 1|" + std::string(200'000, 'x') + " }}").kind(), ErrorKind::TemplateAssertionError);
}

} // namespace
} // namespace hxx::jinja
