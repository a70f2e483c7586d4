// What the signatures say is what the engine does.
#include "hxx/compiled/signatures.hpp"

#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/error.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace hxx::compiled {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

// What a rendering of one filter or test says: the error, or nothing.
std::string error_of(Signature const& signature, bool filter, std::string const& subject,
                     std::string const& arguments) {
    static jinja::Environment const environment({.autoescape = jinja::Autoescape::Off});
    // A generator complains when it is used.
    static constexpr std::string_view lazy[] = {"batch",  "items",      "map",   "reject", "rejectattr",
                                                "select", "selectattr", "slice", "unique"};
    bool const listed = filter && std::find(std::begin(lazy), std::end(lazy), signature.name) != std::end(lazy);
    auto const source = "{{ " + subject + (filter ? "|" : " is ") + std::string(signature.name) + "(" + arguments +
                        ")" + (listed ? "|list" : "") + " }}";
    try {
        static_cast<void>(environment.render_string(source));
        return {};
    } catch (jinja::Error const& error) {
        return error.what();
    }
}

std::string repeated(std::string_view argument, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + std::string(argument);
    return text;
}

// Comparisons are written as operators or as words; the former are no names.
bool is_name(std::string_view name) { return name.front() >= 'a' && name.front() <= 'z'; }
bool is_comparison(Signature const& signature) {
    return signature.parameters.size() == 2 && signature.parameters[1].name == "other value";
}

template <class Rows>
std::set<std::string> names_of(Rows const& rows) {
    std::set<std::string> names;
    for (auto const& row : rows) names.emplace(row.name);
    return names;
}
template <class Table>
std::set<std::string> keys_of(Table const& table) {
    std::set<std::string> names;
    for (auto const& [name, builtin] : table) names.emplace(name);
    return names;
}

TEST(Signatures, AreThereForEachFilterAndTest) {
    jinja::Environment const environment;
    EXPECT_EQ(names_of(filter_signatures()), keys_of(jinja::impl_of(environment).filters));
    EXPECT_EQ(names_of(test_signatures()), keys_of(jinja::impl_of(environment).tests));
    EXPECT_EQ(find_filter_signature("nope"), nullptr);
    EXPECT_EQ(find_test_signature("join"), nullptr);
}

void expect_counts(Signature const& signature, bool filter) {
    auto const given = [&](std::string const& arguments) { return error_of(signature, filter, "1", arguments); };
    auto const most = signature.parameters.size() - 1, least = signature.required - 1;
    EXPECT_THAT(given(repeated("1", most + 1)),
                AnyOf(HasSubstr("positional argument"), HasSubstr("the test expects 2")))
        << signature.name;
    EXPECT_THAT(given(repeated("1", most)), Not(HasSubstr("positional argument"))) << signature.name;
    EXPECT_THAT(given(repeated("1", least)), Not(HasSubstr("positional argument"))) << signature.name;
    if (least > 0) {
        EXPECT_THAT(given(repeated("1", least - 1)),
                    AnyOf(HasSubstr("required positional argument"), HasSubstr("the test expects 2")))
            << signature.name;
    }
}

void expect_keywords(Signature const& signature, bool filter) {
    for (std::size_t i = 1; i < signature.parameters.size(); ++i) {
        auto const name = std::string(signature.parameters[i].name);
        EXPECT_THAT(error_of(signature, filter, "1", name + "=1"), Not(HasSubstr("keyword"))) << signature.name;
        EXPECT_THAT(error_of(signature, filter, "1", repeated("1", i) + ", " + name + "=1"),
                    HasSubstr("multiple values for argument"))
            << signature.name << " " << name;
    }
    EXPECT_THAT(error_of(signature, filter, "1", "nope=1"), HasSubstr("unexpected keyword")) << signature.name;
}

TEST(Signatures, SayHowManyArgumentsThereMayBe) {
    for (auto const& signature : filter_signatures())
        if (!signature.open) expect_counts(signature, true);
    for (auto const& signature : test_signatures())
        if (is_name(signature.name)) expect_counts(signature, false);
}

TEST(Signatures, SayWhatTheArgumentsAreCalled) {
    for (auto const& signature : filter_signatures())
        if (!signature.open) expect_keywords(signature, true);
    for (auto const& signature : test_signatures())
        if (is_name(signature.name) && !is_comparison(signature)) expect_keywords(signature, false);
}

