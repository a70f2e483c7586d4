#include "hxx/jinja/parser.hpp"

#include "hxx/jinja/number.hpp"
#include "hxx/jinja/parser_detail.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

namespace hxx::jinja {

using namespace ast;

SourcePlace place_in(std::string_view source, std::size_t offset) noexcept {
    offset = std::min(offset, source.size());
    std::size_t const before = source.substr(0, offset).rfind('\n');
    std::size_t const start = before == std::string_view::npos ? 0 : before + 1;
    std::size_t const end = std::min(source.find('\n', offset), source.size());
    auto const line = 1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    return {static_cast<std::size_t>(line), code_points(source.substr(start, offset - start)) + 1,
            source.substr(start, end - start)};
}

void parse_template(Options const& options, std::string_view template_name, Tree& tree) {
    Parser(options, template_name, tree).parse();
}

Parser::Parser(Options const& options, std::string_view template_name, Tree& tree)
    : options_(options), name_(template_name), tree_(tree), lexer_(options, tree.source, tree.texts) {}

void Parser::parse() {
    take();
    tree_.body = parse_body({});
}

// ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────

Token Parser::read() {
    try {
        return lexer_.next();
    } catch (Error& error) {
        auto const place = place_in(tree_.source, lexer_.error_offset());
        error.set_place(name_, place.line, place.column, place.text);
        throw;
    }
}

Token Parser::take() {
    Token token = current_;
    if (pushed_.empty())
        current_ = read();
    else {
        current_ = pushed_.front();
        pushed_.pop_front();
    }
    return token;
}

Token const& Parser::look() {
    if (pushed_.empty()) pushed_.push_back(read());
    return pushed_.front();
}

bool Parser::skip(TokenKind kind) {
    if (!at(kind)) return false;
    take();
    return true;
}

bool Parser::skip_name(std::string_view name) {
    if (!at_name(name)) return false;
    take();
    return true;
}

void Parser::fail(std::string message, Position position, ErrorKind kind) {
    Error error(kind, std::move(message));
    auto const place = place_in(tree_.source, position.offset);
    error.set_place(name_, position.line, place.column, place.text);
    throw error;
}

void Parser::unexpected(std::string_view expected) {
    if (at(TokenKind::Eof)) fail_here("unexpected end of template, expected " + quote(expected) + ".");
    fail_here("expected token " + quote(expected) + ", got " + quote(describe(current_)));
}

Token Parser::expect(TokenKind kind) {
    if (!at(kind)) unexpected(describe(kind));
    return take();
}

Token Parser::expect_name(std::string_view name) {
    if (!at_name(name)) unexpected(name);
    return take();
}

// ── Expressions, loosest first ──────────────────────────────────────────────────────────────────────────────────

Expr* Parser::parse_expression(bool with_conditional) {
    Nested nested(*this);
    return with_conditional ? parse_conditional() : parse_or();
}

Expr* Parser::parse_conditional() {
    Nested nested(*this);
    auto position = here();
    Expr* node = parse_or();
    while (skip_name("if")) {
        Expr* test = parse_or();
        Expr* otherwise = skip_name("else") ? parse_conditional() : nullptr;
        node = make_expr<Conditional>(position, test, node, otherwise);
        position = here();
    }
    return node;
}

Expr* Parser::parse_or() {
    auto position = here();
    Expr* left = parse_and();
    while (skip_name("or")) {
        Expr* right = parse_and();
        left = make_expr<Logical>(position, false, left, right);
        position = here();
    }
    return left;
}

Expr* Parser::parse_and() {
    auto position = here();
    Expr* left = parse_not();
    while (skip_name("and")) {
        Expr* right = parse_not();
        left = make_expr<Logical>(position, true, left, right);
        position = here();
    }
    return left;
}

Expr* Parser::parse_not() {
    if (!at_name("not")) return parse_compare();
    Nested nested(*this);
    auto const position = position_of(take());
    return make_expr<Unary>(position, UnaryOp::Not, parse_not());
}

Expr* Parser::parse_compare() {
    auto position = here();
    Expr* first = parse_math1();
    std::vector<std::pair<CompareOp, Expr*>> rest;
    for (;;) {
        CompareOp op{};
        switch (current_.kind) {
        case TokenKind::Eq: op = CompareOp::Eq; break;
        case TokenKind::Ne: op = CompareOp::Ne; break;
        case TokenKind::Lt: op = CompareOp::Lt; break;
        case TokenKind::LtEq: op = CompareOp::LtEq; break;
        case TokenKind::Gt: op = CompareOp::Gt; break;
        case TokenKind::GtEq: op = CompareOp::GtEq; break;
        default:
            if (at_name("in"))
                op = CompareOp::In;
            else if (at_name("not") && look().kind == TokenKind::Name && look().text == "in") {
                take();
                op = CompareOp::NotIn;
            } else
                return rest.empty() ? first : make_expr<Compare>(position, first, std::move(rest));
        }
        take();
        rest.emplace_back(op, parse_math1());
        position = here();
    }
}

Expr* Parser::parse_math1() {
    auto position = here();
    Expr* left = parse_concat();
    while (at(TokenKind::Add) || at(TokenKind::Sub)) {
        auto const op = take().kind == TokenKind::Add ? BinaryOp::Add : BinaryOp::Sub;
        Expr* right = parse_concat();
        left = make_expr<Binary>(position, op, left, right);
        position = here();
    }
    return left;
}

Expr* Parser::parse_concat() {
    auto const position = here();
    std::vector<Expr*> parts{parse_math2()};
    while (skip(TokenKind::Tilde)) parts.push_back(parse_math2());
    return parts.size() == 1 ? parts.front() : make_expr<Concat>(position, std::move(parts));
}

Expr* Parser::parse_math2() {
    auto position = here();
    Expr* left = parse_pow();
    for (;;) {
        BinaryOp op{};
        switch (current_.kind) {
        case TokenKind::Mul: op = BinaryOp::Mul; break;
        case TokenKind::Div: op = BinaryOp::Div; break;
        case TokenKind::FloorDiv: op = BinaryOp::FloorDiv; break;
        case TokenKind::Mod: op = BinaryOp::Mod; break;
        default: return left;
        }
        take();
        Expr* right = parse_pow();
        left = make_expr<Binary>(position, op, left, right);
        position = here();
    }
}

Expr* Parser::parse_pow() {
    auto position = here();
    Expr* left = parse_unary();
    while (skip(TokenKind::Pow)) {
        Expr* right = parse_unary();
        left = make_expr<Binary>(position, BinaryOp::Pow, left, right);
        position = here();
    }
    return left;
}

Expr* Parser::parse_unary(bool with_filter) {
    Nested nested(*this);
    auto const position = here();
    Expr* node = nullptr;
    if (skip(TokenKind::Sub))
        node = make_expr<Unary>(position, UnaryOp::Neg, parse_unary(false));
    else if (skip(TokenKind::Add))
        node = make_expr<Unary>(position, UnaryOp::Pos, parse_unary(false));
    else
        node = parse_primary();
    node = parse_postfix(node);
    return with_filter ? parse_filter_expression(node) : node;
}

Expr* Parser::parse_primary(bool with_namespace) {
    Token const token = current_;
    auto const position = here();
    switch (token.kind) {
    case TokenKind::Name:
        take();
        if (token.text == "true" || token.text == "True") return make_expr<Const>(position, true);
        if (token.text == "false" || token.text == "False") return make_expr<Const>(position, false);
        if (token.text == "none" || token.text == "None") return make_expr<Const>(position, nullptr);
        if (with_namespace && skip(TokenKind::Dot))
            return make_expr<NamespaceRef>(position, token.text, expect(TokenKind::Name).text);
        return make_expr<Name>(position, token.text);
    case TokenKind::String: {
        take();
        if (!at(TokenKind::String)) return make_expr<Const>(position, token.text);
        std::string text(token.text);
        while (at(TokenKind::String)) text += take().text;
        return make_expr<Const>(position, std::string_view(tree_.texts.emplace_back(std::move(text))));
    }
    case TokenKind::Integer:
    case TokenKind::Float: return parse_number();
    case TokenKind::LParen: {
        take();
        Expr* node = parse_tuple(Mode::Full, true);
        expect(TokenKind::RParen);
        return node;
    }
    case TokenKind::LBracket: return parse_list();
    case TokenKind::LBrace: return parse_dict();
    default: fail("unexpected " + quote(describe(token)), position);
    }
}

Expr* Parser::parse_number() {
    Token const token = take();
    std::string digits;
    for (char c : token.text)
        if (c != '_') digits += c;
    try {
        return make_expr<Const>(position_of(token), token.kind == TokenKind::Float ? parse_float_literal(digits)
                                                                                   : parse_int_literal(digits));
    } catch (Error const& error) {
        if (error.has_place()) throw;
        fail(error.message(), position_of(token), error.kind()); // more digits than are allowed
    }
}

Expr* Parser::parse_list() {
    auto const position = position_of(expect(TokenKind::LBracket));
    std::vector<Expr*> items;
    while (!at(TokenKind::RBracket)) {
        if (!items.empty()) expect(TokenKind::Comma);
        if (at(TokenKind::RBracket)) break;
        items.push_back(parse_expression());
    }
    expect(TokenKind::RBracket);
    return make_expr<List>(position, std::move(items));
}

Expr* Parser::parse_dict() {
    auto const position = position_of(expect(TokenKind::LBrace));
    std::vector<std::pair<Expr*, Expr*>> items;
    while (!at(TokenKind::RBrace)) {
        if (!items.empty()) expect(TokenKind::Comma);
        if (at(TokenKind::RBrace)) break;
        Expr* key = parse_expression();
        expect(TokenKind::Colon);
        items.emplace_back(key, parse_expression());
    }
    expect(TokenKind::RBrace);
    return make_expr<Dict>(position, std::move(items));
}

Expr* Parser::parse_tuple(Mode mode, bool parenthesised, bool with_namespace) {
    auto position = here();
    std::vector<Expr*> items;
    bool is_tuple = false;
    for (;;) {
        if (!items.empty()) expect(TokenKind::Comma);
        if (at(TokenKind::VariableEnd) || at(TokenKind::BlockEnd) || at(TokenKind::RParen)) break;
        items.push_back(mode == Mode::Target ? parse_primary(with_namespace) : parse_expression(mode == Mode::Full));
        if (!at(TokenKind::Comma)) break;
        is_tuple = true;
        position = here();
    }
    if (!is_tuple) {
        if (!items.empty()) return items.front();
        // Nothing at all is a tuple only between parentheses.
        if (!parenthesised) fail_here("Expected an expression, got " + quote(describe(current_)));
    }
    return make_expr<Tuple>(position, std::move(items));
}

Expr* Parser::parse_postfix(Expr* node) {
    for (;;) {
        if (at(TokenKind::Dot) || at(TokenKind::LBracket))
            node = parse_subscript(node);
        else if (at(TokenKind::LParen))
            node = parse_call(node);
        else
            return node;
    }
}

Expr* Parser::parse_filter_expression(Expr* node) {
    for (;;) {
        if (at(TokenKind::Pipe))
            node = parse_filter(node);
        else if (at_name("is"))
            node = parse_test(node);
        else if (at(TokenKind::LParen))
            node = parse_call(node);
        else
            return node;
    }
}

Expr* Parser::parse_subscript(Expr* node) {
    Token const token = take();
    auto const position = position_of(token);
    if (token.kind == TokenKind::Dot) {
        Token const attribute = current_;
        if (attribute.kind == TokenKind::Integer) return make_expr<Getitem>(position, node, parse_number());
        take();
        if (attribute.kind == TokenKind::Name) return make_expr<Getattr>(position, node, attribute.text);
        fail("expected name or number", position_of(attribute));
    }
    std::vector<Expr*> keys;
    while (!at(TokenKind::RBracket)) {
        if (!keys.empty()) expect(TokenKind::Comma);
        keys.push_back(parse_subscribed());
    }
    expect(TokenKind::RBracket);
    Expr* key = keys.size() == 1 ? keys.front() : make_expr<Tuple>(position, std::move(keys));
    return make_expr<Getitem>(position, node, key);
}

Expr* Parser::parse_subscribed() {
    auto const position = here();
    Expr* start = nullptr;
    if (!at(TokenKind::Colon)) {
        start = parse_expression();
        if (!at(TokenKind::Colon)) return start;
    }
    take();
    auto bound = [this]() -> Expr* {
        if (at(TokenKind::Colon) || at(TokenKind::RBracket) || at(TokenKind::Comma)) return nullptr;
        return parse_expression();
    };
    Expr* stop = bound();
    Expr* step = nullptr;
    if (skip(TokenKind::Colon) && !at(TokenKind::RBracket) && !at(TokenKind::Comma)) step = parse_expression();
    return make_expr<Slice>(position, start, stop, step);
}

Arguments Parser::parse_arguments() {
    auto const position = position_of(expect(TokenKind::LParen));
    Arguments arguments;
    auto ensure = [&](bool valid) {
        if (!valid) fail("invalid syntax for function call expression", position);
    };
    bool first = true;
    while (!at(TokenKind::RParen)) {
        if (!first) {
            expect(TokenKind::Comma);
            if (at(TokenKind::RParen)) break; // a trailing comma
        }
        first = false;
        if (skip(TokenKind::Mul)) {
            ensure(!arguments.star && !arguments.double_star);
            arguments.star = parse_expression();
        } else if (skip(TokenKind::Pow)) {
            ensure(!arguments.double_star);
            arguments.double_star = parse_expression();
        } else if (at(TokenKind::Name) && look().kind == TokenKind::Assign) {
            ensure(!arguments.double_star);
            auto const name = take().text;
            take();
            arguments.keywords.emplace_back(name, parse_expression());
        } else {
            ensure(!arguments.star && !arguments.double_star && arguments.keywords.empty());
            arguments.positional.push_back(parse_expression());
        }
    }
    expect(TokenKind::RParen);
    return arguments;
}

Expr* Parser::parse_call(Expr* callee) {
    auto const position = here();
    return make_expr<Call>(position, callee, parse_arguments());
}

Expr* Parser::parse_filter(Expr* subject, bool start_inline) {
    while (start_inline || at(TokenKind::Pipe)) {
        if (!start_inline) take();
        start_inline = false;
        Token const token = expect(TokenKind::Name);
        std::string_view name = token.text;
        while (skip(TokenKind::Dot))
            name = tree_.texts.emplace_back(std::string(name) + "." + std::string(expect(TokenKind::Name).text));
        Arguments arguments;
        if (at(TokenKind::LParen)) arguments = parse_arguments();
        subject = make_expr<Filter>(position_of(token), subject, name, std::move(arguments));
    }
    return subject;
}

Expr* Parser::parse_test(Expr* subject) {
    auto const position = position_of(take());
    bool const negated = skip_name("not");
    std::string_view name = expect(TokenKind::Name).text;
    while (skip(TokenKind::Dot))
        name = tree_.texts.emplace_back(std::string(name) + "." + std::string(expect(TokenKind::Name).text));
    Arguments arguments;
    switch (current_.kind) {
    case TokenKind::LParen: arguments = parse_arguments(); break;
    case TokenKind::Name:
        if (at_name("else") || at_name("or") || at_name("and")) break;
        if (at_name("is")) fail_here("You cannot chain multiple tests with is");
        [[fallthrough]];
    case TokenKind::String:
    case TokenKind::Integer:
    case TokenKind::Float:
    case TokenKind::LBracket:
    case TokenKind::LBrace: arguments.positional.push_back(parse_postfix(parse_primary())); break;
    default: break;
    }
    Expr* node = make_expr<Test>(position, subject, name, std::move(arguments));
    return negated ? make_expr<Unary>(position, UnaryOp::Not, node) : node;
}

// ── Targets of assignments ──────────────────────────────────────────────────────────────────────────────────────

void Parser::make_target(Expr& node) {
    auto reject = [&](std::string_view what) { fail("can't assign to " + quote(what), node.position); };
    switch (node.kind) {
    case NodeKind::Name: node.as<Name>().use = Use::Store; break;
    case NodeKind::NamespaceRef: break;
    case NodeKind::Tuple:
        for (auto* item : node.as<Tuple>().items) {
            bool const assignable =
                item->kind == NodeKind::Name || item->kind == NodeKind::NamespaceRef || item->kind == NodeKind::Tuple;
            if (!assignable) reject("tuple");
            make_target(*item);
        }
        break;
    case NodeKind::Const: reject("const"); break;
    case NodeKind::List: reject("list"); break;
    case NodeKind::Dict: reject("dict"); break;
    default: reject("expression");
    }
}

Expr* Parser::parse_target(bool with_namespace) {
    Expr* target = parse_tuple(Mode::Target, false, with_namespace);
    make_target(*target);
    return target;
}

Name* Parser::parse_name_target() {
    Token const token = expect(TokenKind::Name);
    for (std::string_view constant : {"true", "false", "none", "True", "False", "None"})
        if (token.text == constant) fail("can't assign to 'name'", position_of(token));
    return make_expr<Name>(position_of(token), token.text, Use::Store);
}

} // namespace hxx::jinja
