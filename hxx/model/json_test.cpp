#include "hxx/model/json.hpp"

#include "hxx/model/chrono.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace hxx {
namespace {

enum class Color { Red, Green };
struct Address {
    Annotated<std::string, Trim{}, MinLength{1}> street;
    std::optional<int> number;
};
struct Order {
    std::int64_t id;
    Annotated<std::string, MinLength{1}> name;
    Color color = Color::Green;
    bool paid;
    double weight = 1.5;
    Decimal price;
    std::vector<std::string> tags;
    Annotated<std::vector<int>, UniqueItems{}> ids;
    Address address;
    std::optional<Address> billing;
    std::map<std::string, int> stock;
    std::chrono::year_month_day day{};
    std::optional<Uuid> token;
};
struct Node {
    std::string name;
    std::vector<Node> children;
};

class Json : public testing::Test {
  protected:
    template <class T>
    std::optional<T> parse(std::string_view text, JsonLimits const& limits = {}) {
        report.clear();
        return parse_json<T>(text, "body", report, limits);
    }
    /// The one error's code and place.
    template <class T>
    std::string error(std::string_view text) {
        EXPECT_FALSE(parse<T>(text)) << text;
        return report.empty() ? "none" : report[0].code + "@" + report[0].where;
    }
    ErrorReport report;
};

constexpr std::string_view full =
    R"({"id":7,"name":"n","color":"Red","paid":true,"weight":2,"price":1.10,"tags":["a"],)"
    R"("ids":[1,2],"address":{"street":" s ","number":null},"billing":null,)"
    R"("stock":{"x":1},"day":"2024-02-29","token":null,"unknown":[{}]})";

TEST_F(Json, ReadsAndWritesAStruct) {
    auto const order = parse<Order>(full);
    ASSERT_TRUE(order) << report.to_text();
    EXPECT_EQ(order->address.street, "s");
    EXPECT_EQ(order->price, Decimal::of(110, 2));
    EXPECT_EQ(order->day, std::chrono::year(2024) / 2 / 29);
    EXPECT_EQ(
        to_json(*order),
        R"({"id":7,"name":"n","color":"Red","paid":true,"weight":2,"price":"1.10","tags":["a"],"ids":[1,2],)"
        R"("address":{"street":"s","number":null},"billing":null,"stock":{"x":1},"day":"2024-02-29","token":null})");
    EXPECT_EQ(to_json(parse<Order>(to_json(*order))), to_json(*order));
}

TEST_F(Json, CollectsAllMistakes) {
    EXPECT_FALSE(parse<Order>(R"({"name":"","color":"Pink","paid":1,"weight":"2","price":"x","tags":{"a":1},
        "ids":[1,1.0,"1"],"address":[],"billing":{"number":1},"stock":{"x":null},"day":"2023-02-29","token":5})"));
    EXPECT_EQ(report.to_text(), "body.id is required\n"
                                "body.name must not be empty\n"
                                "body.color must be one of: Red, Green\n"
                                "body.paid must be true or false\n"
                                "body.weight must be a number\n"
                                "body.price must be a decimal number\n"
                                "body.tags must be a list\n"
                                "body.ids.1 must be a whole number\n"
                                "body.ids.2 must be a whole number\n"
                                "body.address must be an object\n"
                                "body.billing.street is required\n"
                                "body.stock.x must not be null\n"
                                "body.day must be a date such as 2024-05-31\n"
                                "body.token must be a string");
}

TEST_F(Json, TypesAreStrict) {
    EXPECT_EQ(error<int>("\"7\""), "int_type@body");
    EXPECT_EQ(error<int>("7.0"), "int_type@body");
    EXPECT_EQ(error<int>("1e3"), "int_type@body");
    EXPECT_EQ(error<int>("true"), "int_type@body");
    EXPECT_EQ(error<int>("3000000000"), "int_range@body");
    EXPECT_EQ(error<std::uint64_t>("-1"), "int_range@body");
    EXPECT_EQ(error<int>("123456789012345678901234567890"), "int_range@body");
    EXPECT_EQ(error<std::string>("7"), "string_type@body");
    EXPECT_EQ(error<bool>("\"true\""), "bool_type@body");
    EXPECT_EQ(error<bool>("0"), "bool_type@body");
    EXPECT_EQ(error<double>("\"1\""), "float_type@body");
    EXPECT_EQ(error<double>("1e999"), "float_range@body");
    EXPECT_EQ(error<Color>("0"), "string_type@body");
    EXPECT_EQ(error<int>("null"), "null_not_allowed@body");
    EXPECT_EQ(error<std::vector<int>>("{}"), "list_type@body");
    EXPECT_EQ(error<Address>("[]"), "object_type@body");
    EXPECT_EQ(error<std::string>("\"a\\u0000b\""), "null_character@body");
    EXPECT_EQ(parse<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(parse<double>("-1.5e2"), -150.0);
    EXPECT_EQ(parse<Decimal>("12345678901234567890.123456789").value().str(), "12345678901234567890.123456789");
}

TEST_F(Json, ReadsOtherContainers) {
    EXPECT_EQ(parse<std::set<int>>("[2,1,2]"), (std::set<int>{1, 2}));
    EXPECT_EQ((parse<std::unordered_map<std::string, bool>>(R"({"a":true})")),
              (std::unordered_map<std::string, bool>{{"a", true}}));
    EXPECT_EQ((parse<std::vector<std::optional<int>>>("[1,null]")), (std::vector<std::optional<int>>{1, std::nullopt}));
    EXPECT_EQ(parse<std::vector<bool>>("[true,false]"), (std::vector<bool>{true, false}));
    auto const node = parse<Node>(R"({"name":"a","children":[{"name":"b","children":[]}]})");
    ASSERT_TRUE(node);
    EXPECT_EQ(node->children[0].name, "b");
}

TEST_F(Json, DecodesStrings) {
    EXPECT_EQ(parse<std::string>(R"("\"\\\/\b\f\n\r\t\u00fc\ud83d\ude00")"), "\"\\/\b\f\n\r\tü😀");
    EXPECT_EQ(parse<std::vector<std::string>>(R"(["","a","",""])"), (std::vector<std::string>{"", "a", "", ""}));
}

TEST_F(Json, RefusesBrokenText) {
    for (auto const* text : {"",
                             " ",
                             "{",
                             "[1,]",
                             "{\"a\":1,}",
                             "[1 2]",
                             "{'a':1}",
                             "01",
                             "+1",
                             "1.",
                             ".5",
                             "NaN",
                             "Infinity",
                             "nul",
                             "\"",
                             "\"\\x\"",
                             "\"\\ud800\"",
                             "\"\n\"",
                             "[1]]",
                             "1 1",
                             "// c\n1",
                             "\xEF\xBB\xBF[]",
                             "\"\xff\"",
                             "{\"a\"}",
                             "{1:2}",
                             "\"\\udc00\\ud800\""})
        EXPECT_EQ(error<int>(text), "json_invalid@body") << text;
}

TEST_F(Json, SaysWhereTheTextIsBroken) {
    EXPECT_EQ(error<int>("{\n  \"a\": 1,\n  \"b\": x\n}"), "json_invalid@body");
    EXPECT_EQ(report[0].message, "is not valid JSON: syntax error (line 3, column 8)");
    EXPECT_EQ(error<int>("[1, 2"), "json_invalid@body");
    EXPECT_EQ(report[0].message, "is not valid JSON: it ends too early (line 1, column 6)");
}

TEST_F(Json, RefusesKeysThatAreThereTwice) {
    EXPECT_EQ(error<Address>(R"({"street":"a","number":1,"street":"b"})"), "json_duplicate_key@body.street");
    EXPECT_EQ(error<Node>(R"({"name":"a","children":[{"name":"b","na\u006de":"c"}]})"),
              "json_duplicate_key@body.children.0.name");
    EXPECT_EQ(error<Address>(R"({"a":1,"a":2,"a":3,"b":1})"), "json_duplicate_key@body.a");
    EXPECT_EQ(report.size(), 1u);
}

TEST_F(Json, HasLimits) {
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    // As deep as is allowed the text is read, and only the type is wrong.
    EXPECT_EQ(error<int>(nested(64)), "int_type@body");
    EXPECT_EQ(error<int>(nested(65)), "json_invalid@body");
    EXPECT_EQ(error<int>(std::string(1'000'000, '[')), "json_invalid@body");
    EXPECT_FALSE(parse<std::vector<int>>("[1,2,3,4]", JsonLimits{.max_size = 8}));
    EXPECT_EQ(report[0].code, "json_too_large");
    EXPECT_TRUE(parse<std::vector<int>>("[1,2,3]", JsonLimits{.max_values = 4}));
    EXPECT_FALSE(parse<std::vector<int>>("[1,2,3,4]", JsonLimits{.max_values = 4}));
    EXPECT_EQ(report[0].message, "is not valid JSON: it has too many values (line 1, column 9)");
}

TEST_F(Json, AManyfoldMistakeIsReportedOnlySoOften) {
    std::string text = "[";
    for (int i = 0; i < 100'000; ++i) text += "\"x\",";
    text.back() = ']';
    EXPECT_FALSE(parse<std::vector<int>>(text));
    EXPECT_EQ(report.size(), ErrorReport::max_errors);
}

struct Strict {
    static constexpr auto extra = Extra::Forbid;
    Annotated<int, Alias{"user-id"}> id = 1;
    Annotated<std::string, Secret{}, MaxLength{3}> pin = "1";
    void validate(Errors& errors) const {
        if (id == 13) errors.add("user-id", "must not be 13");
    }
};

TEST_F(Json, FollowsTheModel) {
    EXPECT_TRUE(parse<Strict>("{}"));
    EXPECT_EQ(error<Strict>(R"({"user-id":1,"id":2})"), "extra_forbidden@body.id");
    EXPECT_EQ(error<Strict>(R"({"user-id":13})"), "value_error@body.user-id");
    EXPECT_EQ(error<Strict>(R"({"pin":"12345"})"), "string_too_long@body.pin");
    EXPECT_EQ(report[0].input, "***");
    EXPECT_EQ(error<Strict>(R"({"pin":12345})"), "string_type@body.pin");
    EXPECT_EQ(report[0].input, "***");
    EXPECT_EQ(to_json(Strict{}), R"({"user-id":1,"pin":"1"})");
}

TEST(JsonWriter, WritesWhatCppHas) {
    EXPECT_EQ(to_json(std::vector<bool>{true, false}), "[true,false]");
    EXPECT_EQ(to_json(std::array<int, 2>{1, 2}), "[1,2]");
    EXPECT_EQ(to_json(std::string_view("a")), "\"a\"");
    EXPECT_EQ(to_json("text"), "\"text\"");
    EXPECT_EQ(to_json(nullptr), "null");
    EXPECT_EQ(to_json(std::make_unique<int>(3)), "3");
    EXPECT_EQ(to_json(std::shared_ptr<Node>()), "null");
    EXPECT_EQ(to_json(std::map<std::string, Color>{{"a", Color::Red}, {"b", Color::Green}}),
              R"({"a":"Red","b":"Green"})");
    EXPECT_EQ(to_json(std::optional<std::vector<int>>()), "null");
    EXPECT_EQ(to_json(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(to_json(std::int8_t{-5}), "-5");
    EXPECT_EQ(to_json(0.1), "0.1");
    EXPECT_EQ(to_json(0.1F), "0.1");
    EXPECT_EQ(to_json(1e300), "1e+300");
    EXPECT_EQ(to_json(std::chrono::sys_seconds{}), "\"1970-01-01T00:00:00Z\"");
    struct Nothing {};
    EXPECT_EQ(to_json(Nothing{}), "{}");
}

/// Writes itself.
class Raw {
  public:
    explicit Raw(std::string text) : text_(std::move(text)) {}
    void write_json(model::JsonWriter& writer) const { writer.raw(text_); }

  private:
    std::string text_;
};

TEST(JsonWriter, LetsATypeWriteItself) {
    struct Page {
        int id;
        Raw raw;
    };
    EXPECT_EQ(to_json(Page{1, Raw(R"({"a":[1]})")}), R"({"id":1,"raw":{"a":[1]}})");
}

TEST(JsonWriter, EscapesText) {
    EXPECT_EQ(to_json(std::string("\"\\\n\x01ü\xff")), "\"\\\"\\\\\\n\\u0001ü\xEF\xBF\xBD\"");
    EXPECT_EQ(to_json(std::string("</script><!--&\xE2\x80\xA8\xE2\x80\xA9€"), JsonStyle::Html),
              "\"\\u003C/script\\u003E\\u003C!--\\u0026\\u2028\\u2029€\"");
    EXPECT_EQ(to_json(std::map<std::string, int>{{"<", 1}}, JsonStyle::Html), "{\"\\u003C\":1}");
}

TEST(JsonWriter, RefusesWhatJsonHasNot) {
    struct Point {
        std::vector<double> values;
    };
    EXPECT_THROW((void)to_json(std::numeric_limits<double>::infinity()), JsonError);
    try {
        (void)to_json(Point{{1, std::numeric_limits<double>::quiet_NaN()}});
        FAIL();
    } catch (JsonError const& error) {
        EXPECT_STREQ(error.what(), "values.1 is not a number that JSON can express (nan)");
    }
}

} // namespace
} // namespace hxx
