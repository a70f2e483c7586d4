// What the parser's two sources share.
#pragma once

#include "hxx/jinja/parser.hpp"

#include <algorithm>

namespace hxx::jinja {

/// Constructs inside one another; more is an error, so that no template can exhaust the stack.
inline constexpr std::size_t max_nesting = 200;
/// Levels of an expression: a + b + c … is as deep as it is long.
inline constexpr std::uint32_t max_expression_depth = 1000;

struct Parser::Nested {
    Parser& parser;
    explicit Nested(Parser& p) : parser(p) {
        if (++parser.nesting_ > max_nesting) parser.fail_here("the template is nested too deeply");
    }
    ~Nested() { --parser.nesting_; }
    Nested(Nested const&) = delete;
    Nested& operator=(Nested const&) = delete;
};

template <class T, class... A>
T* Parser::make_expr(A&&... arguments) {
    T* node = tree_.make<T>(std::forward<A>(arguments)...);
    std::uint32_t deepest = 0;
    ast::for_each_child(*node,
                        [&](ast::Node* child) { deepest = std::max(deepest, static_cast<ast::Expr*>(child)->depth); });
    node->depth = deepest + 1;
    if (node->depth > max_expression_depth) fail("the expression is nested too deeply", node->position);
    return node;
}

} // namespace hxx::jinja
