// What is expected of the tables is what Jinja2 3.1.2's ImmutableSandboxedEnvironment answers, unless a comment says
// otherwise.
#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

struct Account {
    std::string name, _secret;
    std::string (*close)() = [] { return std::string("closed"); };
};

// The output, or kind and message of the error.
std::string sandboxed(std::string source, UndefinedMode undefined = UndefinedMode::Default) {
    Account const account{"Ada", "hidden"};
    Context context{{"account", account},
                    {"accounts", Value::list({account, account})},
                    {"dict", Value::dict({{"a", 1}, {"_b", 2}})},
                    {"list", Value::list({3, 1})}};
    context.add("allowed", Value::function([] { return 7; }));
    try {
        return plain(std::move(source), context, {.undefined = undefined, .sandbox = true});
    } catch (Error const& error) {
        return std::string(error_name(error.kind())) + ": " + error.message();
    }
}

std::string refused(std::string_view attribute, std::string_view type) {
    return "SecurityError: access to attribute '" + std::string(attribute) + "' of '" + std::string(type) +
           "' object is unsafe.";
}

TEST(Sandbox, RefusesWhatBeginsWithAnUnderscore) {
    EXPECT_EQ(sandboxed("{{ account.name }}"), "Ada");
    EXPECT_EQ(sandboxed("[{{ account._secret }}]{{ account._secret is defined }}"), "[]False");
    EXPECT_EQ(sandboxed("[{{ account._secret }}]", UndefinedMode::Strict), refused("_secret", "Account"));
    for (std::string const source :
         {"{{ account._secret.x }}", "{{ account._secret() }}", "{{ account['_secret'] + 1 }}",
          "{{ (account|attr('_secret')).x }}", "{% set s = account._secret %}{{ s.x }}",
          "{% macro m() %}{{ account._secret.x }}{% endmacro %}{{ m() }}", "{{ '{0._secret.x}'.format(account) }}",
          "{{ '{a._secret.x}'.format_map({'a': account}) }}", "{{ ('{._secret.x}'|safe).format(account) }}",
          "{% set f = '{0._secret.x}'.format %}{{ f(account) }}", "{{ accounts|map(attribute='_secret.x')|list }}",
          "{{ accounts|sum(attribute='_secret') }}", "{{ accounts|groupby('_secret') }}"})
        EXPECT_EQ(sandboxed(source), refused("_secret", "Account")) << source;
    EXPECT_EQ(sandboxed("{{ ''.__class__.__mro__ }}"), refused("__class__", "str"));
    EXPECT_EQ(sandboxed("{{ accounts|map(attribute='_secret')|join }}{{ accounts|join(attribute='_secret') }}"), "");
    EXPECT_EQ(sandboxed("{{ accounts|selectattr('_secret')|list }}"), "[]");
    EXPECT_EQ(sandboxed("{{ '[{0._secret}]'.format(account) }}{{ '{0[a]}{0.a}'.format(dict) }}"), "[]11");
}

TEST(Sandbox, GivesItemsOfAnyName) {
    EXPECT_EQ(sandboxed("{{ dict['_b'] }}{{ dict['_c'] }}{{ dict|items|list }}"), "2[('a', 1), ('_b', 2)]");
    // Jinja2 gives 2.
    EXPECT_EQ(sandboxed("{{ dict._b + 1 }}"), refused("_b", "dict"));
}

TEST(Sandbox, RefusesToChangeLists) {
    for (std::string const method : {"append", "insert", "extend", "remove", "reverse", "sort"}) {
        EXPECT_EQ(sandboxed("{{ list." + method + "(1) }}"), refused(method, "list"));
        EXPECT_EQ(sandboxed("{{ [1]." + method + "(1) }}"), refused(method, "list"));
        EXPECT_EQ(sandboxed("{{ (list|attr('" + method + "'))(1) }}"), refused(method, "list"));
    }
    // Jinja2 3.1.2 has forgotten these.
    for (std::string const method : {"pop", "clear"})
        EXPECT_EQ(sandboxed("{{ list." + method + "() }}"), refused(method, "list"));
    EXPECT_EQ(sandboxed("{{ list.index(1) }}{{ list.count(3) }}{{ list.copy() }}"), "11[3, 1]");
}

TEST(Sandbox, RefusesToChangeMappings) {
    for (std::string const method : {"clear", "pop", "popitem", "setdefault", "update"})
        EXPECT_EQ(sandboxed("{{ dict." + method + "('a') }}"), refused(method, "dict"));
    EXPECT_EQ(sandboxed("{{ dict.get('a') }}{{ dict.keys()|list }}{{ {'update': 1}['update'] }}"), "1['a', '_b']1");
    EXPECT_EQ(sandboxed("{% set n = namespace(a=1) %}{% set n.a = 2 %}{{ n.a }}{{ cycler(3, 4).next() }}"), "23");
}

TEST(Sandbox, BoundsRanges) {
    EXPECT_EQ(sandboxed("{{ range(100000)|length }}"), "100000");
    EXPECT_EQ(sandboxed("{% for i in range(100001) %}{% endfor %}"),
              "OverflowError: Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
}

// ── Of this engine alone ────────────────────────────────────────────────────────────────────────────────────────

TEST(Sandbox, CallsWhatTheProgramGives) {
    EXPECT_EQ(sandboxed("{{ allowed() }}{{ 'a'.upper() }}"), "7A");
    EXPECT_EQ(sandboxed("{{ account.close() }}"), refused("close", "Account"));
    EXPECT_EQ(sandboxed("{{ account['close']() }}"), refused("close", "Account"));
    EXPECT_EQ(sandboxed("{% for f in accounts|map(attribute='close') %}{{ f() }}{% endfor %}"),
              refused("close", "Account"));
}

TEST(Sandbox, ShowsNoPrivateMembersAsText) {
    for (std::string const source : {"{{ account }}", "{{ [account]|pprint }}", "{{ account|tojson }}",
                                     "{{ '%r %s'|format(account, account) }}", "{{ account|string }}"})
        EXPECT_EQ(sandboxed(source).find("hidden"), std::string::npos) << source;
}

TEST(Sandbox, IsThereOnRequest) {
    Account const account{"Ada", "hidden"};
    EXPECT_EQ(plain("{{ a._secret }}{{ a.close() }}{% set l = [] %}{% do l.append(1) %}{{ l }}", {{"a", account}}),
              "hiddenclosed[1]");
}

} // namespace
} // namespace hxx::jinja
