#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/methods.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

using View = std::string_view;

// Results of Markup are Markup.
Value same_kind(Value const& self, std::string text) {
    return self.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}
Value same_kind(Value const& self, View text) { return same_kind(self, std::string(text)); }

// Text that is put into Markup is escaped.
std::string inserted(Value const& self, Value const& text, View function) {
    // A chainable undefined value is HTML of its own, though no text.
    if (self.is_markup() && text.is_undefined() && undefined_mode(text) == UndefinedMode::Chainable) return {};
    View const plain = text_argument(text, function);
    if (!self.is_markup()) return std::string(plain);
    std::string out;
    append_escaped(out, text);
    return out;
}

void no_arguments(Args const& args, View function) {
    if (args.size() > 0 || !args.keywords().empty())
        throw Error(ErrorKind::TypeError, "str." + std::string(function) + "() takes no arguments (" +
                                              std::to_string(args.size()) + " given)");
}

template <auto Convert>
Value converted(Value const& self, Args const& args) {
    no_arguments(args, "method");
    return same_kind(self, Convert(self.raw_text()));
}

// ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────

template <auto Is>
Value all_are(Value const& self, Args const&) {
    View const text = self.raw_text();
    for (std::size_t i = 0; i < text.size();)
        if (!Is(next_code_point(text, i))) return false;
    return !text.empty();
}

bool is_alnum(char32_t c) noexcept { return is_alpha(c) || is_decimal(c) || is_digit(c) || is_numeric(c); }

Value is_lower_text(Value const& self, Args const&) { return is_lowercase(self.raw_text()); }
Value is_upper_text(Value const& self, Args const&) { return is_uppercase(self.raw_text()); }
Value is_ascii_text(Value const& self, Args const&) { return is_ascii(self.raw_text()); }

Value is_printable_text(Value const& self, Args const& args) {
    return self.raw_text().empty() ? Value(true) : all_are<&is_printable>(self, args);
}

Value is_title_text(Value const& self, Args const&) {
    bool previous_cased = false, cased = false;
    View const text = self.raw_text();
    for (std::size_t i = 0; i < text.size();) {
        char32_t const c = next_code_point(text, i);
        if (is_upper(c) || is_title(c)) {
            if (previous_cased) return false;
            previous_cased = cased = true;
        } else if (is_lower(c)) {
            if (!previous_cased) return false;
            cased = true;
        } else
            previous_cased = false;
    }
    return cased;
}

Value is_identifier(Value const& self, Args const&) {
    View const text = self.raw_text();
    for (std::size_t i = 0; i < text.size();) {
        bool const first = i == 0;
        char32_t const c = next_code_point(text, i);
        if (first ? !is_identifier_start(c) : !is_identifier_part(c)) return false;
    }
    return !text.empty();
}

// ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────────

// The part of the text between optional bounds, and where it starts (in bytes).
struct Part {
    View text;
    std::size_t offset = 0;
    bool valid = true; // a start behind the end matches nothing, not even ""
};
Part part_of(View text, Value const* start, Value const* stop) {
    if (!start && !stop) return {text};
    std::size_t const size = code_points(text);
    Value const none(nullptr);
    auto const range = slice_range(size, start ? *start : none, stop ? *stop : none, none);
    bool const behind = start && start->kind() == Kind::Int && start->raw_int() > static_cast<std::int64_t>(size);
    std::size_t const from = byte_offset(text, static_cast<std::size_t>(range.start));
    std::size_t const to = byte_offset(text, static_cast<std::size_t>(range.start) + range.count);
    return {text.substr(from, to - from), from, !behind};
}

template <bool Last, bool Must>
Value find_text(Value const& self, Args const& args) {
    constexpr View name = Must ? (Last ? "rindex" : "index") : (Last ? "rfind" : "find");
    Bound<3> const bound(args, name, {"sub", "start", "end"}, 1);
    View const wanted = text_argument(bound[0], name);
    auto const part =
        part_of(self.raw_text(), bound.given(1) ? &bound[1] : nullptr, bound.given(2) ? &bound[2] : nullptr);
    std::size_t const at = !part.valid ? View::npos : Last ? part.text.rfind(wanted) : part.text.find(wanted);
    if (at != View::npos) return code_points(self.raw_text().substr(0, part.offset + at));
    if (Must) throw Error(ErrorKind::ValueError, "substring not found");
    return -1;
}

Value count_text(Value const& self, Args const& args) {
    Bound<3> const bound(args, "count", {"sub", "start", "end"}, 1);
    View const wanted = text_argument(bound[0], "count");
    auto const part =
        part_of(self.raw_text(), bound.given(1) ? &bound[1] : nullptr, bound.given(2) ? &bound[2] : nullptr);
    if (!part.valid) return 0;
    if (wanted.empty()) return code_points(part.text) + 1;
    std::size_t count = 0;
    for (std::size_t at = part.text.find(wanted); at != View::npos; at = part.text.find(wanted, at + wanted.size()))
        ++count;
    return count;
}

