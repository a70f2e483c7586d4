#include "hxx/reflect/reflect.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace shop {

struct Address {
    std::string street;
    int number;
};
enum class Color : std::uint8_t { Red, Green = 7, Blue = 255 };
enum class Level { Low = -128, Middle = 0, High = 127 };
enum Plain { One = 1, Two };
enum Signed { Minus = -1, Plus = 1 };
enum class Status { Ok = 200, NotFound = 404 };
enum class Empty {};

struct User {
    std::int64_t id;
    std::string name, email;
    std::optional<int> age;
    std::vector<Address> addresses;
    Address home;
    Color color = Color::Red;
    std::map<std::string, int> scores;
    std::unique_ptr<int> pointer;
    std::array<int, 3> triple;
};
struct Base {
    int a;
};
struct Derived : Base {
    int b;
};
struct EmptyBase {};
struct DerivedFromEmpty : EmptyBase {
    std::string b;
};
struct WithConstructor {
    WithConstructor(int) {}
    int a = 0;
};
struct Nothing {};
struct Node {
    std::string name;
    std::vector<Node> children;
};
template <class T, char C, int N>
struct Template {
    T value;
    enum class Scoped { First = -3, Second };
    enum Unscoped { Third, Fourth };
};
struct Größe {
    int höhe;
};

} // namespace shop

template <>
inline constexpr hxx::reflect::EnumRange hxx::reflect::enum_range<shop::Status>{200, 404};

namespace hxx::reflect {
namespace {

using Names = std::vector<std::string_view>;

template <class T>
Names names() {
    return {member_names<T>.begin(), member_names<T>.end()};
}
template <class E>
Names enumerators() {
    return {enum_names<E>().begin(), enum_names<E>().end()};
}

struct Hidden {
    int x, y_1;
};
enum class HiddenEnum { P, Q };

TEST(Reflect, KnowsWhatAnAggregateIs) {
    static_assert(Aggregate<shop::User> && Aggregate<shop::Nothing> && Aggregate<shop::Node>);
    static_assert(!Aggregate<shop::Derived> && !Aggregate<shop::DerivedFromEmpty> && !Aggregate<shop::WithConstructor>);
    static_assert(!Aggregate<std::array<int, 3>> && !Aggregate<std::string> && !Aggregate<std::vector<int>>);
    static_assert(!Aggregate<std::tuple<int>> && !Aggregate<std::pair<int, int>> && !Aggregate<int>);
    static_assert(!Aggregate<shop::Color> && !Aggregate<int[3]> && !Aggregate<std::optional<int>>);
}

TEST(Reflect, NamesMembersInOrder) {
    EXPECT_EQ(names<shop::User>(),
              (Names{"id", "name", "email", "age", "addresses", "home", "color", "scores", "pointer", "triple"}));
    EXPECT_EQ(names<shop::Node>(), (Names{"name", "children"}));
    EXPECT_EQ(names<shop::Nothing>(), Names{});
    EXPECT_EQ(names<Hidden>(), (Names{"x", "y_1"}));
    EXPECT_EQ((names<shop::Template<std::string, '>', -4>>()), Names{"value"});
    EXPECT_EQ(names<shop::Größe>(), Names{"höhe"});
    static_assert(member_names<shop::Address>[1] == "number");
    static_assert(member_index<shop::Address>("number") == 1 && member_index<shop::Address>("Number") == npos);
}

TEST(Reflect, NamesMembersOfAStructInsideAFunction) {
    struct Local {
        int first;
        std::string second;
    };
    EXPECT_EQ(names<Local>(), (Names{"first", "second"}));
}

TEST(Reflect, VisitsAndChangesMembers) {
    shop::Address address{"High Street", 3};
    std::string seen;
    for_each_member(std::as_const(address), [&](std::string_view name, auto const& value) {
        seen += name;
        seen += '=';
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, int>)
            seen += std::to_string(value);
        else
            seen += value;
        seen += ';';
    });
    EXPECT_EQ(seen, "street=High Street;number=3;");
    for_each_member(address, [](std::string_view, auto& value) { value = {}; });
    EXPECT_EQ(address.street, "");
    EXPECT_EQ(address.number, 0);
    get<1>(address) = 5;
    EXPECT_EQ(get<1>(std::as_const(address)), 5);
    static_assert(std::is_same_v<decltype(get<1>(std::as_const(address))), int const&>);
    shop::Nothing nothing;
    for_each_member(nothing, [](std::string_view, auto&) { FAIL(); });
}

TEST(Reflect, VisitsTypesWithoutAnObject) {
    std::size_t ints = 0;
    std::string order;
    for_each_member_type<shop::User>([&]<std::size_t I, class M>(std::string_view name) {
        ints += std::is_same_v<M, std::int64_t> ? 1u : 0u;
        order += std::to_string(I) + std::string(name) + " ";
    });
    EXPECT_EQ(ints, 1u);
    EXPECT_TRUE(order.starts_with("0id 1name 2email 3age "));
}

TEST(Reflect, WorksInConstantExpressions) {
    struct Point {
        int x = 3, y = 4;
    };
    constexpr int sum = [] {
        Point point;
        int total = 0;
        for_each_member(point, [&](std::string_view name, int& value) { total += name == "x" ? value * 10 : value; });
        return total;
    }();
    static_assert(sum == 34);
}

TEST(Reflect, NamesEnumerators) {
    EXPECT_EQ(enumerators<shop::Color>(), (Names{"Red", "Green", "Blue"}));
    EXPECT_EQ(enumerators<shop::Level>(), (Names{"Low", "Middle", "High"}));
    EXPECT_EQ(enumerators<shop::Plain>(), (Names{"One", "Two"}));
    EXPECT_EQ(enumerators<shop::Signed>(), (Names{"Minus", "Plus"}));
    EXPECT_EQ(enumerators<shop::Status>(), (Names{"Ok", "NotFound"}));
    EXPECT_EQ(enumerators<shop::Empty>(), Names{});
    EXPECT_EQ(enumerators<HiddenEnum>(), (Names{"P", "Q"}));
    enum class Local { U, V };
    EXPECT_EQ(enumerators<Local>(), (Names{"U", "V"}));
}

TEST(Reflect, NamesEnumeratorsInsideTemplates) {
    EXPECT_EQ((enumerators<shop::Template<int, '>', -4>::Scoped>()), (Names{"First", "Second"}));
    EXPECT_EQ((enumerators<shop::Template<int, ',', 4>::Unscoped>()), (Names{"Third", "Fourth"}));
    EXPECT_EQ((enumerators<shop::Template<shop::Address, '\'', 4>::Unscoped>()), (Names{"Third", "Fourth"}));
}

TEST(Reflect, ConvertsEnumeratorsAndNames) {
    static_assert(enum_name(shop::Color::Green) == "Green");
    static_assert(enum_from_name<shop::Color>("Blue") == shop::Color::Blue);
    static_assert(!enum_from_name<shop::Color>("blue"));
    EXPECT_EQ(enum_name(static_cast<shop::Color>(8)), "");
    EXPECT_EQ(enum_name(shop::Status::NotFound), "NotFound");
    EXPECT_EQ(enum_from_name<shop::Signed>("Minus"), shop::Minus);
    EXPECT_FALSE(enum_from_name<shop::Color>(""));
}

TEST(Reflect, NamesTypes) {
    EXPECT_EQ(type_name<int>(), "int");
    EXPECT_EQ(type_name<shop::Address>(), "shop::Address");
    EXPECT_TRUE(type_name<std::vector<shop::Address>>().find("shop::Address") != std::string_view::npos);
}

} // namespace
} // namespace hxx::reflect
