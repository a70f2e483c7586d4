#include "hxx/compiled/project.hpp"

#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/jinja/error.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <stdexcept>

namespace hxx::compiled {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Templates and what they become.
class Projects : public testing::Test {
  protected:
    void write(std::string const& name, std::string_view text) const { directory_.write("templates/" + name, text); }
    [[nodiscard]] Project project(std::vector<std::string> contexts = {}) const {
        return {.directory = directory_.path("templates"),
                .output = directory_.path("out"),
                .contexts = std::move(contexts)};
    }
    [[nodiscard]] std::string header(std::string_view text) const {
        directory_.write("contexts.hpp", text);
        return directory_.path("contexts.hpp");
    }
    [[nodiscard]] std::string read(std::string_view name) const {
        std::ifstream file(directory_.path("out") + "/" + std::string(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (auto const& entry : fs::directory_iterator(directory_.path("out")))
            names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    // As if everything were written long ago.
    void age() const {
        for (auto const& entry : fs::directory_iterator(directory_.path("out"))) fs::last_write_time(entry, long_ago_);
    }
    [[nodiscard]] std::vector<std::string> written_since() const {
        std::vector<std::string> names;
        for (auto const& name : files())
            if (fs::last_write_time(directory_.path("out") + "/" + name) != long_ago_) names.push_back(name);
        return names;
    }
    TemporaryDirectory directory_;
    fs::file_time_type long_ago_ = fs::file_time_type::clock::now() - std::chrono::hours(24);
};

TEST_F(Projects, EveryTemplateBecomesAHeaderAndASource) {
    write("page.html", "{% extends 'parts/base.html' %}");
    write("parts/base.html", "<p>{% block a %}{% endblock %}");
    auto const sources = compile_project(project());
    EXPECT_THAT(sources,
                ElementsAre(directory_.path("out/t_page_dhtml.cpp"), directory_.path("out/t_parts_sbase_dhtml.cpp"),
                            directory_.path("out/templates.cpp")));
    EXPECT_THAT(files(), ElementsAre("t_page_dhtml.cpp", "t_page_dhtml.hpp", "t_parts_sbase_dhtml.cpp",
                                     "t_parts_sbase_dhtml.hpp", "templates.cpp"));
    EXPECT_THAT(read("t_page_dhtml.hpp"), HasSubstr("#include \"t_parts_sbase_dhtml.hpp\"\n"));
    EXPECT_THAT(read("t_parts_sbase_dhtml.hpp"), Not(HasSubstr("t_page_dhtml")));
    EXPECT_THAT(read("t_page_dhtml.cpp"), HasSubstr("#include \"t_page_dhtml.hpp\"\n"));
    EXPECT_THAT(read("templates.cpp"),
                AllOf(HasSubstr("&compiled_t_page_dhtml,"), HasSubstr("&compiled_t_parts_sbase_dhtml,")));
}

TEST_F(Projects, HaveTheirName) {
    write("a.html", "a");
    auto named = project();
    named.name = "mails";
    EXPECT_THAT(compile_project(named), testing::Contains(directory_.path("out/mails.cpp")));
    EXPECT_THAT(read("mails.cpp"), HasSubstr("namespace hxx::compiled::mails {"));
    EXPECT_THAT(read("t_a_dhtml.hpp"), HasSubstr("namespace hxx::compiled::mails {"));
}

TEST_F(Projects, AContextIsWhatItsTemplateIsCompiledWith) {
    write("page.html", "{{ title }}{% block a %}{% endblock %}");
    write("other.html", "{{ title }}");
    auto const contexts =
        header("namespace app { struct Page { static constexpr auto template_name = \"page.html\"; }; }\n"
               "struct More { static constexpr auto template_name = \"page.html\"; };\n");
    static_cast<void>(compile_project(project({contexts})));
    EXPECT_THAT(read("t_page_dhtml.cpp"),
                AllOf(HasSubstr("#include \"" + contexts + "\"\n"), HasSubstr("type_info<::app::Page>"),
                      HasSubstr("type_info<::More>"),
                      HasSubstr("template void t_page_dhtml::body<Typed<ModelNames<::app::Page>")));
    EXPECT_THAT(read("t_other_dhtml.cpp"), AllOf(Not(HasSubstr(contexts)), Not(HasSubstr("type_info"))));
}

TEST_F(Projects, WhatWouldNotChangeIsLeftAlone) {
    write("page.html", "{% include 'part.html' %}");
    write("part.html", "part");
    write("other.html", "other");
    auto const contexts = header("struct Page { static constexpr auto template_name = \"page.html\"; };");
    static_cast<void>(compile_project(project({contexts})));
    age();
    static_cast<void>(compile_project(project({contexts})));
    EXPECT_THAT(written_since(), ElementsAre());
    write("part.html", "changed");
    static_cast<void>(compile_project(project({contexts})));
    EXPECT_THAT(written_since(), ElementsAre("t_part_dhtml.hpp"));
    EXPECT_THAT(read("t_part_dhtml.hpp"), HasSubstr("changed"));
    age();
    write("new.html", "new");
    static_cast<void>(compile_project(project({contexts})));
    EXPECT_THAT(written_since(), ElementsAre("t_new_dhtml.cpp", "t_new_dhtml.hpp", "templates.cpp"));
    age();
    static_cast<void>(compile_project(project()));
    EXPECT_THAT(written_since(), ElementsAre("t_page_dhtml.cpp"));
}

TEST_F(Projects, WhatIsOfATemplateThatIsGoneIsRemoved) {
    write("page.html", "page");
    write("old.html", "old");
    static_cast<void>(compile_project(project()));
    directory_.write("out/notes.txt", "not the generator's");
    fs::remove(directory_.path("templates/old.html"));
    static_cast<void>(compile_project(project()));
    EXPECT_THAT(files(), ElementsAre("notes.txt", "t_page_dhtml.cpp", "t_page_dhtml.hpp", "templates.cpp"));
    EXPECT_THAT(read("templates.cpp"), Not(HasSubstr("old")));
}

TEST_F(Projects, AContextOfNoTemplateIsAnErrorAtItsLine) {
    write("page.html", "page");
    auto const contexts = header("struct Page {\n    static constexpr auto template_name = \"pgae.html\";\n};");
    try {
        static_cast<void>(compile_project(project({contexts})));
        FAIL();
    } catch (std::runtime_error const& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr(contexts + ":2: "), HasSubstr("pgae.html"),
                                        HasSubstr(directory_.path("templates"))));
    }
    EXPECT_THROW(static_cast<void>(compile_project(project({directory_.path("none.hpp")}))), std::runtime_error);
}

// The names that the code asks the compiler about.
std::vector<std::string> asked_of(std::string_view code) {
    std::vector<std::string> names;
    constexpr std::string_view before = "there is no variable '";
    for (auto at = code.find(before); at != std::string_view::npos; at = code.find(before, at + 1))
        names.emplace_back(code.substr(at + before.size(), code.find('\'', at + before.size()) - at - before.size()));
    return names;
}

TEST_F(Projects, VariablesAreAskedForIfTheApplicationsAreGiven) {
    write("page.html",
          "{{ a }}{{ site }}{{ request.path }}{{ range(3) }}{{ b is defined }}{{ b }}{{ c|default(1) }}{{ c }}"
          "{{ d|d }}{% set e = 1 %}{{ e }}{% for f in g %}{{ f }}{{ loop.index }}{% endfor %}{{ h() }}");
    auto asking = project();
    static_cast<void>(compile_project(asking));
    EXPECT_THAT(asked_of(read("t_page_dhtml.hpp")), ElementsAre());
    asking.globals.emplace();
    static_cast<void>(compile_project(asking));
    EXPECT_THAT(asked_of(read("t_page_dhtml.hpp")), ElementsAre("a", "site", "g", "h"));
    asking.globals = {"site", "h"};
    static_cast<void>(compile_project(asking));
    EXPECT_THAT(asked_of(read("t_page_dhtml.hpp")), ElementsAre("a", "g"));
}

TEST_F(Projects, FiltersAreKnownIfTheApplicationsAreGiven) {
    write("page.html", "{{ a|money }}{% if 'more' is filter %}{{ a|more }}{% endif %}{{ a|upper(1) }}");
    auto given = project();
    EXPECT_NO_THROW(static_cast<void>(compile_project(given)));
    EXPECT_THAT(read("t_page_dhtml.hpp"), HasSubstr("the filter 'upper' is given too many arguments"));
    given.filters.emplace();
    EXPECT_THROW(static_cast<void>(compile_project(given)), jinja::Error);
    given.filters = {"money", "upper"}; // one of its own in place of Jinja2's may take others
    EXPECT_NO_THROW(static_cast<void>(compile_project(given)));
    EXPECT_THAT(read("t_page_dhtml.hpp"), Not(HasSubstr("the filter 'upper' is given too many arguments")));
}

TEST_F(Projects, AWrongTemplateIsAnErrorWithItsPlace) {
    write("page.html", "page");
    write("parts/wrong.html", "<p>\n  {% if x %}\n{% endfor %}");
    try {
        static_cast<void>(compile_project(project()));
        FAIL();
    } catch (jinja::Error const& error) {
        EXPECT_EQ(error.kind(), jinja::ErrorKind::TemplateSyntaxError);
        EXPECT_EQ(error.template_name(), "parts/wrong.html");
        EXPECT_EQ(error.line(), 3U);
        EXPECT_GT(error.column(), 0U);
    }
    EXPECT_FALSE(fs::exists(directory_.path("out"))) << "nothing is written of a project that is wrong";
    write("parts/wrong.html", "{% block a %}{% endblock %}\n{% block a %}{% endblock %}");
    EXPECT_THROW(static_cast<void>(compile_project(project())), jinja::Error);
}

} // namespace
} // namespace hxx::compiled
