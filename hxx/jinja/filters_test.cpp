#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

std::string filtered(std::string expression, Context const& context = {}) {
    return plain("{{ " + expression + " }}", context);
}

TEST(Filters, Text) {
    EXPECT_EQ(filtered("'hELLO wORLD'|capitalize, 'a-b c(d'|title, 'Ab'|upper, 'Ab'|lower"),
              "('Hello world', 'A-B C(D', 'AB', 'ab')");
    EXPECT_EQ(filtered("'  x '|trim, 'xxaxx'|trim('x'), 'ab'|center(6)"), "('x', 'a', '  ab  ')");
    EXPECT_EQ(filtered("'foo bar baz qux'|truncate(9), 'foo bar baz qux'|truncate(9, true), 'foo bar'|truncate(5)"),
              "('foo...', 'foo ba...', 'foo bar')");
    EXPECT_EQ(filtered("'a b c'|replace(' ', '_', 1), 'a\\nb'|indent(2), 'a\\nb'|indent('> ', true)"),
              "('a_b c', 'a\\n  b', '> a\\n> b')");
    EXPECT_EQ(filtered("'one two-three'|wordcount, 'the quick brown fox'|wordwrap(9)"), "(3, 'the quick\\nbrown fox')");
    EXPECT_EQ(filtered("'a long-hyphenated-word'|wordwrap(8), 'abcdefgh'|wordwrap(3)"),
              "('a long-h\\nyphenate\\nd-word', 'abc\\ndef\\ngh')");
    EXPECT_EQ(filtered("'%s is %d'|format('x', 3), '%(a)s'|format(a=1)"), "('x is 3', '1')");
    EXPECT_EQ(filtered("'a/b c&\xC3\xA9'|urlencode, {'q': 'a b', 'r': '/'}|urlencode, [('x', 1)]|urlencode"),
              "('a/b%20c%26%C3%A9', 'q=a+b&r=%2F', 'x=1')");
    EXPECT_EQ(filtered("'<p>a  <b>b</b><!-- c --> &amp; d</p>'|striptags"), "a b & d");
}

TEST(Filters, Html) {
    EXPECT_EQ(html("<ul{{ {'class': 'a&b', 'id': none, 'data-x': 1}|xmlattr }}>"),
              "<ul class=\"a&amp;b\" data-x=\"1\">");
    EXPECT_EQ(plain_error("{{ {'a b': 1}|xmlattr }}").message(), "Invalid character in attribute name: 'a b'");
    EXPECT_EQ(html("{{ 'see www.example.com/a?b=1&c (https://x.org) and me@example.com.'|urlize }}"),
              "see <a href=\"https://www.example.com/a?b=1&amp;c\" rel=\"noopener\">www.example.com/a?b=1&amp;c</a> "
              "(<a href=\"https://x.org\" rel=\"noopener\">https://x.org</a>) and <a "
              "href=\"mailto:me@example.com\">me@example.com</a>.");
    EXPECT_EQ(html("{{ 'http://long.example.com/path'|urlize(10, nofollow=true, target='_blank') }}"),
              "<a href=\"http://long.example.com/path\" rel=\"nofollow noopener\" target=\"_blank\">http://lon...</a>");
    EXPECT_EQ(html("{{ '<script>alert(1)</script>'|urlize }}"), "&lt;script&gt;alert(1)&lt;/script&gt;");
    EXPECT_EQ(html("<script>{{ {'b': '</script>', 'a': [1, none, true, 1.5]}|tojson }}</script>"),
              "<script>{\"a\": [1, null, true, 1.5], \"b\": \"\\u003c/script\\u003e\"}</script>");
    EXPECT_EQ(plain("{{ [1, {'a': []}]|tojson(indent=1) }}"), "[\n 1,\n {\n  \"a\": []\n }\n]");
}

TEST(Filters, Numbers) {
    EXPECT_EQ(filtered("-3|abs, '42'|int, '4x'|int(7), '0x1f'|int(base=16), '3.9'|int, '1.5'|float, 'x'|float(2.5)"),
              "(3, 42, 7, 31, 3, 1.5, 2.5)");
    EXPECT_EQ(
        filtered(
            "2.5|round, 3.5|round, 42.55|round(1), 42.55|round(1, 'floor'), 42.51|round(0, 'ceil'), 12345|round(-2)"),
        "(2.0, 4.0, 42.5, 42.5, 43.0, 12300)");
    EXPECT_EQ(filtered("1|filesizeformat, 999|filesizeformat, 1000|filesizeformat, 1024|filesizeformat(true), "
                       "1e30|filesizeformat"),
              "('1 Byte', '999 Bytes', '1.0 kB', '1.0 KiB', '1000000.0 YB')");
}

TEST(Filters, Sequences) {
    EXPECT_EQ(filtered("[1, 2]|first, [1, 2]|last, []|first|default('d'), [3, 1, 2]|sort, ['b', 'A']|sort, ['b', "
                       "'A']|sort(case_sensitive=true)"),
              "(1, 2, 'd', [1, 2, 3], ['A', 'b'], ['A', 'b'])");
    EXPECT_EQ(
        filtered(
            "[1, 2, 3]|sum, [[1], [2]]|sum(start=[]), [3, 1]|min, ['a', 'B']|max, [1, 2]|join('-'), [1, 2]|length"),
        "(6, [1, 2], 1, 'B', '1-2', 2)");
    EXPECT_EQ(filtered("[1, 2, 3, 4, 5]|batch(2, 'x')|list, [1, 2, 3, 4, 5]|slice(3)|list"),
              "([[1, 2], [3, 4], [5, 'x']], [[1, 2], [3, 4], [5]])");
    EXPECT_EQ(filtered("['a', 'A', 'b']|unique|list, 'abc'|reverse, [1, 2]|reverse|list, {'b': 1, 'A': 2}|dictsort, "
                       "{'a': 1}|items|list"),
              "(['a', 'b'], 'cba', [2, 1], [('A', 2), ('b', 1)], [('a', 1)])");
    EXPECT_EQ(filtered("[1, 2]|random in [1, 2]"), "True");
    EXPECT_EQ(filtered("none|d('x'), none|d('x', true), missing|d('y'), 'abc'|list"),
              "(None, 'x', 'y', ['a', 'b', 'c'])");
}

