#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/html/selector.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <utility>

namespace hxx::dom {
namespace {

bool is_name_char(char c) noexcept {
    return ascii::is_alnum(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::vector<Complex> parse() {
        auto list = selector_list();
        if (!at_end()) refuse("this cannot follow here");
        return list;
    }

  private:
    [[noreturn]] void refuse(std::string_view why) const {
        throw std::invalid_argument(
            fmt::format("CSS selector '{}', at character {}: {}", text_, utf8::length(text_.substr(0, at_)) + 1, why));
    }

    [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
    [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
    bool take(char c) noexcept {
        if (at_end() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!take(c)) refuse(fmt::format("'{}' is missing", c));
    }
    bool skip_space() noexcept {
        auto const start = at_;
        while (!at_end() && ascii::is_space(text_[at_])) ++at_;
        return at_ > start;
    }

    std::vector<Complex> selector_list() {
        std::vector<Complex> list;
        do {
            skip_space();
            list.push_back(complex());
            skip_space();
        } while (take(','));
        return list;
    }

    Complex complex() {
        Complex result;
        result.compounds.push_back(compound(' '));
        for (;;) {
            bool const space = skip_space();
            char const c = peek();
            if (c == '>' || c == '+' || c == '~') {
                ++at_;
                skip_space();
                result.compounds.push_back(compound(c));
            } else if (space && !at_end() && c != ',' && c != ')') {
                result.compounds.push_back(compound(' '));
            } else {
                return result;
            }
        }
    }

    Compound compound(char combinator) {
        Compound result;
        result.combinator = combinator;
        auto const start = at_;
        if (!take('*') && (is_name_char(peek()) || peek() == '\\')) result.tag = name();
        for (;;) {
            if (take('#'))
                result.ids.push_back(name());
            else if (take('.'))
                result.classes.push_back(name());
            else if (take('['))
                result.attributes.push_back(attribute());
            else if (take(':'))
                pseudo_class(result);
            else
                break;
        }
        if (at_ == start) refuse("a tag, #id, .class, [attribute] or :pseudo-class is missing");
        return result;
    }

    std::string name() {
        std::string result;
        while (!at_end() && (is_name_char(peek()) || peek() == '\\')) {
            if (take('\\'))
                escape(result);
            else
                result += text_[at_++];
        }
        if (result.empty()) refuse("a name is missing");
        return result;
    }

    // Behind a backslash: up to six hexadecimal digits and a space, or any character as it is.
    void escape(std::string& out) {
        if (at_end()) refuse("nothing follows the backslash");
        if (ascii::hex_digit(peek()) < 0) {
            out += text_[at_++];
            return;
        }
        char32_t code_point = 0;
        for (int i = 0; i < 6 && ascii::hex_digit(peek()) >= 0; ++i)
            code_point = code_point * 16 + static_cast<char32_t>(ascii::hex_digit(text_[at_++]));
        if (!at_end() && ascii::is_space(peek())) ++at_;
        utf8::append(out, code_point);
    }

    AttributeTest attribute() {
        AttributeTest test;
        skip_space();
        test.name = name();
        skip_space();
        if (take(']')) return test;
        if (std::string_view("^$*~|").find(peek()) != std::string_view::npos && !at_end()) test.op = text_[at_++];
        expect('=');
        if (test.op == '\0') test.op = '=';
        skip_space();
        test.value = peek() == '"' || peek() == '\'' ? quoted(text_[at_++]) : name();
        skip_space();
        if (take('i') || take('I'))
            test.ignore_case = true;
        else if (!take('s'))
            static_cast<void>(take('S'));
        skip_space();
        expect(']');
        return test;
    }

    std::string quoted(char quote) {
        std::string value;
        while (!take(quote)) {
            if (at_end()) refuse("the quote is not closed");
            if (take('\\'))
                escape(value);
            else
                value += text_[at_++];
        }
        return value;
    }

    void pseudo_class(Compound& to) {
        if (peek() == ':') refuse("pseudo-elements match no element");
        auto const start = at_;
        auto const word = ascii::lowered(name());
        if (word == "first-child") {
            to.positions.push_back({0, 1, false});
        } else if (word == "last-child") {
            to.positions.push_back({0, 1, true});
        } else if (word == "only-child") {
            to.positions.push_back({0, 1, false});
            to.positions.push_back({0, 1, true});
        } else if (word == "nth-child" || word == "nth-last-child") {
            expect('(');
            to.positions.push_back(position());
            to.positions.back().from_end = word == "nth-last-child";
            expect(')');
        } else if (word == "empty") {
            to.states.push_back(State::Empty);
        } else if (word == "checked") {
            to.states.push_back(State::Checked);
        } else if (word == "disabled") {
            to.states.push_back(State::Disabled);
        } else if (word == "not") {
            exclusion(to);
        } else {
            at_ = start;
            refuse(fmt::format("the pseudo-class :{} is not supported", word));
        }
    }

    void exclusion(Compound& to) {
        expect('(');
        if (++depth_ > 32) refuse("too many :not() inside each other");
        for (auto& complex : selector_list()) to.excluded.push_back(std::move(complex));
        --depth_;
        expect(')');
    }

    // odd, even, 3, n, -n+3, 2n + 1
    PositionTest position() {
        skip_space();
        auto const start = at_;
        std::string formula;
        while (!at_end() && peek() != ')') {
            if (!ascii::is_space(peek())) formula += ascii::to_lower(peek());
            ++at_;
        }
        if (formula == "odd") return {2, 1, false};
        if (formula == "even") return {2, 0, false};
        PositionTest test{0, 0, false};
        auto const n = formula.find('n');
        bool good = true;
        if (n != std::string::npos) {
            auto const step = formula.substr(0, n);
            if (step.empty() || step == "+")
                test.step = 1;
            else if (step == "-")
                test.step = -1;
            else
                good = number(step, test.step);
            auto const offset = formula.substr(n + 1);
            if (!offset.empty()) good = good && (offset[0] == '+' || offset[0] == '-') && number(offset, test.offset);
        } else {
            good = number(formula, test.offset);
        }
        if (!good) {
            at_ = start;
            refuse("this is no position such as 3, odd, even or 2n+1");
        }
        return test;
    }

    static bool number(std::string_view text, int& value) noexcept {
        if (text.starts_with('+')) text.remove_prefix(1);
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && value < 1000000 && value > -1000000;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

} // namespace

Selector::Selector(std::string_view text) : alternatives_(Parser(text).parse()) {}

} // namespace hxx::dom
