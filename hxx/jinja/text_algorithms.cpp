#include "hxx/jinja/text_algorithms.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

using View = std::string_view;

} // namespace

std::string replace_text(View text, View old, View replacement, std::int64_t count) {
    std::string out;
    auto left = count < 0 ? static_cast<std::size_t>(-1) : static_cast<std::size_t>(count);
    auto check = [&] { check_text_size(out.size()); };
    if (old.empty()) {
        for (View c : split_code_points(text)) {
            if (left > 0) {
                out += replacement;
                --left;
                check();
            }
            out += c;
        }
        if (left > 0) out += replacement;
        return out;
    }
    std::size_t start = 0;
    for (std::size_t at = text.find(old); at != View::npos && left > 0; at = text.find(old, start), --left) {
        out += text.substr(start, at - start);
        out += replacement;
        check();
        start = at + old.size();
    }
    out += text.substr(start);
    return out;
}

std::string_view strip_characters(View text, View characters, bool left, bool right) {
    auto const set = split_code_points(characters);
    auto in_set = [&](View c) { return std::find(set.begin(), set.end(), c) != set.end(); };
    auto const parts = split_code_points(text);
    std::size_t first = 0, last = parts.size();
    while (left && first < last && in_set(parts[first])) ++first;
    while (right && last > first && in_set(parts[last - 1])) --last;
    if (first >= last) return text.substr(0, 0);
    auto const start = static_cast<std::size_t>(parts[first].data() - text.data());
    auto const end = static_cast<std::size_t>(parts[last - 1].data() + parts[last - 1].size() - text.data());
    return text.substr(start, end - start);
}

std::string pad_text(View text, std::int64_t width, View fill, char align) {
    auto const length = static_cast<std::int64_t>(code_points(text));
    if (width <= length) return std::string(text);
    check_text_size(static_cast<std::size_t>(width));
    auto const missing = width - length;
    // Python puts the odd blank to the left if the width is odd.
    std::int64_t const before = align == '<' ? 0 : align == '>' ? missing : missing / 2 + (missing & width & 1);
    std::string out;
    for (std::int64_t i = 0; i < before; ++i) out += fill;
    out += text;
    for (std::int64_t i = before; i < missing; ++i) out += fill;
    return out;
}

std::vector<View> split_words(View text, std::int64_t most, bool right) {
    auto words = split_whitespace(text);
    if (most < 0 || words.size() <= static_cast<std::size_t>(most) + 1) {
        if (most == 0 && words.size() == 1) return {right ? rstrip(text) : lstrip(text)};
        return words;
    }
    auto const splits = static_cast<std::size_t>(most);
    if (!right) {
        auto const start = static_cast<std::size_t>(words[splits].data() - text.data());
        words.resize(splits);
        words.push_back(text.substr(start));
        return words;
    }
    std::size_t const first = words.size() - splits;
    View const& last_of_rest = words[first - 1];
    auto const end = static_cast<std::size_t>(last_of_rest.data() + last_of_rest.size() - text.data());
    std::vector<View> result{text.substr(0, end)};
    result.insert(result.end(), words.begin() + static_cast<std::ptrdiff_t>(first), words.end());
    return result;
}

std::vector<View> split_text(View text, View separator, std::int64_t most, bool right) {
    std::vector<View> parts;
    auto left = most < 0 ? static_cast<std::size_t>(-1) : static_cast<std::size_t>(most);
    if (!right) {
        std::size_t start = 0;
        for (std::size_t at = text.find(separator); at != View::npos && left > 0;
             at = text.find(separator, start), --left) {
            parts.push_back(text.substr(start, at - start));
            start = at + separator.size();
        }
        parts.push_back(text.substr(start));
        return parts;
    }
    std::size_t end = text.size();
    while (left > 0 && end >= separator.size()) {
        std::size_t const at = text.rfind(separator, end - separator.size());
        if (at == View::npos) break;
        parts.push_back(text.substr(at + separator.size(), end - at - separator.size()));
        end = at;
        --left;
    }
    parts.push_back(text.substr(0, end));
    std::reverse(parts.begin(), parts.end());
    return parts;
}

