// Several threads render from one environment at once; run under ThreadSanitizer.
#include "hxx/jinja/testing.hpp"

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

} // namespace
} // namespace hxx::jinja
