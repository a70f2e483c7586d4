#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

std::string expression(std::string source, Context const& context = {}) {
    return plain("{{ " + source + " }}", context);
}

ErrorKind error_kind(std::string source) { return plain_error("{{ " + source + " }}").kind(); }

TEST(Expressions, Arithmetic) {
    EXPECT_EQ(expression("7 // 2, -7 // 2, 7 % -3, -7 % 3"), "(3, -4, -2, 2)");
    EXPECT_EQ(expression("7 / 2, 4 / 2, 2 ** 10, 2 ** -1"), "(3.5, 2.0, 1024, 0.5)");
    EXPECT_EQ(expression("-2 ** 2, +true, -false"), "(4, 1, 0)");
    EXPECT_EQ(expression("7.5 // 2, -7.5 % 2, 1e16, 1.0, 0.1 + 0.2"), "(3.0, 0.5, 1e+16, 1.0, 0.30000000000000004)");
    EXPECT_EQ(error_kind("1 / 0"), ErrorKind::ZeroDivisionError);
    EXPECT_EQ(error_kind("1 % 0"), ErrorKind::ZeroDivisionError);
    EXPECT_EQ(error_kind("1 + 'a'"), ErrorKind::TypeError);
    EXPECT_EQ(error_kind("-'a'"), ErrorKind::TypeError);
}

TEST(Expressions, BigIntegers) {
    EXPECT_EQ(expression("9223372036854775807 + 1"), "9223372036854775808");
    EXPECT_EQ(expression("-9223372036854775808 - 1, -9223372036854775808 // -1"),
              "(-9223372036854775809, 9223372036854775808)");
    EXPECT_EQ(expression("2 ** 100, (2 ** 100) // 2 ** 98, 2 ** 64 == 2.0 ** 64"),
              "(1267650600228229401496703205376, 4, True)");
    EXPECT_EQ(expression("123456789012345678901234567890 % 7, 3 * 12345678901234567890"), "(0, 37037036703703703670)");
    EXPECT_EQ(error_kind("9 ** (9 ** 9)"), ErrorKind::OverflowError);
    EXPECT_EQ(expression("u", {{"u", ~std::uint64_t(0)}}), "18446744073709551615");
}

TEST(Expressions, ComparisonAndLogic) {
    EXPECT_EQ(expression("1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, '1' == 1"), "(True, False, True, False)");
    EXPECT_EQ(expression("[1, 2] < [1, 3], (1, 2) == (1, 2), [1] == (1,)"), "(True, True, False)");
    EXPECT_EQ(expression("'a' in 'cat', 2 in [1, 2], 'k' in {'k': 1}, 3 not in (1, 2)"), "(True, True, True, True)");
    EXPECT_EQ(expression("0 or 'x', 1 and [], not ''"), "('x', [], True)");
    EXPECT_EQ(expression("{'a': [1, {'b': 2}]} == {'a': [1, {'b': 2.0}]}"), "True");
    EXPECT_EQ(error_kind("1 < 'a'"), ErrorKind::TypeError);
    EXPECT_EQ(error_kind("1 in 2"), ErrorKind::TypeError);
}

TEST(Expressions, OperandsAreEvaluatedOnce) {
    int calls = 0;
    auto count = Value::function([&calls](int value) { return ++calls, value; });
    EXPECT_EQ(expression("f(1) < f(2) < f(0) < f(9)", {{"f", count}}), "False");
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(expression("f(0) and f(1) or f(2)", {{"f", count}}), "2");
    EXPECT_EQ(calls, 5);
}

TEST(Expressions, AnExpressionMayReadTheVariableItIsAssignedTo) {
    EXPECT_EQ(plain("{% set x = 5 %}{% set x = false or x %}{{ x }}"), "5");
    EXPECT_EQ(plain("{% set x = 5 %}{% set x = 1 < x < 9 %}{{ x }}"), "True");
    EXPECT_EQ(plain("{% set x = 5 %}{% set x = x ~ (x if x else 0) ~ x %}{{ x }}"), "555");
    EXPECT_EQ(plain("{% set a, b = 1, 2 %}{% set a, b = b, a %}{{ a }}{{ b }}"), "21");
}

TEST(Expressions, Slices) {
    EXPECT_EQ(expression("'hello'[1:3], 'hello'[::-1], 'hello'[-3:], [1, 2, 3, 4][::2]"),
              "('el', 'olleh', 'llo', [1, 3])");
    EXPECT_EQ(expression("(1, 2, 3)[:-1], [1, 2, 3][5:], [1, 2, 3][2:0:-1]"), "((1, 2), [], [3, 2])");
    EXPECT_EQ(expression("range(10)[2:8:3]|list"), "[2, 5]");
    EXPECT_EQ(error_kind("[1][::0]"), ErrorKind::ValueError);
    EXPECT_EQ(error_kind("1[1:2]"), ErrorKind::TypeError);
}

TEST(Expressions, TextCountsCodePoints) {
    EXPECT_EQ(expression("'\xC3\xA9t\xC3\xA9'|length, '\xC3\xA9t\xC3\xA9'[0], '\xC3\xA9t\xC3\xA9'[::-1]"),
              "(3, '\xC3\xA9', '\xC3\xA9t\xC3\xA9')");
    EXPECT_EQ(expression("'stra\xC3\x9F"
                         "e'.upper(), 'I\xCC\x87'.lower()|length"),
              "('STRASSE', 2)");
}

