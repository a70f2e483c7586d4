// Errors, limits, streams, contexts and environments of compiled templates.
#include "tests/compiled_typed/rendering.hpp"

#include <gmock/gmock.h>
#include <stdexcept>

namespace hxx::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string failed(std::string const& how) {
    pages::Failing page;
    page.how = how;
    return rendered(page);
}

TEST(TypedErrors, HaveTheInterpretersKindPlaceAndCallers) {
    EXPECT_THAT(failed("division"), StartsWith("error: error.html:4:"));
    EXPECT_THAT(failed("macro"),
                AllOf(StartsWith("error: error.html:2:"), HasSubstr("ZeroDivisionError"), HasSubstr("error.html:5")));
    EXPECT_THAT(failed("imported"),
                AllOf(StartsWith("error: failing.html:5:"), HasSubstr("failing.html:2"), HasSubstr("error.html:7")));
    EXPECT_THAT(failed("included"), AllOf(StartsWith("error: failing_part.html:2:"), HasSubstr("error.html:9")));
    EXPECT_THAT(failed("block"), AllOf(StartsWith("error: error.html:11:"), HasSubstr("'nothing' is undefined")));
    EXPECT_THAT(failed("none of them"), StartsWith("before"));
    for (std::string const how :
         {"undefined", "attribute", "argument", "unpack", "missing", "call", "arguments", "macro_arguments", "caller",
          "required", "filter_block", "loop", "recursive", "set", "compare", "super", "import"})
        EXPECT_THAT(failed(how), StartsWith("error: ")) << how;
}

TEST(TypedErrors, WhatWasAppendedBeforeIsTakenBack) {
    pages::Failing page;
    page.how = "loop";
    std::string out = "kept";
    EXPECT_THROW(compiled().render("error.html", page, out), jinja::Error);
    EXPECT_EQ(out, "kept");
}

