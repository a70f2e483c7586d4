#include "hxx/jinja/format.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <charconv>
#include <cmath>

namespace hxx::jinja {
namespace {

constexpr std::int64_t widest = 1'000'000;

[[noreturn]] void value_error(std::string message) { throw Error(ErrorKind::ValueError, std::move(message)); }
[[noreturn]] void type_error(std::string message) { throw Error(ErrorKind::TypeError, std::move(message)); }

/// A specification such as "*>+#010,.3f".
struct Spec {
    std::string fill = " ";
    char align = 0; // < > ^ =
    char sign = '-';
    bool alternate = false, zero = false;
    std::int64_t width = 0;
    char grouping = 0;
    std::int64_t precision = -1;
    char type = 0;
};

std::string float_digits(double value, std::int64_t precision, char type, bool alternate) {
    bool const upper = type == 'E' || type == 'F' || type == 'G';
    std::string text;
    if (!std::isfinite(value))
        text = std::isnan(value) ? "nan" : "inf";
    else {
        char const kind = static_cast<char>(type | 0x20);
        if (kind == 'g' && precision == 0) precision = 1;
        std::string buffer(static_cast<std::size_t>(precision) + 400, '\0');
        auto const style = kind == 'f'   ? std::chars_format::fixed
                           : kind == 'e' ? std::chars_format::scientific
                                         : std::chars_format::general;
        auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), style,
                                       static_cast<int>(precision))
                             .ptr;
        text.assign(buffer.data(), end);
        if (kind == 'g' && alternate && text.find('.') == std::string::npos && text.find('e') == std::string::npos)
            text += '.';
        if (kind == 'f' && precision == 0 && alternate) text += '.';
    }
    if (upper)
        for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return text;
}

void group(std::string& digits, char separator, std::size_t size) {
    std::size_t end = digits.find_first_not_of("0123456789abcdefABCDEF");
    if (end == std::string::npos) end = digits.size();
    while (end > size) {
        end -= size;
        digits.insert(end, 1, separator);
    }
}

std::string pad(std::string_view text, Spec const& spec, char fallback_align) {
    auto const length = static_cast<std::int64_t>(code_points(text));
    if (spec.width <= length) return std::string(text);
    auto const missing = spec.width - length;
    char const align = spec.align ? spec.align : fallback_align;
    std::int64_t const before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
    std::string result;
    for (std::int64_t i = 0; i < before; ++i) result += spec.fill;
    result += text;
    for (std::int64_t i = before; i < missing; ++i) result += spec.fill;
    return result;
}

std::string pad_number(std::string const& sign, std::string const& digits, Spec const& spec) {
    if (spec.align == '=' || (spec.zero && !spec.align)) {
        Spec inner = spec;
        inner.align = '>';
        if (spec.zero && !spec.align) inner.fill = "0";
        inner.width -= static_cast<std::int64_t>(sign.size());
        return sign + pad(digits, inner, '>');
    }
    return pad(sign + digits, spec, '>');
}

std::string sign_text(bool negative, char sign) { return negative ? "-" : sign == '+' ? "+" : sign == ' ' ? " " : ""; }

bool is_negative(Value const& number) {
    if (number.kind() == Kind::Float) return std::signbit(number.raw_double());
    return compare_numbers(number, Value(0)) < 0;
}

std::string integer_digits(Value const& number, char type) {
    Value const positive = absolute(number);
    int const base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    std::string digits;
    if (base == 10)
        append_integer(digits, positive);
    else
        digits = integer_text(positive, base);
    if (type == 'X')
        for (char& c : digits) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    return digits;
}

// ── str.format ──────────────────────────────────────────────────────────────────────────────────────────────────

