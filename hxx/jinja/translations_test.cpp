// What is expected here is what Jinja2 3.1.2 answers with jinja2.ext.i18n and the same translations, but for what says
// that it is of this engine alone.
#include "hxx/jinja/template_info.hpp"
#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

struct Case {
    std::string source, newstyle, oldstyle; // what is written with autoescape on
};

Context const variables{{"name", "<Ada>"}, {"safe", Value::markup("<b>")}, {"n", 3}, {"items", Value::list({1, 2})}};

Options options_of(Translations translations, Autoescape autoescape = Autoescape::On) {
    return {.autoescape = autoescape, .translations = std::move(translations)};
}

// The output, or kind and message of the error.
std::string answer(Options options, std::string source, Context const& context = variables) {
    try {
        return Environment(std::move(options)).render_string(std::move(source), context);
    } catch (Error const& error) {
        return std::string(error_name(error.kind())) + ": " + error.message();
    }
}

TEST(Translations, FillInPlaceholders) {
    Case const cases[] = {
        {"{% trans %}<i>&{% endtrans %}", "<i>&", "<i>&"},
        {"{% trans %}Hi {{ name }}{% endtrans %}", "Hi &lt;Ada&gt;", "Hi &lt;Ada&gt;"},
        {"{% trans %}Hi {{ safe }}{% endtrans %}", "Hi <b>", "Hi <b>"},
        {"{% trans who=name|upper %}<i>{{ who }}{% endtrans %}", "<i>&lt;ADA&gt;", "<i>&lt;ADA&gt;"},
        {"{% trans name, x=n+1 %}{{ name }} {{ x }}{% endtrans %}", "&lt;Ada&gt; 4", "&lt;Ada&gt; 4"},
        {"{% trans %}100%{% endtrans %}", "100%", "100%"},
        {"{% trans %}{{ n }}%{% endtrans %}", "3%", "3%"},
        {"{% trans %}%(x)s{% endtrans %}", "%(x)s", "%(x)s"},
        // The old style formats if there are variables, but doubles the sign only if one is written.
        {"{% trans a=1 %}50%{% endtrans %}", "50%", "ValueError: incomplete format"},
        {"{% trans %}[{{ nobody }}]{% endtrans %}", "[]", "[]"},
        {"{% trans %}{# note #}a{% raw %}{{ b }}{% endraw %}{% endtrans %}", "a{{ b }}", "a{{ b }}"},
        {"{% trans 'menu' %}Open {{ n }}{% endtrans %}", "Open 3", "Open 3"},
        {"{% trans 'menu' %}{{ context }}{% endtrans %}", "", ""},
    };
    for (auto const& [source, newstyle, oldstyle] : cases) {
        EXPECT_EQ(answer(options_of({}), source), newstyle) << source;
        EXPECT_EQ(answer(options_of({.newstyle = false}), source), oldstyle) << source;
    }
}

TEST(Translations, ChooseByCount) {
    Case const cases[] = {
        {"{% trans n=1 %}one{% pluralize %}{{ n }} things{% endtrans %}", "one", "one"},
        {"{% trans n=2 %}one{% pluralize %}{{ n }} things{% endtrans %}", "2 things", "2 things"},
        {"{% trans %}one of {{ n }}{% pluralize %}{{ n }} things{% endtrans %}", "3 things", "3 things"},
        {"{% trans a=1, n=items|length %}{{ a }}{% pluralize n %}{{ a }}/{{ n }}{% endtrans %}", "1/2", "1/2"},
        {"{% trans a=1, n=items|length %}{{ a }}{% pluralize %}{{ a }}/{{ n }}{% endtrans %}", "1", "1"},
        {"{% trans num=2 %}{{ num }} one{% pluralize %}{{ num }} many{% endtrans %}", "2 many", "2 many"},
        {"{% trans a=1, num=2 %}{{ num }} one{% pluralize a %}{{ num }} many{% endtrans %}", "2 one", "2 one"},
        {"{% trans 'menu' n=2 %}one{% pluralize %}{{ n }} more{% endtrans %}", "2 more", "2 more"},
        // The count is called once.
        {"{% set c = cycler(1, 2) %}{% trans n=c.next() %}{{ n }}{% pluralize %}{{ n }}s{% endtrans %}{{ c.current }}",
         "12", "12"},
    };
    for (auto const& [source, newstyle, oldstyle] : cases) {
        EXPECT_EQ(answer(options_of({}), source), newstyle) << source;
        EXPECT_EQ(answer(options_of({.newstyle = false}), source), oldstyle) << source;
    }
}

