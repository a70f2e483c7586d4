#include "hxx/compiled/contexts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace hxx::compiled {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "type=template:line" of each
std::vector<std::string> found_in(std::string_view header) {
    std::vector<std::string> found;
    for (auto const& context : find_contexts(header, "pages.hpp"))
        found.push_back(context.type + "=" + context.template_name + ":" + std::to_string(context.line));
    return found;
}
// One struct of this head.
std::vector<std::string> headed(std::string const& head) {
    return found_in(head + " { static constexpr auto template_name = \"a.html\"; int x; };");
}
std::string error_of(std::string_view header) {
    try {
        static_cast<void>(find_contexts(header, "src/pages.hpp"));
    } catch (std::runtime_error const& error) {
        return error.what();
    }
    return "none";
}

TEST(Contexts, AStructThatNamesItsTemplateIsOneWithItsNamespaces) {
    EXPECT_THAT(
        found_in(R"(#pragma once
namespace app {
struct User { int age; };
struct Users {
    static constexpr auto template_name = "pages/users.html";
    std::vector<User> users;
};
namespace admin::users {
class Edit {
  public:
    static constexpr std::string_view template_name = "edit.html";
};
}
}
struct Home { static constexpr char template_name[] = "home.html"; };
)"),
        ElementsAre("app::Users=pages/users.html:5", "app::admin::users::Edit=edit.html:11", "Home=home.html:15"));
}

TEST(Contexts, WhatIsInAStructIsNamedByIt) {
    EXPECT_THAT(found_in(R"(struct Outer {
    struct Inner {
        static constexpr auto template_name = "inner.html";
        int size() const { return 1; }
    };
    enum class Kind { A, B };
    static constexpr auto template_name = "outer.html";
    Inner inner{};
    void run() { if (true) { for (;;) {} } }
};
struct Outer::Later { static constexpr auto template_name = "later.html"; };
inline namespace v1 { struct Last { static constexpr auto template_name = "last.html"; }; }
)"),
                ElementsAre("Outer::Inner=inner.html:3", "Outer=outer.html:7", "Outer::Later=later.html:11",
                            "v1::Last=last.html:12"));
}

TEST(Contexts, AStructsHeadMayHaveBasesAndAttributes) {
    EXPECT_THAT(headed("struct A : B"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct A : public ns::B, private C<int, (1 > 0)>"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct A : ::ns::B"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct A final"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct A final : B"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct [[nodiscard]] A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct [[deprecated(\"use [B]\"), maybe_unused]] A final"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct alignas(16) A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct alignas(alignof(long)) [[nodiscard]] A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct __attribute__((packed)) A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct EXPORTED A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("namespace [[deprecated]] n {} struct A"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(headed("struct A; struct B* make(struct A); struct C"), ElementsAre("C=a.html:1"));
}

TEST(Contexts, TheLiteralMayBeWrittenInAnyWay) {
    auto const of = [](std::string const& rest) {
        return found_in("struct A { static constexpr T template_name" + rest + "};");
    };
    EXPECT_THAT(of(" = \"a.html\";"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(of("=\"a.html\"sv;"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(of("[] = \"a.html\";"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(of("{\"a.html\"}; int x{1};"), ElementsAre("A=a.html:1"));
    EXPECT_THAT(of(" = \"pages/\"\n    \"a.html\";"), ElementsAre("A=pages/a.html:1"));
    EXPECT_THAT(of(" = R\"x(a.html)x\";"), ElementsAre("A=a.html:1"));
}

TEST(Contexts, CommentsTextsAndPreprocessorLinesAreNotLookedInto) {
    EXPECT_THAT(found_in(R"~(
// struct A { static constexpr auto template_name = "comment.html"; };
/* struct B {
   static constexpr auto template_name = "comment.html"; } */
// a comment that goes on \
struct C { static constexpr auto template_name = "comment.html"; };
#define PAGE(x) struct D { \
    static constexpr auto template_name = x; };
  # define BRACE {
auto text = "struct E { static constexpr auto template_name = \"text.html\"; ";
auto quote = '"', brace = '{', escaped = '\'';
auto raw = R"__(struct F { static constexpr auto template_name = "raw.html"; } ")" {
)__";
auto number = 1'000; // no text begins there
struct Real { static constexpr auto template_name = "real.html"; }; int big = 0x1'0;
)~"),
                ElementsAre("Real=real.html:15"));
}

TEST(Contexts, AUseOfTheNameIsNoContext) {
    EXPECT_THAT(found_in(R"(struct A {
    static constexpr auto template_name = "a.html";
    static auto name() { return template_name; }
};
inline auto b() { return A::template_name; }
inline auto c(A const& a) { return f(a.template_name, A::template_name); }
)"),
                ElementsAre("A=a.html:2"));
}

TEST(Contexts, AHeaderMayHaveNone) {
    EXPECT_THAT(found_in(""), IsEmpty());
    EXPECT_THAT(found_in("struct A { int x; };\n"), IsEmpty());
    EXPECT_THAT(found_in("template <class T, class U = int> struct A { T x; };\n"), IsEmpty());
    EXPECT_THAT(found_in("struct A { // without an end"), IsEmpty());
    EXPECT_THAT(found_in("}}} auto x = \"no end"), IsEmpty());
    EXPECT_THAT(found_in("auto x = R\"no end"), IsEmpty());
}

TEST(Contexts, ATemplateBeforeAContextDoesNotMatter) {
    EXPECT_THAT(found_in("template <class T> void f(T t) { t.template g<int>(); }\ntemplate <class T> struct B;\n"
                         "struct A : B<A> { static constexpr auto template_name = \"a.html\"; };"),
                ElementsAre("A=a.html:3"));
}

TEST(Contexts, WhatCannotBeOneIsAnErrorWithItsLine) {
    EXPECT_THAT(error_of("\nstatic constexpr auto template_name = \"a.html\";"),
                HasSubstr("src/pages.hpp:2: a template_name belongs into the struct"));
    EXPECT_THAT(error_of("namespace a {\n\nauto template_name = \"a.html\"; }"),
                HasSubstr("src/pages.hpp:3: a template_name"));
    EXPECT_THAT(error_of("struct A {\n static constexpr auto template_name = some::constant; };"),
                HasSubstr("src/pages.hpp:2: a template_name is a string literal"));
    EXPECT_THAT(error_of("struct A {\n static constexpr auto template_name = \"a\" + b; };"),
                HasSubstr("src/pages.hpp:2: a template_name is a string literal"));
    EXPECT_THAT(error_of("struct A {\n static constexpr auto template_name = \"\\141.html\"; };"),
                HasSubstr("src/pages.hpp:2: a template_name is a string literal"));
    EXPECT_THAT(error_of("struct A {\n std::string template_name; };"),
                HasSubstr("src/pages.hpp:2: template_name = \"…\" is wanted here"));
    EXPECT_THAT(error_of("template <class T>\nstruct A { static constexpr auto template_name = \"a.html\"; };"),
                HasSubstr("src/pages.hpp:2: a template cannot be a context"));
    EXPECT_THAT(error_of("namespace {\nstruct A { static constexpr auto template_name = \"a.html\"; }; }"),
                HasSubstr("src/pages.hpp:2: a context cannot be in a namespace without a name"));
}

} // namespace
} // namespace hxx::compiled