TEST(TypedLimits, BoundOutputRoundsAndRecursion) {
    pages::Large const page;
    auto const of = [&](jinja::Limits limits) {
        jinja::Options options;
        options.limits = limits;
        return rendered(page, "large.html", options);
    };
    EXPECT_THAT(of({}), StartsWith("0 0123456789&lt;\n"));
    EXPECT_THAT(of({.output = 1000}), StartsWith("error: large.html:"));
    EXPECT_THAT(of({.output = 100'000}), StartsWith("error: large.html:"));
    EXPECT_THAT(of({.iterations = 4999}), StartsWith("error: large.html:1:"));
    EXPECT_THAT(of({.iterations = 5001}), StartsWith("error: large.html:2:"));
    EXPECT_THAT(of({.range = 10}), StartsWith("error: large.html:1:"));
    EXPECT_THAT(rendered(pages::Endless{}), StartsWith("error: endless.html:2:"));
    EXPECT_THAT(rendered(pages::Endless{.macro = true}), StartsWith("error: endless.html:1:"));
}

TEST(TypedStreams, ComeInPieces) {
    pages::Large const page;
    std::size_t pieces = 0, largest = 0;
    std::string text;
    compiled().stream("large.html", page, [&](std::string_view piece) {
        ++pieces;
        largest = std::max(largest, piece.size());
        text += piece;
    });
    EXPECT_EQ(text, interpreting().render("large.html", page));
    EXPECT_GT(pieces, 4U);
    EXPECT_LT(largest, text.size() / 2);
    EXPECT_THROW(compiled().stream("large.html", page, [](std::string_view) { throw std::runtime_error("closed"); }),
                 std::runtime_error);
}

TEST(TypedContexts, ABindingHidesAField) {
    pages::Sets const page;
    auto const people = pages::people();
    jinja::Context context(page);
    context.add("hidden", "the <binding>").add("count", 7).add("person", people[1]);
    auto const expected = interpreting().render("sets.html", context);
    EXPECT_THAT(expected, HasSubstr("the &lt;binding&gt;"));
    EXPECT_EQ(compiled().render("sets.html", context), expected);
}

TEST(TypedContexts, OneMayStandBeforeOrBehind) {
    pages::Sets const page;
    jinja::Context const behind{{"nothing_of_it", 1}, {"title", "never seen"}, {"other", "behind"}};
    jinja::Context context(page);
    context.parent(&behind);
    EXPECT_EQ(compiled().render("sets.html", context), interpreting().render("sets.html", context));
    jinja::Context const before{{"title", "in <front>"}};
    jinja::Context fronted(page);
    fronted.front(&before);
    auto const expected = interpreting().render("sets.html", fronted);
    EXPECT_THAT(expected, HasSubstr("in &lt;front&gt;"));
    EXPECT_EQ(compiled().render("sets.html", fronted), expected);
}

TEST(TypedContexts, AnotherStructIsRenderedWithoutItsType) {
    struct Other {
        std::string title = "other";
        std::string count = "text";
        std::vector<std::string> numbers{};
    };
    Other const other;
    EXPECT_EQ(outcome([&] { return compiled().render("sets.html", other); }),
              outcome([&] { return interpreting().render("sets.html", other); }));
    EXPECT_EQ(compiled().render("part.html", other), interpreting().render("part.html", other));
}

// Filters that the generator evaluates, or has a form of its own for.
TEST(TypedEnvironments, AnotherFilterOfABuiltInOnesNameIsCalled) {
    pages::Filters const page;
    auto const render = [&](jinja::Options options) {
        return jinja::Environment::Builder(std::move(options))
            .filter("upper", [](std::string const& text) { return "UP(" + text + ")"; })
            .filter("length", [](jinja::Value const&) { return 42; })
            .filter("join", [](jinja::Value const&, jinja::Value const&, jinja::Value const&) { return "JOINED"; },
                    {{"value"}, {"d", ""}, {"attribute", nullptr}})
            .test("odd", [](int) { return true; })
            .test("defined", [](jinja::Value const&) { return false; })
            .build();
    };
    jinja::Options compiled_options, options;
    compiled_options.compiled = jinja::registered_templates();
    compiled_options.loader = jinja::registered_sources();
    options.directories = {HXX_TEMPLATES};
    auto const expected = outcome([&] { return render(options).render("filters.html", page); });
    EXPECT_THAT(expected, AllOf(StartsWith("42 UP(mixed "), HasSubstr("JOINED"), HasSubstr("UP(folded)")));
    EXPECT_EQ(outcome([&] { return render(compiled_options).render("filters.html", page); }), expected);
    EXPECT_EQ(outcome([&] { return render(compiled_options).render("filters.html", bindings_of(page)); }), expected);
    pages::Macros const macros; // where none of them is part of the code
    EXPECT_EQ(outcome([&] { return render(compiled_options).render("macros.html", macros); }),
              outcome([&] { return render(options).render("macros.html", macros); }));
}

TEST(TypedEnvironments, OtherOptionsThanThoseCompiledWithAreRefused) {
    auto const refused = [](auto&& change) -> std::string {
        jinja::Options options;
        options.compiled = jinja::registered_templates();
        change(options);
        try {
            static_cast<void>(jinja::Environment::Builder(std::move(options)).build());
        } catch (std::invalid_argument const& error) {
            return error.what();
        }
        return "none";
    };
    auto const told =
        AllOf(HasSubstr("was compiled with other options"), HasSubstr(".html'"), HasSubstr("hxx_add_templates"));
    EXPECT_THAT(refused([](auto& options) { options.trim_blocks = true; }), told);
    EXPECT_THAT(refused([](auto& options) { options.lstrip_blocks = true; }), told);
    EXPECT_THAT(refused([](auto& options) { options.keep_trailing_newline = true; }), told);
    EXPECT_THAT(refused([](auto& options) { options.autoescape = jinja::Autoescape::Off; }), told);
    EXPECT_THAT(refused([](auto& options) { options.variable_start = "[["; }), told);
    EXPECT_THAT(refused([](auto& options) { options.line_statement_prefix = "#"; }), told);
    EXPECT_THAT(refused([](auto& options) { options.newline_sequence = "\r\n"; }), told);
    EXPECT_THAT(refused([](auto& options) { options.loop_controls = false; }), told);
    EXPECT_THAT(refused([](auto& options) { options.translations = jinja::Translations{}; }), told);
    EXPECT_THAT(refused([](auto& options) { options.sandbox = true; }), told);
    EXPECT_EQ(refused([](auto& options) { options.limits.output = 10; }), "none");
    EXPECT_EQ(refused([](auto& options) { options.undefined = jinja::UndefinedMode::Strict; }), "none");
}

} // namespace
} // namespace hxx::tests
