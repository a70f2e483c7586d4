#include "hxx/jinja/chrono.hpp"
#include "hxx/jinja/testing.hpp"

#include <array>
#include <deque>
#include <gtest/gtest.h>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>

namespace shop {
struct Address {
    std::string street;
    std::optional<int> number;
};
enum class State { open, paid };
struct Order {
    long id = 0;
    std::string customer;
    std::vector<std::string> tags;
    Address address;
    State state = State::open;
    double total = 0;
    bool paid = false;
    std::map<std::string, Address> others;
    std::shared_ptr<Address> shared;
};
struct Money { // a class that templates know by ToValue only
    explicit Money(long c) : cents(c) {}
    long cents;
};
template <class T>
struct Wrapped {
    using wrapped_type = T;
    T value;
    [[nodiscard]] T const& get() const { return value; }
};
struct Tree {
    std::string name;
    std::vector<Tree> children;
};
} // namespace shop

template <>
struct hxx::jinja::ToValue<shop::Money> {
    static Value make(shop::Money const& money) { return std::to_string(money.cents / 100) + " EUR"; }
};

namespace hxx::jinja {
namespace {

shop::Order order() {
    return {7,
            "Ada",
            {"new", "big"},
            {"Main", 3},
            shop::State::paid,
            2.5,
            true,
            {{"home", {"Side", {}}}},
            std::make_shared<shop::Address>(shop::Address{"Shared", 1})};
}

std::string shown(Value value, std::string expression = "x") {
    Context context;
    context.add("x", std::move(value));
    return plain("{{ " + expression + " }}", context);
}

TEST(Values, Structs) {
    auto const o = order();
    EXPECT_EQ(shown(o, "x.id ~ x.customer ~ x['customer'] ~ x.tags[1] ~ x.address.street ~ x.address.number"),
              "7AdaAdabigMain3");
    EXPECT_EQ(shown(o, "x.state, x.total, x.paid, x.shared.street, x.others.home.street, x.others['home'].number"),
              "('paid', 2.5, True, 'Shared', 'Side', None)");
    EXPECT_EQ(shown(o, "x.nothing"), "");
    EXPECT_EQ(shown(o.address), "Address(street='Main', number=3)");
    EXPECT_EQ(shown(o, "x.tags|join('+'), x.others|length, 'home' in x.others, x.others.items()|list|length"),
              "('new+big', 1, True, 1)");
    EXPECT_EQ(plain_error("{{ x.nothing.more }}", {{"x", o}}).message(), "'Order object' has no attribute 'nothing'");
}

TEST(Values, SeenInPlace) {
    auto o = order();
    Value const value = o;
    o.customer = "Bea";
    EXPECT_EQ(shown(value, "x.customer"), "Bea") << "an lvalue is borrowed";
    Value const owned = order();
    EXPECT_EQ(shown(owned, "x.customer"), "Ada");
    EXPECT_EQ(plain("{% set t = f()[0].tags %}{% set a = f()[0].address.street %}{{ t[0] }}{{ a }}",
                    {{"f", [] { return std::vector{order()}; }}}),
              "newMain")
        << "parts keep the temporary alive that they belong to";
}

TEST(Values, Containers) {
    EXPECT_EQ(shown(std::vector{1, 2}), "[1, 2]");
    EXPECT_EQ(shown(std::array{1.5, 2.0}), "[1.5, 2.0]");
    EXPECT_EQ(shown(std::vector{true, false}), "[True, False]");
    EXPECT_EQ(shown(std::list<std::string>{"a", "b"}, "x, x[1], x|length, x|sort(reverse=true), x[:1]"),
              "(['a', 'b'], 'b', 2, ['b', 'a'], ['a'])");
    EXPECT_EQ(shown(std::set{3, 1, 2}, "x, 2 in x, x|sum"), "([1, 2, 3], True, 6)");
    EXPECT_EQ(shown(std::deque{1, 2}, "x[-1]"), "2");
    EXPECT_EQ(
        shown(std::map<std::string, int>{{"b", 1}, {"a", 2}}, "x, x.a, x['b'], x.c is defined, x|dictsort, x|list"),
        "({'a': 2, 'b': 1}, 2, 1, False, [('a', 2), ('b', 1)], ['a', 'b'])");
    EXPECT_EQ(shown(std::map<int, std::string>{{1, "one"}}, "x[1], x[2] is defined, 1 in x"), "('one', False, True)");
    EXPECT_EQ(shown(std::unordered_map<std::string, int>{{"k", 1}}, "x.k, x == {'k': 1}"), "(1, True)");
    EXPECT_EQ(shown(std::pair{1, std::string("a")}, "x, x[1], x == (1, 'a')"), "((1, 'a'), 'a', True)");
    EXPECT_EQ(shown(std::tuple{1, 2.5, "c"}), "(1, 2.5, 'c')");
    std::vector const numbers{1, 2, 3};
    EXPECT_EQ(shown(std::span(numbers).subspan(1)), "[2, 3]");
    EXPECT_EQ(shown(std::vector<std::vector<int>>{{1}, {2, 3}}, "x[1][1], x == [[1], [2, 3]], x + [4]"),
              "(3, True, [[1], [2, 3], 4])");
    EXPECT_EQ(plain("{% for a, b in x %}{{ a }}{{ b }}{% endfor %}",
                    {{"x", std::vector<std::pair<int, char>>{{1, 'a'}, {2, 'b'}}}}),
              "1a2b");
}

TEST(Values, ContainersOfCppCannotBeChanged) {
    std::vector<int> numbers{1};
    EXPECT_EQ(plain_error("{% do x.append(2) %}", {{"x", numbers}}).kind(), ErrorKind::TypeError);
    EXPECT_EQ(plain("{% set l = x|list %}{% do l.append(2) %}{{ l }}{{ x }}", {{"x", numbers}}), "[1, 2][1]");
}

TEST(Values, Scalars) {
    EXPECT_EQ(shown('c'), "c");
    EXPECT_EQ(shown(short(-3)), "-3");
    EXPECT_EQ(shown(2.0F), "2.0");
    EXPECT_EQ(shown(std::optional<int>()), "None");
    EXPECT_EQ(shown(std::optional<std::string>("a")), "a");
    EXPECT_EQ(shown(std::nullopt), "None");
    EXPECT_EQ(shown(std::unique_ptr<int>()), "None");
    EXPECT_EQ(shown(std::make_unique<int>(4)), "4");
    EXPECT_EQ(shown(std::make_shared<shop::Address>(shop::Address{"s", 1}), "x.street"), "s");
    int number = 5;
    EXPECT_EQ(shown(&number), "5");
    EXPECT_EQ(shown(static_cast<char const*>(nullptr)), "None");
    EXPECT_EQ(shown(shop::State::open, "x, x == 'open'"), "('open', True)");
    EXPECT_EQ(shown(static_cast<shop::State>(9)), "9");
    EXPECT_EQ(shown(shop::Money(1200)), "12 EUR");
    EXPECT_EQ(shown(shop::Wrapped<shop::Wrapped<std::string>>{{"inner"}}), "inner");
}

TEST(Values, Chrono) {
    using namespace std::chrono;
    EXPECT_EQ(shown(sys_days(2024y / May / 31) + hours(14) + minutes(30)), "2024-05-31 14:30:00");
    EXPECT_EQ(shown(sys_days(2024y / May / 31) + milliseconds(250)), "2024-05-31 00:00:00.25");
    EXPECT_EQ(shown(2024y / February / 3d), "2024-02-03");
    EXPECT_EQ(shown(minutes(2)), "120");
    EXPECT_EQ(shown(milliseconds(1500)), "1.5");
}

TEST(Values, RecursiveTypes) {
    shop::Tree const tree{"root", {{"a", {{"b", {}}}}, {"c", {}}}};
    EXPECT_EQ(plain("{% for n in [x] recursive %}{{ n.name }}{% if n.children %}({{ loop(n.children) }}){% endif %}{% "
                    "endfor %}",
                    {{"x", tree}}),
              "root(a(b)c)");
}

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Functions, TypedParameters) {
    auto const repeat = Value::function(
        [](std::string_view text, int times) {
            std::string out;
            for (int i = 0; i < times; ++i) out += text;
            return out;
        },
        {{"text"}, {"times", 2}});
    Context const context{{"f", repeat}};
    EXPECT_EQ(plain("{{ f('ab') }} {{ f('a', 3) }} {{ f(times=1, text='x') }}", context), "abab aaa x");
    EXPECT_EQ(plain_error("{{ f(1) }}", context).message(), "expected str, got int");
    EXPECT_EQ(plain_error("{{ f() }}", context).message(), "the function is missing its argument 'text'");
    EXPECT_EQ(plain_error("{{ f('a', 1, 2) }}", context).message(), "the function takes 2 arguments but 3 were given");
    EXPECT_EQ(plain_error("{{ f('a', n=2) }}", context).message(),
              "the function got an unexpected keyword argument 'n'");
    EXPECT_EQ(plain_error("{{ f('a', 99999999999) }}", context).kind(), ErrorKind::OverflowError);
    EXPECT_EQ(plain_error("{{ f(missing) }}", context).message(), "'missing' is undefined");
}

TEST(Functions, ManyKindsOfParameters) {
    Context const context{
        {"sum",
         [](std::vector<double> const& numbers) {
             double total = 0;
             for (double n : numbers) total += n;
             return total;
         }},
        {"maybe", [](std::optional<int> n) { return n ? *n : -1; }},
        {"name", [](shop::Order const& o) { return o.customer; }},
        {"any", [](Value const& v, bool flag) { return std::string(v.type_name()) + (flag ? "!" : ""); }},
        {"unsigned", [](unsigned char c) { return c; }},
        {"nothing", [] {}}};
    auto const o = order();
    Context all{{"o", o}};
    all.parent(&context);
    EXPECT_EQ(plain("{{ sum([1, 2.5]) }} {{ maybe() }} {{ maybe(none) }} {{ maybe(3) }} {{ name(o) }} {{ any([]) }} {{ "
                    "any(1, true) }} {{ nothing() }}",
                    all),
              "3.5 -1 -1 3 Ada list int! None");
    EXPECT_EQ(plain_error("{{ name('x') }}", all).message(), "the function does not take str");
    EXPECT_EQ(plain_error("{{ unsigned(300) }}", all).kind(), ErrorKind::OverflowError);
    EXPECT_EQ(plain_error("{{ unsigned(-1) }}", all).kind(), ErrorKind::OverflowError);
}

TEST(Functions, AnyArguments) {
    Context const context{{"url_for",
                           [](Args const& args) {
                               std::string out = "/" + std::string(args[0].as_string());
                               for (auto const& keyword : args.keywords())
                                   out += "?" + std::string(keyword.name) + "=" + keyword.value.str();
                               return out + (args.autoescape() ? "" : "#plain") + args.variable("who").str();
                           }},
                          {"who", "me"}};
    EXPECT_EQ(html("{{ url_for('users', id=3, q='a&b') }}", context), "/users?id=3?q=a&amp;bme");
    EXPECT_EQ(plain("{{ url_for('x') }}", context), "/x#plainme");
}

TEST(Functions, ExceptionsOfFunctionsPassThrough) {
    EXPECT_THROW(static_cast<void>(plain("{{ f() }}", {{"f", []() -> int { throw std::out_of_range("mine"); }}})),
                 std::out_of_range);
}

TEST(Functions, OfTheEnvironment) {
    Options options;
    options.loader = dict_loader(
        {{"t",
          "{{ 'a'|shout }}{{ 'a'|shout(n=3) }}{{ 3 is big }}{{ 30 is big }}{{ site }}{{ add(1, 2) }}{{ 'x'|upper }}"}});
    auto const environment =
        Environment::Builder(std::move(options))
            .filter("shout",
                    [](std::string const& text, int n) { return text + std::string(static_cast<std::size_t>(n), '!'); },
                    {{"text"}, {"n", 1}})
            .filter("upper", [](std::string_view) { return "mine"; })
            .test("big", [](int n) { return n > 9; })
            .global("site", "S")
            .function("add", [](int a, int b) { return a + b; })
            .build();
    EXPECT_EQ(environment.render("t"), "a!a!!!FalseTrueS3mine");
}

TEST(Functions, GlobalsCannotBeChangedByTemplates) {
    auto const environment = Environment::Builder().global("l", Value::list({1, Value::dict({{"a", 1}})})).build();
    EXPECT_EQ(error_of([&] { static_cast<void>(environment.render_string("{% do l.append(2) %}")); }).message(),
              "a global list cannot be changed by a template");
    EXPECT_EQ(error_of([&] { static_cast<void>(environment.render_string("{% do l[1].update(b=2) %}")); }).message(),
              "a global dict cannot be changed by a template");
}

// ── Contexts and objects ────────────────────────────────────────────────────────────────────────────────────────

TEST(Contexts, Layers) {
    Context const base{{"a", 1}, {"b", 1}};
    Context top{{"b", 2}};
    top.parent(&base).add("c", 3).add(std::string("dynamic") + "_name", 4);
    EXPECT_EQ(plain("{{ a }}{{ b }}{{ c }}{{ dynamic_name }}", top), "1234");
    EXPECT_EQ(top.names(), (std::vector<std::string>{"b", "c", "dynamic_name", "a"}));
    Context all;
    all.front(&top).parent(&base).add("c", 5).add("d", 5);
    EXPECT_EQ(plain("{{ a }}{{ b }}{{ c }}{{ d }}", all), "1235");
    EXPECT_EQ(all.names(), (std::vector<std::string>{"b", "c", "dynamic_name", "a", "d"}));
    auto const o = order();
    EXPECT_EQ(plain("{{ id }}{{ customer }}", o), "7Ada");
    EXPECT_EQ(plain("{{ id }}{{ customer }}", order()), "7Ada");
    EXPECT_EQ(plain("{{ k }}", std::map<std::string, int>{{"k", 5}}), "5");
    Context over(o);
    over.add("id", 8);
    EXPECT_EQ(plain("{{ id }}{{ customer }}", over), "8Ada");
}

class Counter final : public Object {
  public:
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Counter"; }
    bool attribute(std::string_view name, Value& out) const override {
        if (name != "twice") return false;
        out = 2 * start_;
        return true;
    }
    bool item(Value const& key, Value& out) const override {
        if (key.kind() != Kind::Int) return false;
        out = key.as_int() + start_;
        return true;
    }
    bool length(std::size_t& out) const override {
        out = 3;
        return true;
    }
    void str(std::string& out) const override { out += "<counter>"; }

