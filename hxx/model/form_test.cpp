#include "hxx/model/form.hpp"

#include <gtest/gtest.h>

#include <list>
#include <set>

namespace hxx {
namespace {

enum class Color { Red, Green, Blue };

struct Address {
    Annotated<std::string, Trim{}, MinLength{1}> street;
    std::optional<int> number;
};

struct SignUp {
    Annotated<std::string, Trim{}, MinLength{1}, MaxLength{100}> name;
    Annotated<std::string, Email{}, ToLower{}> email;
    Annotated<int, Gt{0}, Lt{150}> age;
};

/// The value, or nothing; the report is left in `report`.
class Parse : public testing::Test {
  protected:
    template <class T>
    std::optional<T> form(std::string_view text) {
        report.clear();
        return parse_fields<T>(FormFields::parse(text), "form", report);
    }
    template <class T>
    std::optional<T> query(std::string_view text) {
        report.clear();
        return parse_fields<T>(FormFields::parse(text), "query", report);
    }
    ErrorReport report;
};

TEST_F(Parse, AWholeForm) {
    auto const user = form<SignUp>("name=+Ada+Lovelace+&email=Ada%40Example.org&age=36&unknown=1");
    ASSERT_TRUE(user) << report.to_text();
    EXPECT_EQ(user->name, "Ada Lovelace");
    EXPECT_EQ(user->email, "ada@example.org");
    EXPECT_EQ(user->age, 36);
}

TEST_F(Parse, CollectsAllMistakes) {
    EXPECT_FALSE(form<SignUp>("name=++&email=x&age=0"));
    EXPECT_EQ(report.to_text(), "form.name must not be empty\n"
                                "form.email must be an e-mail address\n"
                                "form.age must be greater than 0");
    EXPECT_EQ(report[2].code, "greater_than");
    EXPECT_EQ(report[2].input, "0");
    EXPECT_EQ(report[0].input, "  ");
}

TEST_F(Parse, KnowsWhatIsMissing) {
    EXPECT_FALSE(form<SignUp>("age="));
    EXPECT_EQ(report.to_text(), "form.name is required\nform.email is required\nform.age is required");
    for (auto const& error : report) EXPECT_EQ(error.code, "missing");
}

struct Defaults {
    int page = 1;
    double ratio = 2.5;
    std::string sort = "name";
    Color color = Color::Blue;
    Annotated<int, Ge{5}> size = 20;
    std::optional<int> maybe = 7;
    std::optional<std::string> text;
    std::vector<int> ids = {1, 2};
    Annotated<std::string, NotRequired{}> note;
};

TEST_F(Parse, DefaultsAreTheStructsOwn) {
    auto const absent = query<Defaults>("");
    ASSERT_TRUE(absent) << report.to_text();
    EXPECT_EQ(absent->page, 1);
    EXPECT_EQ(absent->sort, "name");
    EXPECT_EQ(absent->color, Color::Blue);
    EXPECT_EQ(absent->size, 20);
    EXPECT_EQ(absent->maybe, 7);
    EXPECT_EQ(absent->text, std::nullopt);
    EXPECT_EQ(absent->ids, (std::vector<int>{1, 2}));
    auto const empty = query<Defaults>("page=&ratio=&sort=&color=&size=&maybe=&text=&note=");
    ASSERT_TRUE(empty) << report.to_text();
    EXPECT_EQ(empty->page, 1);
    EXPECT_EQ(empty->ratio, 2.5);
    EXPECT_EQ(empty->sort, ""); // a string that was sent is kept
    EXPECT_EQ(empty->color, Color::Blue);
    EXPECT_EQ(empty->maybe, 7);
    EXPECT_EQ(empty->text, std::nullopt);
    auto const given = query<Defaults>("page=3&ratio=1&sort=age&color=Red&size=5&maybe=8&text=x&ids=9&note=n");
    ASSERT_TRUE(given) << report.to_text();
    EXPECT_EQ(given->page, 3);
    EXPECT_EQ(given->color, Color::Red);
    EXPECT_EQ(given->maybe, 8);
    EXPECT_EQ(given->text, "x");
    EXPECT_EQ(given->ids, std::vector<int>{9});
}

struct Policies {
    Annotated<std::optional<int>, EmptyIsNull{}> null = 5;
    Annotated<std::optional<int>, EmptyIsMissing{}> missing = 5;
    Annotated<std::string, EmptyIsMissing{}> text = "kept";
    Annotated<std::optional<std::string>, EmptyIsKept{}> kept;
};

TEST_F(Parse, EmptyMeansWhatTheFieldSays) {
    auto const value = form<Policies>("null=&missing=&text=&kept=");
    ASSERT_TRUE(value) << report.to_text();
    EXPECT_FALSE(value->null.has_value());
    EXPECT_EQ(value->missing, 5);
    EXPECT_EQ(value->text, "kept");
    EXPECT_EQ(value->kept, "");
    struct Strict {
        Annotated<int, EmptyIsKept{}> number = 3;
    };
    EXPECT_FALSE(form<Strict>("number="));
    EXPECT_EQ(report[0].code, "int_parsing");
    EXPECT_TRUE(form<Strict>(""));
}

struct Boxes {
    bool off = false;
    bool on = true;
    std::optional<bool> unknown;
    Annotated<bool, Title{"Marked"}> marked = true;
};

TEST_F(Parse, AnUncheckedBoxSendsNothing) {
    auto const none = form<Boxes>("");
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->off || none->on || none->marked || none->unknown);
    auto const all = form<Boxes>("off=on&on=1&unknown=false&marked=0&marked=1");
    ASSERT_TRUE(all);
    EXPECT_TRUE(all->off && all->on && all->marked);
    EXPECT_EQ(all->unknown, false);
    auto const from_query = query<Boxes>("");
    ASSERT_TRUE(from_query);
    EXPECT_TRUE(from_query->on && !from_query->off);
    EXPECT_FALSE(form<Boxes>("on=perhaps"));
    EXPECT_EQ(report.to_text(), "form.on must be yes or no");
}

struct Lists {
    std::vector<std::string> tags;
    Annotated<std::vector<int>, MinLength{1}, UniqueItems{}> ids;
    std::set<Color> colors;
    std::list<Annotated<int, Ge{0}>> numbers;
    std::optional<std::vector<int>> maybe;
};

TEST_F(Parse, RepeatedKeysMakeLists) {
    auto const value = form<Lists>("tags=b&ids=2&tags=&tags=a&ids=1&colors=Red&colors=Red&numbers[]=3&numbers[]=4");
    ASSERT_TRUE(value) << report.to_text();
    EXPECT_EQ(value->tags, (std::vector<std::string>{"b", "", "a"}));
    EXPECT_EQ(value->ids, (std::vector<int>{2, 1}));
    EXPECT_EQ(value->colors.size(), 1u);
    EXPECT_EQ(value->numbers.size(), 2u);
    EXPECT_EQ(value->maybe, std::nullopt);
    auto const indexed = form<Lists>("ids.1=5&ids.0=4&ids[2]=6&maybe=1&maybe=");
    ASSERT_TRUE(indexed) << report.to_text();
    EXPECT_EQ(indexed->ids, (std::vector<int>{4, 5, 6}));
    EXPECT_EQ(indexed->maybe, std::vector<int>{1});
}

TEST_F(Parse, ListsAreChecked) {
    EXPECT_FALSE(form<Lists>("ids=1&ids=1&colors=Pink&numbers=-1&numbers=x"));
    EXPECT_EQ(report.to_text(), "form.ids must not have the same item twice\n"
                                "form.colors.0 must be one of: Red, Green, Blue\n"
                                "form.numbers.0 must be at least 0\n"
                                "form.numbers.1 must be a whole number");
    EXPECT_FALSE(form<Lists>(""));
    EXPECT_EQ(report.to_text(), "form.ids must have at least 1 item");
    EXPECT_FALSE(form<Lists>("ids=&ids="));
    EXPECT_EQ(report.to_text(), "form.ids must have at least 1 item");
}

struct Order {
    Address address;
    std::optional<Address> billing;
    Annotated<std::vector<Address>, MaxLength{3}> stops;
};

TEST_F(Parse, PartsHaveDotsOrBrackets) {
    for (auto const* text : {"address.street=A&address.number=1&stops.0.street=X&stops.1.street=Y",
                             "address[street]=A&address[number]=1&stops[0][street]=X&stops[1][street]=Y",
                             "address.street=A&address[number]=1&stops[0].street=X&stops.1[street]=Y"}) {
        auto const value = form<Order>(text);
        ASSERT_TRUE(value) << text << report.to_text();
        EXPECT_EQ(value->address.street, "A");
        EXPECT_EQ(value->address.number, 1);
        EXPECT_FALSE(value->billing);
        ASSERT_EQ(value->stops.size(), 2u);
        EXPECT_EQ(value->stops[1].street, "Y");
    }
}

TEST_F(Parse, MistakesInPartsAreNamed) {
    EXPECT_FALSE(form<Order>("stops[2].street=ok&stops[7].street=&stops[7].number=x&billing.number=3"));
    EXPECT_EQ(report.to_text(), "form.address.street is required\n"
                                "form.billing.street is required\n"
                                "form.stops.7.street must not be empty\n"
                                "form.stops.7.number must be a whole number");
}

TEST_F(Parse, AnOptionalPartLeftEmptyIsAbsent) {
    auto const value = form<Order>("address.street=A&billing.street=&billing.number=");
    ASSERT_TRUE(value) << report.to_text();
    EXPECT_FALSE(value->billing);
}

TEST_F(Parse, HugeIndicesCostNothing) {
    auto const value =
        form<Order>("address.street=A&stops[18446744073709551615].street=X&stops[99999999999999999999].street=Y");
    ASSERT_TRUE(value) << report.to_text();
    EXPECT_EQ(value->stops.size(), 1u); // the second number is none that fits
    EXPECT_FALSE(form<Order>("address.street=A&stops.1.street=a&stops.2.street=a&stops.3.street=a&stops.4.street=a"));
    EXPECT_EQ(report.to_text(), "form.stops must have at most 3 items");
}

struct Aliased {
    Annotated<int, Alias{"user-age"}, Ge{1}> age;
};

TEST_F(Parse, AliasesAreTheNamesOutside) {
    EXPECT_TRUE(form<Aliased>("user-age=3"));
    EXPECT_FALSE(form<Aliased>("age=3"));
    EXPECT_EQ(report[0].where, "form.user-age");
}

struct Strict {
    static constexpr auto extra = Extra::Forbid;
    int a = 1;
    std::vector<int> list;
    Address part{.street = "x", .number = {}};
};

TEST_F(Parse, UnknownFieldsCanBeForbidden) {
    EXPECT_TRUE(form<Strict>("a=1&list[]=1&list.3=2&part.street=x&part.unknown=1")) << report.to_text();
    EXPECT_FALSE(form<Strict>("a=1&b=2&b=3&c.d=1&list=1"));
    EXPECT_EQ(report.to_text(), "form.b is not a known field\nform.c is not a known field");
}

struct Range {
    int from, to;
    void validate(Errors& errors) const {
        if (to < from) errors.add("to", "must not be before the start");
        if (from == 13) errors.add("from", "unlucky", "must not be 13");
        if (errors.empty() && from == 99) errors.add("is out of service");
    }
};
struct Trip {
    Range days;
    std::vector<Range> rests;
    bool validated = false;
    void validate(Errors& errors) const {
        if (rests.size() > 1) errors.add("rests.1.from", "must not be there");
    }
};

TEST_F(Parse, RulesAcrossFieldsComeLast) {
    EXPECT_TRUE(form<Range>("from=1&to=2"));
    EXPECT_FALSE(form<Range>("from=13&to=2"));
    EXPECT_EQ(report.to_text(), "form.to must not be before the start\nform.from must not be 13");
    EXPECT_EQ(report[0].code, "value_error");
    EXPECT_EQ(report[1].code, "unlucky");
    EXPECT_FALSE(form<Range>("from=99&to=100"));
    EXPECT_EQ(report.to_text(), "form is out of service");
    EXPECT_FALSE(form<Range>("from=13&to=x"));
    EXPECT_EQ(report.to_text(), "form.to must be a whole number"); // the rules need right members
}

TEST_F(Parse, RulesOfPartsToo) {
    EXPECT_FALSE(form<Trip>("days.from=2&days.to=1&rests.0.from=5&rests.0.to=4"));
    EXPECT_EQ(report.to_text(), "form.days.to must not be before the start\n"
                                "form.rests.0.to must not be before the start");
    EXPECT_FALSE(form<Trip>("days.from=1&days.to=2&rests.0.from=1&rests.0.to=4&rests.1.from=1&rests.1.to=4"));
    EXPECT_EQ(report.to_text(), "form.rests.1.from must not be there");
}

struct Secrets {
    Annotated<std::string, Secret{}, MinLength{12}> password;
    Annotated<std::vector<int>, Secret{}> pins;
};

TEST_F(Parse, SecretsDoNotLeak) {
    EXPECT_FALSE(form<Secrets>("password=hunter2&pins=hunter2"));
    ASSERT_EQ(report.size(), 2u);
    EXPECT_EQ(report[0].input, "***");
    EXPECT_EQ(report[1].input, "***");
}

TEST_F(Parse, ManyFieldsOfOneListAreQuick) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "&ids=" + std::to_string(i);
    auto const value = form<Lists>(text);
    ASSERT_TRUE(value) << report.to_text();
    EXPECT_EQ(value->ids.size(), 1000u);
}