bool is_lowercase(View text) noexcept {
    bool cased = false;
    for (std::size_t i = 0; i < text.size();) {
        char32_t const c = next_code_point(text, i);
        if (is_upper(c) || is_title(c)) return false;
        cased = cased || is_lower(c);
    }
    return cased;
}

bool is_uppercase(View text) noexcept {
    bool cased = false;
    for (std::size_t i = 0; i < text.size();) {
        char32_t const c = next_code_point(text, i);
        if (is_lower(c) || is_title(c)) return false;
        cased = cased || is_upper(c);
    }
    return cased;
}

// ── HTML and URLs ───────────────────────────────────────────────────────────────────────────────────────────────

std::string strip_tags(View html) {
    std::string value(html);
    // Comments first: they may hold what looks like tags.
    for (std::size_t start; (start = value.find("<!--")) != std::string::npos;) {
        std::size_t const end = value.find("-->", start);
        if (end == std::string::npos) break;
        value.erase(start, end + 3 - start);
    }
    for (std::size_t start; (start = value.find('<')) != std::string::npos;) {
        std::size_t const end = value.find('>', start);
        if (end == std::string::npos) break;
        value.erase(start, end + 1 - start);
    }
    std::string joined;
    for (View word : split_whitespace(value)) {
        if (!joined.empty()) joined += ' ';
        joined += word;
    }
    return unescape_html(joined);
}

std::string unescape_html(View html) {
    struct Named {
        View name;
        View text;
    };
    static constexpr Named names[] = {{"amp", "&"},
                                      {"lt", "<"},
                                      {"gt", ">"},
                                      {"quot", "\""},
                                      {"apos", "'"},
                                      {"nbsp", "\xC2\xA0"},
                                      {"copy", "\xC2\xA9"},
                                      {"reg", "\xC2\xAE"},
                                      {"euro", "\xE2\x82\xAC"},
                                      {"hellip", "\xE2\x80\xA6"},
                                      {"mdash", "\xE2\x80\x94"},
                                      {"ndash", "\xE2\x80\x93"},
                                      {"laquo", "\xC2\xAB"},
                                      {"raquo", "\xC2\xBB"},
                                      {"times", "\xC3\x97"},
                                      {"eacute", "\xC3\xA9"},
                                      {"auml", "\xC3\xA4"},
                                      {"ouml", "\xC3\xB6"},
                                      {"uuml", "\xC3\xBC"},
                                      {"szlig", "\xC3\x9F"},
                                      {"middot", "\xC2\xB7"},
                                      {"deg", "\xC2\xB0"},
                                      {"trade", "\xE2\x84\xA2"}};
    std::string out;
    for (std::size_t i = 0; i < html.size();) {
        std::size_t const end = html[i] == '&' ? html.find(';', i) : View::npos;
        if (end == View::npos || end - i > 32) {
            out += html[i++];
            continue;
        }
        View const entity = html.substr(i + 1, end - i - 1);
        if (entity.size() > 1 && entity[0] == '#') {
            bool const hexadecimal = entity[1] == 'x' || entity[1] == 'X';
            char32_t code = 0;
            bool valid = entity.size() > (hexadecimal ? 2U : 1U);
            for (char c : entity.substr(hexadecimal ? 2 : 1)) {
                int const digit = c >= '0' && c <= '9'                                    ? c - '0'
                                  : hexadecimal && (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                                          : -1;
                if (digit < 0 || code > 0x10FFFF) {
                    valid = false;
                    break;
                }
                code = code * (hexadecimal ? 16 : 10) + static_cast<char32_t>(digit);
            }
            if (valid) {
                utf8::append(out, code);
                i = end + 1;
                continue;
            }
        }
        auto const* named =
            std::find_if(std::begin(names), std::end(names), [&](Named const& row) { return row.name == entity; });
        if (named == std::end(names)) {
            out += html[i++];
            continue;
        }
        out += named->text;
        i = end + 1;
    }
    return out;
}

std::string quote_url(View text, bool query) {
    constexpr View hex = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                           c == '.' || c == '-' || c == '~' || (c == '/' && !query);
        if (plain)
            out += c;
        else if (c == ' ' && query)
            out += '+';
        else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

} // namespace hxx::jinja