Spec parse_spec(std::string_view text, Value const& value) {
    Spec spec;
    std::size_t i = 0;
    auto is_align = [](char c) { return c == '<' || c == '>' || c == '^' || c == '='; };
    if (!text.empty()) {
        std::size_t after = 0;
        static_cast<void>(next_code_point(text, after));
        if (after < text.size() && is_align(text[after])) {
            spec.fill = text.substr(0, after);
            spec.align = text[after];
            i = after + 1;
        } else if (is_align(text[0]))
            spec.align = text[i++];
    }
    auto number = [&](std::int64_t& out) {
        std::size_t const start = i;
        out = 0;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            out = out * 10 + (text[i++] - '0');
            if (out > widest) value_error("Too many decimal digits in format string");
        }
        return i > start;
    };
    if (i < text.size() && (text[i] == '+' || text[i] == '-' || text[i] == ' ')) spec.sign = text[i++];
    if (i < text.size() && text[i] == '#') spec.alternate = (++i, true);
    if (i < text.size() && text[i] == '0') spec.zero = (++i, true);
    number(spec.width);
    if (i < text.size() && (text[i] == ',' || text[i] == '_')) spec.grouping = text[i++];
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (!number(spec.precision)) value_error("Format specifier missing precision");
    }
    if (i < text.size()) spec.type = text[i++];
    if (i < text.size())
        value_error("Invalid format specifier '" + std::string(text) + "' for object of type '" +
                    std::string(value.type_name()) + "'");
    return spec;
}

[[noreturn]] void unknown_code(char type, Value const& value) {
    value_error(std::string("Unknown format code '") + type + "' for object of type '" +
                std::string(value.type_name()) + "'");
}

std::string format_float_spec(Value const& value, Spec spec) {
    double real = to_double(value);
    char type = spec.type;
    std::string digits, suffix;
    if (type == 0 && spec.precision < 0) {
        append_float(digits, std::fabs(real));
    } else {
        if (type == 'n' || type == 0) type = 'g';
        if (type == '%') {
            real *= 100;
            type = 'f';
            suffix = "%";
        }
        if (type != 'e' && type != 'E' && type != 'f' && type != 'F' && type != 'g' && type != 'G')
            unknown_code(type, value);
        digits = float_digits(real, spec.precision < 0 ? 6 : spec.precision, type, spec.alternate);
        // Without a type a float keeps looking like one.
        if (spec.type == 0 && std::isfinite(real) && digits.find_first_of(".e") == std::string::npos) digits += ".0";
    }
    if (spec.grouping) group(digits, spec.grouping, 3);
    return pad_number(sign_text(std::signbit(real), spec.sign), digits + suffix, spec);
}

std::string format_integer_spec(Value const& value, Spec spec) {
    switch (spec.type) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': return format_float_spec(value, spec);
    case 'c': {
        std::string text;
        utf8::append(text, static_cast<char32_t>(value.as_int()));
        return pad(text, spec, '<');
    }
    case 0:
    case 'n':
    case 'd':
    case 'b':
    case 'o':
    case 'x':
    case 'X': break;
    default: unknown_code(spec.type, value);
    }
    if (spec.precision >= 0) value_error("Precision not allowed in integer format specifier");
    std::string digits = integer_digits(value, spec.type);
    if (spec.grouping) group(digits, spec.grouping, spec.type == 0 || spec.type == 'd' || spec.type == 'n' ? 3 : 4);
    std::string sign = sign_text(is_negative(value), spec.sign);
    if (spec.alternate && spec.type != 'd' && spec.type != 'n' && spec.type != 0) sign += std::string("0") + spec.type;
    return pad_number(sign, digits, spec);
}

