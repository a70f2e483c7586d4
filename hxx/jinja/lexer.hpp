// Lexer: a template's source as tokens, one at a time.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <cstdint>
#include <deque>

namespace hxx::jinja {

enum class TokenKind : unsigned char {
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Add,
    Assign,
    Colon,
    Comma,
    Div,
    Dot,
    Eq,
    FloorDiv,
    Gt,
    GtEq,
    LBrace,
    LBracket,
    LParen,
    Lt,
    LtEq,
    Mod,
    Mul,
    Ne,
    Pipe,
    Pow,
    RBrace,
    RBracket,
    RParen,
    Semicolon,
    Sub,
    Tilde,
    Eof
};

struct Token {
    TokenKind kind = TokenKind::Eof;
    std::uint32_t line = 1;
    std::uint32_t offset = 0; // in the normalised source
    std::string_view text{};  // of data, names, numbers; the value of strings
};

/// The token as messages name it: "end of print statement", ",", the name itself.
[[nodiscard]] std::string describe(Token const& token);
[[nodiscard]] std::string_view describe(TokenKind kind) noexcept;

/// Newlines as '\n', without the last one unless it is kept: what the lexer reads and messages show.
[[nodiscard]] std::string normalise_source(std::string_view source, bool keep_trailing_newline);

class Lexer {
  public:
    /// `source` is normalised and, as `texts` (where changed strings are kept), outlives the tokens.
    Lexer(Options const& options, std::string_view source, std::deque<std::string>& texts);

    /// Throws a TemplateSyntaxError without a place but with the offset in error_offset().
    Token next();
    [[nodiscard]] std::uint32_t error_offset() const noexcept { return error_offset_; }

  private:
    enum class Mode : unsigned char { Root, Block, Variable, LineStatement };
    enum class Begin : unsigned char { Raw, Comment, Block, Variable, LineStatement, LineComment };
    struct Delimiter {
        Begin begin;
        std::string_view text;
    };
    struct Match {
        Begin begin{};
        std::size_t start = 0, end = 0; // end is after the sign
        char sign = 0;
    };

    bool lex_root(Token& token);
    bool lex_tag(Token& token);
    bool lex_tag_end(Token& token);
    bool lex_number(Token& token);
    bool lex_name(Token& token);
    bool lex_string(Token& token);
    bool lex_operator(Token& token);
    void skip_comment();
    bool lex_raw_body(Token& token);
    bool find_begin(Match& match) const;
    [[nodiscard]] bool space_before(std::size_t at) const;
    bool match_begin(std::size_t at, Match& match) const;
    bool match_raw(std::size_t at, Match& match) const;
    [[nodiscard]] std::string_view strip_before(std::string_view text, char sign, bool variable) const;
    [[nodiscard]] std::size_t skip_space(std::size_t at) const noexcept;
    [[nodiscard]] std::size_t after_tag_end(std::size_t at, std::string_view end) const noexcept;
    bool starts(std::size_t at, std::string_view text) const noexcept {
        return source_.substr(at, text.size()) == text;
    }
    Token make(TokenKind kind, std::size_t start, std::string_view text);
    void advance(std::size_t to);
    std::string_view store(std::string text);
    std::string_view data_text(std::string_view text);
    std::string_view unescape(std::string_view body, std::size_t offset);
    [[noreturn]] void fail(std::string message, std::size_t offset);

    Options const& options_;
    std::string_view source_;
    std::deque<std::string>& texts_;
    std::vector<Delimiter> delimiters_; // in the order in which they are tried
    bool first_bytes_[256] = {};
    bool has_line_rules_ = false;
    std::size_t position_ = 0;
    std::size_t counted_ = 0; // lines are counted up to here
    std::uint32_t line_ = 1;
    std::uint32_t last_line_ = 1;
    std::uint32_t error_offset_ = 0;
    Mode mode_ = Mode::Root;
    bool line_starting_ = true;
    bool raw_ = false; // the next token is a raw block's body
    std::vector<char> brackets_;
    std::deque<Token> pending_;
};

} // namespace hxx::jinja