// ── What the arguments must be ──────────────────────────────────────────────────────────────────────────────────

std::vector<std::string> unfit(Wants wants) {
    switch (wants) {
    case Wants::Integer: return {"'x'", "1.5", "[1]"};
    case Wants::IntegerOrText: return {"1.5", "[1]"};
    case Wants::Number: return {"'x'", "[1]"};
    case Wants::Text: return {"1", "[1]"};
    case Wants::Items:
    case Wants::Sized: return {"1", "1.5"};
    case Wants::Mapping: return {"1", "'x'", "[1]"};
    default: return {};
    }
}
std::string fit(Parameter const& parameter) {
    if (!parameter.choices.empty()) return "'" + std::string(parameter.choices.front()) + "'";
    switch (parameter.wants) {
    case Wants::Anything:
    case Wants::Number: return "1";
    case Wants::Integer:
    case Wants::IntegerOrText: return "9";
    case Wants::Text: return "'some text'";
    case Wants::Mapping: return "{'a': 1}";
    case Wants::Items:
    case Wants::Sized: return parameter.name == "extra_schemes" ? "['mailto:']" : "[1]";
    default: return "'a'";
    }
}

// By keywords, but what is applied to and what is required. The text is longer than what truncate leaves alone.
std::string arguments_with(Signature const& signature, std::size_t number, std::string const& value) {
    std::string text;
    for (std::size_t i = 1; i < signature.parameters.size(); ++i) {
        if (i >= signature.required && i != number) continue;
        text += (text.empty() ? "" : ", ") + (signature.open ? "" : std::string(signature.parameters[i].name) + "=") +
                (i == number ? value : fit(signature.parameters[i]));
    }
    return text;
}

void expect_unfit_fails(Signature const& signature, bool filter) {
    if (is_comparison(signature) || signature.name == "map") return;
    auto const none = signature.parameters.size();
    EXPECT_EQ(error_of(signature, filter, fit(signature.parameters[0]), arguments_with(signature, none, "")), "")
        << signature.name;
    for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
        if (signature.name == "batch" && i == 1) continue; // such a batch is never full
        for (auto const& value : unfit(signature.parameters[i].wants)) {
            auto const subject = i == 0 ? value : fit(signature.parameters[0]);
            EXPECT_NE(error_of(signature, filter, subject, arguments_with(signature, i, value)), "")
                << signature.name << ", " << value << " as " << signature.parameters[i].name;
        }
        if (!signature.parameters[i].choices.empty()) {
            EXPECT_NE(error_of(signature, filter, fit(signature.parameters[0]), arguments_with(signature, i, "'nope'")),
                      "")
                << signature.name;
        }
    }
}

TEST(Signatures, RefuseOnlyWhatFailsWhenItRuns) {
    for (auto const& signature : filter_signatures()) expect_unfit_fails(signature, true);
    for (auto const& signature : test_signatures()) expect_unfit_fails(signature, false);
}

// ── Binding ─────────────────────────────────────────────────────────────────────────────────────────────────────

std::string mistake(std::string_view filter, GivenArguments const& given) {
    return bind(*find_filter_signature(filter), given).mistake;
}

TEST(Signatures, SayWhatIsWrong) {
    EXPECT_EQ(mistake("replace", {1}), "lacks 'new'");
    EXPECT_EQ(mistake("replace", {.positional = 1, .star = true}), "");
    EXPECT_EQ(mistake("replace", {.positional = 1, .double_star = true}), "");
    EXPECT_EQ(mistake("replace", {.positional = 4}), "is given too many arguments");
    EXPECT_EQ(mistake("replace", {.positional = 1, .keywords = {"nw"}}), "has no argument 'nw'");
    EXPECT_EQ(mistake("replace", {.positional = 2, .keywords = {"old"}}), "is given 'old' twice");
    EXPECT_EQ(mistake("map", {.positional = 7, .keywords = {"any"}}), "");
    EXPECT_EQ(bind(*find_filter_signature("replace"), {.positional = 1, .keywords = {"count", "new"}}).parameters,
              (std::vector<std::optional<std::size_t>>{1, 3, 2}));
    EXPECT_EQ(find_filter_signature("replace")->text(), "replace(old, new, [count])");
    EXPECT_EQ(find_filter_signature("selectattr")->text(), "selectattr(attribute, [...])");
}

} // namespace
} // namespace hxx::compiled
