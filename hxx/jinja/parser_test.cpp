#include "hxx/jinja/parser.hpp"

#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

using namespace ast;

// An expression with all its parentheses.
std::string show(Expr const& node) {
    auto joined = [](std::vector<Expr*> const& items, char const* between) {
        std::string out;
        for (auto const* item : items) out += (out.empty() ? "" : between) + show(*item);
        return out;
    };
    switch (node.kind) {
    case NodeKind::Const: return node.as<Const>().value.repr();
    case NodeKind::Name: return std::string(node.as<Name>().name);
    case NodeKind::Tuple: return "tuple(" + joined(node.as<Tuple>().items, ", ") + ")";
    case NodeKind::List: return "[" + joined(node.as<List>().items, ", ") + "]";
    case NodeKind::Unary: {
        auto const& unary = node.as<Unary>();
        return std::string(unary.op == UnaryOp::Not   ? "(not "
                           : unary.op == UnaryOp::Neg ? "(-"
                                                      : "(+") +
               show(*unary.operand) + ")";
    }
    case NodeKind::Binary: {
        static constexpr char const* symbols[] = {" + ", " - ", " * ", " / ", " // ", " % ", " ** "};
        auto const& binary = node.as<Binary>();
        return "(" + show(*binary.left) + symbols[static_cast<int>(binary.op)] + show(*binary.right) + ")";
    }
    case NodeKind::Logical: {
        auto const& logical = node.as<Logical>();
        return "(" + show(*logical.left) + (logical.conjunction ? " and " : " or ") + show(*logical.right) + ")";
    }
    case NodeKind::Compare: {
        static constexpr char const* symbols[] = {" == ", " != ", " < ", " <= ", " > ", " >= ", " in ", " not in "};
        std::string out = "(" + show(*node.as<Compare>().first);
        for (auto const& [op, operand] : node.as<Compare>().rest) out += symbols[static_cast<int>(op)] + show(*operand);
        return out + ")";
    }
    case NodeKind::Concat: return "(" + joined(node.as<Concat>().parts, " ~ ") + ")";
    case NodeKind::Conditional: {
        auto const& conditional = node.as<Conditional>();
        return "(" + show(*conditional.yes) + " if " + show(*conditional.test) +
               (conditional.no ? " else " + show(*conditional.no) : "") + ")";
    }
    case NodeKind::Getattr: return show(*node.as<Getattr>().object) + "." + std::string(node.as<Getattr>().name);
    case NodeKind::Getitem: return show(*node.as<Getitem>().object) + "[" + show(*node.as<Getitem>().key) + "]";
    case NodeKind::Slice: {
        auto const& slice = node.as<Slice>();
        auto bound = [](Expr const* expr) { return expr ? show(*expr) : std::string(); };
        return bound(slice.start) + ":" + bound(slice.stop) + ":" + bound(slice.step);
    }
    case NodeKind::Call:
        return show(*node.as<Call>().callee) + "(" + joined(node.as<Call>().arguments.positional, ", ") + ")";
    case NodeKind::Filter:
        return "(" + show(*node.as<Filter>().subject) + "|" + std::string(node.as<Filter>().name) + "(" +
               joined(node.as<Filter>().arguments.positional, ", ") + "))";
    case NodeKind::Test:
        return "(" + show(*node.as<Test>().subject) + " is " + std::string(node.as<Test>().name) + "(" +
               joined(node.as<Test>().arguments.positional, ", ") + "))";
    default: return "?";
    }
}

std::string parsed(std::string expression) {
    Tree tree;
    tree.source = "{{ " + expression + " }}";
    parse_template(Options{}, "t", tree);
    return show(*tree.body.front()->as<Output>().parts.front());
}

std::string mistake(std::string source) {
    Tree tree;
    tree.source = std::move(source);
    auto const error = error_of([&] { parse_template(Options{}, "t", tree); });
    return std::to_string(error.line()) + ":" + std::to_string(error.column()) + " " + error.message();
}

