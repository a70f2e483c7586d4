#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/parser_detail.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

namespace hxx::jinja {

using namespace ast;

// ── Bodies ──────────────────────────────────────────────────────────────────────────────────────────────────────

Body Parser::parse_body(Ends ends) {
    Nested nested(*this);
    Body body;
    Output* output = nullptr;
    auto add = [&](Expr* part) {
        if (!output) {
            output = tree_.make<Output>(part->position);
            body.push_back(output);
        }
        output->parts.push_back(part);
    };
    if (ends.size() > 0) end_stack_.emplace_back(ends);
    while (!at(TokenKind::Eof)) {
        if (at(TokenKind::Data)) {
            Token const token = take();
            add(make_expr<TemplateData>(position_of(token), token.text));
        } else if (at(TokenKind::VariableBegin)) {
            take();
            add(parse_tuple());
            expect(TokenKind::VariableEnd);
        } else {
            output = nullptr;
            expect(TokenKind::BlockBegin);
            if (std::any_of(ends.begin(), ends.end(), [this](std::string_view end) { return at_name(end); })) break;
            body.push_back(parse_statement(body));
            expect(TokenKind::BlockEnd);
        }
    }
    if (ends.size() > 0) end_stack_.pop_back();
    return body;
}

Body Parser::parse_statements(Ends ends, bool drop_end) {
    skip(TokenKind::Colon); // as in Python
    expect(TokenKind::BlockEnd);
    Body body = parse_body(ends);
    if (at(TokenKind::Eof)) fail_end_of_template(ends);
    if (drop_end) take();
    return body;
}

// What has to run before the statement goes to `before`.
Stmt* Parser::parse_statement(Body& before) {
    using Parse = Stmt* (Parser::*)();
    struct Tag {
        std::string_view name;
        Parse parse;
    };
    static constexpr Tag tags[] = {
        {"for", &Parser::parse_for},         {"if", &Parser::parse_if},
        {"block", &Parser::parse_block},     {"extends", &Parser::parse_extends},
        {"print", &Parser::parse_print},     {"macro", &Parser::parse_macro},
        {"include", &Parser::parse_include}, {"from", &Parser::parse_from},
        {"import", &Parser::parse_import},   {"set", &Parser::parse_set},
        {"with", &Parser::parse_with},       {"autoescape", &Parser::parse_autoescape},
        {"call", &Parser::parse_call_block}, {"filter", &Parser::parse_filter_block},
    };
    Token const token = current_;
    if (token.kind != TokenKind::Name) fail("tag name expected", position_of(token));
    auto with_tag = [&](auto&& parse) {
        tags_.push_back(token.text);
        Stmt* statement = parse();
        tags_.pop_back();
        return statement;
    };
    for (auto const& tag : tags)
        if (tag.name == token.text) return with_tag([&] { return (this->*tag.parse)(); });
    if (token.text == "do" && options_.do_statement) return with_tag([&] { return parse_do(); });
    if (token.text == "trans" && options_.translations) return with_tag([&] { return parse_trans(before); });
    if (token.text == "debug" && options_.debug_statement) return with_tag([&] { return parse_debug(); });
    if (options_.loop_controls && token.text == "break") return tree_.make<Break>(position_of(take()));
    if (options_.loop_controls && token.text == "continue") return tree_.make<Continue>(position_of(take()));
    fail_unknown_tag(token.text, position_of(token));
}

namespace {
std::string listed(std::vector<std::string_view> const& names) {
    std::string text;
    for (auto name : names) text += (text.empty() ? "" : " or ") + quote(name);
    return text;
}
} // namespace

void Parser::fail_structure(std::string message, bool named, std::string_view name,
                            std::vector<std::string_view> const* looking_for, Position position) {
    if (looking_for) {
        bool expected_outside = false;
        for (auto const& ends : end_stack_)
            expected_outside = expected_outside || std::find(ends.begin(), ends.end(), name) != ends.end();
        if (named && expected_outside)
            message += " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for " +
                       listed(*looking_for) + ".";
        else
            message += " Jinja was looking for the following tags: " + listed(*looking_for) + ".";
    }
    if (!tags_.empty()) message += " The innermost block that needs to be closed is " + quote(tags_.back()) + ".";
    fail(std::move(message), position);
}

void Parser::fail_unknown_tag(std::string_view name, Position position) {
    static constexpr std::pair<std::string_view, std::string_view> options[] = {{"trans", "translations"},
                                                                                {"debug", "debug_statement"},
                                                                                {"do", "do_statement"},
                                                                                {"break", "loop_controls"},
                                                                                {"continue", "loop_controls"}};
    try {
        fail_structure("Encountered unknown tag " + quote(name) + ".", true, name,
                       end_stack_.empty() ? nullptr : &end_stack_.back(), position);
    } catch (Error& error) {
        for (auto const& [tag, option] : options)
            if (tag == name) error.set_hint("the program has not turned it on (Options::" + std::string(option) + ")");
        throw;
    }
}

void Parser::fail_end_of_template(std::vector<std::string_view> const& ends) {
    fail_structure("Unexpected end of template.", false, {}, &ends, here());
}

// ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────

Stmt* Parser::parse_for() {
    auto* node = tree_.make<For>(position_of(take()));
    node->target = parse_target();
    expect_name("in");
    node->iterable = parse_tuple(Mode::WithoutConditional);
    if (skip_name("if")) node->test = parse_expression();
    node->recursive = skip_name("recursive");
    node->body = parse_statements({"endfor", "else"}, false);
    if (take().text == "else") node->otherwise = parse_statements({"endfor"}, true);
    return node;
}

Stmt* Parser::parse_if() {
    auto* result = tree_.make<If>(position_of(take()));
    If* node = result;
    for (;;) {
        node->test = parse_tuple(Mode::WithoutConditional);
        node->body = parse_statements({"elif", "else", "endif"}, false);
        auto const tag = take().text;
        if (tag == "elif") {
            node = tree_.make<If>(here());
            result->elifs.push_back(node);
            continue;
        }
        if (tag == "else") result->otherwise = parse_statements({"endif"}, true);
        return result;
    }
}

Stmt* Parser::parse_set() {
    auto const position = position_of(take());
    Expr* target = parse_target(true);
    if (skip(TokenKind::Assign)) {
        auto* node = tree_.make<Assign>(position);
        node->target = target;
        node->value = parse_tuple();
        return node;
    }
    auto* node = tree_.make<AssignBlock>(position);
    node->target = target;
    if (Expr* filter = parse_filter(nullptr)) node->filter = &filter->as<Filter>();
    node->body = parse_statements({"endset"}, true);
    return node;
}

Stmt* Parser::parse_with() {
    auto* node = tree_.make<With>(position_of(take()));
    while (!at(TokenKind::BlockEnd)) {
        if (!node->targets.empty()) expect(TokenKind::Comma);
        Expr* target = parse_target();
        auto as_parameter = [](auto& self, Expr& expr) -> void {
            if (expr.kind == NodeKind::Name) expr.as<Name>().use = Use::Param;
            if (expr.kind == NodeKind::Tuple)
                for (auto* item : expr.as<Tuple>().items) self(self, *item);
        };
        as_parameter(as_parameter, *target);
        node->targets.push_back(target);
        expect(TokenKind::Assign);
        node->values.push_back(parse_expression());
    }
    node->body = parse_statements({"endwith"}, true);
    return node;
}

Stmt* Parser::parse_autoescape() {
    auto* node = tree_.make<ast::Autoescape>(position_of(take()));
    node->mode = parse_expression();
    node->body = parse_statements({"endautoescape"}, true);
    return node;
}

Stmt* Parser::parse_block() {
    auto* node = tree_.make<Block>(position_of(take()));
    node->name = expect(TokenKind::Name).text;
    node->scoped = skip_name("scoped");
    node->required = skip_name("required");
    if (at(TokenKind::Sub))
        fail_here("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an "
                  "underscore instead.");
    node->body = parse_statements({"endblock"}, true);
    if (node->required) {
        for (auto* statement : node->body) {
            bool blank = statement->kind == NodeKind::Output;
            if (blank)
                for (auto* part : statement->as<Output>().parts)
                    blank =
                        blank && part->kind == NodeKind::TemplateData && strip(part->as<TemplateData>().text).empty();
            if (!blank) fail_here("Required blocks can only contain comments or whitespace");
        }
    }
    skip_name(node->name);
    return node;
}

Stmt* Parser::parse_extends() {
    auto* node = tree_.make<Extends>(position_of(take()));
    node->source = parse_expression();
    return node;
}

bool Parser::parse_import_context(bool fallback) {
    if (!(at_name("with") || at_name("without")) || look().kind != TokenKind::Name || look().text != "context")
        return fallback;
    bool const with = take().text == "with";
    take();
    return with;
}

Stmt* Parser::parse_include() {
    auto* node = tree_.make<Include>(position_of(take()));
    node->source = parse_expression();
    if (at_name("ignore") && look().kind == TokenKind::Name && look().text == "missing") {
        node->ignore_missing = true;
        take();
        take();
    }
    node->with_context = parse_import_context(true);
    return node;
}

Stmt* Parser::parse_import() {
    auto* node = tree_.make<Import>(position_of(take()));
    node->source = parse_expression();
    expect_name("as");
    node->target = parse_name_target()->name;
    node->with_context = parse_import_context(false);
    return node;
}

Stmt* Parser::parse_from() {
    auto* node = tree_.make<FromImport>(position_of(take()));
    node->source = parse_expression();
    expect_name("import");
    auto at_context = [this] {
        return (at_name("with") || at_name("without")) && look().kind == TokenKind::Name && look().text == "context";
    };
    for (;;) {
        if (!node->names.empty()) expect(TokenKind::Comma);
        if (!at(TokenKind::Name)) expect(TokenKind::Name);
        if (at_context()) break;
        Name* target = parse_name_target();
        if (target->name.starts_with('_'))
            fail("names starting with an underline can not be imported", target->position,
                 ErrorKind::TemplateAssertionError);
        auto const alias = skip_name("as") ? parse_name_target()->name : target->name;
        node->names.emplace_back(target->name, alias);
        if (at_context() || !at(TokenKind::Comma)) break;
    }
    node->with_context = parse_import_context(false);
    return node;
}

Signature Parser::parse_signature() {
    Signature signature;
    expect(TokenKind::LParen);
    while (!at(TokenKind::RParen)) {
        if (!signature.parameters.empty()) expect(TokenKind::Comma);
        Name* parameter = parse_name_target();
        parameter->use = Use::Param;
        if (skip(TokenKind::Assign))
            signature.defaults.push_back(parse_expression());
        else if (!signature.defaults.empty())
            fail_here("non-default argument follows default argument");
        signature.parameters.push_back(parameter);
    }
    expect(TokenKind::RParen);
    return signature;
}

Stmt* Parser::parse_macro() {
    auto* node = tree_.make<Macro>(position_of(take()));
    node->name = parse_name_target()->name;
    node->signature = parse_signature();
    node->body = parse_statements({"endmacro"}, true);
    return node;
}

Stmt* Parser::parse_call_block() {
    auto* node = tree_.make<CallBlock>(position_of(take()));
    if (at(TokenKind::LParen)) node->signature = parse_signature();
    Expr* call = parse_expression();
    if (call->kind != NodeKind::Call) fail("expected call", node->position);
    node->call = &call->as<Call>();
    node->body = parse_statements({"endcall"}, true);
    return node;
}

Stmt* Parser::parse_filter_block() {
    auto* node = tree_.make<FilterBlock>(position_of(take()));
    node->filter = &parse_filter(nullptr, true)->as<Filter>();
    node->body = parse_statements({"endfilter"}, true);
    return node;
}

Stmt* Parser::parse_print() {
    auto* node = tree_.make<Output>(position_of(take()));
    while (!at(TokenKind::BlockEnd)) {
        if (!node->parts.empty()) expect(TokenKind::Comma);
        node->parts.push_back(parse_expression());
    }
    return node;
}

Stmt* Parser::parse_debug() {
    static Value const function = Value::function(&debug_text);
    auto* node = tree_.make<Output>(position_of(take()));
    node->parts.push_back(
        make_expr<Call>(node->position, make_expr<Const>(node->position, function.borrowed()), Arguments()));
    return node;
}

Stmt* Parser::parse_do() {
    auto* node = tree_.make<ExprStatement>(position_of(take()));
    node->value = parse_tuple();
    return node;
}

} // namespace hxx::jinja
