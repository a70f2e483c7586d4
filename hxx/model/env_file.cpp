#include "hxx/model/env_file.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <stdexcept>

namespace hxx {
namespace {

class EnvParser {
  public:
    EnvParser(std::string_view text, std::string_view file) : rest_(text), file_(file) {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    }

    std::vector<EnvEntry> parse() {
        while (skip_to_entry()) {
            EnvEntry entry;
            entry.line = line_;
            entry.name = name();
            bool const twice = std::any_of(entries_.begin(), entries_.end(),
                                           [&](EnvEntry const& other) { return other.name == entry.name; });
            if (twice) fail(entry.name + " is set a second time");
            entry.value = value();
            entries_.push_back(std::move(entry));
        }
        return std::move(entries_);
    }

  private:
    [[noreturn]] void fail(std::string const& what) const {
        throw std::runtime_error(std::string(file_) + ":" + std::to_string(line_) + ": " + what);
    }
    [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\n' : rest_.front(); }
    char take() {
        char const c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '\n') ++line_;
        return c;
    }
    void skip_blanks() {
        while (!rest_.empty() && (peek() == ' ' || peek() == '\t' || peek() == '\r')) take();
    }
    void skip_line() {
        while (!rest_.empty() && take() != '\n') {
        }
    }
    bool skip_to_entry() {
        while (!rest_.empty()) {
            if (ascii::is_space(peek()))
                take();
            else if (peek() == '#')
                skip_line();
            else
                return true;
        }
        return false;
    }

    std::string name() {
        auto word = identifier();
        if (word == "export" && (peek() == ' ' || peek() == '\t')) {
            skip_blanks();
            word = identifier();
        }
        skip_blanks();
        if (word.empty() || ascii::is_digit(word.front())) fail("expected a name of letters, digits and _");
        if (peek() != '=') fail("expected = after " + word);
        take();
        skip_blanks();
        return word;
    }
    std::string identifier() {
        std::string word;
        while (!rest_.empty() && (ascii::is_alnum(peek()) || peek() == '_')) word += take();
        return word;
    }

    std::string value() {
        if (peek() == '\'' || peek() == '"') {
            auto text = quoted(take());
            skip_blanks();
            if (peek() == '#')
                skip_line();
            else if (peek() != '\n')
                fail("expected the end of the line after the closing quote");
            return text;
        }
        auto line = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(line.size());
        for (std::size_t i = 0; i < line.size(); ++i)
            if (line[i] == '#' && (i == 0 || ascii::is_space(line[i - 1]))) line = line.substr(0, i);
        return std::string(ascii::trim(line));
    }
    std::string quoted(char quote) {
        auto const first_line = line_;
        std::string text;
        while (!rest_.empty()) {
            char const c = take();
            if (c == quote) return text;
            if (c == '\\' && quote == '"' && !rest_.empty())
                text += escaped(take());
            else
                text += c;
        }
        line_ = first_line;
        fail("the quote that begins here is not closed");
    }
    static std::string escaped(char c) {
        switch (c) {
        case 'n': return "\n";
        case 'r': return "\r";
        case 't': return "\t";
        case '"':
        case '\\':
        case '$': return {c};
        default: return {'\\', c};
        }
    }

    std::string_view rest_, file_;
    std::size_t line_ = 1;
    std::vector<EnvEntry> entries_;
};

} // namespace

std::vector<EnvEntry> parse_env(std::string_view text, std::string_view file) { return EnvParser(text, file).parse(); }

} // namespace hxx