template <bool End>
Value matches_end(Value const& self, Args const& args) {
    constexpr View name = End ? "endswith" : "startswith";
    Bound<3> const bound(args, name, {"prefix", "start", "end"}, 1);
    auto const part =
        part_of(self.raw_text(), bound.given(1) ? &bound[1] : nullptr, bound.given(2) ? &bound[2] : nullptr);
    auto matches = [&](Value const& candidate) {
        if (!candidate.is_string())
            throw Error(ErrorKind::TypeError, std::string(name) + " first arg must be str or a tuple of str, not " +
                                                  std::string(candidate.type_name()));
        View const text = candidate.raw_text();
        return part.valid && (End ? part.text.ends_with(text) : part.text.starts_with(text));
    };
    if (bound[0].kind() != Kind::Tuple) return matches(bound[0]);
    for (auto const& candidate : sequence_of(bound[0]).items)
        if (matches(candidate)) return true;
    return false;
}

// ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────────

Value replace(Value const& self, Args const& args) {
    Bound<3> const bound(args, "replace", {"old", "new", "count"}, 2);
    return same_kind(self, replace_text(self.raw_text(), inserted(self, bound[0], "replace"),
                                        inserted(self, bound[1], "replace"), bound.integer(2, -1)));
}

template <bool Left, bool Right>
Value strip_text(Value const& self, Args const& args) {
    Bound<1> const bound(args, Left && Right ? "strip" : Left ? "lstrip" : "rstrip", {"chars"}, 0);
    View text = self.raw_text();
    if (!bound.has(0)) {
        if (Left) text = lstrip(text);
        if (Right) text = rstrip(text);
        return same_kind(self, text);
    }
    return same_kind(self, strip_characters(text, inserted(self, bound[0], "strip"), Left, Right));
}

template <char Align>
Value padded(Value const& self, Args const& args) {
    Bound<2> const bound(args, Align == '<' ? "ljust" : Align == '>' ? "rjust" : "center", {"width", "fillchar"}, 1);
    std::string const fill = bound.given(1) ? inserted(self, bound[1], "center") : " ";
    if (!self.is_markup() && code_points(fill) != 1)
        throw Error(ErrorKind::TypeError, "The fill character must be exactly one character long");
    return same_kind(self, pad_text(self.raw_text(), index_argument(bound[0]), fill, Align));
}

Value zero_fill(Value const& self, Args const& args) {
    Bound<1> const bound(args, "zfill", {"width"}, 1);
    View const text = self.raw_text();
    auto const missing = index_argument(bound[0]) - static_cast<std::int64_t>(code_points(text));
    if (missing <= 0) return same_kind(self, text);
    if (missing > 10'000'000) throw Error(ErrorKind::LimitError, "the padded text is too large");
    bool const sign = !text.empty() && (text[0] == '+' || text[0] == '-');
    return same_kind(self, std::string(text.substr(0, sign ? 1 : 0)) +
                               std::string(static_cast<std::size_t>(missing), '0') +
                               std::string(text.substr(sign ? 1 : 0)));
}

Value expand_tabs(Value const& self, Args const& args) {
    Bound<1> const bound(args, "expandtabs", {"tabsize"}, 0);
    auto const size = std::clamp<std::int64_t>(bound.integer(0, 8), 0, 1000);
    std::string out;
    std::int64_t column = 0;
    for (View c : split_code_points(self.raw_text())) {
        if (c == "\t") {
            auto const spaces = size > 0 ? size - column % size : 0;
            out.append(static_cast<std::size_t>(spaces), ' ');
            column += spaces;
            check_text_size(out.size());
            continue;
        }
        out += c;
        column = c == "\n" || c == "\r" ? 0 : column + 1;
    }
    return same_kind(self, std::move(out));
}

// Markup has casefold, removeprefix, removesuffix and format_map from str as they are: what they make is no Markup.

template <bool Suffix>
Value remove_end(Value const& self, Args const& args) {
    Bound<1> const bound(args, Suffix ? "removesuffix" : "removeprefix", {"prefix"}, 1);
    View const text = self.raw_text();
    std::string const end = inserted(Value(text), bound[0], "removeprefix");
    bool const found = Suffix ? text.ends_with(end) : text.starts_with(end);
    if (!found) return std::string(text);
    return std::string(Suffix ? text.substr(0, text.size() - end.size()) : text.substr(end.size()));
}

Value casefold(Value const& self, Args const& args) {
    no_arguments(args, "method");
    return to_casefold(self.raw_text());
}

// ── Splitting and joining ───────────────────────────────────────────────────────────────────────────────────────

Value list_of_texts(Value const& self, std::vector<View> const& parts) {
    std::vector<Value> items;
    items.reserve(parts.size());
    for (View part : parts) items.push_back(same_kind(self, part));
    return Value::list(std::move(items));
}

