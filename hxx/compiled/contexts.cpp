#include "hxx/compiled/contexts.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace hxx::compiled {
namespace {

struct Token {
    enum class Kind : unsigned char { Word, Text, Symbol, End } kind = Kind::End;
    std::string_view text{};
    std::size_t line = 1;
};

/// Words, string literals, :: and single characters; comments and preprocessor lines are skipped.
class Tokens {
  public:
    explicit Tokens(std::string_view source) : source_(source) {}

    Token next() {
        skip();
        if (at_ >= source_.size()) return {Token::Kind::End, {}, line_};
        std::size_t const from = at_;
        char const c = source_[at_];
        if (is_word(c)) {
            bool const number = std::isdigit(static_cast<unsigned char>(c)) != 0; // 1'000 opens no character
            while (at_ < source_.size() && (is_word(source_[at_]) || (number && source_[at_] == '\''))) ++at_;
            auto const word = source_.substr(from, at_ - from);
            if (at_ < source_.size() && source_[at_] == '"' && word.ends_with('R')) return raw_text();
            return {Token::Kind::Word, word, line_};
        }
        if (c == '"' || c == '\'') return text(c);
        at_ += source_.substr(at_).starts_with("::") ? 2 : 1;
        return {Token::Kind::Symbol, source_.substr(from, at_ - from), line_};
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
    enum class Kind : unsigned char { Other, Namespace, Struct, Template } kind = Kind::Other;
    std::string name{}; // with ::, empty for what has none
};

[[noreturn]] void fail(std::string_view file, std::size_t line, std::string_view what) {
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + std::string(what));
}

class Finder {
  public:
    Finder(std::string_view header, std::string_view file) : tokens_(header), file_(file) {}

    std::vector<ContextType> run() {
        for (token_ = tokens_.next(); token_.kind != Token::Kind::End;) {
            auto const former = std::exchange(previous_, token_.text);
            if (token_.kind == Token::Kind::Word)
                word(former);
            else if (token_.kind == Token::Kind::Symbol)
                symbol();
            token_ = tokens_.next();
        }
        return std::move(found_);
    }

  private:
    void word(std::string_view former) {
        auto const text = token_.text;
        if (text == "namespace" || text == "struct" || text == "class") {
            pending_ = {text == "namespace" ? Scope::Kind::Namespace
                        : templated_        ? Scope::Kind::Template
                                            : Scope::Kind::Struct};
            naming_ = true;
        } else if (text == "template" && former != "::" && former != "." && former != ">")
            templated_ = true;
        else if (text == "template_name") {
            static constexpr std::string_view uses[] = {"::", ".", ">", "(", ",", "!", "=", "return"};
            if (std::find(std::begin(uses), std::end(uses), former) == std::end(uses)) context();
        } else if (naming_ && (text == "alignas" || text == "__attribute__"))
            skip('(', ')');
        else if (naming_ && text != "inline" && !(text == "final" && !pending_.name.empty())) {
            // Of words side by side the last is the name: what is before it is a macro for its attributes.
            if (former == "::" && !pending_.name.empty())
                (pending_.name += "::") += text;
            else
                pending_.name = text;
        }
    }

    void symbol() {
        auto const text = token_.text;
        if (text == "{") {
            scopes_.push_back(std::exchange(pending_, {}));
            naming_ = templated_ = false;
        } else if (text == "}") {
            if (!scopes_.empty()) scopes_.pop_back();
        } else if (text == ";") {
            pending_ = {};
            naming_ = templated_ = false;
        } else if (naming_ && (text == "(" || text == "=")) {
            pending_ = {};
            naming_ = false;
        } else if (naming_ && text == "[") {
            skip('[', ']', 1);
            previous_ = "]]";
        } else if (text == ":")
            naming_ = false; // a base follows
    }

    // From the next token's bracket to the one that closes it.
    void skip(char open, char close, int depth = 0) {
        do {
            token_ = tokens_.next();
            if (token_.kind == Token::Kind::Symbol)
                depth += token_.text[0] == open ? 1 : token_.text[0] == close ? -1 : 0;
        } while (depth > 0 && token_.kind != Token::Kind::End);
    }

    // template_name = "…", or [] = "…", or {"…"}
    void context() {
        auto const line = token_.line;
        if (scopes_.empty() || scopes_.back().kind == Scope::Kind::Other ||
            scopes_.back().kind == Scope::Kind::Namespace)
            fail(file_, line, "a template_name belongs into the struct that is the template's context");
        if (std::any_of(scopes_.begin(), scopes_.end(),
                        [](auto& scope) { return scope.kind == Scope::Kind::Template; }))
            fail(file_, line,
                 "a template cannot be a context: write a struct that derives from it, with the template_name");
        if (std::any_of(scopes_.begin(), scopes_.end(),
                        [](auto& scope) { return scope.kind == Scope::Kind::Namespace && scope.name.empty(); }))
            fail(file_, line,
                 "a context cannot be in a namespace without a name: each source has a type of its own there");
        token_ = tokens_.next();
        if (token_.text == "[") {
            tokens_.next();
            token_ = tokens_.next();
        }
        if (token_.text != "=" && token_.text != "{") fail(file_, line, "template_name = \"…\" is wanted here");
        bool const braced = token_.text == "{";
        std::string name;
        token_ = tokens_.next();
        bool plain = token_.kind == Token::Kind::Text;
        for (; token_.kind == Token::Kind::Text; token_ = tokens_.next()) name += token_.text;
        if (plain && token_.text == "sv") token_ = tokens_.next();
        if (braced && token_.text == "}") token_ = tokens_.next();
        plain = plain && token_.text == ";" && name.find('\\') == std::string::npos;
        if (!plain) fail(file_, line, "a template_name is a string literal, which is read without a compiler");
        found_.push_back({qualified(), std::move(name), line});
        symbol(); // the semicolon
    }

    [[nodiscard]] std::string qualified() const {
        std::string name;
        for (auto const& scope : scopes_)
            if (!scope.name.empty()) name += (name.empty() ? "" : "::") + scope.name;
        return name;
    }

    Tokens tokens_;
    std::string_view file_, previous_{};
    Token token_{};
    std::vector<Scope> scopes_;
    Scope pending_; // what the next brace opens
    bool naming_ = false, templated_ = false;
    std::vector<ContextType> found_;
};

} // namespace

std::vector<ContextType> find_contexts(std::string_view header, std::string_view file) {
    return Finder(header, file).run();
}

} // namespace hxx::compiled
