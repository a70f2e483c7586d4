#include "hxx/jinja/testing.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

namespace fs = std::filesystem;

/// A directory of its own for each test, removed at its end.
class Directory {
  public:
    Directory() {
        std::string pattern = (fs::temp_directory_path() / "hxx-jinja-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Directory() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    void write(std::string const& name, std::string const& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    [[nodiscard]] fs::path const& path() const { return path_; }
    [[nodiscard]] std::string sub(std::string const& name) const { return (path_ / name).string(); }

  private:
    fs::path path_;
};

TEST(Loaders, DirectoriesFirstWins) {
    Directory const directory;
    directory.write("a/page.html", "a");
    directory.write("b/page.html", "b");
    directory.write("b/deep/other.html", "other");
    Environment const environment({.directories = {directory.sub("a"), directory.sub("b"), directory.sub("missing")}});
    EXPECT_EQ(environment.render("page.html"), "a");
    EXPECT_EQ(environment.render("deep/other.html"), "other");
    EXPECT_EQ(environment.template_names(), (std::vector<std::string>{"deep/other.html", "page.html"}));
    EXPECT_TRUE(environment.has_template("page.html"));
    EXPECT_FALSE(environment.has_template("none.html"));
}

TEST(Loaders, NothingOutsideOfADirectory) {
    Directory const directory;
    directory.write("secret.txt", "secret");
    directory.write("t/page.html", "page");
    directory.write("t/sub/x.html", "x");
    directory.write("t2/y.html", "y");
    fs::create_symlink(directory.path() / "secret.txt", directory.path() / "t" / "link.html");
    fs::create_symlink(directory.path(), directory.path() / "t" / "up");
    fs::create_symlink(directory.path() / "t" / "page.html", directory.path() / "t" / "inside.html");
    auto const loader = directory_loader({directory.sub("t")});
    for (char const* name :
         {"../secret.txt", "sub/../../secret.txt", "sub/../page.html", "/etc/passwd", "link.html", "up/secret.txt",
          "./page.html", "sub", "", "..", "sub//x.html", "..\\secret.txt", "up/t2/y.html"})
        EXPECT_FALSE(loader->load(name)) << name;
    EXPECT_FALSE(loader->load(std::string_view("page.html\0.txt", 14)));
    EXPECT_TRUE(loader->load("page.html"));
    EXPECT_TRUE(loader->load("inside.html")) << "a link that stays inside";
    EXPECT_TRUE(loader->load("sub/x.html"));
}

TEST(Loaders, ReloadOnChange) {
    Directory const directory;
    directory.write("page.html", "{% include 'part.html' %}1");
    directory.write("part.html", "p1");
    Environment const reloading({.directories = {directory.path().string()}, .auto_reload = true});
    Environment const fixed({.directories = {directory.path().string()}});
    EXPECT_EQ(reloading.render("page.html"), "p11");
    EXPECT_EQ(fixed.render("page.html"), "p11");
    directory.write("part.html", "p2"); // as long, and perhaps at the same time: only the content tells
    EXPECT_EQ(reloading.render("page.html"), "p21");
    EXPECT_EQ(fixed.render("page.html"), "p11");
    directory.write("page.html", "{% if %}");
    EXPECT_THROW(static_cast<void>(reloading.render("page.html")), Error);
    directory.write("page.html", "fine");
    EXPECT_EQ(reloading.render("page.html"), "fine");
    fs::remove(directory.path() / "page.html");
    EXPECT_THROW(static_cast<void>(reloading.render("page.html")), Error);
}

TEST(Loaders, Combined) {
    auto const loader = choice_loader({dict_loader({{"a", "first"}}),
                                       prefix_loader({{"admin", dict_loader({{"a", "admin"}, {"deep/b", "deep"}})}}),
                                       function_loader([](std::string_view name) -> std::optional<std::string> {
                                           if (!name.starts_with("gen")) return std::nullopt;
                                           return "made " + std::string(name);
                                       }),
                                       dict_loader({{"a", "last"}, {"z", "z"}})});
    EXPECT_EQ(loader->load("a")->text, "first");
    EXPECT_EQ(loader->load("admin/a")->text, "admin");
    EXPECT_EQ(loader->load("admin/deep/b")->text, "deep");
    EXPECT_EQ(loader->load("gen1")->text, "made gen1");
    EXPECT_EQ(loader->load("z")->text, "z");
    EXPECT_FALSE(loader->load("other/a"));
    EXPECT_EQ(loader->names(), (std::vector<std::string>{"a", "admin/a", "admin/deep/b", "z"}));
}

TEST(Loaders, AutoescapeByName) {
    std::string const source = "{{ '<' }}{{ x }}";
    for (char const* name : {"a.html", "a.html.j2", "a.jinja", "a.xml", "a", "a.svg", "a.htm", "A.HTML.JINJA2"})
        EXPECT_EQ(environment_of({{name, source}}).render(name, {{"x", "<"}}), "&lt;&lt;") << name;
    for (char const* name : {"a.txt", "a.json", "a.md", "a.txt.j2", "A.TXT"})
        EXPECT_EQ(environment_of({{name, source}}).render(name, {{"x", "<"}}), "<<") << name;
    EXPECT_EQ(environment_of({{"a.txt", source}}, {.autoescape = Autoescape::On}).render("a.txt", {{"x", "<"}}),
              "&lt;&lt;");
    EXPECT_EQ(Environment().render_string(source, {{"x", "<"}}), "&lt;&lt;");
}

TEST(Loaders, FromString) {
    Environment const environment = environment_of({{"base", "[{% block x %}{% endblock %}]"}});
    auto const page = environment.from_string("{% extends 'base' %}{% block x %}{{ y }}{% endblock %}", "mine.html");
    EXPECT_EQ(page->render({{"y", "<"}}), "[&lt;]");
    EXPECT_EQ(page->name(), "mine.html");
    EXPECT_EQ(error_of([&] { static_cast<void>(Environment().render("x")); }).hint(), "the environment has no loader");
}

TEST(Loaders, TemplatesOutliveTheEnvironmentTheyCameFrom) {
    std::shared_ptr<Template const> page;
    {
        auto const environment = environment_of({{"page", "{% include 'part' %}"}, {"part", "part {{ x|upper }}"}});
        page = environment.get_template("page");
    }
    EXPECT_EQ(page->render({{"x", "a"}}), "part A");
}

} // namespace
} // namespace hxx::jinja
