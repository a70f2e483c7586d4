// Parser: from tokens to the syntax tree.
#pragma once

#include "hxx/jinja/ast.hpp"
#include "hxx/jinja/lexer.hpp"

#include <initializer_list>

namespace hxx::jinja {

/// Fills `tree` from tree.source (normalised). Throws TemplateSyntaxError or TemplateAssertionError with its place.
void parse_template(Options const& options, std::string_view template_name, ast::Tree& tree);

/// Line (from 1), column (from 1, in code points) and text of the line at a byte offset.
struct SourcePlace {
    std::size_t line, column;
    std::string_view text;
};
[[nodiscard]] SourcePlace place_in(std::string_view source, std::size_t offset) noexcept;

class Parser {
  public:
    Parser(Options const& options, std::string_view template_name, ast::Tree& tree);
    void parse();

  private:
    // Names that end a body, such as {"endfor", "else"}.
    using Ends = std::initializer_list<std::string_view>;
    enum class Mode : unsigned char { Full, WithoutConditional, Target };

    // Tokens
    Token take();
    Token const& look();
    [[nodiscard]] bool at(TokenKind kind) const noexcept { return current_.kind == kind; }
    [[nodiscard]] bool at_name(std::string_view name) const noexcept {
        return current_.kind == TokenKind::Name && current_.text == name;
    }
    bool skip(TokenKind kind);
    bool skip_name(std::string_view name);
    Token expect(TokenKind kind);
    Token expect_name(std::string_view name);
    [[noreturn]] void unexpected(std::string_view expected);
    [[noreturn]] void fail(std::string message, ast::Position position,
                           ErrorKind kind = ErrorKind::TemplateSyntaxError);
    [[noreturn]] void fail_here(std::string message) { fail(std::move(message), position_of(current_)); }
    static ast::Position position_of(Token const& token) noexcept { return {token.line, token.offset}; }
    [[nodiscard]] ast::Position here() const noexcept { return position_of(current_); }
    Token read();

    // Statements: parser_statements.cpp
    ast::Body parse_body(Ends ends);
    ast::Body parse_statements(Ends ends, bool drop_end);
    ast::Stmt* parse_statement(ast::Body& before);
    ast::Stmt* parse_for();
    ast::Stmt* parse_if();
    ast::Stmt* parse_set();
    ast::Stmt* parse_with();
    ast::Stmt* parse_autoescape();
    ast::Stmt* parse_block();
    ast::Stmt* parse_extends();
    ast::Stmt* parse_include();
    ast::Stmt* parse_import();
    ast::Stmt* parse_from();
    ast::Stmt* parse_macro();
    ast::Stmt* parse_call_block();
    ast::Stmt* parse_filter_block();
    ast::Stmt* parse_print();
    ast::Stmt* parse_do();
    ast::Stmt* parse_debug();
    ast::Signature parse_signature();
    bool parse_import_context(bool fallback);
    [[noreturn]] void fail_unknown_tag(std::string_view name, ast::Position position);
    [[noreturn]] void fail_end_of_template(std::vector<std::string_view> const& ends);
    [[noreturn]] void fail_structure(std::string message, bool named, std::string_view name,
                                     std::vector<std::string_view> const* looking_for, ast::Position position);

    // Translation: parser_trans.cpp
    struct Trans;
    struct TransText {
        std::string text; // with %(name)s where a name is written, and %% for a percent sign
        std::vector<ast::Name*> names{};
    };
    ast::Stmt* parse_trans(ast::Body& before);
    void parse_trans_variables(Trans& trans, ast::Body& before);
    TransText parse_trans_text(bool may_pluralize);
    ast::Expr* trans_call(Trans& trans);

    // Expressions: parser.cpp
    ast::Expr* parse_expression(bool with_conditional = true);
    ast::Expr* parse_conditional();
    ast::Expr* parse_or();
    ast::Expr* parse_and();
    ast::Expr* parse_not();
    ast::Expr* parse_compare();
    ast::Expr* parse_math1();
    ast::Expr* parse_concat();
    ast::Expr* parse_math2();
    ast::Expr* parse_pow();
    ast::Expr* parse_unary(bool with_filter = true);
    ast::Expr* parse_primary(bool with_namespace = false);
    ast::Expr* parse_number();
    ast::Expr* parse_list();
    ast::Expr* parse_dict();
    ast::Expr* parse_tuple(Mode mode = Mode::Full, bool parenthesised = false, bool with_namespace = false);
    ast::Expr* parse_postfix(ast::Expr* node);
    ast::Expr* parse_filter_expression(ast::Expr* node);
    ast::Expr* parse_subscript(ast::Expr* node);
    ast::Expr* parse_subscribed();
    ast::Expr* parse_call(ast::Expr* callee);
    ast::Arguments parse_arguments();
    ast::Expr* parse_filter(ast::Expr* subject, bool start_inline = false);
    ast::Expr* parse_test(ast::Expr* subject);
    ast::Expr* parse_target(bool with_namespace = false);
    ast::Name* parse_name_target();
    void make_target(ast::Expr& node);

    template <class T, class... A>
    T* make_expr(A&&... arguments);
    struct Nested; // counts how deep constructs are nested

    Options const& options_;
    std::string_view name_;
    ast::Tree& tree_;
    Lexer lexer_;
    Token current_;
    std::deque<Token> pushed_;
    std::size_t nesting_ = 0;
    std::vector<std::string_view> tags_;                   // open tags
    std::vector<std::vector<std::string_view>> end_stack_; // what each open body ends with
};

} // namespace hxx::jinja
