// What the templates beside it are rendered with.
#pragma once

#include "hxx/jinja/chrono.hpp"
#include "hxx/jinja/value.hpp"
#include "hxx/reflect/annotated.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pages {

struct City {
    std::string name;
    std::optional<std::string> country;
};
struct Person {
    std::string name;
    int age = 0;
    bool admin = false;
    City city{};
    std::vector<std::string> tags{};
};
struct Node {
    std::string name;
    std::vector<Node> children{};
};
enum class State { open, paid, lost };

// g++ 12 breaks down where an aggregate's fields are counted if one is initialized by a braced list of what must be
// destroyed: such a list stands in a function.
template <class Container, class... T>
Container of(T const&... items) {
    Container container;
    (container.insert(container.end(), typename Container::value_type(items)), ...);
    return container;
}
using Strings = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, int>>;
using Triples = std::vector<std::tuple<int, std::string, double>>;
using Numbered = std::map<std::string, int>;

inline std::vector<Person> people() {
    return {{"Ada <3", 36, true, {"London", "UK"}, {"maths", "a&b"}},
            {"Grace", 85, false, {"New York", std::nullopt}, {}},
            {"Edsger \"E\"", 72, false, {"Austin", "US"}, {"goto"}}};
}
inline std::vector<Node> tree() { return {{"root", {{"a", {{"a<1>"}, {"a2"}}}, {"b"}}}, {"other", {{"c"}}}}; }

