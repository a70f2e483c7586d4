#include "hxx/model/error_report.hpp"

#include "hxx/model/field_context.hpp"
#include "hxx/model/where.hpp"

#include <gtest/gtest.h>

namespace hxx {
namespace {

TEST(Where, IsWrittenWithDots) {
    Where const form("form");
    Where const items(form, "items");
    Where const third(items, std::size_t{3});
    Where const name(third, "name");
    EXPECT_EQ(form.text(), "form");
    EXPECT_EQ(form.path(), "");
    EXPECT_EQ(name.text(), "form.items.3.name");
    EXPECT_EQ(name.path(), "items.3.name");
    EXPECT_EQ(Where(Where(""), "a").text(), "a");
}

TEST(Messages, FillInParametersAndKnowOne) {
    auto const& english = Messages::english();
    std::vector<MessageParameter> const three{{"min_length", "3"}};
    std::vector<MessageParameter> const one{{"max_length", "1"}};
    EXPECT_EQ(english.format("string_too_short", three), "must have at least 3 characters");
    EXPECT_EQ(english.format("string_too_long", one), "must have at most 1 character");
    EXPECT_EQ(english.format("missing", {}), "is required");
    EXPECT_EQ(english.format("no_such_code", three), "");
    EXPECT_EQ(Messages().set("x", "{a} {min_length} { }{min_length").format("x", three), "{a} 3 { }{min_length");
}

TEST(ErrorReport, IsWrittenAsFastApiClientsKnowIt) {
    ErrorReport report;
    report.add_standard("form.age", "greater_than", {{"gt", "0"}}, "-1");
    report.add("body.items.10.name", "taken", "is \"taken\"");
    EXPECT_EQ(
        report.to_json(),
        R"([{"type":"greater_than","loc":["form","age"],"msg":"must be greater than 0","input":"-1","ctx":{"gt":0}},)"
        R"({"type":"taken","loc":["body","items",10,"name"],"msg":"is \"taken\""}])");
    EXPECT_EQ(report.to_text(), "form.age must be greater than 0\nbody.items.10.name is \"taken\"");
    EXPECT_EQ(ErrorReport().to_json(), "[]");
}

TEST(ErrorReport, WritesNumbersOnlyWhereJsonHasThem) {
    ErrorReport report;
    for (auto const* number : {"0", "-7", "1.50", "007", "1.", ".5", "-", "1e5", "nan"})
        report.add({.where = "", .code = "", .message = "", .parameters = {{"n", number}}});
    auto const json = report.to_json();
    for (auto const* raw : {R"({"n":0})", R"({"n":-7})", R"({"n":1.50})", R"({"n":"007"})", R"({"n":"1."})",
                            R"({"n":".5"})", R"({"n":"-"})", R"({"n":"1e5"})", R"({"n":"nan"})"})
        EXPECT_NE(json.find(raw), std::string::npos) << raw;
}

TEST(ErrorReport, FindsTheErrorsOfAField) {
    ErrorReport report;
    report.add("form.age", "a", "first");
    report.add("form.name", "b", "other");
    report.add("query.age", "c", "second");
    report.add("form", "d", "all of it");
    auto const found = report.for_field("age");
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0]->message, "first");
    EXPECT_EQ(found[1]->message, "second");
    ASSERT_EQ(report.for_field("").size(), 1u);
    EXPECT_EQ(report.for_field("")[0]->code, "d");
}

TEST(ErrorReport, CanBeTranslated) {
    ErrorReport report;
    report.add_standard("form.age", "greater_than", {{"gt", "0"}});
    report.add("form.name", "taken", "is taken");
    Messages german;
    german.set("greater_than", "muss größer als {gt} sein");
    report.translate(german);
    EXPECT_EQ(report[0].message, "muss größer als 0 sein");
    EXPECT_EQ(report[1].message, "is taken");
}

TEST(ErrorReport, DoesNotGrowWithoutBound) {
    ErrorReport report;
    for (int i = 0; i < 1000; ++i) report.add("form.a", "b", "c");
    EXPECT_EQ(report.size(), ErrorReport::max_errors);
    ErrorReport copy;
    copy.append(report);
    copy.append(report);
    EXPECT_EQ(copy.size(), ErrorReport::max_errors);
}

TEST(FieldContext, ShortensAndMasksWhatItEchoes) {
    ErrorReport report;
    Where const where("form");
    std::string const long_text = std::string(1000, 'x');
    EXPECT_FALSE((FieldContext{where, report, long_text}.fail("missing")));
    EXPECT_FALSE((FieldContext{where, report, "password", true}.fail("missing")));
    EXPECT_FALSE((FieldContext{where, report, "bad \xff text"}.fail("missing")));
    EXPECT_FALSE((FieldContext{where, report}.fail("missing")));
    EXPECT_EQ(report[0].input, std::string(200, 'x') + "…");
    EXPECT_EQ(report[1].input, "***");
    EXPECT_EQ(report[2].input, "bad \xEF\xBF\xBD text");
    EXPECT_EQ(report[3].input, std::nullopt);
}

TEST(ValidationError, CarriesItsReport) {
    ErrorReport report;
    report.add("form.name", "taken", "is taken");
    ValidationError const error(report);
    EXPECT_EQ(error.status(), 422);
    EXPECT_STREQ(error.what(), "form.name is taken");
    EXPECT_EQ(error.report().size(), 1u);
}

} // namespace
} // namespace hxx
