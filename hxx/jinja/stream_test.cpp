// Rendering in pieces, and the limit on the output's size.
#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::jinja {
namespace {

struct Pieces {
    std::vector<std::string> all;
    Sink sink = [this](std::string_view piece) { all.emplace_back(piece); };
    [[nodiscard]] std::string joined() const {
        std::string text;
        for (auto const& piece : all) text += piece;
        return text;
    }
};

Environment with(std::string page, Options options = {}) {
    options.loader = dict_loader({{"page.html", std::move(page)},
                                  {"base.html", "<main>{% block main %}{% endblock %}</main>"},
                                  {"row.html", "<i>{{ n }}</i>"}});
    return Environment(std::move(options));
}

TEST(Stream, GivesALargePageInPieces) {
    auto const environment = with("{% for n in range(20000) %}<td>{{ n }}</td>{% endfor %}");
    Pieces pieces;
    environment.stream("page.html", {}, pieces.sink);
    EXPECT_GT(pieces.all.size(), 10U);
    for (auto const& piece : pieces.all) EXPECT_LE(piece.size(), 16U * 1024);
    EXPECT_EQ(pieces.joined(), environment.render("page.html"));
}

TEST(Stream, GivesASmallPageInOnePiece) {
    auto const environment = with("{{ greeting }}, {{ name }}");
    Pieces pieces;
    environment.get_template("page.html")->stream({{"greeting", "hello"}, {"name", "<you>"}}, pieces.sink);
    EXPECT_EQ(pieces.all, std::vector<std::string>{"hello, &lt;you&gt;"});
}

TEST(Stream, IsTheSameAsRenderingWhereTextIsCaptured) {
    for (std::string const source : {
             "{% set x %}{% for n in range(9000) %}{{ n }} {% endfor %}{% endset %}{{ x|length }}{{ x }}",
             "{% macro m(n) %}<b>{{ n }}</b>{% endmacro %}{% for n in range(9000) %}{{ m(n) }}{{ m(n)|upper }}{% "
             "endfor %}",
             "{% macro m() %}[{{ caller() }}]{% endmacro %}"
             "{% call m() %}{% for n in range(9000) %}{{ n }}{% endfor %}{% endcall %}tail",
             "{% filter upper %}{% for n in range(9000) %}a{{ n }}{% endfor %}{% endfilter %}",
             "{% for n in range(9000) %}{% include 'row.html' %}{% endfor %}",
             "{% extends 'base.html' %}{% block main %}{{ super() }}{% for n in range(9000) %}{{ n }}<{% endfor %}"
             "{% endblock %}",
             "{% for n in [range(9000), [1, 2]] recursive %}{% if n is iterable %}{{ loop(n) }}{% else %}{{ n }}"
             "{% endif %}{% endfor %}",
         }) {
        auto const environment = with(source);
        Pieces pieces;
        environment.stream("page.html", {}, pieces.sink);
        EXPECT_EQ(pieces.joined(), environment.render("page.html")) << source;
    }
}

TEST(Stream, RendersABlockAlone) {
    auto const environment = with("{% extends 'base.html' %}{% set n = 3 %}{% block main %}{{ n }}{% endblock %}");
    Pieces pieces;
    environment.stream("page.html#main", {}, pieces.sink);
    EXPECT_EQ(pieces.joined(), "3");
}

TEST(Stream, EndsWithWhatTheSinkThrows) {
    auto const environment = with("{% for n in range(100000) %}<td>{{ n }}</td>{% endfor %}");
    int calls = 0;
    auto const refuse = [&](std::string_view) {
        if (++calls == 2) throw std::runtime_error("the client is gone");
    };
    EXPECT_THROW(environment.stream("page.html", {}, refuse), std::runtime_error);
    EXPECT_EQ(calls, 2);
}

TEST(OutputLimit, IsExact) {
    Options options{.limits = {.output = 100}};
    std::string const almost(19, '<'); // each becomes four
    auto const environment = with("{{ text }}{{ rest }}", options);
    EXPECT_EQ(environment.render("page.html", {{"text", almost}, {"rest", std::string(24, 'x')}}).size(), 100U);
    EXPECT_THROW(static_cast<void>(environment.render("page.html", {{"text", almost}, {"rest", std::string(25, 'x')}})),
                 Error);
}

TEST(OutputLimit, CountsWhatTheSinkHas) {
    auto const environment =
        with("{% for n in range(100000) %}<td>{{ n }}</td>{% endfor %}", {.limits = {.output = 100000}});
    std::size_t given = 0;
    EXPECT_THROW(environment.stream("page.html", {}, [&](std::string_view piece) { given += piece.size(); }), Error);
    EXPECT_LE(given, 100000U);
}

} // namespace
} // namespace hxx::jinja