TEST(Translations, JoinTrimmedLines) {
    EXPECT_EQ(answer(options_of({}), "{% trans trimmed %}\n  a  \n\n  {{ n }} b\n{% endtrans %}"), "a 3 b");
    EXPECT_EQ(answer(options_of({}), "{% trans %} a\n  b {% endtrans %}"), " a\n  b ");
    EXPECT_EQ(answer(options_of({.trimmed = true}), "{% trans %} a\n  b {% endtrans %}"), "a b");
    EXPECT_EQ(answer(options_of({.trimmed = true}), "{% trans notrimmed %} a\n  b {% endtrans %}"), " a\n  b ");
    EXPECT_EQ(answer(options_of({}), "{% trans trimmed n=2 %} a {% pluralize %}\n b\n c {% endtrans %}"), "b c");
    EXPECT_EQ(answer(options_of({}), "{% trans trimmed=1 %} {{ trimmed }} {% endtrans %}"), " 1 ");
}

TEST(Translations, AreFunctionsToo) {
    Case const cases[] = {
        {"{{ _('<%(x)s>', x='&') }}", "<&amp;>", "TypeError: gettext() got an unexpected keyword argument 'x'"},
        {"{{ gettext('<b>') }}", "<b>", "&lt;b&gt;"},
        {"{{ gettext('100%%') }}", "100%", "100%%"},
        {"{{ gettext('100%') }}", "ValueError: incomplete format", "100%"},
        {"{{ gettext('%(x)s') }}", "KeyError: 'x'", "%(x)s"},
        {"{{ ngettext('%(num)s thing', '%(num)s things', 2) }}", "2 things", "%(num)s things"},
        {"{{ ngettext('a', 'b', true) }}{{ ngettext('a', 'b', 'x') }}", "ab", "ab"},
        {"{{ pgettext('c', '%(context)s') }}", "c", "%(context)s"},
        {"{{ npgettext('c', 'a', 'b %(num)s', 2, num=7) }}", "b 7",
         "TypeError: npgettext() got an unexpected keyword argument 'num'"},
        {"{% set gettext = none %}{% trans %}a{% endtrans %}", "TypeError: 'NoneType' object is not callable",
         "TypeError: 'NoneType' object is not callable"},
    };
    for (auto const& [source, newstyle, oldstyle] : cases) {
        EXPECT_EQ(answer(options_of({}), source), newstyle) << source;
        EXPECT_EQ(answer(options_of({.newstyle = false}), source), oldstyle) << source;
    }
    EXPECT_EQ(answer(options_of({}, Autoescape::Off), "{{ _('<%(x)s>', x='&') }}"), "<&>");
}

TEST(Translations, RefuseWhatIsNoMessage) {
    std::pair<std::string, std::string> const cases[] = {
        {"{% trans %}{{ a.b }}{% endtrans %}", "expected token 'end of print statement', got '.'"},
        {"{% trans %}{{ 1 }}{% endtrans %}", "expected token 'name', got 'integer'"},
        {"{% trans %}{% if a %}{% endif %}{% endtrans %}",
         "control structures in translatable sections are not allowed"},
        {"{% trans n=1 %}{% pluralize %}{% pluralize %}{% endtrans %}",
         "a translatable section can have only one pluralize section"},
        {"{% trans %}a", "unclosed translation block"},
        {"{% trans %}a{% pluralize %}b{% endtrans %}", "pluralize without variables"},
        {"{% trans a=1 b=2 %}{% endtrans %}", "expected token ',', got 'b'"},
    };
    for (auto const& [source, message] : cases)
        EXPECT_EQ(answer(options_of({}), source), "TemplateSyntaxError: " + message) << source;
    EXPECT_EQ(answer(options_of({}), "{% trans a=1, a=2 %}{% endtrans %}"),
              "TemplateAssertionError: translatable variable 'a' defined twice.");
    EXPECT_EQ(answer(options_of({}), "{% trans a=1 %}{% pluralize b %}{% endtrans %}"),
              "TemplateAssertionError: unknown variable 'b' for pluralization");
    auto const unknown = plain_error("{% trans %}a{% endtrans %}");
    EXPECT_EQ(unknown.message(), "Encountered unknown tag 'trans'.");
    EXPECT_EQ(unknown.hint(), "the program has not turned it on (Options::translations)");
}

