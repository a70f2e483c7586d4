// Filters on HTML: escaping, attributes, links, JSON.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <set>

namespace hxx::jinja {
namespace {

Value escape(State&, Args const& args) {
    Bound<1> const bound(args, "escape", {"s"}, 1);
    if (bound[0].is_markup()) return bound[0];
    std::string out;
    append_escaped(out, bound[0]);
    return Value::markup(std::move(out));
}

void write_escaped(State& state, Args const& args, bool) {
    Bound<1> const bound(args, "escape", {"s"}, 1);
    state.write(bound[0], true);
}

void write_safe(State& state, Args const& args, bool) {
    Bound<1> const bound(args, "do_mark_safe", {"value"}, 1);
    state.write(bound[0], false);
}

Value force_escape(State&, Args const& args) {
    Bound<1> const bound(args, "do_forceescape", {"value"}, 1);
    std::string out;
    append_escaped(out, Value(text_of(bound[0])));
    return Value::markup(std::move(out));
}

Value safe(State&, Args const& args) {
    Bound<1> const bound(args, "do_mark_safe", {"value"}, 1);
    return Value::markup(text_of(bound[0]));
}

Value striptags(State&, Args const& args) {
    Bound<1> const bound(args, "do_striptags", {"value"}, 1);
    return strip_tags(text_of(bound[0]));
}

Value xmlattr(State& state, Args const& args) {
    Bound<2> const bound(args, "do_xmlattr", {"d", "autospace"}, 1);
    std::string out;
    auto add = [&](Value const& key, Value const& value) {
        if (value.is_none() || value.is_undefined()) return;
        auto const name = text_argument(key, "do_xmlattr");
        for (char c : name)
            if (c == ' ' || (c >= '\t' && c <= '\r') || c == '/' || c == '>' || c == '=')
                throw Error(ErrorKind::ValueError, "Invalid character in attribute name: " + quote(name));
        if (!out.empty()) out += ' ';
        append_escaped(out, key);
        out += "=\"";
        append_escaped(out, value);
        out += '"';
    };
    if (!for_each_entry(bound[0], add)) {
        if (bound[0].is_undefined()) fail_undefined(bound[0]);
        throw Error(ErrorKind::AttributeError,
                    "'" + std::string(bound[0].type_name()) + "' object has no attribute 'items'");
    }
    if (bound.flag(1, true) && !out.empty()) out.insert(0, 1, ' ');
    return state.escaping() ? Value::markup(std::move(out)) : Value(std::move(out));
}

// Two characters and more of a scheme's, then ':' and up to two slashes.
bool is_scheme_prefix(std::string_view text) {
    std::size_t slashes = 0;
    while (slashes < 2 && text.ends_with('/')) {
        text.remove_suffix(1);
        ++slashes;
    }
    if (!text.ends_with(':')) return false;
    text.remove_suffix(1);
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        char32_t const c = next_code_point(text, i);
        if (!is_word(c) && c != '.' && c != '+' && c != '-') return false;
    }
    return count >= 2;
}

Value urlize_filter(State& state, Args const& args) {
    Bound<6> const bound(args, "do_urlize", {"value", "trim_url_limit", "nofollow", "target", "rel", "extra_schemes"},
                         1);
    auto const& policies = state.environment().options.policies;
    UrlizeOptions options;
    if (bound.has(1)) options.trim = index_argument(bound[1]);
    std::set<std::string, std::less<>> relations;
    for (auto word : split_whitespace(policies.urlize_rel)) relations.emplace(word);
    if (bound.flag(2)) relations.insert("nofollow");
    if (bound.has(4) && truthy(bound[4]))
        for (auto word : split_whitespace(text_argument(bound[4], "do_urlize"))) relations.emplace(word);
    for (auto const& relation : relations) options.rel += (options.rel.empty() ? "" : " ") + relation;
    if (!bound.has(3))
        options.target = policies.urlize_target;
    else if (truthy(bound[3]))
        options.target = text_of(bound[3]);
    if (!bound.has(5)) options.extra_schemes = policies.urlize_extra_schemes;
    if (bound.has(5)) {
        for (Items schemes(bound[5]); auto const* scheme = schemes.next();) {
            auto const prefix = text_argument(*scheme, "do_urlize");
            if (!is_scheme_prefix(prefix))
                throw Error(ErrorKind::FilterArgumentError, quote(prefix) + " is not a valid URI scheme prefix.");
            options.extra_schemes.emplace_back(prefix);
        }
    }
    std::string escaped;
    append_escaped(escaped, bound[0]);
    std::string out = urlize(escaped, options);
    return state.escaping() ? Value::markup(std::move(out)) : Value(std::move(out));
}

Value tojson(State& state, Args const& args) {
    Bound<2> const bound(args, "do_tojson", {"value", "indent"}, 1);
    std::string json;
    JsonStyle style{.sorted = state.environment().options.policies.json_sort_keys,
                    .private_members = !state.lookup().sandbox};
    if (bound.has(1)) style.indent = static_cast<int>(std::clamp<std::int64_t>(index_argument(bound[1]), 0, 1000));
    append_json(json, bound[0], style);
    std::string out;
    out.reserve(json.size());
    for (char c : json) {
        switch (c) {
        case '<': out += "\\u003c"; break;
        case '>': out += "\\u003e"; break;
        case '&': out += "\\u0026"; break;
        case '\'': out += "\\u0027"; break;
        default: out += c;
        }
    }
    return Value::markup(std::move(out));
}

} // namespace

std::span<FilterRow const> html_filters() noexcept {
    static constexpr FilterRow rows[] = {{"e", escape, true, write_escaped},
                                         {"escape", escape, true, write_escaped},
                                         {"forceescape", force_escape},
                                         {"safe", safe, true, write_safe},
                                         {"striptags", striptags},
                                         {"xmlattr", xmlattr},
                                         {"tojson", tojson},
                                         {"urlize", urlize_filter}};
    return rows;
}

} // namespace hxx::jinja
