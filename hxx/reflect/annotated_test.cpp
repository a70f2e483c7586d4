#include "hxx/reflect/annotated.hpp"

#include "hxx/reflect/reflect.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace hxx {
namespace {

enum class Color { Red, Green };
struct Address {
    std::string street;
    bool operator==(Address const&) const = default;
};
struct Final final {
    int value = 3;
    bool operator==(Final const&) const = default;
};

struct User {
    Annotated<std::string, Trim{}, MinLength{1}, MaxLength{100}> name = {};
    Annotated<std::string, Pattern{R"(^[^@\s]+@[^@\s]+\.[^@\s]+$)"}, ToLower{}> email = {};
    Annotated<int, Gt{0}, Lt{150}> age = {};
    Annotated<double, Gt{0.5}, MultipleOf{0.1}> ratio = 2.5;
    Annotated<Color, OneOf{Color::Red}> color = {};
    Annotated<std::vector<std::string>, MinLength{1}, UniqueItems{}> tags = {};
    Annotated<std::optional<int>, EmptyIsNull{}> number = {};
    Annotated<std::string, OneOf{"red", "green"}, Alias{"the-choice"}, Title{"Choice"}> choice = {};
    Annotated<Address, Description{"Where to"}> address = {};
    std::optional<Annotated<int, Ge{3}>> maybe = {};
    std::vector<Annotated<std::string, MinLength{2}>> many = {};
    Annotated<Final> final_value = {};
};

std::string by_view(std::string_view text) { return std::string(text); }
std::size_t by_reference(std::string const& text) { return text.size(); }
std::string by_value(std::string text) { return text; }
int twice(int value) { return value * 2; }

TEST(Annotated, IsAMemberThatReflectionSees) {
    static_assert(reflect::member_count<User> == 12);
    static_assert(reflect::member_names<User>[2] == "age");
    static_assert(reflect::member_names<User>[11] == "final_value");
    User const user{.name = "Ada", .email = std::string("a@b.c"), .age = 36};
    EXPECT_EQ(user.name, "Ada");
    EXPECT_EQ(user.age, 36);
    EXPECT_EQ(user.ratio, 2.5);
}

TEST(Annotated, IsAWrapper) {
    static_assert(Wrapper<Annotated<int, Gt{0}>> && Wrapper<Annotated<std::string>> && Wrapper<Annotated<Final>>);
    static_assert(std::same_as<unwrapped_t<Annotated<std::string, Trim{}>>, std::string>);
    static_assert(std::same_as<unwrapped_t<Annotated<Annotated<int, Ge{1}>, Lt{9}>>, int>);
    static_assert(!std::is_aggregate_v<Annotated<Address>> && !reflect::Aggregate<Annotated<Address>>);
}

TEST(Annotated, NumbersReadLikeNumbers) {
    User user;
    EXPECT_EQ(user.age, 0);
    user.age = 5;
    user.age += 2;
    ++user.age;
    EXPECT_EQ(user.age - 1, 7);
    EXPECT_LT(user.age, 9);
    EXPECT_EQ(twice(user.age), 16);
    int const copy = user.age;
    EXPECT_EQ(copy, 8);
    Annotated<int, Gt{0}> const same_value = 8;
    Annotated<int, Lt{9}> const other_constraints = same_value;
    EXPECT_EQ(other_constraints, 8);
    EXPECT_TRUE(same_value == user.age);
}

TEST(Annotated, StringsReadLikeStrings) {
    User user{.name = "Ada"};
    EXPECT_EQ("%" + user.name + "%", "%Ada%");
    EXPECT_EQ(by_view(user.name), "Ada");
    EXPECT_EQ(by_reference(user.name), 3u);
    EXPECT_EQ(by_value(user.name), "Ada");
    EXPECT_EQ(user.name.size(), 3u);
    EXPECT_EQ(user.name->size(), 3u);
    user.name += "!";
    std::string text = user.name;
    text = user.name;
    EXPECT_EQ(text, "Ada!");
    user.name = std::string("Bob");
    EXPECT_TRUE(user.name == std::string("Bob"));
    EXPECT_TRUE(user.name != user.email);
    std::ostringstream out;
    out << user.name << user.age;
    EXPECT_EQ(out.str(), "Bob0");
}

TEST(Annotated, OtherClassesReadLikeThemselves) {
    User user;
    user.tags.push_back("a");
    user.tags = {"b", "c"};
    std::string all;
    for (auto const& tag : user.tags) all += tag;
    EXPECT_EQ(all, "bc");
    user.number = 3;
    ASSERT_TRUE(user.number);
    EXPECT_EQ(*user.number, 3);
    user.number = std::nullopt;
    EXPECT_FALSE(user.number.has_value());
    user.address = Address{"High Street"};
    EXPECT_EQ(user.address->street, "High Street");
    EXPECT_TRUE(user.address == Address{"High Street"});
    EXPECT_EQ(user.final_value.get().value, 3);
    user.final_value = Final{4};
    EXPECT_TRUE(user.final_value == Final{4});
    user.color = Color::Green;
    switch (user.color) {
    case Color::Green: break;
    case Color::Red: FAIL();
    }
}

TEST(Annotated, CopiesAndMoves) {
    User user{.name = std::string(100, 'x')};
    User const copy = user;
    User const moved = std::move(user);
    EXPECT_EQ(copy.name, moved.name);
    User assigned;
    assigned = copy;
    EXPECT_EQ(assigned.name.size(), 100u);
}

TEST(Annotated, SaysWhichConstraintsItHas) {
    using Choice = decltype(User::choice);
    static_assert(reflect::has_constraint<Choice, Alias<11>> && !reflect::has_constraint<Choice, Secret>);
    static_assert(!reflect::has_constraint<int, Secret> && reflect::is_annotated<Choice> &&
                  !reflect::is_annotated<int>);
    int count = 0;
    reflect::Constraints<Choice>::for_each([&](auto const&) { ++count; });
    reflect::Constraints<std::string>::for_each([&](auto const&) { ++count; });
    EXPECT_EQ(count, 3);
}

} // namespace
} // namespace hxx
