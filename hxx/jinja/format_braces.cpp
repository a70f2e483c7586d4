// "{}".format(…) and the specifications that it takes.
#include "hxx/base/utf8.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/format_detail.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <charconv>
#include <cmath>

namespace hxx::jinja {
namespace {

using namespace detail;

[[noreturn]] void value_error(std::string message) { throw Error(ErrorKind::ValueError, std::move(message)); }
[[noreturn]] void type_error(std::string message) { throw Error(ErrorKind::TypeError, std::move(message)); }

bool among(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }

void check_grouping(FormatSpec const& spec, char default_type) {
    char const type = spec.type ? spec.type : default_type;
    if (spec.grouping == 0 || among(type, std::string_view("deEfFgG%\0", 9))) return;
    if (spec.grouping == '_' && among(type, "boxX")) return;
    value_error(std::string("Cannot specify '") + spec.grouping + "' with '" + type + "'.");
}

FormatSpec parse_spec(std::string_view text, Value const& value) {
    FormatSpec spec;
    std::size_t i = 0, after_fill = 0;
    static_cast<void>(next_code_point(text, after_fill));
    bool filled = false;
    if (after_fill < text.size() && among(text[after_fill], "<>^=")) {
        spec.fill = text.substr(0, after_fill);
        spec.align = text[after_fill];
        i = after_fill + 1;
        filled = true;
    } else if (among(text[0], "<>^="))
        spec.align = text[i++];
    auto at = [&](std::string_view characters) { return i < text.size() && among(text[i], characters); };
    auto number = [&](std::int64_t& out) {
        std::size_t const start = i;
        std::int64_t result = 0;
        while (at("0123456789")) {
            result = result * 10 + (text[i++] - '0');
            if (result > widest_field) refuse_width();
        }
        if (i > start) out = result;
        return i > start;
    };
    bool const is_text = value.is_string();
    if (at("+- ")) spec.sign = text[i++];
    if (at("#")) spec.alternate = (++i, true);
    if (!filled && at("0")) {
        ++i;
        spec.fill = "0";
        if (!spec.align && !is_text) spec.align = '=';
    }
    number(spec.width);
    if (at(",_")) spec.grouping = text[i++];
    if (at(",_"))
        value_error(text[i] == spec.grouping
                        ? "Cannot specify '" + std::string(1, text[i]) + "' with '" + text[i] + "'."
                        : "Cannot specify both ',' and '_'.");
    if (at(".")) {
        ++i;
        if (!number(spec.precision)) value_error("Format specifier missing precision");
    }
    std::size_t const type_at = i;
    if (i < text.size()) static_cast<void>(next_code_point(text, i));
    if (i < text.size())
        value_error("Invalid format specifier '" + std::string(text) + "' for object of type '" +
                    std::string(value.type_name()) + "'");
    // A type beyond ASCII is as unknown as any.
    if (type_at < text.size()) spec.type = i == type_at + 1 ? text[type_at] : '?';
    check_grouping(spec, is_text ? 's' : value.kind() == Kind::Float ? '\0' : 'd');
    return spec;
}

[[noreturn]] void unknown_code(char type, Value const& value) {
    value_error(std::string("Unknown format code '") + type + "' for object of type '" +
                std::string(value.type_name()) + "'");
}

std::string format_float(Value const& value, FormatSpec const& spec) {
    double real = to_double(value);
    std::string digits;
    if (spec.type == 0 && spec.precision < 0) {
        append_float(digits, std::fabs(real));
        if (spec.alternate && std::isfinite(real) && digits.find('.') == std::string::npos)
            digits.insert(digits.find('e'), ".");
    } else {
        if (spec.type != 0 && !among(spec.type, "eEfFgGn%")) unknown_code(spec.type, value);
        FloatStyle style{.type = spec.type, .precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision)};
        style.alternate = spec.alternate;
        style.keep_float = spec.type == 0;
        if (spec.type == '%') {
            real *= 100;
            style.type = 'f';
        }
        if (spec.type == 0 || spec.type == 'n') style.type = 'g';
        digits = float_digits(real, style);
        if (spec.type == '%') digits += '%';
    }
    FormatSpec field = spec;
    if (!std::isfinite(real)) field.grouping = 0;
    return pad_number(sign_text(std::signbit(real) && !std::isnan(real), spec.sign), digits, field);
}

std::string format_integer(Value const& value, FormatSpec const& spec) {
    if (spec.type != 0 && among(spec.type, "eEfFgG%")) return format_float(value, spec);
    if (spec.type != 0 && !among(spec.type, "bcdnoxX")) unknown_code(spec.type, value);
    if (spec.precision >= 0) value_error("Precision not allowed in integer format specifier");
    if (spec.type == 'c') {
        if (spec.sign) value_error("Sign not allowed with integer format specifier 'c'");
        if (spec.alternate) value_error("Alternate form (#) not allowed with integer format specifier 'c'");
        FormatSpec field = spec;
        if (field.align == '=') field.align = '>';
        return pad_text(character(value), field, '>');
    }
    std::string lead = sign_text(is_negative(value), spec.sign);
    if (spec.alternate && spec.type != 0 && among(spec.type, "boxX")) lead += std::string("0") + spec.type;
    return pad_number(lead, integer_digits(value, spec.type), spec);
}

std::string format_text(Value const& value, FormatSpec const& spec) {
    if (spec.type != 0 && spec.type != 's') unknown_code(spec.type, value);
    if (spec.sign == ' ') value_error("Space not allowed in string format specifier");
    if (spec.sign) value_error("Sign not allowed in string format specifier");
    if (spec.alternate) value_error("Alternate form (#) not allowed in string format specifier");
    if (spec.align == '=') value_error("'=' alignment not allowed in string format specifier");
    auto shown = value.raw_text();
    if (spec.precision >= 0) shown = utf8::truncate(shown, static_cast<std::size_t>(spec.precision));
    return pad_text(shown, spec, '<');
}

std::string format_value(Value const& value, std::string_view text) {
    if (text.empty()) return text_of(value);
    if (!value.is_string() && !is_number(value))
        type_error("unsupported format string passed to " + std::string(value.type_name()) + ".__format__");
    auto const spec = parse_spec(text, value);
    if (value.is_string()) return format_text(value, spec);
    return value.kind() == Kind::Float ? format_float(value, spec) : format_integer(value, spec);
}

class BraceFormatter {
  public:
    BraceFormatter(Args const& args, bool markup) : args_(args), markup_(markup) {
        if (args.state()) rules_ = args.state()->lookup();
    }

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
            if (i + 1 >= text.size()) value_error("Single '{' encountered in format string");
            i = field(text, i + 1, depth, out);
        }
        return out;
    }

  private:
    // Writes the field that begins at `start` and returns where the text goes on.
    std::size_t field(std::string_view text, std::size_t start, int depth, std::string& out) {
        std::size_t end = start;
        while (end < text.size() && !among(text[end], "}:!")) {
            if (text[end] == '{') value_error("unexpected '{' in field name");
            if (text[end] == '[') end = std::min(text.find(']', end), text.size() - 1);
            ++end;
        }
        if (end >= text.size()) value_error("expected '}' before end of string");
        auto const name = text.substr(start, end - start);
        char conversion = 0;
        if (text[end] == '!') {
            if (++end >= text.size()) value_error("end of string while looking for conversion specifier");
            conversion = text[end];
            if (++end >= text.size()) value_error("unmatched '{' in format spec");
            if (text[end] != ':' && text[end] != '}') value_error("expected ':' after conversion specifier");
        }
        std::string_view spec;
        if (text[end] == ':') {
            std::size_t const spec_start = ++end;
            for (int level = 1;; ++end) {
                if (end >= text.size()) value_error("unmatched '{' in format spec");
                if (text[end] == '{') ++level;
                if (text[end] == '}' && --level == 0) break;
            }
            spec = text.substr(spec_start, end - spec_start);
        }
        out += shown(converted(lookup(name), conversion), format(spec, depth + 1));
        check_text_size(out.size());
        return end + 1;
    }

    static Value converted(Value value, char conversion) {
        switch (conversion) {
        case 0: return value;
        case 'r': return value.repr();
        case 'a': return ascii_repr(value);
        case 's': return text_of(value);
        default: value_error(std::string("Unknown conversion specifier ") + conversion);
        }
    }

    [[nodiscard]] std::string shown(Value const& value, std::string const& spec) const {
        if (!markup_) return format_value(value, spec);
        if (value.is_markup()) {
            if (!spec.empty()) value_error("Unsupported format specification for Markup.");
            return std::string(value.raw_text());
        }
        std::string out;
        append_escaped(out, Value(format_value(value, spec)));
        return out;
    }

    Value lookup(std::string_view path) {
        std::size_t end = std::min(path.find_first_of(".["), path.size());
        Value value = root(path.substr(0, end));
        while (end < path.size()) {
            std::size_t const start = end + 1;
            if (path[end] == '.') {
                end = std::min(path.find_first_of(".[", start), path.size());
                if (end == start) value_error("Empty attribute in format string");
                value = attribute(value, path.substr(start, end - start));
            } else if (path[end] == '[') {
                end = path.find(']', start);
                if (end == std::string_view::npos) value_error("Missing ']' in format string");
                if (end == start) value_error("Empty attribute in format string");
                Value const item = key(path.substr(start, end - start));
                value = rules_.sandbox ? get_item(value, item, rules_) : subscript(value, item);
                ++end;
            } else
                value_error("Only '.' or '[' may follow ']' in format field specifier");
        }
        return value;
    }

    [[nodiscard]] Value attribute(Value const& value, std::string_view name) const {
        if (rules_.sandbox) return get_attribute(value, name, rules_);
        Value found;
        if (!find_own_attribute(value, name, found))
            throw Error(ErrorKind::AttributeError,
                        "'" + std::string(value.type_name()) + "' object has no attribute " + quote(name));
        return found;
    }

    static bool is_number_text(std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    }

    static std::size_t number(std::string_view digits) {
        std::size_t result = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), result).ec != std::errc())
            value_error("Too many decimal digits in format string");
        return result;
    }

    static Value key(std::string_view text) {
        if (is_number_text(text)) return Value(number(text));
        return std::string(text);
    }

    Value root(std::string_view name) {
        if (name.empty() || is_number_text(name)) {
            bool const automatic = name.empty();
            if (automatic && manual_)
                value_error("cannot switch from manual field specification to automatic field numbering");
            if (!automatic && automatic_)
                value_error("cannot switch from automatic field numbering to manual field specification");
            (automatic ? automatic_ : manual_) = true;
            std::size_t const index = automatic ? next_++ : number(name);
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
    Lookup rules_; // as Jinja2, a sandbox looks up fields as the template does
    bool automatic_ = false, manual_ = false;
    std::size_t next_ = 0;
};

} // namespace

Value format_braces(Value const& format, Args const& args) {
    std::string text = BraceFormatter(args, format.is_markup()).format(format.raw_text());
    return format.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

} // namespace hxx::jinja
