#include "hxx/jinja/text.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hxx::jinja {
namespace {

// Containers that are being written, innermost first: one that holds itself is written as "[...]".
struct Enclosing {
    void const* identity;
    Enclosing const* outer;
    std::size_t depth;

    [[nodiscard]] bool holds(void const* other) const noexcept {
        for (auto const* level = this; level; level = level->outer)
            if (level->identity == other) return true;
        return false;
    }
};
constexpr std::size_t max_depth = 500;

void repr(std::string& out, Value const& value, Enclosing const* outer);

void repr_sequence(std::string& out, Value const& value, bool tuple, Enclosing const* outer) {
    out += tuple ? '(' : '[';
    std::size_t count = 0;
    for (Items items(value); auto const* item = items.next(); ++count) {
        if (count > 0) out += ", ";
        repr(out, *item, outer);
    }
    if (tuple && count == 1) out += ',';
    out += tuple ? ')' : ']';
}

void repr_mapping(std::string& out, Value const& value, Enclosing const* outer) {
    out += '{';
    bool first = true;
    for_each_entry(value, [&](Value const& key, Value const& mapped) {
        if (!first) out += ", ";
        first = false;
        repr(out, key, outer);
        out += ": ";
        repr(out, mapped, outer);
    });
    out += '}';
}

void repr_struct(std::string& out, Value const& value, Enclosing const* outer) {
    auto const& type = value.raw_type();
    out += value.type_name();
    out += '(';
    bool first = true;
    for (std::size_t i = 0; i < type.member_count; ++i) {
        if (type.members[i].name.starts_with('_')) continue; // what is private is not shown, in or out of a sandbox
        if (!first) out += ", ";
        first = false;
        out += type.members[i].name;
        out += '=';
        repr(out, type.members[i].get(value.raw_data()), outer);
    }
    out += ')';
}

void repr_container(std::string& out, Value const& value, Enclosing const* outer) {
    void const* identity = value.kind() == Kind::View ? value.raw_data() : value.raw_object();
    bool const is_struct = value.kind() == Kind::View && value.raw_type().shape == TypeInfo::Shape::Struct;
    bool const tuple =
        value.kind() == Kind::Tuple || (value.kind() == Kind::View && value.raw_type().shape == TypeInfo::Shape::Tuple);
    bool const mapping = !tuple && !is_struct && is_mapping(value);
    // A struct's first member has the struct's address, so only the engine's own containers can hold themselves.
    if (value.kind() != Kind::View && outer && outer->holds(identity)) {
        out += tuple ? "(...)" : mapping ? "{...}" : "[...]";
        return;
    }
    Enclosing const here{identity, outer, outer ? outer->depth + 1 : 1};
    if (here.depth > max_depth)
        throw Error(ErrorKind::LimitError, "maximum recursion depth exceeded while getting the repr of an object");
    check_text_size(out.size());
    if (is_struct)
        repr_struct(out, value, &here);
    else if (mapping)
        repr_mapping(out, value, &here);
    else
        repr_sequence(out, value, tuple, &here);
}

void repr(std::string& out, Value const& value, Enclosing const* outer) {
    switch (value.kind()) {
    case Kind::Undefined: out += "Undefined"; break;
    case Kind::None: out += "None"; break;
    case Kind::Bool: out += value.raw_bool() ? "True" : "False"; break;
    case Kind::Int:
    case Kind::BigInt: append_integer(out, value); break;
    case Kind::Float: append_float(out, value.raw_double()); break;
    case Kind::String:
        if (value.is_markup()) out += "Markup(";
        append_quoted(out, value.raw_text());
        if (value.is_markup()) out += ')';
        break;
    case Kind::List:
    case Kind::Tuple:
    case Kind::Dict:
    case Kind::View: repr_container(out, value, outer); break;
    case Kind::Object: value.raw_object()->repr(out); break;
    }
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
    bool const has_single = text.find('\'') != std::string_view::npos;
    char const quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    constexpr std::string_view hex = "0123456789abcdef";
    auto escape_code = [&](char letter, char32_t c, int digits) {
        out += '\\';
        out += letter;
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += hex[(c >> shift) & 0xF];
    };
    out += quote;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        char32_t const c = next_code_point(text, i);
        if (c == static_cast<unsigned char>(quote) || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (is_printable(c))
            out += text.substr(before, i - before);
        else if (c < 0x100)
            escape_code('x', c, 2);
        else if (c < 0x10000)
            escape_code('u', c, 4);
        else
            escape_code('U', c, 8);
    }
    out += quote;
}

std::string quote(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

void append_float(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "nan";
        return;
    }
    if (std::isinf(value)) {
        out += value < 0 ? "-inf" : "inf";
        return;
    }
    char buffer[40];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    std::string_view const scientific(buffer, static_cast<std::size_t>(end - buffer));
    std::size_t const e = scientific.find('e');
    int exponent = 0;
    bool const negative_exponent = scientific[e + 1] == '-';
    std::from_chars(buffer + e + 2, end, exponent);
    if (negative_exponent) exponent = -exponent;
    if (exponent < -4 || exponent >= 16) {
        out += scientific;
        return;
    }
    end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
    std::string_view const fixed(buffer, static_cast<std::size_t>(end - buffer));
    out += fixed;
    if (fixed.find('.') == std::string_view::npos) out += ".0";
}

void append_repr(std::string& out, Value const& value) { repr(out, value, nullptr); }

void append_str(std::string& out, Value const& value) {
    switch (value.kind()) {
    case Kind::String: out += value.raw_text(); break;
    case Kind::Undefined:
        if (undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
        if (undefined_mode(value) == UndefinedMode::Debug) out += undefined_debug_text(value);
        break;
    case Kind::Object: value.raw_object()->str(out); break;
    default: append_repr(out, value);
    }
}

std::string text_of(Value const& value) {
    std::string out;
    append_str(out, value);
    return out;
}

bool has_html(Value const& value) noexcept {
    // A chainable undefined renders itself, as nothing.
    return value.is_markup() || (value.is_undefined() && undefined_mode(value) == UndefinedMode::Chainable);
}

void append_escaped(std::string& out, Value const& value) {
    if (value.is_string()) {
        if (value.is_markup())
            out += value.raw_text();
        else
            escape_html(value.raw_text(), out);
        return;
    }
    if (is_number(value) || value.is_none()) return append_str(out, value);
    escape_html(text_of(value), out);
}

void check_text_size(std::size_t bytes) {
    if (bytes > max_text_size) throw Error(ErrorKind::LimitError, "the text is too large");
}

std::string_view closest_name(std::string_view name, std::vector<std::string_view> const& candidates) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (auto candidate : candidates) {
        // They differ by this much at least.
        auto const [shorter, longer] = std::minmax(name.size(), candidate.size());
        if (longer - shorter >= best_distance) continue;
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= name.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= candidate.size(); ++j) {
                std::size_t const above = row[j];
                row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (name[i - 1] != candidate[j - 1])});
                diagonal = above;
            }
        }
        // Swapped neighbours ("nmae") count twice above; a sorted comparison finds them.
        std::string a(name), b(candidate);
        std::sort(a.begin(), a.end());
        std::sort(b.begin(), b.end());
        std::size_t const distance = a == b ? std::min<std::size_t>(row.back(), 1) : row.back();
        if (candidate != name && distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace hxx::jinja
