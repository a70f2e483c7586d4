#include "hxx/compiled/contexts.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace hxx::compiled {
namespace {

struct Token {
    enum class Kind : unsigned char { Word, Text, Symbol, End } kind = Kind::End;
    std::string_view text{};
    std::size_t line = 1;
};

/// Words, string literals and single characters; comments and preprocessor lines are skipped.
class Tokens {
  public:
    explicit Tokens(std::string_view source) : source_(source) {}

    Token next() {
        skip();
        if (at_ >= source_.size()) return {Token::Kind::End, {}, line_};
        std::size_t const from = at_;
        char const c = source_[at_];
        if (is_word(c)) {
            while (at_ < source_.size() && is_word(source_[at_])) ++at_;
            auto const word = source_.substr(from, at_ - from);
            if (at_ < source_.size() && source_[at_] == '"' && word.ends_with('R')) return raw_text();
            return {Token::Kind::Word, word, line_};
        }
        if (c == '"' || c == '\'') return text(c);
        ++at_;
        return {Token::Kind::Symbol, source_.substr(from, 1), line_};
    }

  private:
    static bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
    void step() {
        if (source_[at_] == '\n') ++line_;
        ++at_;
    }
    void skip_to(std::string_view end) {
        while (at_ < source_.size() && !source_.substr(at_).starts_with(end)) step();
    }
    void skip() {
        bool first_of_line = at_ == 0;
        while (at_ < source_.size()) {
            auto const rest = source_.substr(at_);
            if (std::isspace(static_cast<unsigned char>(rest[0])) != 0) {
                first_of_line = first_of_line || rest[0] == '\n';
                step();
            } else if (rest.starts_with("//") || (first_of_line && rest[0] == '#')) {
                skip_line();
                first_of_line = true;
            } else if (rest.starts_with("/*")) {
                skip_to("*/");
                at_ = std::min(at_ + 2, source_.size());
            } else
                return;
        }
    }
    void skip_line() {
        while (at_ < source_.size() && source_[at_] != '\n') {
            if (source_[at_] == '\\' && at_ + 1 < source_.size()) step();
            step();
        }
    }
    Token text(char quote) {
        std::size_t const from = ++at_;
        while (at_ < source_.size() && source_[at_] != quote) {
            if (source_[at_] == '\\' && at_ + 1 < source_.size()) ++at_;
            step();
        }
        Token const token{Token::Kind::Text, source_.substr(from, at_ - from), line_};
        at_ = std::min(at_ + 1, source_.size());
        return token;
    }
    Token raw_text() {
        std::size_t const open = source_.find('(', at_);
        if (open == std::string_view::npos) return {};
        std::string const end = ")" + std::string(source_.substr(at_ + 1, open - at_ - 1)) + '"';
        at_ = open + 1;
        std::size_t const from = at_;
        skip_to(end);
        Token const token{Token::Kind::Text, source_.substr(from, at_ - from), line_};
        at_ = std::min(at_ + end.size(), source_.size());
        return token;
    }

    std::string_view source_;
    std::size_t at_ = 0, line_ = 1;
};

struct Scope {
    std::string name; // with ::, empty for what is none that has a name
    bool is_struct = false;
};

std::string joined(std::vector<Scope> const& scopes) {
    std::string name;
    for (auto const& scope : scopes)
        if (!scope.name.empty()) name += (name.empty() ? "" : "::") + scope.name;
    return name;
}

[[noreturn]] void fail(std::string_view file, std::size_t line, std::string_view what) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + std::string(what));
}

} // namespace

std::vector<ContextType> find_contexts(std::string_view header, std::string_view file) {
    std::vector<ContextType> found;
    std::vector<Scope> scopes;
    Scope pending; // what the next brace opens
    bool naming = false;
    Tokens tokens(header);
    for (Token token = tokens.next(); token.kind != Token::Kind::End; token = tokens.next()) {
        if (token.kind == Token::Kind::Word) {
            if (token.text == "namespace" || token.text == "struct" || token.text == "class") {
                pending = {"", token.text != "namespace"};
                naming = true;
            } else if (token.text == "template_name") {
                if (scopes.empty() || !scopes.back().is_struct)
                    fail(file, token.line, "a template_name belongs into the struct that is the template's context");
                if (tokens.next().text != "=") fail(file, token.line, "template_name = \"…\" is wanted here");
                auto const text = tokens.next();
                if (text.kind != Token::Kind::Text)
                    fail(file, token.line, "a template_name is a string literal, which is read without a compiler");
                found.push_back({joined(scopes), std::string(text.text), token.line});
            } else if (naming)
                pending.name += (pending.name.empty() ? "" : "::") + std::string(token.text);
        } else if (token.text == "{") {
            scopes.push_back(std::exchange(pending, {}));
            naming = false;
        } else if (token.text == "}") {
            if (!scopes.empty()) scopes.pop_back();
        } else if (token.text == ";" || token.text == "(" || token.text == "=") {
            pending = {};
            naming = false;
        } else if (naming && token.text == ":" && pending.is_struct) {
            naming = false; // a base follows, or ::
        }
    }
    return found;
}

} // namespace hxx::compiled
