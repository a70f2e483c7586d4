// What stands inside of tags. lexer.cpp has what is around them.
#include "hxx/jinja/lexer.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <array>

namespace hxx::jinja {
namespace {

struct Operator {
    std::string_view text;
    TokenKind kind;
};
// Longer ones first.
constexpr std::array operators{
    Operator{"//", TokenKind::FloorDiv}, Operator{"**", TokenKind::Pow},     Operator{"==", TokenKind::Eq},
    Operator{"!=", TokenKind::Ne},       Operator{">=", TokenKind::GtEq},    Operator{"<=", TokenKind::LtEq},
    Operator{"+", TokenKind::Add},       Operator{"-", TokenKind::Sub},      Operator{"/", TokenKind::Div},
    Operator{"*", TokenKind::Mul},       Operator{"%", TokenKind::Mod},      Operator{"~", TokenKind::Tilde},
    Operator{"[", TokenKind::LBracket},  Operator{"]", TokenKind::RBracket}, Operator{"(", TokenKind::LParen},
    Operator{")", TokenKind::RParen},    Operator{"{", TokenKind::LBrace},   Operator{"}", TokenKind::RBrace},
    Operator{">", TokenKind::Gt},        Operator{"<", TokenKind::Lt},       Operator{"=", TokenKind::Assign},
    Operator{".", TokenKind::Dot},       Operator{":", TokenKind::Colon},    Operator{"|", TokenKind::Pipe},
    Operator{",", TokenKind::Comma},     Operator{";", TokenKind::Semicolon}};

bool ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Digits of a base with single underscores between them, from `at`; returns where they end.
template <class IsDigit>
std::size_t digits_end(std::string_view text, std::size_t at, IsDigit&& is) {
    std::size_t end = at;
    while (end < text.size()) {
        std::size_t next = end;
        if (text[next] == '_' && end > at) ++next;
        if (next >= text.size() || !is(text[next])) break;
        end = next + 1;
    }
    return end;
}

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

std::string_view describe(TokenKind kind) noexcept {
    switch (kind) {
    case TokenKind::Data: return "template data / text";
    case TokenKind::VariableBegin: return "begin of print statement";
    case TokenKind::VariableEnd: return "end of print statement";
    case TokenKind::BlockBegin: return "begin of statement block";
    case TokenKind::BlockEnd: return "end of statement block";
    case TokenKind::Name: return "name";
    case TokenKind::String: return "string";
    case TokenKind::Integer: return "integer";
    case TokenKind::Float: return "float";
    case TokenKind::Eof: return "end of template";
    default:
        for (auto const& entry : operators)
            if (entry.kind == kind) return entry.text;
        return "token";
    }
}

std::string describe(Token const& token) {
    return std::string(token.kind == TokenKind::Name ? token.text : describe(token.kind));
}

bool Lexer::lex_tag_end(Token& token) {
    if (mode_ == Mode::LineStatement) {
        // White space up to and with the last newline of a run, or the end of the template.
        std::size_t const after = skip_space(position_);
        std::size_t end = after;
        if (after < source_.size()) {
            auto const newline = source_.substr(position_, after - position_).rfind('\n');
            if (newline == std::string_view::npos) return false;
            end = position_ + newline + 1;
        }
        token = make(TokenKind::BlockEnd, position_, {});
        position_ = end;
    } else {
        bool const block = mode_ == Mode::Block;
        std::string_view const end = block ? options_.block_end : options_.variable_end;
        std::size_t after = 0;
        if (block && source_[position_] == '+' && starts(position_ + 1, end))
            after = position_ + 1 + end.size();
        else if (source_[position_] == '-' && starts(position_ + 1, end))
            after = skip_space(position_ + 1 + end.size());
        else if (starts(position_, end))
            after = block ? after_tag_end(position_, end) : position_ + end.size();
        else
            return false;
        token = make(block ? TokenKind::BlockEnd : TokenKind::VariableEnd, position_, {});
        position_ = after;
    }
    line_starting_ = position_ > 0 && source_[position_ - 1] == '\n';
    mode_ = Mode::Root;
    return true;
}

bool Lexer::lex_tag(Token& token) {
    if (brackets_.empty() && (position_ < source_.size() || mode_ == Mode::LineStatement) && lex_tag_end(token))
        return true;
    if (position_ >= source_.size()) {
        mode_ = Mode::Root; // the end of the template; the parser reports the open tag
        return false;
    }
    std::size_t const after = skip_space(position_);
    if (after != position_) {
        position_ = after;
        return false;
    }
    if (lex_number(token) || lex_name(token) || lex_string(token) || lex_operator(token)) return true;
    std::size_t end = position_;
    static_cast<void>(next_code_point(source_, end));
    auto const shown = source_.substr(position_, end - position_);
    std::string const quote = shown == "'" ? "\"" : "'";
    fail("unexpected char " + quote + (shown == "\\" ? "\\\\" : std::string(shown)) + quote + " at " +
             std::to_string(code_points(source_.substr(0, position_))),
         position_);
}

bool Lexer::lex_number(Token& token) {
    std::size_t const at = position_;
    if (!ascii_digit(source_[at])) return false;
    // A float does not follow a dot: in a.1.2 each number is an integer.
    if (at == 0 || source_[at - 1] != '.') {
        std::size_t const whole = digits_end(source_, at, ascii_digit);
        std::size_t end = whole;
        bool real = false;
        if (end + 1 < source_.size() && source_[end] == '.' && ascii_digit(source_[end + 1])) {
            end = digits_end(source_, end + 1, ascii_digit);
            real = true;
        }
        if (end < source_.size() && (source_[end] == 'e' || source_[end] == 'E')) {
            std::size_t exponent = end + 1;
            if (exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-')) ++exponent;
            if (exponent < source_.size() && ascii_digit(source_[exponent])) {
                end = digits_end(source_, exponent, ascii_digit);
                real = true;
            }
        }
        if (real) {
            token = make(TokenKind::Float, at, source_.substr(at, end - at));
            position_ = end;
            return true;
        }
    }
    std::size_t end = at + 1;
    if (source_[at] == '0') {
        char const base = at + 1 < source_.size() ? static_cast<char>(source_[at + 1] | 0x20) : ' ';
        auto is_digit_of = [base](char c) {
            if (base == 'b') return c == '0' || c == '1';
            if (base == 'o') return c >= '0' && c <= '7';
            return hex_value(c) >= 0;
        };
        std::size_t based = at + 2;
        if (base == 'b' || base == 'o' || base == 'x') {
            if (based < source_.size() && source_[based] == '_') ++based;
            std::size_t const stop = digits_end(source_, based, is_digit_of);
            if (stop > based) end = stop;
        }
        if (end == at + 1) end = digits_end(source_, at, [](char c) { return c == '0'; });
    } else
        end = digits_end(source_, at, ascii_digit);
    token = make(TokenKind::Integer, at, source_.substr(at, end - at));
    position_ = end;
    return true;
}

bool Lexer::lex_name(Token& token) {
    std::size_t end = position_;
    bool valid = true;
    while (end < source_.size()) {
        std::size_t after = end;
        char32_t const c = next_code_point(source_, after);
        if (!is_word(c) && !is_identifier_part(c)) break;
        valid = valid && (end == position_ ? is_identifier_start(c) : is_identifier_part(c));
        end = after;
    }
    if (end == position_) return false;
    if (!valid) fail("Invalid character in identifier", position_);
    token = make(TokenKind::Name, position_, source_.substr(position_, end - position_));
    position_ = end;
    return true;
}

bool Lexer::lex_string(Token& token) {
    char const quote = source_[position_];
    if (quote != '\'' && quote != '"') return false;
    std::size_t i = position_ + 1;
    bool plain = true;
    while (i < source_.size() && source_[i] != quote) {
        if (source_[i] == '\\') {
            plain = false;
            ++i;
        }
        ++i;
    }
    if (i >= source_.size()) return false;
    auto const body = source_.substr(position_ + 1, i - position_ - 1);
    std::size_t const start = position_;
    auto const normalised = data_text(body);
    token = make(TokenKind::String, start, plain ? normalised : unescape(normalised, start));
    position_ = i + 1;
    return true;
}

// Python's escapes in string literals.
std::string_view Lexer::unescape(std::string_view body, std::size_t offset) {
    std::string out;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != '\\') {
            out += body[i];
            continue;
        }
        if (++i >= body.size()) fail("\\ at end of string", offset);
        char const c = body[i];
        auto hex = [&](std::size_t count, char const* message) {
            char32_t value = 0;
            for (std::size_t k = 1; k <= count; ++k) {
                int const digit = i + k < body.size() ? hex_value(body[i + k]) : -1;
                if (digit < 0) fail(message, offset);
                value = value * 16 + static_cast<char32_t>(digit);
            }
            i += count;
            if (value > 0x10FFFF) fail("illegal Unicode character", offset);
            utf8::append(out, value);
        };
        switch (c) {
        case '\n': break;
        case '\\':
        case '\'':
        case '"': out += c; break;
        case 'a': out += '\a'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'v': out += '\v'; break;
        case 'x': hex(2, "truncated \\xXX escape"); break;
        case 'u': hex(4, "truncated \\uXXXX escape"); break;
        case 'U': hex(8, "truncated \\UXXXXXXXX escape"); break;
        case 'N': fail("malformed \\N character escape", offset);
        default:
            if (c >= '0' && c <= '7') {
                char32_t value = 0;
                std::size_t count = 0;
                while (count < 3 && i + count < body.size() && body[i + count] >= '0' && body[i + count] <= '7')
                    value = value * 8 + static_cast<char32_t>(body[i + count++] - '0');
                i += count - 1;
                utf8::append(out, value);
            } else {
                out += '\\';
                out += c;
            }
        }
    }
    return store(std::move(out));
}

bool Lexer::lex_operator(Token& token) {
    auto const found = std::find_if(operators.begin(), operators.end(),
                                    [this](Operator const& entry) { return starts(position_, entry.text); });
    if (found == operators.end()) return false;
    char const c = found->text.front();
    if (c == '(' || c == '[' || c == '{')
        brackets_.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    else if (c == ')' || c == ']' || c == '}') {
        if (brackets_.empty()) fail(std::string("unexpected '") + c + "'", position_);
        char const expected = brackets_.back();
        brackets_.pop_back();
        if (expected != c) fail(std::string("unexpected '") + c + "', expected '" + expected + "'", position_);
    }
    token = make(found->kind, position_, found->text);
    position_ += found->text.size();
    return true;
}

} // namespace hxx::jinja