TEST(FieldPath, BracketsAreDots) {
    using model::field_path;
    EXPECT_EQ(field_path("a"), "a");
    EXPECT_EQ(field_path("a.b"), "a.b");
    EXPECT_EQ(field_path("a[b][0].c"), "a.b.0.c");
    EXPECT_EQ(field_path("a[]"), "a");
    EXPECT_EQ(field_path("a[0][]"), "a.0");
    for (auto const* name : {"a[", "a]", "[a]", "a[b", "a[][b]", "a[b]c", "a[[b]]", "", "a[b]]"})
        EXPECT_EQ(field_path(name), name);
}

TEST(FieldIndex, FindsByPath) {
    FormFields const fields{{"a.b", "1"},  {"a", "2"},   {"a[b]", "3"}, {"ab", "4"},
                            {"a.10", "5"}, {"a.9", "6"}, {"a.09", "7"}};
    model::FieldIndex const index(fields);
    EXPECT_EQ(*index.last("a.b"), "3");
    EXPECT_EQ(*index.last("a"), "2");
    EXPECT_EQ(index.last("b"), nullptr);
    EXPECT_EQ(index.all("a.b").size(), 2u);
    EXPECT_EQ(*index.all("a.b")[0], "1");
    EXPECT_EQ(index.indices("a"), (std::vector<std::size_t>{9, 10}));
    EXPECT_TRUE(index.has_content("a"));
    EXPECT_FALSE(index.has_content("b"));
}

} // namespace
} // namespace hxx
