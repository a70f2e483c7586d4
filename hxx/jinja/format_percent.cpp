// "%s" % arguments
#include "hxx/base/utf8.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/format_detail.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <cmath>

namespace hxx::jinja {
namespace {

using namespace detail;

[[noreturn]] void value_error(std::string message) { throw Error(ErrorKind::ValueError, std::move(message)); }
[[noreturn]] void type_error(std::string message) { throw Error(ErrorKind::TypeError, std::move(message)); }

// What Python takes for a mapping here, because it has items: it may be left over.
bool has_items(Value const& value) {
    return value.is_undefined() || (!value.is_string() && value.kind() != Kind::Tuple && value.is_sequence()) ||
           is_mapping(value);
}

class PercentFormatter {
  public:
    PercentFormatter(std::string_view format, Value const& arguments, bool markup)
        : format_(format), arguments_(arguments), markup_(markup) {
        if (arguments.kind() == Kind::Tuple)
            items_ = sequence_of(arguments).items;
        else
            items_ = {arguments};
    }

    std::string run() {
        std::string out;
        while (position_ < format_.size()) {
            char const c = format_[position_++];
            if (c != '%') {
                out += c;
                continue;
            }
            conversion(out);
            check_text_size(out.size());
        }
        if (next_ < items_.size() && !has_items(arguments_))
            type_error("not all arguments converted during string formatting");
        return out;
    }

  private:
    Value const& argument() {
        if (next_ >= items_.size()) type_error("not enough arguments for format string");
        return items_[next_++];
    }

    [[nodiscard]] char peek() const {
        if (position_ >= format_.size()) value_error("incomplete format");
        return format_[position_];
    }

    std::int64_t number() {
        if (peek() == '*') {
            ++position_;
            Value const& value = argument();
            if (markup_ || !is_integer(value)) type_error("* wants int");
            auto const result = value.as_int();
            if (result > widest_field || result < -widest_field) refuse_width();
            return result;
        }
        std::int64_t result = 0;
        while (peek() >= '0' && peek() <= '9') {
            result = result * 10 + (format_[position_++] - '0');
            if (result > widest_field) refuse_width();
        }
        return result;
    }

    // "(name)": what the mapping has by that name is what this conversion and any after it take.
    void take_key() {
        if (!has_items(arguments_)) type_error("format requires a mapping");
        std::size_t const start = ++position_;
        int level = 1;
        for (; position_ < format_.size() && level > 0; ++position_) {
            if (format_[position_] == '(') ++level;
            if (format_[position_] == ')') --level;
        }
        if (level > 0) value_error("incomplete format key");
        items_ = {subscript(arguments_, Value(format_.substr(start, position_ - 1 - start)))};
        next_ = 0;
    }

    void conversion(std::string& out) {
        if (peek() == '%') {
            out += format_[position_++];
            return;
        }
        if (peek() == '(') take_key();
        FormatSpec spec;
        for (bool more = true; more;) {
            switch (peek()) {
            case '-': spec.align = '<'; break;
            case '+': spec.sign = '+'; break;
            case ' ': spec.sign = spec.sign == '+' ? '+' : ' '; break;
            case '#': spec.alternate = true; break;
            case '0': spec.fill = "0"; break;
            default: more = false;
            }
            if (more) ++position_;
        }
        spec.width = number();
        if (spec.width < 0) {
            spec.align = '<';
            spec.width = -spec.width;
        }
        if (peek() == '.') {
            ++position_;
            spec.precision = std::max<std::int64_t>(number(), 0);
        }
        if (peek() == 'h' || peek() == 'l' || peek() == 'L') ++position_;
        static_cast<void>(peek());
        spec.type = format_[position_++];
        out += inserted(spec, argument());
    }

    std::string inserted(FormatSpec const& spec, Value const& value) {
        switch (spec.type) {
        case 's':
        case 'r':
        case 'a': return text(spec, value);
        case 'c': return code_point(spec, value);
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X': return integer(spec, value);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G': return real(spec, value);
        default: break;
        }
        std::size_t const start = position_ - 1;
        std::size_t end = start;
        auto const character = static_cast<std::uint32_t>(next_code_point(format_, end));
        value_error("unsupported format character '" + std::string(format_.substr(start, end - start)) + "' (0x" +
                    integer_text(Value(character), 16) + ") at index " +
                    std::to_string(code_points(format_.substr(0, start))));
    }

