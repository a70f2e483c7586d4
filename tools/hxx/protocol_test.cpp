#include "tools/hxx/protocol.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace hxx::tool {
namespace {

// The rendering of a source with a context, both as JSON has them, or the error's kind.
std::string render(std::string const& source, std::string const& context, std::string const& more = {}) {
    auto const reply = boost::json::parse(
        answer(R"({"name": "t", "templates": {"t": ")" + source + R"("}, "context": )" + context + more + "}"));
    return std::string(reply.at(reply.at("ok").as_bool() ? "output" : "kind").as_string());
}

TEST(Protocol, ReadsTheValuesThatJsonLacks) {
    EXPECT_EQ(render("{{ v }}", R"({"v": {"$tuple": [1, [2]]}})"), "(1, [2])");
    EXPECT_EQ(render("{{ v|e }}", R"({"v": {"$markup": "<b>"}})"), "<b>");
    EXPECT_EQ(render("{{ v[1] }}", R"({"v": {"$dict": [[1, "one"], [null, 2]]}})"), "one");
    EXPECT_EQ(render("{{ v + 1 }}", R"({"v": {"$int": "1180591620717411303424"}})"), "1180591620717411303425");
    EXPECT_EQ(render("{{ v }}", R"({"v": {"$float": "nan"}})"), "nan");
    EXPECT_EQ(render("{{ v }}", R"({"v": {"$float": "-inf"}})"), "-inf");
    EXPECT_EQ(render("{{ v }}", R"({"v": 1.0})"), "1.0");
    EXPECT_EQ(render("{{ v }}", R"({"v": {"$other": 1}})"), "{'$other': 1}");
}

TEST(Protocol, ReadsObjects) {
    std::string const object =
        R"({"v": {"$object": {"class": "P", "attrs": {"x": 1}, "str": "p", "repr": "<P>", "items": [7, 8, 9]}}})";
    EXPECT_EQ(render("{{ v }} {{ [v] }} {{ v.x }} {{ v['x'] }} {{ v.y is defined }}", object), "p [<P>] 1 1 False");
    EXPECT_EQ(render("{{ v[-1] }} {{ v[1:] }} {{ v|length }} {% for i in v %}{{ i }}{% endfor %}", object),
              "9 (8, 9) 3 789");
    EXPECT_EQ(render("{% for i in v %}{% endfor %}", R"({"v": {"$object": {"class": "P"}}})"), "TypeError");
}

TEST(Protocol, ReadsOptionsAndGlobals) {
    EXPECT_EQ(render("{{ x }}", R"({"x": "<"})", R"(, "options": {"autoescape": true})"), "&lt;");
    EXPECT_EQ(render("{{ x }}", R"({"x": "<"})", R"(, "options": {"autoescape": {"t": true}})"), "&lt;");
    EXPECT_EQ(render("{{ x }}", R"({"x": "<"})", R"(, "options": {"autoescape": {"u": true}})"), "<");
    EXPECT_EQ(render("{{ x }}", "{}", R"(, "options": {"undefined": "strict"})"), "UndefinedError");
    EXPECT_EQ(render("{% do x %}", "{}"), "TemplateSyntaxError");
    EXPECT_EQ(render("{% do x %}", "{}", R"(, "options": {"extensions": ["do"]})"), "");
    EXPECT_EQ(render("{% debug %}", "{}"), "TemplateSyntaxError");
    EXPECT_TRUE(render("{% debug %}", "{}", R"(, "options": {"extensions": ["jinja2.ext.debug"]})").starts_with("{'c"));
    EXPECT_EQ(render("{{ g }}", "{}", R"(, "globals": {"g": [1]})"), "[1]");
}

TEST(Protocol, TranslatesToTheSameText) {
    std::string const source = "{% trans %} {{ x }}% {% endtrans %}{{ _('%%') }}";
    EXPECT_EQ(render(source, R"({"x": 1})"), "TemplateSyntaxError");
    EXPECT_EQ(render(source, R"({"x": 1})", R"(, "options": {"extensions": ["jinja2.ext.i18n"]})"), " 1% %%");
    EXPECT_EQ(render(source, R"({"x": 1})",
                     R"(, "options": {"newstyle_gettext": true, "extensions": ["i18n"],)"
                     R"( "policies": {"ext.i18n.trimmed": true}})"),
              "1%%");
}

TEST(Protocol, CompilesWithoutTheTemplatesThatAreNamed) {
    EXPECT_EQ(answer(R"({"action": "compile", "name": "t", "templates": {"t": "{% extends 'u' %}{% include 'v' %}"}})"),
              R"({"ok":true})");
    EXPECT_EQ(answer(R"({"action": "compile", "name": "t", "templates": {"t": "\n{{ x|nothing }}"}})"),
              R"({"ok":false,"kind":"TemplateAssertionError","message":"No filter named 'nothing'.","line":2,)"
              R"("template":"t"})");
}

TEST(Protocol, NamesTheTemplatesThatAreMissing) {
    EXPECT_EQ(answer(R"({"name": "t"})"), R"({"ok":false,"kind":"TemplateNotFound","message":"t","missing":"t"})");
    EXPECT_EQ(answer(R"({"name": "t", "templates": {"t": "{% include ['a', 'b'] %}"}})"),
              R"({"ok":false,"kind":"TemplatesNotFound","message":"none of the templates given were found: a, b",)"
              R"("line":1,"template":"t","templates":["a","b"]})");
}

TEST(Protocol, AnswersWhateverItIsAsked) {
    for (std::string const request :
         {"", "x", "{}", "[]", R"({"name": "t", "templates": 1})", R"({"name": "t", "options": {"colour": 1}})",
          R"({"name": "t", "templates": {"t": ""}, "context": {"x": {"$int": "one"}}})"}) {
        auto const reply = boost::json::parse(answer(request));
        EXPECT_EQ(reply.at("kind"), "ValueError") << request;
        EXPECT_TRUE(reply.at("message").as_string().starts_with("bad request: ")) << reply;
    }
    EXPECT_EQ(render(std::string(100'000, '('), "{}"), std::string(100'000, '('));
    EXPECT_EQ(render("{{ " + std::string(100'000, '(') + " }}", "{}"), "TemplateSyntaxError");
    EXPECT_EQ(render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{}"), "LimitError");
    EXPECT_EQ(render("{{ x|length }}", R"({"x": )" + std::string(900, '[') + std::string(900, ']') + "}"), "1");
}

} // namespace
} // namespace hxx::tool