TEST(Parser, Precedence) {
    EXPECT_EQ(parsed("a or b and not c"), "(a or (b and (not c)))");
    EXPECT_EQ(parsed("not a == b"), "(not (a == b))");
    EXPECT_EQ(parsed("a + b * c ** d"), "(a + (b * (c ** d)))");
    EXPECT_EQ(parsed("a - b - c"), "((a - b) - c)");
    EXPECT_EQ(parsed("a ~ b + c ~ d"), "((a ~ b) + (c ~ d))");
    EXPECT_EQ(parsed("-a ** b"), "((-a) ** b)");
    EXPECT_EQ(parsed("a < b <= c != d"), "(a < b <= c != d)");
    EXPECT_EQ(parsed("a not in b"), "(a not in b)");
    EXPECT_EQ(parsed("a if b else c if d"), "(a if b else (c if d))");
    EXPECT_EQ(parsed("a // b % c"), "((a // b) % c)");
}

TEST(Parser, Postfix) {
    EXPECT_EQ(parsed("a.b[c](d).e"), "a.b[c](d).e");
    EXPECT_EQ(parsed("a[1:2, ::3]"), "a[tuple(1:2:, ::3)]");
    EXPECT_EQ(parsed("a|f|g(1)"), "((a|f())|g(1))");
    EXPECT_EQ(parsed("-a|abs"), "((-a)|abs())");
    EXPECT_EQ(parsed("a is divisibleby 3 and b"), "((a is divisibleby(3)) and b)");
    EXPECT_EQ(parsed("a is not defined"), "(not (a is defined()))");
    EXPECT_EQ(parsed("a is none or b"), "((a is none()) or b)");
    EXPECT_EQ(parsed("a.0"), "a[0]");
}

TEST(Parser, Literals) {
    EXPECT_EQ(parsed("(1,)"), "tuple(1)");
    EXPECT_EQ(parsed("1, 2"), "tuple(1, 2)");
    EXPECT_EQ(parsed("()"), "tuple()");
    EXPECT_EQ(parsed("[1, 'a' 'b', true, None,]"), "[1, 'ab', True, None]");
}

TEST(Parser, Mistakes) {
    EXPECT_EQ(mistake("{{ a b }}"), "1:6 expected token 'end of print statement', got 'b'");
    EXPECT_EQ(mistake("a\n{% if %}"), "2:7 Expected an expression, got 'end of statement block'");
    EXPECT_EQ(mistake("{% foo %}"), "1:4 Encountered unknown tag 'foo'.");
    EXPECT_EQ(mistake("{% for a in b %}{% endif %}"),
              "1:20 Encountered unknown tag 'endif'. Jinja was looking for the following tags: 'endfor' or 'else'. The "
              "innermost block that needs to be closed is 'for'.");
    EXPECT_EQ(mistake("{% if a %}b"),
              "1:12 Unexpected end of template. Jinja was looking for the following tags: 'elif' or "
              "'else' or 'endif'. The innermost block that needs to be closed is 'if'.");
    EXPECT_EQ(mistake("{% set 1 = 2 %}"), "1:8 can't assign to 'const'");
    EXPECT_EQ(mistake("{% macro m(a=1, b) %}{% endmacro %}"), "1:18 non-default argument follows default argument");
    EXPECT_EQ(mistake("{% block a-b %}{% endblock %}"), "1:11 Block names in Jinja have to be valid Python identifiers "
                                                        "and may not contain hyphens, use an underscore instead.");
    EXPECT_EQ(mistake("{{ f(**a, b) }}"), "1:5 invalid syntax for function call expression");
}

TEST(Parser, DeepNestingIsAnError) {
    EXPECT_NE(mistake("{{ " + std::string(5000, '(')).find("nested too deeply"), std::string::npos);
    EXPECT_NE(mistake("{{ " + std::string(5000, '-') + "1 }}").find("nested too deeply"), std::string::npos);
    std::string sum = "{{ 1";
    for (int i = 0; i < 5000; ++i) sum += " + 1";
    EXPECT_NE(mistake(sum + " }}").find("nested too deeply"), std::string::npos);
    std::string tags;
    for (int i = 0; i < 5000; ++i) tags += "{% if a %}";
    EXPECT_NE(mistake(tags).find("nested too deeply"), std::string::npos);
    std::string flat = "{% if a %}";
    for (int i = 0; i < 5000; ++i) flat += "{% elif a %}";
    EXPECT_NE(mistake(flat + "{% endif %}").find("no error was thrown"), std::string::npos);
}

} // namespace
} // namespace hxx::jinja
