#include "hxx/jinja/lexer.hpp"

#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

// The tokens of a source, as text.
std::string tokens(std::string source, Options const& options = {}) {
    std::deque<std::string> texts;
    std::string const normalised = normalise_source(source, options.keep_trailing_newline);
    Lexer lexer(options, normalised, texts);
    std::string out;
    for (Token token = lexer.next(); token.kind != TokenKind::Eof; token = lexer.next()) {
        if (!out.empty()) out += ' ';
        switch (token.kind) {
        case TokenKind::Data: out += "data(" + std::string(token.text) + ")"; break;
        case TokenKind::String: out += "str(" + std::string(token.text) + ")"; break;
        case TokenKind::Integer: out += "int(" + std::string(token.text) + ")"; break;
        case TokenKind::Float: out += "float(" + std::string(token.text) + ")"; break;
        case TokenKind::VariableBegin: out += "{{"; break;
        case TokenKind::VariableEnd: out += "}}"; break;
        case TokenKind::BlockBegin: out += "{%"; break;
        case TokenKind::BlockEnd: out += "%}"; break;
        default: out += token.text;
        }
    }
    return out;
}

TEST(Lexer, TextAndTags) {
    EXPECT_EQ(tokens("a{{ b.c }}d"), "data(a) {{ b . c }} data(d)");
    EXPECT_EQ(tokens("{% if x %}y{% endif %}"), "{% if x %} data(y) {% endif %}");
    EXPECT_EQ(tokens("a{# {{ no }} #}b"), "data(a) data(b)");
    EXPECT_EQ(tokens(""), "");
    EXPECT_EQ(tokens("{{ {'a': {'b': 1}} }}"), "{{ { str(a) : { str(b) : int(1) } } }}");
}

TEST(Lexer, Numbers) {
    EXPECT_EQ(tokens("{{ 1 1_000 1.5 1e3 1.5e-3 0x1F 0b11 0o17 }}"),
              "{{ int(1) int(1_000) float(1.5) float(1e3) float(1.5e-3) int(0x1F) int(0b11) int(0o17) }}");
    EXPECT_EQ(tokens("{{ a.1.2 }}"), "{{ a . int(1) . int(2) }}");
    EXPECT_EQ(tokens("{{ 1.foo }}"), "{{ int(1) . foo }}");
}

TEST(Lexer, Strings) {
    EXPECT_EQ(tokens(R"({{ "a\n\x41\u00e9\\\"" 'it\'s' '\q' }})"), "{{ str(a\nA\xC3\xA9\\\") str(it's) str(\\q) }}");
    EXPECT_EQ(tokens("{{ '}}' }}"), "{{ str(}}) }}");
}

TEST(Lexer, WhiteSpaceControl) {
    EXPECT_EQ(tokens("a  {{- b -}}  c"), "data(a) {{ b }} data(c)");
    EXPECT_EQ(tokens("a\n {%- if b +%}\nc"), "data(a) {% if b %} data(\nc)");
    EXPECT_EQ(tokens("a  {#- x -#}  b"), "data(a) data(b)");
    Options trim;
    trim.trim_blocks = trim.lstrip_blocks = true;
    EXPECT_EQ(tokens("a\n  {% if b %}\n  c\n", trim), "data(a\n) {% if b %} data(  c)");
    EXPECT_EQ(tokens("  {%+ if b %}x", trim), "data(  ) {% if b %} data(x)");
    EXPECT_EQ(tokens("  {{ b }}\nx", trim), "data(  ) {{ b }} data(\nx)");
}

TEST(Lexer, Newlines) {
    EXPECT_EQ(tokens("a\r\nb\rc\n"), "data(a\nb\nc)");
    Options keep;
    keep.keep_trailing_newline = true;
    EXPECT_EQ(tokens("a\n", keep), "data(a\n)");
    Options crlf;
    crlf.newline_sequence = "\r\n";
    EXPECT_EQ(tokens("a\nb", crlf), "data(a\r\nb)");
}

TEST(Lexer, Raw) {
    EXPECT_EQ(tokens("{% raw %}{{ a }}{% endraw %}b"), "data({{ a }}) data(b)");
    EXPECT_EQ(tokens("{%- raw -%} {% x %} {%- endraw -%} b"), "data({% x %}) data(b)");
}

TEST(Lexer, LineStatementsAndOwnDelimiters) {
    Options lines;
    lines.line_statement_prefix = "#";
    lines.line_comment_prefix = "##";
    EXPECT_EQ(tokens("# for x in y:\n  a ## gone\n# endfor", lines),
              "{% for x in y : %} data(  a) data(\n) {% endfor %}");
    Options erb;
    erb.block_start = "<%";
    erb.block_end = "%>";
    erb.variable_start = "<%=";
    erb.variable_end = "%>";
    erb.comment_start = "<%#";
    erb.comment_end = "%>";
    EXPECT_EQ(tokens("<% if a %><%= b %><%# c %>", erb), "{% if a %} {{ b }}");
}

TEST(Lexer, LinesAndOffsets) {
    std::deque<std::string> texts;
    Options const options;
    std::string const source = "a\nb {{\n  c }}";
    Lexer lexer(options, source, texts);
    std::vector<std::uint32_t> lines;
    for (Token token = lexer.next(); token.kind != TokenKind::Eof; token = lexer.next()) lines.push_back(token.line);
    EXPECT_EQ(lines, (std::vector<std::uint32_t>{1, 2, 3, 3}));
}

TEST(Lexer, Mistakes) {
    auto message = [](std::string source) { return error_of([&] { static_cast<void>(tokens(source)); }).message(); };
    EXPECT_EQ(message("{{ a ? b }}"), "unexpected char '?' at 5");
    EXPECT_EQ(message("{{ 'abc }}"), "unexpected char \"'\" at 3");
    EXPECT_EQ(message("{# never closed"), "Missing end of comment tag");
    EXPECT_EQ(message("{% raw %} never closed"), "Missing end of raw directive");
    EXPECT_EQ(message("{{ (a] }}"), "unexpected ']', expected ')'");
    EXPECT_EQ(message("{{ a) }}"), "unexpected ')'");
    EXPECT_EQ(message("{{ '\\x4' }}"), "truncated \\xXX escape");
}

} // namespace
} // namespace hxx::jinja