std::string format_value(Value const& value, std::string_view text) {
    if (text.empty()) return text_of(value);
    if (value.is_undefined()) type_error("unsupported format string passed to Undefined.__format__");
    if (value.kind() != Kind::String && !is_number(value))
        type_error("unsupported format string passed to " + std::string(value.type_name()) + ".__format__");
    Spec spec = parse_spec(text, value);
    if (value.kind() == Kind::Float) return format_float_spec(value, spec);
    if (is_number(value))
        return value.kind() == Kind::Bool && spec.type == 0 && spec.width == 0 ? text_of(value)
                                                                               : format_integer_spec(value, spec);
    if (spec.type != 0 && spec.type != 's') unknown_code(spec.type, value);
    if (spec.sign != '-') value_error("Sign not allowed in string format specifier");
    if (spec.align == '=') value_error("'=' alignment not allowed in string format specifier");
    auto shown = value.raw_text();
    if (spec.precision >= 0) shown = utf8::truncate(shown, static_cast<std::size_t>(spec.precision));
    if (spec.zero && spec.fill == " ") spec.fill = "0";
    return pad(shown, spec, '<');
}

class BraceFormatter {
  public:
    BraceFormatter(Args const& args, bool markup) : args_(args), markup_(markup) {}

    std::string format(std::string_view text, int depth = 0) {
        if (depth > 2) value_error("Max string recursion exceeded");
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            char const c = text[i];
            if (c != '{' && c != '}') {
                out += c;
                ++i;
                continue;
            }
            if (i + 1 < text.size() && text[i + 1] == c) {
                out += c;
                i += 2;
                continue;
            }
            if (c == '}') value_error("Single '}' encountered in format string");
            std::size_t end = i + 1;
            int level = 1;
            for (; end < text.size(); ++end) {
                if (text[end] == '{') ++level;
                if (text[end] == '}' && --level == 0) break;
            }
            if (end >= text.size())
                value_error(i + 1 >= text.size() ? "Single '{' encountered in format string"
                                                 : "expected '}' before end of string");
            out += field(text.substr(i + 1, end - i - 1), depth);
            i = end + 1;
        }
        return out;
    }

  private:
    std::string field(std::string_view text, int depth) {
        std::size_t name_end = 0;
        int brackets = 0;
        while (name_end < text.size() && (brackets > 0 || (text[name_end] != ':' && text[name_end] != '!'))) {
            if (text[name_end] == '[') ++brackets;
            if (text[name_end] == ']') --brackets;
            ++name_end;
        }
        Value value = lookup(text.substr(0, name_end));
        std::string_view rest = text.substr(name_end);
        if (!rest.empty() && rest[0] == '!') {
            if (rest.size() < 2) value_error("end of string while looking for conversion specifier");
            char const conversion = rest[1];
            if (rest.size() > 2 && rest[2] != ':') value_error("expected ':' after conversion specifier");
            if (conversion == 'r' || conversion == 'a')
                value = value.repr();
            else if (conversion == 's')
                value = text_of(value);
            else
                value_error(std::string("Unknown conversion specifier ") + conversion);
            rest = rest.substr(2);
        }
        std::string const spec = rest.empty() ? std::string() : format(rest.substr(1), depth + 1);
        if (!markup_) return format_value(value, spec);
        if (value.is_markup()) {
            if (!spec.empty())
                value_error("Format specifier " + spec +
                            " given, but <class 'markupsafe.Markup'> does not define __html_format__.");
            return std::string(value.raw_text());
        }
        std::string out;
        append_escaped(out, Value(format_value(value, spec)));
        return out;
    }

    Value lookup(std::string_view path) {
        std::size_t end = path.find_first_of(".[");
        if (end == std::string_view::npos) end = path.size();
        Value value = root(path.substr(0, end));
        while (end < path.size()) {
            if (path[end] == '.') {
                std::size_t const start = end + 1;
                end = std::min(path.find_first_of(".[", start), path.size());
                auto const name = path.substr(start, end - start);
                Value found;
                if (!find_attribute(value, name, found))
                    throw Error(ErrorKind::AttributeError,
                                "'" + std::string(value.type_name()) + "' object has no attribute " + quote(name));
                value = std::move(found);
            } else {
                std::size_t const close = path.find(']', end);
                if (close == std::string_view::npos) value_error("Missing ']' in format string");
                auto const key = path.substr(end + 1, close - end - 1);
                Value found;
                auto const index = int_from_text(key, 10);
                if (!find_item(value, index ? *index : Value(std::string(key)), found))
                    throw Error(value.is_mapping() ? ErrorKind::KeyError : ErrorKind::IndexError, quote(key));
                value = std::move(found);
                end = close + 1;
            }
        }
        return value;
    }

    Value root(std::string_view name) {
        std::size_t index = 0;
        bool const numeric = !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
        if (name.empty() || numeric) {
            if (name.empty()) {
                if (manual_) value_error("cannot switch from manual field specification to automatic field numbering");
                automatic_ = true;
                index = next_++;
            } else {
                if (automatic_)
                    value_error("cannot switch from automatic field numbering to manual field specification");
                manual_ = true;
                if (std::from_chars(name.data(), name.data() + name.size(), index).ec != std::errc())
                    value_error("Too many decimal digits in format string");
            }
            if (index >= args_.size())
                throw Error(ErrorKind::IndexError,
                            "Replacement index " + std::to_string(index) + " out of range for positional args tuple");
            return args_[index];
        }
        if (auto const* found = args_.keyword(name)) return *found;
        throw Error(ErrorKind::KeyError, quote(name));
    }

    Args const& args_;
    bool markup_;
    bool automatic_ = false, manual_ = false;
    std::size_t next_ = 0;
};