template <bool Right>
Value split(Value const& self, Args const& args) {
    Bound<2> const bound(args, Right ? "rsplit" : "split", {"sep", "maxsplit"}, 0);
    auto const most = bound.integer(1, -1);
    if (!bound.has(0)) return list_of_texts(self, split_words(self.raw_text(), most, Right));
    View const separator = text_argument(bound[0], "split");
    if (separator.empty()) throw Error(ErrorKind::ValueError, "empty separator");
    return list_of_texts(self, split_text(self.raw_text(), separator, most, Right));
}

Value split_lines_method(Value const& self, Args const& args) {
    Bound<1> const bound(args, "splitlines", {"keepends"}, 0);
    return list_of_texts(self, split_lines(self.raw_text(), bound.flag(0)));
}

template <bool Right>
Value partition(Value const& self, Args const& args) {
    Bound<1> const bound(args, Right ? "rpartition" : "partition", {"sep"}, 1);
    View const text = self.raw_text();
    std::string const separator = inserted(self, bound[0], "partition");
    if (separator.empty()) throw Error(ErrorKind::ValueError, "empty separator");
    std::size_t const at = Right ? text.rfind(separator) : text.find(separator);
    if (at == View::npos) {
        if (Right) return Value::tuple({same_kind(self, View()), same_kind(self, View()), same_kind(self, text)});
        return Value::tuple({same_kind(self, text), same_kind(self, View()), same_kind(self, View())});
    }
    return Value::tuple({same_kind(self, text.substr(0, at)), same_kind(self, separator),
                         same_kind(self, text.substr(at + separator.size()))});
}

Value join(Value const& self, Args const& args) {
    Bound<1> const bound(args, "join", {"iterable"}, 1);
    std::string out;
    std::size_t index = 0;
    if (!is_iterable(bound[0])) throw Error(ErrorKind::TypeError, "can only join an iterable");
    for (Items items(bound[0]); auto const* item = items.next(); ++index) {
        if (index > 0) out += self.raw_text();
        check_text_size(out.size());
        if (!item->is_string() && !self.is_markup())
            throw Error(ErrorKind::TypeError, "sequence item " + std::to_string(index) + ": expected str instance, " +
                                                  std::string(item->type_name()) + " found");
        if (self.is_markup())
            append_escaped(out, *item);
        else
            out += item->raw_text();
    }
    return same_kind(self, std::move(out));
}

Value format_map(Value const& self, Args const& args) {
    Bound<1> const bound(args, "format_map", {"mapping"}, 1);
    std::vector<Keyword> keywords;
    for_each_entry(bound[0], [&](Value const& key, Value const& value) {
        if (key.is_string()) keywords.push_back({key.raw_text(), value});
    });
    return format_braces(Value(self.raw_text()), Args(args.state(), {}, keywords));
}

Value strip_tags_method(Value const& self, Args const&) { return strip_tags(self.raw_text()); }
Value unescape(Value const& self, Args const&) { return unescape_html(self.raw_text()); }

Value encode(Value const& self, Args const&) { return self; } // text is UTF-8 already

} // namespace

std::span<MethodRow const> text_methods() noexcept {
    static constexpr MethodRow rows[] = {
        {"capitalize", converted<&capitalize>},
        {"casefold", casefold},
        {"center", padded<'^'>},
        {"count", count_text},
        {"encode", encode},
        {"endswith", matches_end<true>},
        {"expandtabs", expand_tabs},
        {"find", find_text<false, false>},
        {"format", format_braces},
        {"format_map", format_map},
        {"index", find_text<false, true>},
        {"isalnum", all_are<&is_alnum>},
        {"isalpha", all_are<&is_alpha>},
        {"isascii", is_ascii_text},
        {"isdecimal", all_are<&is_decimal>},
        {"isdigit", all_are<&is_digit>},
        {"isidentifier", is_identifier},
        {"islower", is_lower_text},
        {"isnumeric", all_are<&is_numeric>},
        {"isprintable", is_printable_text},
        {"isspace", all_are<&is_space>},
        {"istitle", is_title_text},
        {"isupper", is_upper_text},
        {"join", join},
        {"ljust", padded<'<'>},
        {"lower", converted<&to_lower>},
        {"lstrip", strip_text<true, false>},
        {"partition", partition<false>},
        {"removeprefix", remove_end<false>},
        {"removesuffix", remove_end<true>},
        {"replace", replace},
        {"rfind", find_text<true, false>},
        {"rindex", find_text<true, true>},
        {"rjust", padded<'>'>},
        {"rpartition", partition<true>},
        {"rsplit", split<true>},
        {"rstrip", strip_text<false, true>},
        {"split", split<false>},
        {"splitlines", split_lines_method},
        {"startswith", matches_end<false>},
        {"strip", strip_text<true, true>},
        {"striptags", strip_tags_method},
        {"swapcase", converted<&swap_case>},
        {"title", converted<&title_case>},
        {"unescape", unescape},
        {"upper", converted<&to_upper>},
        {"zfill", zero_fill},
    };
    return rows;
}

} // namespace hxx::jinja
