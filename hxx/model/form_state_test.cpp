#include "hxx/model/form_state.hpp"

#include "hxx/model/chrono.hpp"
#include "hxx/model/form.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

enum class Color { Red, Green };
using Texts = std::vector<std::string>;

struct Address {
    Annotated<std::string, MinLength{1}> street;
    std::optional<int> number;
};
struct Account {
    Annotated<std::string, Trim{}, MinLength{1}, MaxLength{100}, Title{"Full name"}, Description{"As in your passport"}>
        name;
    Annotated<std::string, Pattern{R"(^[^@\s]+@[^@\s]+$)"}> email;
    Annotated<int, Gt{0}, Lt{150}> age;
    Annotated<double, Ge{0.5}, Le{9.5}> ratio = 2.5;
    Color color = Color::Green;
    bool news = true;
    std::vector<std::string> topics;
    Annotated<std::vector<int>, MinLength{1}, MaxLength{5}> ids;
    Annotated<std::string, Secret{}, MinLength{8}> password;
    Annotated<std::string, OneOf{"small", "large"}, Alias{"the-size"}> size;
    std::optional<Annotated<int, MultipleOf{5}>> fives;
    std::string note;
    std::chrono::year_month_day born{};
    Address address;
    std::optional<Address> billing;
    std::vector<Address> stops;

    void validate(Errors& errors) const {
        if (age == 42) errors.add("cannot be right");
    }
};

FieldState const& at(FormState const& state, std::string_view name) {
    auto const found = state.find(name);
    if (found == state.end()) throw std::out_of_range(std::string(name));
    return found->second;
}

TEST(FormState, OfAnEmptyFormHasEveryMemberAndTheDefaults) {
    auto const form = form_state<Account>();
    for (auto const* name : {"name", "email", "age", "ratio", "color", "news", "topics", "ids", "password", "the-size",
                             "fives", "note", "born", "address.street", "address.number", "billing.street"}) {
        EXPECT_EQ(at(form, name).name, name);
        EXPECT_TRUE(at(form, name).errors.empty());
    }
    EXPECT_EQ(at(form, "age").value, "");
    EXPECT_EQ(at(form, "ratio").value, "2.5");
    EXPECT_EQ(at(form, "color").value, "Green");
    EXPECT_TRUE(at(form, "news").checked);
    EXPECT_EQ(at(form, "fives").value, "");
}

TEST(FormState, TellsTheBrowserWhatItCanCheck) {
    auto const form = form_state<Account>();
    auto const& name = at(form, "name");
    EXPECT_EQ(name.type, "text");
    EXPECT_EQ(name.minlength, "1");
    EXPECT_EQ(name.maxlength, "100");
    EXPECT_EQ(name.title, "Full name");
    EXPECT_EQ(name.description, "As in your passport");
    EXPECT_EQ(at(form, "email").pattern, R"([^@\s]+@[^@\s]+)");
    EXPECT_EQ(at(form, "age").type, "number");
    EXPECT_EQ(at(form, "age").min, "1");
    EXPECT_EQ(at(form, "age").max, "149");
    EXPECT_EQ(at(form, "age").step, "1");
    EXPECT_EQ(at(form, "ratio").min, "0.5");
    EXPECT_EQ(at(form, "ratio").step, "any");
    EXPECT_EQ(at(form, "fives").step, "5");
    EXPECT_EQ(at(form, "color").type, "select");
    EXPECT_EQ(at(form, "color").options, (Texts{"Red", "Green"}));
    EXPECT_EQ(at(form, "the-size").options, (Texts{"small", "large"}));
    EXPECT_EQ(at(form, "password").type, "password");
    EXPECT_EQ(at(form, "news").type, "checkbox");
    EXPECT_EQ(at(form, "born").type, "date");
    EXPECT_EQ(at(form, "ids").maxlength, "") << "that of the list, not of its texts";
}

TEST(FormState, RequiredIsWhatMayNotBeLeftEmpty) {
    auto const form = form_state<Account>();
    for (auto const* name : {"name", "email", "age", "password", "the-size", "born", "address.street", "ids"})
        EXPECT_TRUE(at(form, name).required) << name;
    for (auto const* name : {"ratio", "color", "news", "topics", "fives", "note", "address.number", "billing.street"})
        EXPECT_FALSE(at(form, name).required) << name;
}

struct TextsThatMustBeFilled {
    Annotated<std::string, Trim{}, Email{}> email;
    Annotated<std::string, Url{}> url;
    Annotated<std::string, Pattern{"^[0-9]{5}$"}> code;
    Annotated<std::string, OneOf{"small", "large"}> size;
    Annotated<std::string, MinLength{2}> name;
    Annotated<std::string, EmptyIsMissing{}> given;
    Annotated<std::string, Email{}> with_default = "nobody@example.org";
};
struct TextsThatMayBeEmpty {
    Annotated<std::string, MaxLength{5}> plain;
    Annotated<std::string, Pattern{"^[0-9]*$"}> digits;
    Annotated<std::string, OneOf{"", "large"}> size;
    Annotated<std::string, MinLength{0}> any;
    std::optional<Annotated<std::string, Email{}>> email;
    Annotated<std::optional<std::string>, Url{}> url;
    Annotated<std::string, EmptyIsMissing{}, NotRequired{}, Email{}> missing;
    Annotated<std::string, EmptyIsMissing{}, Email{}> with_default = "nobody@example.org";
    Annotated<std::optional<std::string>, EmptyIsNull{}, Email{}> null = "nobody@example.org";
    std::vector<Annotated<std::string, MinLength{1}>> many;
};