// ── Of this engine alone ────────────────────────────────────────────────────────────────────────────────────────

// Says what it is asked.
std::optional<std::string> echo(Translations::Message const& message) {
    if (message.locale == "en") return std::nullopt;
    std::string text = "[" + std::string(message.locale) + "|" + std::string(message.context) + "|" +
                       std::string(message.text) + "|" + std::string(message.plural) + "|";
    if (message.count) text += std::to_string(*message.count);
    return text + "]";
}

TEST(Translations, AskTheProgram) {
    auto const options = options_of({.translate = echo});
    EXPECT_EQ(answer(options, "{% trans 'c' n=2 %}a{% pluralize %}b {{ n }}{% endtrans %}", {{"locale", "de"}}),
              "[de|c|a|b 2|2]");
    EXPECT_EQ(answer(options, "{% trans n=2 %}a{% pluralize %}b {{ n }}{% endtrans %}", {{"locale", "en"}}), "b 2");
    EXPECT_EQ(answer(options, "{% trans %}a{% endtrans %}"), "[||a||]");
    EXPECT_EQ(answer(options, "{{ ngettext('a', 'b', 2.5) }}"),
              "TypeError: Plural value must be an integer, got float");
    EXPECT_EQ(answer(options, "{{ ngettext('a', 'b', nobody) }}"), "UndefinedError: 'nobody' is undefined");
}

// One environment, and macros that see no context.
TEST(Translations, AreInTheLanguageOfTheRendering) {
    Options options = options_of({.translate = echo, .locale_variable = "language"});
    options.loader = dict_loader({{"m", "{% macro hello() %}{% trans %}hello{% endtrans %}{% endmacro %}"},
                                  {"page", "{% from 'm' import hello %}{% set language = 'x' %}{{ hello() }}"}});
    auto const environment = Environment::Builder(options).global("language", "eo").build();
    EXPECT_EQ(environment.render("page", {{"language", "de"}}), "[de||hello||]");
    EXPECT_EQ(environment.render("page", {{"language", "fr"}}), "[fr||hello||]");
    EXPECT_EQ(environment.render("page"), "[eo||hello||]");
}

TEST(Translations, CanBeCollected) {
    auto const info =
        Environment(options_of({}))
            .from_string("{% trans %}Hi {{ name }}, 100%{% endtrans %}\n{{ _('a' ~ x) }}{{ _('b')|upper }}"
                         "{% trans 'menu' n=x|abs %}one{% pluralize %}{{ n }} more{% endtrans %}"
                         "{{ pgettext('c', 'd') }}{{ ngettext('e', 'f', n) }}{{ ngettext('g') }}")
            ->inspect();
    std::string found;
    for (auto const& [context, text, plural, at] : info.messages)
        found += std::to_string(at.line) + ":" + context + "|" + text + "|" + plural + "\n";
    EXPECT_EQ(info.filters.size(), 2U);
    EXPECT_EQ(found, "1:|Hi %(name)s, 100%%|\n2:|b|\n2:menu|one|%(n)s more\n2:c|d|\n2:|e|f\n");
}

TEST(Translations, LeaveTheProgramsOwnFunctions) {
    auto const environment = Environment::Builder(options_of({}))
                                 .function("gettext", [](std::string_view text) { return "own " + std::string(text); })
                                 .build();
    EXPECT_EQ(environment.render_string("{% trans %}a{% endtrans %} {{ _('b') }}"), "own a own b");
}

} // namespace
} // namespace hxx::jinja
