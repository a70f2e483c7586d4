// Several threads render from one environment at once; run under ThreadSanitizer.
#include "hxx/jinja/testing.hpp"

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace hxx::jinja {
namespace {

struct Row {
    int id;
    std::string text;
};
struct Other {
    std::string text;
    int id;
};

template <class F>
void in_threads(int count, F const& function) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&function, i] { function(i); });
}

Templates pages() {
    return {{"base.html", "<{% block body %}{% endblock %}>{% include 'foot.html' %}"},
            {"foot.html", "{{ site }}{{ list|join(',') }}"},
            {"lib.html", "{% macro row(r) %}{{ r.id }}:{{ r.text|upper }};{% endmacro %}"},
            {"page.html",
             "{% extends 'base.html' %}{% from 'lib.html' import row %}{% set l = [1, [2]] %}{% do l[1].append(3) %}"
             "{% block body %}{% for r in rows %}{{ row(r) }}{% endfor %}{{ l }}{% endblock %}"}};
}

TEST(Threads, RenderFromOneEnvironment) {
    Options options;
    options.loader = dict_loader(pages());
    auto const environment = Environment::Builder(std::move(options))
                                 .global("site", Value(std::string("a longer name of the site")))
                                 .global("list", Value::list({1, 2}))
                                 .build();
    std::atomic<int> right = 0;
    // Two types of rows share the instructions' inline caches.
    in_threads(4, [&](int thread) {
        std::vector<Row> const rows{{1, "a"}, {2, "<"}};
        std::vector<Other> const others{{"a", 1}, {"<", 2}};
        for (int i = 0; i < 200; ++i) {
            auto const page = (i + thread) % 2 == 0 ? environment.render("page.html", {{"rows", rows}})
                                                    : environment.render("page.html", {{"rows", others}});
            right += page == "<1:A;2:&lt;;[1, [2, 3]]>a longer name of the site1,2" ? 1 : 0;
        }
    });
    EXPECT_EQ(right, 800);
}

TEST(Threads, RenderWhileTemplatesChange) {
    std::string pattern = (std::filesystem::temp_directory_path() / "hxx-jinja-XXXXXX").string();
    std::filesystem::path const directory = ::mkdtemp(pattern.data());
    // Renamed into place, as editors do it, so that no half-written file is ever seen.
    auto write = [&](std::string const& text) {
        std::ofstream(directory / "new") << text;
        std::filesystem::rename(directory / "new", directory / "page.html");
    };
    write("0{% set x = 0 %}{{ x }}");
    Environment const environment({.directories = {directory.string()}, .auto_reload = true});
    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0, rendered = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&] {
                while (!stop) {
                    auto const page = environment.render("page.html");
                    ++rendered;
                    if (page.size() != 2 || page[0] != page[1]) ++wrong;
                }
            });
        for (int i = 0; i < 100 || rendered < 100; ++i) {
            std::string const digit = std::to_string(i % 10);
            write(digit + "{% set x = " + digit + " %}{{ x }}");
        }
        stop = true;
    }
    EXPECT_EQ(wrong, 0);
    std::filesystem::remove_all(directory);
}

// A page of five files, which are written while they are read. Each version has its number at both ends of a long text,
// so that a mixture of two shows.
class ChangingSite {
  public:
    ChangingSite() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hxx-jinja-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        for (std::size_t file = 0; file < files.size(); ++file) rename(file, 0);
    }
    ChangingSite(ChangingSite const&) = delete;
    ChangingSite& operator=(ChangingSite const&) = delete;
    ~ChangingSite() { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::string directory() const { return directory_.string(); }
    /// As editors save: readers see the old file or the new one.
    void rename(std::size_t file, int version) const {
        write(directory_ / "new", text(file, version));
        std::filesystem::rename(directory_ / "new", directory_ / files[file].name);
    }
    /// As a shell's redirection does: for a while the file is empty, or a part of itself.
    void in_place(std::size_t file, int version) const { write(directory_ / files[file].name, text(file, version)); }

    struct File {
        std::string_view name, before, after;
    };
    static constexpr std::array<File, 5> files{{
        {"page.html", "{% extends 'base.html' %}{% from 'lib.html' import say %}{% block body %}",
         "{{ say('x') }}{% include 'part.html' %}{% include 'rows.html' %}{% endblock %}"},
        {"base.html", "{% set site = 1 %}", "{% block body %}{% endblock %}"},
        {"lib.html", "{% macro say(text) %}", "{{ text }}{% endmacro %}"},
        {"part.html", "{% if true %}", "{% endif %}"},
        {"rows.html", "{% for row in rows %}", "{% endfor %}"},
    }};

  private:
    static std::string text(std::size_t file, int version) {
        auto const number = std::to_string(version % 10);
        return std::string(files[file].before) + "<" + number + std::string(500, '.') + "{{ " + number + " }}>" +
               std::string(files[file].after);
    }
    static void write(std::filesystem::path const& path, std::string const& text) {
        std::ofstream(path, std::ios::binary) << text;
    }
    std::filesystem::path directory_;
};