// ── The % operator ──────────────────────────────────────────────────────────────────────────────────────────────

class PercentFormatter {
  public:
    PercentFormatter(std::string_view format, Value const& arguments, bool markup)
        : format_(format), arguments_(arguments), markup_(markup) {
        if (arguments.kind() == Kind::Tuple) {
            items_ = sequence_of(arguments).items;
            is_tuple_ = true;
        } else
            items_ = {arguments};
    }

    std::string run() {
        std::string out;
        while (position_ < format_.size()) {
            char const c = format_[position_++];
            if (c != '%')
                out += c;
            else
                conversion(out);
        }
        bool const unused = next_ < items_.size() && !(used_mapping_ || (!is_tuple_ && arguments_.is_mapping()));
        // A single value that is no tuple may be left over only if it could be a mapping.
        if (unused && (is_tuple_ || !(arguments_.kind() == Kind::List || arguments_.kind() == Kind::View)))
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
            if (!is_integer(value)) type_error("* wants int");
            return value.as_int();
        }
        std::int64_t result = 0;
        while (peek() >= '0' && peek() <= '9') {
            result = result * 10 + (format_[position_++] - '0');
            if (result > widest) value_error("width too big");
        }
        return result;
    }

    void conversion(std::string& out) {
        Value keyed;
        bool has_key = false;
        if (peek() == '(') {
            std::size_t const start = ++position_;
            int level = 1;
            for (; position_ < format_.size() && level > 0; ++position_) {
                if (format_[position_] == '(') ++level;
                if (format_[position_] == ')') --level;
            }
            if (level > 0) value_error("incomplete format key");
            auto const key = format_.substr(start, position_ - 1 - start);
            if (!arguments_.is_mapping()) type_error("format requires a mapping");
            if (!find_item(arguments_, Value(key), keyed)) throw Error(ErrorKind::KeyError, quote(key));
            has_key = used_mapping_ = true;
        }
        Spec spec;
        for (bool more = true; more;) {
            switch (peek()) {
            case '-': spec.align = '<'; break;
            case '+': spec.sign = '+'; break;
            case ' ': spec.sign = spec.sign == '+' ? '+' : ' '; break;
            case '#': spec.alternate = true; break;
            case '0': spec.zero = true; break;
            default: more = false;
            }
            if (more) ++position_;
        }
        spec.width = number();
        if (spec.width < 0) {
            spec.align = '<';
            spec.width = -spec.width;
        }
        if (spec.width > widest) value_error("width too big");
        if (peek() == '.') {
            ++position_;
            spec.precision = number();
        }
        while (peek() == 'h' || peek() == 'l' || peek() == 'L') ++position_;
        spec.type = format_[position_++];
        if (spec.type == '%') {
            out += '%';
            return;
        }
        if (spec.align == '<') spec.zero = false;
        insert(out, spec, has_key ? keyed : argument());
    }

    void insert(std::string& out, Spec const& spec, Value const& value) {
        switch (spec.type) {
        case 's':
        case 'r':
        case 'a': {
            std::string text = spec.type == 's' ? text_of(value) : value.repr();
            if (markup_) {
                std::string escaped;
                append_escaped(escaped, spec.type == 's' ? value : Value(std::string_view(text)));
                text = std::move(escaped);
            }
            std::string_view shown = text;
            if (spec.precision >= 0) shown = utf8::truncate(shown, static_cast<std::size_t>(spec.precision));
            Spec plain = spec;
            plain.zero = false;
            out += pad(shown, plain, '>');
            break;
        }
        case 'c': {
            std::string text;
            if (value.is_string() && code_points(value.raw_text()) == 1)
                text = value.raw_text();
            else if (is_integer(value))
                utf8::append(text, static_cast<char32_t>(value.as_int()));
            else
                type_error("%c requires int or char");
            out += pad(text, spec, '>');
            break;
        }
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X': out += integer(spec, value); break;
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G': {
            if (!is_number(value)) {
                if (value.is_undefined()) fail_undefined(value);
                type_error("must be real number, not " + std::string(value.type_name()));
            }
            double const real = to_double(value);
            out += pad_number(sign_text(std::signbit(real), spec.sign),
                              float_digits(real, spec.precision < 0 ? 6 : spec.precision, spec.type, spec.alternate),
                              spec);
            break;
        }
        default: {
            std::string const index = std::to_string(code_points(format_.substr(0, position_ - 1)));
            value_error(std::string("unsupported format character '") + spec.type + "' (0x" +
                        integer_text(Value(static_cast<int>(static_cast<unsigned char>(spec.type))), 16) +
                        ") at index " + index);
        }
        }
    }

    std::string integer(Spec const& spec, Value const& value) {
        if (!is_number(value)) {
            if (value.is_undefined()) fail_undefined(value);
            bool const decimal = spec.type == 'd' || spec.type == 'i' || spec.type == 'u';
            type_error(std::string("%") + spec.type + " format: " + (decimal ? "a real number" : "an integer") +
                       " is required, not " + std::string(value.type_name()));
        }
        bool const hexadecimal = spec.type == 'o' || spec.type == 'x' || spec.type == 'X';
        if (value.kind() == Kind::Float && hexadecimal)
            type_error(std::string("%") + spec.type + " format: an integer is required, not float");
        Value const whole = value.kind() == Kind::Float ? int_from_float(value.raw_double()) : value;
        std::string digits = integer_digits(whole, hexadecimal ? spec.type : 'd');
        while (static_cast<std::int64_t>(digits.size()) < spec.precision) digits.insert(digits.begin(), '0');
        std::string sign = sign_text(is_negative(whole), spec.sign);
        if (spec.alternate && hexadecimal) sign += std::string("0") + spec.type;
        return pad_number(sign, digits, spec);
    }

    std::string_view format_;
    Value const& arguments_;
    bool markup_;
    bool is_tuple_ = false, used_mapping_ = false;
    std::vector<Value> items_;
    std::size_t next_ = 0;
    std::size_t position_ = 0;
};

} // namespace

std::string fixed(double value, int precision) {
    return (std::signbit(value) ? "-" : "") + float_digits(value, precision, 'f', false);
}

Value format_percent(Value const& format, Value const& arguments) {
    std::string text = PercentFormatter(format.raw_text(), arguments, format.is_markup()).run();
    return format.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

Value format_braces(Value const& format, Args const& args) {
    std::string text = BraceFormatter(args, format.is_markup()).format(format.raw_text());
    return format.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

} // namespace hxx::jinja
