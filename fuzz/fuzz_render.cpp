// A hostile template under small limits: whatever it does, it ends soon, and only with an Error. It may include, extend
// and import itself as "main", or the templates below.
#include "hxx/jinja/environment.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>

using namespace hxx;
using jinja::Value;

namespace {

struct Address {
    std::string city;
    std::optional<int> zip;
};
struct User {
    std::string name;
    int age;
    std::vector<std::string> tags;
    Address address;
};

std::string_view main_text; // what "main" is now

constexpr std::size_t output_limit = 64 * 1024;

jinja::Environment environment_with(jinja::UndefinedMode undefined) {
    jinja::Options options;
    options.undefined = undefined;
    options.auto_reload = true; // or it would not look at the next input
    options.limits = {.iterations = 20'000, .output = output_limit, .range = 20'000};
    options.loader = jinja::choice_loader(
        {jinja::function_loader([](std::string_view name) {
             return name == "main" ? std::optional<std::string>(main_text) : std::nullopt;
         }),
         jinja::dict_loader(
             {{"base", "[{% block body scoped %}{{ self.body }}{% endblock %}{% block b %}b{% endblock %}]"},
              {"lib", "{% macro m(a, b=1) %}{{ a }}{{ b }}{{ caller and caller(a) }}{% endmacro %}"
                      "{% set v = [1] %}"},
              {"part", "{{ s }}{{ x }}{% for i in rows %}{{ loop.index }}{% endfor %}"}})});
    return jinja::Environment::Builder(std::move(options))
        .function(
            "f",
            [](std::string_view text, int count) { return std::string(text.substr(0, 8)) + std::to_string(count); },
            {{"text"}, {"count", 1}})
        .filter("shout", [](std::string_view text) { return std::string(text.substr(0, 64)) + "!"; })
        .test("big", [](double number) { return number > 10; })
        .build();
}

void render(jinja::Environment const& environment, jinja::Context const& context) {
    std::string out = "before";
    try {
        environment.render("main", context, out);
        if (out.size() > output_limit + 6) std::abort();
    } catch (jinja::Error const& error) {
        if (out != "before" || error.message().empty()) std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const lenient = environment_with(jinja::UndefinedMode::Default);
    static auto const strict = environment_with(jinja::UndefinedMode::Strict);
    static std::vector<User> const users{{"Ada", 36, {"a", "<b>"}, {"London", 1}}, {"Łukasz", -1, {}, {"", {}}}};
    static std::map<std::string, int> const counts{{"one", 1}, {"two", 2}};
    static std::string const long_text(1000, 'x');
    main_text = {reinterpret_cast<char const*>(data), size};
    jinja::Context const context{{"s", "Hello, <World> & https://example.org/?a=1 äöü\n"},
                                 {"x", 42},
                                 {"y", -1.5},
                                 {"big", std::numeric_limits<std::int64_t>::max()},
                                 {"nan", std::numeric_limits<double>::quiet_NaN()},
                                 {"yes", true},
                                 {"none_at_all", std::optional<int>()},
                                 {"html", Value::markup("<i>&amp;</i>")},
                                 {"broken", std::string("\xff\xc3 a\x80")},
                                 {"long", long_text},
                                 {"rows", std::vector<int>{3, 1, 2}},
                                 {"pair", std::pair<int, std::string>(1, "b")},
                                 {"counts", counts},
                                 {"users", users},
                                 {"user", users.front()}};
    render(lenient, context);
    render(strict, context);
    return 0;
}
