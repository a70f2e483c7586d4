#include "tools/hxx/render.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace hxx::tool {
namespace {

// A directory with two templates, removed afterwards.
class Render : public testing::Test {
  protected:
    Render() {
        std::filesystem::create_directories(folder_ + "/pages");
        write("base.html", "<{% block body %}{% endblock %}>\n");
        write("pages/a.html", "{% extends 'base.html' %}{% block body %}{{ x }}{% endblock %}");
        write("pages/b.html", "{{ x }}, {{ n + 1 }}\n");
        write("context.json", R"({"x": "a & b", "n": 41})");
        write("bad.json", "{");
    }
    Render(Render const&) = delete;
    Render& operator=(Render const&) = delete;
    ~Render() override { std::filesystem::remove_all(folder_); }

    void write(std::string const& name, std::string const& text) { std::ofstream(folder_ + '/' + name) << text; }
    std::string path(std::string const& name) { return folder_ + '/' + name; }
    int run(RenderCommand const& command, std::string const& input = {}) {
        std::istringstream in(input);
        std::ostringstream out, err;
        int const status = render(command, in, out, err);
        out_ = out.str();
        err_ = err.str();
        return status;
    }

    std::string folder_ = testing::TempDir() + "hxx_render_" + std::to_string(getpid());
    std::string out_, err_;
};

TEST_F(Render, FindsATemplateWhereItIs) {
    EXPECT_EQ(run({.template_name = path("pages/b.html"), .context_file = path("context.json")}), 0);
    EXPECT_EQ(out_, "a &amp; b, 42\n");
}

TEST_F(Render, FindsWhatItExtendsInTheDirectoriesToSearch) {
    RenderCommand command{.template_name = "pages/a.html", .assignments = {"x=1"}, .search = {folder_}};
    EXPECT_EQ(run(command), 0) << err_;
    EXPECT_EQ(out_, "<1>\n");
    command.template_name += "#body";
    EXPECT_EQ(run(command), 0) << err_;
    EXPECT_EQ(out_, "1");
}

TEST_F(Render, ReadsTemplatesThatAreTranslated) {
    EXPECT_EQ(run({.template_name = "-", .assignments = {"n=2"}},
                  "{% trans n %}{{ n }} thing{% pluralize %}{{ n }} things{% endtrans %} {{ _('a') }}"),
              0)
        << err_;
    EXPECT_EQ(out_, "2 things a");
}

TEST_F(Render, TakesTheTemplateOrTheContextFromStandardInput) {
    EXPECT_EQ(run({.template_name = "-", .assignments = {"x=[1, 2]"}}, "{{ x[1] }}{{ y }}\n"), 0);
    EXPECT_EQ(out_, "2\n");
    EXPECT_EQ(run({.template_name = path("pages/b.html"), .context_file = "-"}, R"({"n": 1, "x": "y"})"), 0);
    EXPECT_EQ(out_, "y, 2\n");
    EXPECT_EQ(run({.template_name = "-", .context_file = "-"}), 1);
}

TEST_F(Render, TakesAnAssignmentForTextIfItIsNoJson) {
    EXPECT_EQ(run({.template_name = "-", .assignments = {"a=1.50", "b=007", "c=true", "d=x=y", "e="}},
                  "{{ [a, b, c, d, e]|safe }}"),
              0);
    EXPECT_EQ(out_, "[1.5, '007', True, 'x=y', '']");
}

TEST_F(Render, AssignmentsStandAboveTheContextsFile) {
    EXPECT_EQ(
        run({.template_name = path("pages/b.html"), .context_file = path("context.json"), .assignments = {"n=1"}}), 0);
    EXPECT_EQ(out_, "a &amp; b, 2\n");
}

TEST_F(Render, SaysWhatIsWrong) {
    EXPECT_EQ(run({.template_name = path("nothing.html")}), 1);
    EXPECT_NE(err_.find("TemplateNotFound: nothing.html"), std::string::npos) << err_;
    EXPECT_EQ(run({.template_name = path("pages/b.html"), .context_file = path("bad.json")}), 1);
    EXPECT_NE(err_.find("bad.json: "), std::string::npos) << err_;
    EXPECT_EQ(run({.template_name = path("pages/b.html"), .context_file = path("nothing.json")}), 1);
    EXPECT_NE(err_.find("cannot read "), std::string::npos) << err_;
    EXPECT_EQ(run({.template_name = "-", .assignments = {"=1"}}), 1);
    EXPECT_EQ(err_, "--set takes name=value, not =1\n");
    EXPECT_EQ(run({.template_name = "-"}, "a\n{{ 1 / 0 }}"), 1);
    EXPECT_NE(err_.find("<string>:2:"), std::string::npos) << err_;
    EXPECT_EQ(out_, "");
}

TEST_F(Render, StrictRefusesWhatIsUndefined) {
    EXPECT_EQ(run({.template_name = "-", .strict = true}, "{{ y }}"), 1);
    EXPECT_NE(err_.find("UndefinedError: 'y' is undefined"), std::string::npos) << err_;
}

} // namespace
} // namespace hxx::tool