    // Only numbers are filled with zeros.
    static FormatSpec field(FormatSpec const& spec) {
        FormatSpec result = spec;
        result.fill = " ";
        return result;
    }

    [[nodiscard]] std::string text(FormatSpec const& spec, Value const& value) const {
        std::string text = spec.type == 's' ? text_of(value) : spec.type == 'r' ? value.repr() : ascii_repr(value);
        if (markup_) {
            std::string escaped;
            append_escaped(escaped, spec.type == 's' ? value : Value(std::string_view(text)));
            text = std::move(escaped);
        }
        std::string_view shown = text;
        if (spec.precision >= 0) shown = utf8::truncate(shown, static_cast<std::size_t>(spec.precision));
        return pad_text(shown, field(spec), '>');
    }

    [[nodiscard]] std::string code_point(FormatSpec const& spec, Value const& value) const {
        bool const is_text = value.is_string() && code_points(value.raw_text()) == 1;
        // Python's Markup wraps what it formats in something that is neither.
        if (markup_ || !(is_text || is_integer(value))) type_error("%c requires int or char");
        return pad_text(is_text ? std::string(value.raw_text()) : character(value), field(spec), '>');
    }

    // A number in its field; zeros go between its sign and its digits.
    static std::string number_text(std::string const& lead, std::string digits, FormatSpec spec) {
        if (spec.align == '<') spec.fill = " ";
        if (spec.fill == "0") spec.align = '=';
        return pad_number(lead, std::move(digits), spec);
    }

    [[nodiscard]] std::string real(FormatSpec const& spec, Value value) const {
        if (markup_ && value.is_string()) {
            auto const parsed = float_from_text(value.raw_text());
            if (!parsed) value_error("could not convert string to float: " + value.repr());
            value = *parsed;
        }
        if (!is_number(value)) {
            if (value.is_undefined()) fail_undefined(value);
            type_error(
                (markup_ ? "float() argument must be a string or a real number, not '" : "must be real number, not ") +
                std::string(value.type_name()) + (markup_ ? "'" : ""));
        }
        double const number = to_double(value);
        FloatStyle style{.type = spec.type, .precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision)};
        style.alternate = spec.alternate;
        return number_text(sign_text(std::signbit(number) && !std::isnan(number), spec.sign),
                           float_digits(number, style), spec);
    }

    // The number that %d and its like write.
    [[nodiscard]] Value whole(FormatSpec const& spec, Value const& value) const {
        bool const decimal = spec.type == 'd' || spec.type == 'i' || spec.type == 'u';
        if (is_integer(value) && (decimal || !markup_)) return value;
        if (decimal && value.kind() == Kind::Float) return int_from_float(value.raw_double());
        if (decimal && value.is_undefined()) fail_undefined(value);
        if (decimal && markup_ && value.is_string()) {
            if (auto parsed = int_from_text(value.raw_text(), 10)) return *std::move(parsed);
            value_error("invalid literal for int() with base 10: " + value.repr());
        }
        type_error(std::string("%") + spec.type + " format: " + (decimal ? "a real number" : "an integer") +
                   " is required, not " + (markup_ ? "_MarkupEscapeHelper" : std::string(value.type_name())));
    }

    [[nodiscard]] std::string integer(FormatSpec const& spec, Value const& value) const {
        bool const prefixed = spec.type == 'o' || spec.type == 'x' || spec.type == 'X';
        Value const number = whole(spec, value);
        std::string digits = integer_digits(number, prefixed ? spec.type : 'd');
        while (static_cast<std::int64_t>(digits.size()) < spec.precision) digits.insert(digits.begin(), '0');
        std::string lead = sign_text(is_negative(number), spec.sign);
        if (spec.alternate && prefixed) lead += std::string("0") + spec.type;
        return number_text(lead, std::move(digits), spec);
    }

    std::string_view format_;
    Value const& arguments_;
    bool markup_;
    std::vector<Value> items_; // what is left to be inserted begins at next_
    std::size_t next_ = 0;
    std::size_t position_ = 0;
};

} // namespace

Value format_percent(Value const& format, Value const& arguments) {
    std::string text = PercentFormatter(format.raw_text(), arguments, format.is_markup()).run();
    return format.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

} // namespace hxx::jinja