// How many whole pieces a page consists of; -1 if one is mixed of two versions or not complete.
int whole_pieces(std::string_view page) {
    int count = 0;
    for (std::size_t at = 0; at < page.size();) {
        if (page[at] == 'x') { // what the macro was given
            ++at;
            continue;
        }
        auto const piece = page.substr(at, 504);
        if (piece.size() < 504 || piece.front() != '<' || piece.back() != '>' || piece[1] != piece[502] ||
            piece.substr(2, 500).find_first_not_of('.') != std::string_view::npos)
            return -1;
        at += piece.size();
        ++count;
    }
    return count;
}

TEST(Threads, APageIsWholeWhileItsFilesChange) {
    ChangingSite const site;
    Environment const environment({.directories = {site.directory()}, .auto_reload = true});
    std::vector<int> const rows{1, 2};
    std::atomic<bool> stop = false;
    std::atomic<int> mixed = 0, whole = 0, partial = 0, failed = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                while (!stop) try {
                        auto const pieces = whole_pieces(environment.render("page.html", {{"rows", rows}}));
                        // One for each file, two for the rows; less if a file was empty at that moment.
                        ++(pieces < 0 ? mixed : pieces == 6 ? whole : partial);
                    } catch (Error const& error) {
                        if (error.message().empty()) ++mixed;
                        ++failed;
                    }
            });
        for (int i = 0; i < 200 || whole < 100; ++i) {
            auto const file = static_cast<std::size_t>(i) % ChangingSite::files.size();
            if (i / 5 % 2 == 0)
                site.rename(file, i);
            else
                site.in_place(file, i);
        }
        stop = true;
    }
    EXPECT_EQ(mixed, 0);
    for (std::size_t file = 0; file < ChangingSite::files.size(); ++file) site.rename(file, 7);
    EXPECT_EQ(whole_pieces(environment.render("page.html", {{"rows", rows}})), 6);
    EXPECT_EQ(environment.render("part.html").substr(0, 3), "<7.");
}

// The same, of files that are only renamed into place: then no page is ever less than whole.
TEST(Threads, APageIsCompleteWhileItsFilesAreReplaced) {
    ChangingSite const site;
    Environment const environment({.directories = {site.directory()}, .auto_reload = true});
    std::vector<int> const rows{1, 2};
    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0, rendered = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                while (!stop) {
                    if (whole_pieces(environment.render("page.html", {{"rows", rows}})) != 6) ++wrong;
                    ++rendered;
                }
            });
        for (int i = 0; i < 200 || rendered < 100; ++i) site.rename(static_cast<std::size_t>(i) % 5, i);
        stop = true;
    }
    EXPECT_EQ(wrong, 0);
}

TEST(Threads, CompileManyTemplatesAtOnce) {
    constexpr int count = 600; // more than the cache has buckets
    Templates templates;
    for (int i = 0; i < count; ++i) templates.emplace_back("t" + std::to_string(i), std::to_string(i) + "{{ 1 }}");
    Environment const environment = environment_of(std::move(templates));
    std::atomic<int> wrong = 0;
    in_threads(8, [&](int thread) {
        for (int i = 0; i < 2 * count; ++i) {
            auto const number = std::to_string((i * 7 + thread * 3) % count);
            if (environment.render("t" + number) != number + "1") ++wrong;
        }
    });
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(environment.get_template("t5")->name(), "t5");
}

} // namespace
} // namespace hxx::jinja