  private:
    int start_ = 10;
};

TEST(Objects, OwnClasses) {
    Context const context{{"c", make_object<Counter>()}};
    EXPECT_EQ(plain("{{ c }}{{ c.twice }}{{ c[5] }}{{ c|length }}{{ c.x is defined }}", context), "<counter>2015"
                                                                                                  "3False");
    EXPECT_EQ(html("{{ c }}", context), "&lt;counter&gt;");
    EXPECT_EQ(plain_error("{{ c() }}", context).message(), "'Counter' object is not callable");
    EXPECT_EQ(plain_error("{% for x in c %}{% endfor %}", context).message(), "'Counter' object is not iterable");
}

TEST(Objects, ValuesInCpp) {
    auto const o = order();
    Value const value = o;
    EXPECT_EQ(value.attribute("customer").as_string(), "Ada");
    EXPECT_EQ(value.attribute("tags").item(0).str(), "new");
    EXPECT_EQ(value.attribute("tags").size(), 2U);
    EXPECT_TRUE(value.attribute("none").is_undefined());
    EXPECT_EQ(Value::dict({{"a", 1}}).repr(), "{'a': 1}");
    EXPECT_EQ(Value(3).as_double(), 3.0);
    EXPECT_EQ(error_of([] { static_cast<void>(Value("x").as_int()); }).kind(), ErrorKind::TypeError);
    EXPECT_TRUE(Value(1) == Value(true));
    EXPECT_FALSE(Value::list({}).truthy());
    EXPECT_EQ(Value::undefined("thing").str(), "");
}

} // namespace
} // namespace hxx::jinja