TEST(Filters, ByAttribute) {
    auto const people = Value::list({Value::dict({{"name", "Ann"}, {"age", 31}, {"city", Value::dict({{"zip", 2}})}}),
                                     Value::dict({{"name", "bob"}, {"age", 25}, {"city", Value::dict({{"zip", 1}})}}),
                                     Value::dict({{"name", "Cyd"}, {"age", 31}, {"city", Value::dict({{"zip", 2}})}})});
    Context const context{{"u", people}};
    EXPECT_EQ(filtered("u|map(attribute='name')|join(',')", context), "Ann,bob,Cyd");
    EXPECT_EQ(filtered("u|sort(attribute='age,name', reverse=true)|map(attribute='name')|join(',')", context),
              "Cyd,Ann,bob");
    EXPECT_EQ(filtered("u|sort(attribute='city.zip')|map(attribute='name')|join(',')", context), "bob,Ann,Cyd");
    EXPECT_EQ(filtered("u|selectattr('age', 'gt', 30)|map(attribute='name')|list", context), "['Ann', 'Cyd']");
    EXPECT_EQ(filtered("u|rejectattr('age', 'eq', 31)|map('attr', 'name')|list|length", context), "1");
    EXPECT_EQ(
        filtered("u|sum(attribute='age'), u|max(attribute='age') == u[0], u|join('|', attribute='name')", context),
        "(87, True, 'Ann|bob|Cyd')");
    EXPECT_EQ(plain("{% for g in u|groupby('city.zip') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|join('+') }} "
                    "{% endfor %}",
                    context),
              "1:bob 2:Ann+Cyd ");
    EXPECT_EQ(
        filtered(
            "[1, 2, 3, 4]|select('even')|list, [0, 1]|select|list, [1, 2]|reject('odd')|list, ['a']|map('upper')|first",
            context),
        "([2, 4], [1], [2], 'A')");
    EXPECT_EQ(filtered("u|map(attribute='x', default='-')|join", context), "---");
}

TEST(Filters, Mistakes) {
    EXPECT_EQ(plain_error("{{ 'a'|upper(1) }}").message(), "do_upper() takes 1 positional argument but 2 were given");
    EXPECT_EQ(plain_error("{{ 'a'|replace }}").message(),
              "do_replace() missing 2 required positional arguments: 'old' and 'new'");
    EXPECT_EQ(plain_error("{{ [1]|map('nope')|list }}").message(), "No filter named 'nope'.");
    EXPECT_EQ(plain_error("{{ 1|length }}").message(), "object of type 'int' has no len()");
    EXPECT_EQ(plain_error("{{ [1, 'a']|sort }}").kind(), ErrorKind::TypeError);
    EXPECT_EQ(plain_error("{{ 1|round(0, 'x') }}").kind(), ErrorKind::FilterArgumentError);
}

TEST(Filters, WrittenAtOnce) {
    // {{ x|upper }}, {{ x|join }} and their like write without making a value; escaping must not change.
    EXPECT_EQ(html("a{{ x|upper }}b{{ x|lower }}{{ m|upper }}{{ 5|upper }}",
                   {{"x", "<\xC3\xA9>"}, {"m", Value::markup("<b>")}}),
              "a&lt;\xC3\x89&gt;b&lt;\xC3\xA9&gt;<B>5");
    EXPECT_EQ(html("{{ l|join(', ') }}|{{ l|join(m) }}|{{ l|join('&') }}",
                   {{"l", Value::list({"<", Value::markup("<i>"), 3})}, {"m", Value::markup("<br>")}}),
              "&lt;, <i>, 3|&lt;<br><i><br>3|&lt;&amp;<i>&amp;3");
    EXPECT_EQ(html("{{ x|e }}{{ x|safe }}{% set y = x|upper %}{{ y }}", {{"x", "<a>"}}), "&lt;a&gt;<a>&lt;A&gt;");
    EXPECT_EQ(html("{% autoescape false %}{{ x|upper }}{{ x|e }}{{ [x]|join }}{% endautoescape %}", {{"x", "<a>"}}),
              "<A>&lt;a&gt;<a>");
}

TEST(Tests, All) {
    EXPECT_EQ(filtered("3 is odd, 3 is even, 9 is divisibleby(3), x is defined, x is undefined, none is none"),
              "(True, False, True, False, True, True)");
    EXPECT_EQ(
        filtered(
            "true is boolean, 1 is boolean, false is false, true is true, 1 is integer, 1.0 is float, true is number"),
        "(True, False, True, True, True, True, True)");
    EXPECT_EQ(filtered("'a' is lower, 'A' is upper, 'a' is string, {} is mapping, [] is sequence, 1 is iterable, range "
                       "is callable"),
              "(True, True, True, True, True, False, True)");
    EXPECT_EQ(filtered("1 is sameas 1, 'a'|e is escaped, 1 is in [1], 'upper' is filter, 'odd' is test, 'x' is filter"),
              "(True, True, True, True, True, False)");
    EXPECT_EQ(filtered("1 is eq 1, 1 is ne 1, 1 is lt 2, 2 is gt 1, 1 is le 1, 1 is ge 2"),
              "(True, False, True, True, True, False)");
}

} // namespace
} // namespace hxx::jinja