struct Numbers {
    static constexpr auto template_name = "numbers.html";
    signed char tiny = -128;
    unsigned char byte = 255;
    short small = -32768;
    unsigned short word = 65535;
    int number = -2147483647;
    unsigned int natural = 4294967295U;
    long wide = std::numeric_limits<long>::min();
    unsigned long huge = std::numeric_limits<unsigned long>::max();
    long long wider = std::numeric_limits<long long>::max();
    unsigned long long hugest = 9223372036854775808ULL;
    bool yes = true, no = false;
    double real = 2.5, whole = 3.0, small_real = 1e-7;
    float single = 0.1F;
    int zero = 0;
};
struct Texts {
    static constexpr auto template_name = "texts.html";
    std::string text = "a <b> & 'c' \"d\" é";
    std::string empty{};
    std::string_view view = "view <i>";
    char const* pointer = "pointer & co";
    char letter = '<';
    hxx::jinja::Value markup = hxx::jinja::Value::markup("<b>bold</b>");
    hxx::jinja::Value plain = "<b>plain</b>";
    hxx::jinja::Value nothing{};
    hxx::Annotated<std::string, hxx::MinLength{1}> annotated = std::string("annotated <u>");
    hxx::Annotated<int, hxx::Ge{0}> age = 7;
    State state = State::paid;
};
struct Wrapped {
    static constexpr auto template_name = "wrapped.html";
    std::optional<int> some = 5, none{};
    std::optional<std::string> text = "opt <i>", no_text{};
    std::optional<Person> person = people()[0], nobody{};
    std::unique_ptr<Person> unique = std::make_unique<Person>(people()[1]);
    std::shared_ptr<Person> shared = std::make_shared<Person>(people()[2]), null{};
    std::shared_ptr<std::vector<int>> numbers = std::make_shared<std::vector<int>>(std::vector{1, 2});
    std::optional<bool> maybe = false;
    Person person_self = people()[0];
};
struct Containers {
    static constexpr auto template_name = "containers.html";
    std::vector<int> numbers{3, 1, 2};
    std::vector<bool> flags{true, false, true};
    std::vector<std::string> words = of<Strings>("x<y", "z"), no_words{};
    std::array<int, 3> array{7, 8, 9};
    std::list<std::string> list = of<std::list<std::string>>("one", "two");
    std::deque<double> deque{0.5, 1.5};
    std::set<std::string> set = of<std::set<std::string>>("b", "a");
    std::map<std::string, int> map = of<Numbered>(std::pair("k<", 1), std::pair("l", 2));
    std::map<int, std::string> by_number = of<std::map<int, std::string>>(std::pair(1, "one"), std::pair(2, "two"));
    std::unordered_map<std::string, int> unordered = of<std::unordered_map<std::string, int>>(std::pair("only", 1));
    std::pair<std::string, int> pair{"p&", 4};
    std::tuple<int, std::string, bool> tuple{1, "t", true};
    std::vector<std::pair<std::string, int>> pairs = of<Pairs>(std::pair("a", 1), std::pair("b", 2));
    std::vector<std::tuple<int, std::string, double>> triples =
        of<Triples>(std::tuple(1, "<x>", 0.5), std::tuple(2, "y", 1.5));
    std::vector<std::vector<int>> nested =
        of<std::vector<std::vector<int>>>(std::vector{1, 2}, std::vector<int>(), std::vector{3});
    std::vector<std::optional<int>> gaps{1, std::nullopt, 3};
    std::map<std::string, Person> by_name = of<std::map<std::string, Person>>(std::pair("ada", people()[0]));
    std::vector<State> states{State::open, State::lost};
};
struct Functions {
    static constexpr auto template_name = "functions.html";
    std::function<int(int, int)> add = [](int a, int b) { return a + b; };
    std::function<std::string(std::string const&)> shout = [](std::string const& text) { return text + "!<"; };
    int (*twice)(int) = [](int x) { return 2 * x; };
    int number = 4;
    Person person = people()[0];
};
struct Times {
    static constexpr auto template_name = "times.html";
    std::chrono::seconds seconds{90};
    std::chrono::milliseconds milliseconds{1500};
    std::chrono::sys_seconds when{std::chrono::seconds{86400}};
    std::chrono::year_month_day day{std::chrono::year{2025}, std::chrono::March, std::chrono::day{8}};
};
struct Loops {
    static constexpr auto template_name = "loops.html";
    std::vector<Person> people = pages::people();
    std::vector<Person> nobody{};
    std::vector<int> numbers{1, 2, 3, 4, 5, 6};
    std::set<int> set{4, 5, 6};
    std::map<std::string, int> map = of<Numbered>(std::pair("a", 1), std::pair("b", 2));
    std::vector<std::pair<std::string, int>> pairs = of<Pairs>(std::pair("x", 1), std::pair("y", 2));
    std::vector<bool> flags{true, false};
    std::string word = "añb";
};
struct Recursive {
    static constexpr auto template_name = "recursive.html";
    std::vector<Node> tree = pages::tree();
};
struct Bodies {
    static constexpr auto template_name = "bodies.html";
    std::vector<Node> tree = pages::tree(), other = pages::tree();
    std::vector<Person> people = pages::people();
    Person person = people[1];
    std::string title = "Ti<tle>";
    std::vector<std::tuple<int, int>> pairs{{1, 2}};
};
struct Sets {
    static constexpr auto template_name = "sets.html";
    std::string title = "Ti<tle>";
    int count = 3;
    std::vector<int> numbers{1, 2, 3};
    Person person = people()[0];
    std::string hidden = "the field";
};
struct Macros {
    static constexpr auto template_name = "macros.html";
    std::vector<Person> people = pages::people();
    std::string title = "<T>";
    int count = 2;
};
struct Imported {
    static constexpr auto template_name = "imported.html";
    std::vector<Person> people = pages::people();
    std::string title = "<T>";
};
struct Includes {
    static constexpr auto template_name = "includes.html";
    std::vector<Person> people = pages::people();
    std::vector<Node> tree = pages::tree();
    std::string title = "In<cl>", partial = "part.html";
    std::vector<std::string> candidates = of<Strings>("none.html", "part.html");
};
struct Child {
    static constexpr auto template_name = "child.html";
    std::string title = "Top & title";
    std::vector<Person> people = pages::people();
    std::string hidden = "field";
    int count = 1;
};
struct Grandchild {
    static constexpr auto template_name = "grandchild.html";
    std::string title = "Top & title";
    std::vector<Person> people = pages::people();
    std::string hidden = "field";
    int count = 1;
};
struct DynamicParent {
    static constexpr auto template_name = "dynamic_parent.html";
    std::string layout = "base.html", title = "dynamic";
    std::vector<Person> people = pages::people();
    std::string hidden = "field", base_set = "field";
    bool extend = true;
};
struct Escapes {
    static constexpr auto template_name = "escapes.html";
    std::string text = "<&>";
    bool escape = true;
    std::vector<std::string> words = of<Strings>("<a>", "b");
};
struct Plain {
    static constexpr auto template_name = "plain.txt";
    std::string text = "<&>";
    std::vector<std::string> words = of<Strings>("<a>", "b");
    int number = 3;
};
struct Operators {
    static constexpr auto template_name = "operators.html";
    int a = 7, b = -2;
    unsigned int u = 3;
    double d = 0.5;
    std::string s = "ab", t = "b";
    bool yes = true;
    std::vector<int> numbers{1, 2, 3};
    std::optional<int> none{};
    char letter = 'b';
    State state = State::open;
    Person person = people()[0];
};
struct Filters {
    static constexpr auto template_name = "filters.html";
    std::vector<Person> people = pages::people();
    std::vector<int> numbers{3, 1, 2};
    std::vector<std::string> words = of<Strings>("b<", "a"), empty{};
    std::list<std::string_view> views{"v&", "w"};
    std::map<std::string, int> map = of<Numbered>(std::pair("k", 1));
    std::string text = "mixed <Case> ß", separator = " & ";
    int odd = 3, even = -4;
    unsigned short small = 7;
    std::optional<int> none{};
    double real = 1234.567;
};
struct Doubts {
    static constexpr auto template_name = "doubts.html";
    std::vector<Person> people = pages::people();
    std::vector<std::string> words = of<Strings>("b<", "a");
    std::string text = "some <text>";
    int number = 3;
    double real = 1.25;
    std::optional<int> absent{};
    std::optional<std::string> note = "a note that is long enough";
};
struct Undefined {
    static constexpr auto template_name = "undefined.html";
    Person person = people()[0];
    std::map<std::string, int> map = of<Numbered>(std::pair("a", 1));
};
struct Large {
    static constexpr auto template_name = "large.html";
    int rounds = 5000;
    std::string text = "0123456789<";
};

/// error.html fails in the way that `how` says.
struct Failing {
    static constexpr auto template_name = "error.html";
    std::string how;
    std::vector<Person> people = pages::people();
    std::vector<int> numbers{1, 0};
    std::vector<std::tuple<int, int>> pairs{{1, 2}};
    std::map<std::string, int> map{};
    int zero = 0;
    std::function<int(int)> function = [](int x) { return x; };
};
struct Endless {
    static constexpr auto template_name = "endless.html";
    std::string title = "x";
    bool macro = false;
};

} // namespace pages
