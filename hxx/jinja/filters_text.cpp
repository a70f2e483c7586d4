// Filters on text.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {

Value markup_of(Value const& value) { return value.is_markup() ? value : Value::markup(text_of(value)); }

Value soft_text(Value const& value) { return value.is_string() ? value : Value(text_of(value)); }

namespace {

using View = std::string_view;

template <auto Convert, auto const& Name>
Value converted(State&, Args const& args) {
    Bound<1> const bound(args, Name, {"s"}, 1);
    Value const text = soft_text(bound[0]);
    return text_like(text, Convert(text.raw_text()));
}
template <auto Convert, auto const& Name>
void write_converted(State& state, Args const& args, bool escape) {
    Bound<1> const bound(args, Name, {"s"}, 1);
    Value const subject = soft_text(bound[0]);
    auto& text = state.scratch();
    text.clear();
    Convert(subject.raw_text(), text);
    Value converted{View(text)};
    converted.set_flag(subject.flag());
    state.write(converted, escape);
}
constexpr View name_capitalize = "do_capitalize", name_lower = "do_lower", name_upper = "do_upper";

[[noreturn]] void no_attribute(Value const& object, View name) {
    if (object.is_undefined()) fail_undefined(object);
    throw Error(ErrorKind::AttributeError,
                "'" + std::string(object.type_name()) + "' object has no attribute " + quote(name));
}

// Words start after white space, hyphens and opening brackets, not after every apostrophe.
std::string title_words(View text) {
    std::string out;
    bool start = true;
    for (View c : split_code_points(text)) {
        std::size_t after = 0;
        char32_t const code = next_code_point(c, after);
        bool const separator = c == "-" || c == "(" || c == "{" || c == "[" || c == "<" || is_space(code);
        out += separator ? std::string(c) : start ? to_upper(c) : to_lower(c);
        start = separator;
    }
    return out;
}

// Plain text, even of Markup: the words are put together anew.
Value title(State&, Args const& args) {
    Bound<1> const bound(args, "do_title", {"s"}, 1);
    return title_words(soft_text(bound[0]).raw_text());
}

Value trim(State&, Args const& args) {
    Bound<2> const bound(args, "do_trim", {"value", "chars"}, 1);
    Value const text = soft_text(bound[0]);
    if (!bound.has(1)) return text_like(text, std::string(strip(text.raw_text())));
    std::string characters(text_argument(bound[1], "strip"));
    if (text.is_markup() && !bound[1].is_markup()) {
        characters.clear();
        append_escaped(characters, bound[1]);
    }
    return text_like(text, std::string(strip_characters(text.raw_text(), characters, true, true)));
}

Value center(State&, Args const& args) {
    Bound<2> const bound(args, "do_center", {"value", "width"}, 1);
    Value const text = soft_text(bound[0]);
    return text_like(text, pad_text(text.raw_text(), bound.integer(1, 80), " ", '^'));
}

Value replace(State& state, Args const& args) {
    Bound<4> const bound(args, "do_replace", {"s", "old", "new", "count"}, 3);
    auto const count = bound.has(3) ? index_argument(bound[3]) : -1;
    if (!state.escaping()) return replace_text(text_of(bound[0]), text_of(bound[1]), text_of(bound[2]), count);
    Value text = soft_text(bound[0]);
    if (has_html(bound[1]) || (has_html(bound[2]) && !has_html(bound[0]))) {
        std::string escaped;
        append_escaped(escaped, bound[0]);
        text = Value::markup(std::move(escaped));
    }
    auto part = [&](Value const& value) {
        std::string out;
        if (text.is_markup())
            append_escaped(out, soft_text(value));
        else
            append_str(out, value);
        return out;
    };
    return text_like(text, replace_text(text.raw_text(), part(bound[1]), part(bound[2]), count));
}

Value format(State&, Args const& args) {
    if (args.size() == 0)
        throw Error(ErrorKind::TypeError, "do_format() missing 1 required positional argument: 'value'");
    if (args.size() > 1 && !args.keywords().empty())
        throw Error(ErrorKind::FilterArgumentError, "can't handle positional and keyword arguments at the same time");
    Value const text = soft_text(args[0]);
    if (args.keywords().empty()) {
        auto const rest = args.positional().subspan(1);
        return format_percent(text, Value::tuple({rest.begin(), rest.end()}));
    }
    std::vector<std::pair<Value, Value>> entries;
    for (auto const& keyword : args.keywords()) entries.emplace_back(Value(keyword.name), keyword.value);
    return format_percent(text, Value::dict(std::move(entries)));
}

Value indent(State&, Args const& args) {
    Bound<4> const bound(args, "do_indent", {"s", "width", "first", "blank"}, 1);
    if (!bound[0].is_string()) {
        if (bound[0].is_undefined()) fail_undefined(bound[0]);
        if (bound[0].kind() == Kind::List) no_attribute(bound[0], "splitlines");
        throw Error(ErrorKind::TypeError,
                    "unsupported operand type(s) for +=: '" + std::string(bound[0].type_name()) + "' and 'str'");
    }
    std::string indention;
    if (bound.given(1) && bound[1].is_string()) {
        if (bound[0].is_markup() && !bound[1].is_markup())
            indention = bound[1].raw_text(); // Markup(width): taken as safe
        else
            indention = bound[1].raw_text();
    } else {
        auto const width = bound.integer(1, 4);
        if (width > 100'000) throw Error(ErrorKind::LimitError, "the indention is too wide");
        indention.assign(static_cast<std::size_t>(std::max<std::int64_t>(0, width)), ' ');
    }
    std::string const text = std::string(bound[0].raw_text()) + "\n";
    bool const blank = bound.flag(3);
    std::string out = bound.flag(2) ? indention : "";
    bool first = true;
    for (View line : split_lines(text)) {
        if (!first) {
            out += '\n';
            if (blank || !line.empty()) out += indention;
            check_text_size(out.size());
        }
        first = false;
        out += line;
    }
    return text_like(bound[0], std::move(out));
}

Value truncate(State& state, Args const& args) {
    Bound<5> const bound(args, "do_truncate", {"s", "length", "killwords", "end", "leeway"}, 1);
    auto const length = bound.integer(1, 255);
    std::string end = "...";
    if (bound.given(3)) {
        end = text_argument(bound[3], "do_truncate");
        if (bound[0].is_markup() && !bound[3].is_markup()) {
            end.clear();
            append_escaped(end, bound[3]);
        }
    }

    auto const leeway = bound.has(4) ? index_argument(bound[4]) : state.environment().options.policies.truncate_leeway;
    auto const end_length = static_cast<std::int64_t>(bound.given(3) ? code_points(bound[3].raw_text()) : 3);
    if (length < end_length)
        throw Error(ErrorKind::ValueError,
                    "expected length >= " + std::to_string(end_length) + ", got " + std::to_string(length));
    if (leeway < 0) throw Error(ErrorKind::ValueError, "expected leeway >= 0, got " + std::to_string(leeway));
    if (static_cast<std::int64_t>(length_of(bound[0])) <= length + leeway) return bound[0];
    if (!bound[0].is_string())
        throw Error(ErrorKind::TypeError, "can only truncate text, not " + std::string(bound[0].type_name()));
    View const text = bound[0].raw_text();
    View cut = text.substr(0, byte_offset(text, static_cast<std::size_t>(length - end_length)));
    if (!bound.flag(2)) {
        std::size_t const space = cut.rfind(' ');
        if (space != View::npos) cut = cut.substr(0, space);
    }
    std::string out(cut);
    out += end;
    if (bound.given(3) && bound[3].is_markup() && !bound[0].is_markup()) {
        // text + Markup escapes the text
        out.clear();
        append_escaped(out, Value(cut));
        return Value::markup(out + std::string(bound[3].raw_text()));
    }
    return text_like(bound[0], std::move(out));
}

Value wordwrap(State& state, Args const& args) {
    Bound<5> const bound(args, "do_wordwrap", {"s", "width", "break_long_words", "wrapstring", "break_on_hyphens"}, 1);
    auto const width = bound.integer(1, 79);
    if (!bound[0].is_string()) no_attribute(bound[0], "splitlines");
    View const text = bound[0].raw_text();
    if (bound.has(3) && bound[3].is_undefined()) fail_undefined(bound[3]);
    std::string const between = bound.has(3) ? std::string(text_argument(bound[3], "do_wordwrap"))
                                             : state.environment().options.newline_sequence;
    if (width <= 0 && !text.empty())
        throw Error(ErrorKind::ValueError, "invalid width " + std::to_string(width) + " (must be > 0)");
    std::string out;
    bool first = true;
    for (View line : split_lines(text)) {
        if (!first) out += between;
        check_text_size(out.size());
        first = false;
        bool first_piece = true;
        for (auto const& piece :
             wrap_line(line, static_cast<std::size_t>(width), bound.flag(2, true), bound.flag(4, true))) {
            if (!first_piece) out += between;
            first_piece = false;
            check_text_size(out.size());
            out += piece;
        }
    }
    bool const safe = bound.has(3) && bound[3].is_markup();
    return safe ? Value::markup(std::move(out)) : Value(std::move(out));
}

Value wordcount(State&, Args const& args) {
    Bound<1> const bound(args, "do_wordcount", {"s"}, 1);
    Value const text = soft_text(bound[0]);
    std::int64_t words = 0;
    bool in_word = false;
    for (std::size_t i = 0; i < text.raw_text().size();) {
        bool const word = is_word(next_code_point(text.raw_text(), i));
        if (word && !in_word) ++words;
        in_word = word;
    }
    return words;
}

Value string(State&, Args const& args) {
    Bound<1> const bound(args, "soft_str", {"s"}, 1);
    return soft_text(bound[0]);
}

Value urlencode(State&, Args const& args) {
    Bound<1> const bound(args, "do_urlencode", {"value"}, 1);
    Value const& value = bound[0];
    if (value.is_string() || !is_iterable(value)) return quote_url(text_of(value), false);
    std::string out;
    auto pair = [&](Value const& key, Value const& item) {
        if (!out.empty()) out += '&';
        out += quote_url(text_of(key), true) + "=" + quote_url(text_of(item), true);
    };
    if (for_each_entry(value, pair)) return out;
    for (Items items(value); auto const* item = items.next();) {
        auto const parts = list_of(*item);
        if (parts.size() != 2)
            throw Error(ErrorKind::ValueError, parts.size() > 2 ? "too many values to unpack (expected 2)"
                                                                : "not enough values to unpack (expected 2, got " +
                                                                      std::to_string(parts.size()) + ")");
        pair(parts[0], parts[1]);
    }
    return out;
}

Value pprint(State&, Args const& args) {
    Bound<1> const bound(args, "do_pprint", {"value"}, 1);
    return pretty(bound[0]);
}

} // namespace

std::span<FilterRow const> text_filters() noexcept {
    static constexpr FilterRow rows[] = {
        {"capitalize", converted<&capitalize, name_capitalize>},
        {"center", center},
        {"format", format},
        {"indent", indent},
        {"lower", converted<&to_lower, name_lower>, true, write_converted<&append_lower, name_lower>},
        {"pprint", pprint},
        {"replace", replace},
        {"string", string},
        {"title", title},
        {"trim", trim},
        {"truncate", truncate},
        {"upper", converted<&to_upper, name_upper>, true, write_converted<&append_upper, name_upper>},
        {"urlencode", urlencode},
        {"wordcount", wordcount},
        {"wordwrap", wordwrap}};
    return rows;
}

} // namespace hxx::jinja