// A browser that is told so must not be told otherwise by the server.
template <class T>
void expect_required(bool required) {
    for (auto const& [name, field] : form_state<T>()) {
        EXPECT_EQ(field.required, required) << name;
        ErrorReport report;
        static_cast<void>(parse_fields<T>(FormFields::parse(name + '='), "form", report));
        bool refused = false;
        for (auto const& error : report) refused = refused || error.field() == name;
        EXPECT_EQ(refused, required) << name;
    }
}

TEST(FormState, AConstraintThatRefusesAnEmptyTextMakesItRequired) {
    expect_required<TextsThatMustBeFilled>(true);
    expect_required<TextsThatMayBeEmpty>(false);
}

TEST(FormState, KeepsWhatWasTyped) {
    auto const fields =
        FormFields::parse("name=+x+&age=0&ids=1&ids=x&password=secret&stops[4].street=&topics=a&topics=b"
                          "&color=Pink&the-size=small&billing.number=z");
    ErrorReport report;
    EXPECT_FALSE(parse_fields<Account>(fields, "form", report));
    auto const form = form_state<Account>(fields, report);
    EXPECT_EQ(at(form, "name").value, " x ");
    EXPECT_EQ(at(form, "age").value, "0");
    EXPECT_EQ(at(form, "age").error, "must be greater than 0");
    EXPECT_EQ(at(form, "age").errors, Texts{"must be greater than 0"});
    EXPECT_EQ(at(form, "color").value, "Pink");
    EXPECT_EQ(at(form, "topics").values, (Texts{"a", "b"}));
    EXPECT_EQ(at(form, "ids").values, (Texts{"1", "x"}));
    EXPECT_EQ(at(form, "ids").error, "must be a whole number") << "an item's error is the list's";
    EXPECT_EQ(at(form, "stops.4.street").error, "must not be empty");
    EXPECT_EQ(at(form, "stops.4.street").minlength, "1");
    EXPECT_EQ(at(form, "billing.number").value, "z");
    EXPECT_EQ(at(form, "ratio").value, "") << "not the default: the user emptied it";
    EXPECT_FALSE(at(form, "news").checked) << "nor a box that was unchecked";
    EXPECT_EQ(at(form, "password").value, "");
    EXPECT_EQ(at(form, "password").error, "must have at least 8 characters");
}

TEST(FormState, ShowsErrorsOfTheWholeFormAndOfStrangers) {
    ErrorReport report;
    report.add("form", "value_error", "cannot be right");
    report.add("form.captcha", "wrong", "is wrong");
    report.add("form.address", "value_error", "does not exist");
    auto const form = form_state<Account>(FormFields::parse("news=on"), report);
    EXPECT_EQ(at(form, "").error, "cannot be right");
    EXPECT_EQ(at(form, "captcha").error, "is wrong");
    EXPECT_EQ(at(form, "address").error, "does not exist");
    EXPECT_TRUE(at(form, "news").checked);
    EXPECT_EQ(at(form, "news").values, Texts{"on"});
}

TEST(FormState, EditsAnObject) {
    Account account;
    account.name = "Ada";
    account.age = 0;
    account.password = "hunter2hunter2";
    account.news = false;
    account.ids = {3, 4};
    account.born = std::chrono::year(1815) / 12 / 10;
    account.billing = Address{.street = "B", .number = 7};
    account.stops = {Address{.street = "S", .number = {}}};
    auto const form = form_state(account);
    EXPECT_EQ(at(form, "name").value, "Ada");
    EXPECT_EQ(at(form, "age").value, "0");
    EXPECT_EQ(at(form, "password").value, "");
    EXPECT_FALSE(at(form, "news").checked);
    EXPECT_EQ(at(form, "ids").values, (Texts{"3", "4"}));
    EXPECT_EQ(at(form, "born").value, "1815-12-10");
    EXPECT_EQ(at(form, "billing.street").value, "B");
    EXPECT_EQ(at(form, "billing.number").value, "7");
    EXPECT_EQ(at(form, "stops.0.street").value, "S");
}

TEST(FormState, PatternsThatHtmlWouldReadOtherwiseAreLeftOut) {
    struct Patterns {
        Annotated<std::string, Pattern{"abc"}> search;
        Annotated<std::string, Pattern{"^a|b$"}> alternatives;
        Annotated<std::string, Pattern{"^a\\$"}> dollar;
    };
    auto const form = form_state<Patterns>();
    for (auto const& [name, field] : form) EXPECT_EQ(field.pattern, "") << name;
}

} // namespace
} // namespace hxx