TEST(Expressions, AttributesAndItems) {
    EXPECT_EQ(expression("{'a': 1}.a, {'a': 1}['a'], {'items': 1}['items'], [[1, 2]][0][1], 'abc'.0"),
              "(1, 1, 1, 2, 'a')");
    EXPECT_EQ(expression("{'a': 1}.b"), "");
    EXPECT_EQ(expression("[1, 2][9]"), "");
    EXPECT_EQ(error_kind("{'a': 1}.b.c"), ErrorKind::UndefinedError);
    EXPECT_EQ(plain_error("{{ {'a': 1}.b.c }}").message(), "'dict object' has no attribute 'b'");
    EXPECT_EQ(plain_error("{{ x.y }}").message(), "'x' is undefined");
}

TEST(Expressions, Calls) {
    EXPECT_EQ(expression("dict(a=1, **{'b': 2}), range(*[1, 4])|list"), "({'a': 1, 'b': 2}, [1, 2, 3])");
    EXPECT_EQ(expression("'{}-{x:>3}|{:.2f}'.format('a', 2.5, x=7)"), "a-  7|2.50");
    EXPECT_EQ(expression("'%s %05.1f %(x)s' % {'x': 1} if false else '%s|%5d|%-4s|' % ('a', 42, 'b')"),
              "a|   42|b   |");
    EXPECT_EQ(error_kind("1()"), ErrorKind::TypeError);
    EXPECT_EQ(error_kind("nothing()"), ErrorKind::UndefinedError);
}

TEST(Expressions, Representations) {
    EXPECT_EQ(expression("[1.5, 'it\\'s', \"a\\\"b'\", none, true, {'k': ('t',)}]"),
              "[1.5, \"it's\", 'a\"b\\'', None, True, {'k': ('t',)}]");
    EXPECT_EQ(expression("['\\n\\t\\x00\xC3\xA9\\u200b']"), "['\\n\\t\\x00\xC3\xA9\\u200b']");
    EXPECT_EQ(expression("1e22, 1.5e-7, 123456789.123, 1e15, -0.0"),
              "(1e+22, 1.5e-07, 123456789.123, 1000000000000000.0, -0.0)");
}

TEST(Expressions, UndefinedKinds) {
    auto with = [](UndefinedMode mode, std::string source) {
        Options options;
        options.undefined = mode;
        try {
            return plain(std::move(source), {}, std::move(options));
        } catch (Error const& error) {
            return std::string(error_name(error.kind()));
        }
    };
    EXPECT_EQ(with(UndefinedMode::Default, "[{{ x }}{% for a in x %}{% endfor %}{{ not x }}]"), "[True]");
    EXPECT_EQ(with(UndefinedMode::Default, "{{ x.y }}"), "UndefinedError");
    EXPECT_EQ(with(UndefinedMode::Chainable, "[{{ x.y['z'] }}]"), "[]");
    EXPECT_EQ(with(UndefinedMode::Strict, "{{ x }}"), "UndefinedError");
    EXPECT_EQ(with(UndefinedMode::Strict, "{{ x is defined }}{{ x|default('d') }}"), "Falsed");
    EXPECT_EQ(with(UndefinedMode::Strict, "{% if x %}{% endif %}"), "UndefinedError");
    EXPECT_EQ(with(UndefinedMode::Debug, "{{ x }}{{ {}.y }}"), "{{ x }}{{ no such element: dict object['y'] }}");
}

TEST(Expressions, Methods) {
    EXPECT_EQ(expression("'a,b,c'.split(','), ' x '.strip(), 'abc'.replace('b', 'X'), 'a'.join(['1', '2'])"),
              "(['a', 'b', 'c'], 'x', 'aXc', '1a2')");
    EXPECT_EQ(expression("'abc'.find('c'), 'hello world'.title(), 'ab'.center(6, '*'), '42'.zfill(5)"),
              "(2, 'Hello World', '**ab**', '00042')");
    EXPECT_EQ(expression("{'a': 1}.get('b', 2), {'a': 1}.items()|list, {'a': 1}.keys()|list"),
              "(2, [('a', 1)], ['a'])");
    EXPECT_EQ(plain("{% set l = [3, 1] %}{% do l.append(2) %}{% do l.sort() %}{{ l }}{{ l.pop() }}{{ l.index(2) }}"),
              "[1, 2, 3]31");
    EXPECT_EQ(plain("{% set d = {} %}{% do d.update(a=1) %}{{ d.setdefault('b', 2) }}{{ d }}"), "2{'a': 1, 'b': 2}");
    EXPECT_EQ(error_kind("'a'.nothing()"), ErrorKind::UndefinedError);
}

TEST(Expressions, ALiteralIsNewEachTime) {
    EXPECT_EQ(plain("{% for i in range(3) %}{% set l = [] %}{% do l.append(i) %}{{ l }}{% endfor %}"), "[0][1][2]");
    EXPECT_EQ(plain("{% for i in range(2) %}{% for l in [[1]] %}{% do l.append(2) %}{{ l }}{% endfor %}{% endfor %}"),
              "[1, 2][1, 2]");
    auto const environment = environment_of({{"t", "{% set d = {'l': [1]} %}{% do d.l.append(2) %}{{ d }}"}},
                                            {.autoescape = Autoescape::Off});
    EXPECT_EQ(environment.render("t"), "{'l': [1, 2]}");
    EXPECT_EQ(environment.render("t"), "{'l': [1, 2]}");
}

TEST(Expressions, ContainersThatHoldThemselves) {
    EXPECT_EQ(plain("{% set l = [1] %}{% do l.append(l) %}{{ l }}"), "[1, [...]]");
    EXPECT_EQ(plain("{% set d = {} %}{% do d.update(x=d) %}{{ d }}"), "{'x': {...}}");
    EXPECT_EQ(
        plain_error("{% set a = [] %}{% do a.append(a) %}{% set b = [] %}{% do b.append(b) %}{{ a == b }}").kind(),
        ErrorKind::LimitError);
}

} // namespace
} // namespace hxx::jinja
