// Links for the URLs and mail addresses in a text.
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <array>

namespace hxx::jinja {
namespace {

using View = std::string_view;

bool all_of(View text, bool (*is)(char32_t)) {
    for (std::size_t i = 0; i < text.size();)
        if (!is(next_code_point(text, i))) return false;
    return true;
}

bool label_character(char32_t c) { return is_word(c) || c == '%' || c == '-'; }
bool idna_character(char32_t c) { return is_word(c) || c == '%'; }
bool ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char32_t c) { return c >= '0' && c <= '9'; }

bool within(std::size_t size, std::size_t least, std::size_t most) { return size >= least && size <= most; }

bool top_level_domain(View label) {
    if (within(label.size(), 2, 63) && all_of(label, &ascii_letter)) return true;
    return ascii::istarts_with(label, "xn--") && within(code_points(label.substr(4)), 2, 59) &&
           all_of(label.substr(4), &idna_character);
}

// Labels of that length at least, separated by dots, before the last.
bool labels(View text, std::size_t least, std::size_t most) {
    for (View label : split_text(text, ".", -1, false))
        if (!within(code_points(label), least, most) || !all_of(label, &label_character)) return false;
    return true;
}

bool domain_after_scheme(View host) {
    std::size_t const dot = host.rfind('.');
    if (dot == View::npos) return top_level_domain(host);
    return top_level_domain(host.substr(dot + 1)) && labels(host.substr(0, dot), 1, View::npos);
}

bool plain_domain(View host) {
    static constexpr std::array<View, 8> known{"com", "net", "int", "edu", "gov", "org", "info", "mil"};
    std::size_t const dot = host.rfind('.');
    if (dot == View::npos) return false;
    View const last = host.substr(dot + 1);
    return std::any_of(known.begin(), known.end(), [&](View name) { return ascii::iequals(name, last); }) &&
           labels(host.substr(0, dot), 2, 63);
}

bool ipv4(View host) {
    auto const parts = split_text(host, ".", -1, false);
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](View part) {
               return within(part.size(), 1, 3) && all_of(part, &digit);
           });
}

// Two groups with a colon, then up to six that may lack it.
bool ipv6(View host) {
    if (host.size() < 2 || host.front() != '[' || host.back() != ']') return false;
    View text = host.substr(1, host.size() - 2);
    auto group = [&](bool colon_needed) {
        std::size_t size = 0;
        while (size < 4 && size < text.size() && ascii::hex_digit(text[size]) >= 0) ++size;
        bool const colon = size < text.size() && text[size] == ':';
        if (colon_needed && !colon) return false;
        if (size == 0 && !colon) return false;
        text.remove_prefix(size + (colon ? 1 : 0));
        return true;
    };
    if (!group(true) || !group(true)) return false;
    for (int i = 0; i < 6 && !text.empty(); ++i)
        if (!group(false)) return false;
    return text.empty();
}

bool is_url(View text) {
    std::size_t scheme = 0;
    for (View prefix : {View("https://"), View("http://")})
        if (ascii::istarts_with(text, prefix)) {
            scheme = prefix.size();
            break;
        }
    View host = text.substr(scheme);
    host = host.substr(0, host.find_first_of("/?#"));
    // A port.
    if (std::size_t const colon = host.rfind(':'); colon != View::npos && !host.ends_with(']')) {
        View const port = host.substr(colon + 1);
        if (!within(port.size(), 1, 5) || !all_of(port, &digit)) return false;
        host = host.substr(0, colon);
    }
    if (scheme > 0) return domain_after_scheme(host) || ipv4(host) || ipv6(host) || plain_domain(host);
    if (ascii::istarts_with(host, "www.") && domain_after_scheme(host.substr(4))) return true;
    return plain_domain(host);
}

// Something, '@', a name that starts with a word character and has a dot before its last word.
bool is_address(View text) {
    std::size_t const at = text.rfind('@');
    if (at == View::npos || at == 0) return false;
    View const domain = text.substr(at + 1);
    std::size_t const dot = domain.rfind('.');
    if (dot == View::npos || dot == 0) return false;
    View const last = domain.substr(dot + 1), first = domain.substr(0, dot);
    if (last.empty() || !all_of(last, [](char32_t c) { return is_word(c); })) return false;
    std::size_t i = 0;
    if (!is_word(next_code_point(first, i))) return false;
    return all_of(first.substr(i), [](char32_t c) { return is_word(c) || c == '.' || c == '-'; });
}

std::size_t count(View text, View part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != View::npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

struct Word {
    std::string head, middle, tail;
};

// Brackets and punctuation around a word are no part of the link.
Word take_apart(View text) {
    Word word{{}, std::string(text), {}};
    std::size_t start = 0;
    for (;;) {
        View const rest = text.substr(start);
        if (rest.starts_with('(') || rest.starts_with('<'))
            ++start;
        else if (rest.starts_with("&lt;"))
            start += 4;
        else
            break;
    }
    word.head = text.substr(0, start);
    View middle = text.substr(start);
    std::size_t end = middle.size();
    for (;;) {
        View const rest = middle.substr(0, end);
        if (rest.ends_with("&gt;"))
            end -= 4;
        else if (!rest.empty() && View(")>.,\n").find(rest.back()) != View::npos)
            --end;
        else
            break;
    }
    word.tail = middle.substr(end);
    word.middle = middle.substr(0, end);
    // A bracket that opens in the word keeps its closing one.
    for (auto const& [open, close] : {std::pair<View, View>{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}}) {
        std::size_t const opened = count(word.middle, open);
        if (opened <= count(word.middle, close)) continue;
        for (std::size_t i = std::min(opened, count(word.tail, close)); i > 0; --i) {
            std::size_t const after = word.tail.find(close) + close.size();
            word.middle += word.tail.substr(0, after);
            word.tail.erase(0, after);
        }
    }
    return word;
}

std::string attribute(View name, View value) {
    if (value.empty()) return {};
    std::string out = " " + std::string(name) + "=\"";
    escape_html(value, out);
    return out + '"';
}

} // namespace

std::string urlize(View text, UrlizeOptions const& options) {
    std::string const attributes = attribute("rel", options.rel) + attribute("target", options.target);
    auto shown = [&](std::string const& url) {
        if (options.trim < 0 || static_cast<std::int64_t>(code_points(url)) <= options.trim) return url;
        return url.substr(0, byte_offset(url, static_cast<std::size_t>(options.trim))) + "...";
    };
    auto linked = [&](std::string const& middle) -> std::string {
        if (is_url(middle)) {
            bool const scheme = middle.starts_with("https://") || middle.starts_with("http://");
            return "<a href=\"" + std::string(scheme ? "" : "https://") + middle + "\"" + attributes + ">" +
                   shown(middle) + "</a>";
        }
        if (middle.starts_with("mailto:") && is_address(View(middle).substr(7)))
            return "<a href=\"" + middle + "\">" + middle.substr(7) + "</a>";
        if (middle.find('@') != std::string::npos && !middle.starts_with("www.") && !middle.starts_with("@") &&
            middle.find(':') == std::string::npos && is_address(middle))
            return "<a href=\"mailto:" + middle + "\">" + middle + "</a>";
        std::string result = middle;
        for (auto const& scheme : options.extra_schemes)
            if (result != scheme && result.starts_with(scheme))
                result = "<a href=\"" + result + "\"" + attributes + ">" + result + "</a>";
        return result;
    };
    std::string out;
    std::size_t start = 0;
    auto word = [&](std::size_t end) {
        if (end == start) return;
        Word const parts = take_apart(text.substr(start, end - start));
        out += parts.head + linked(parts.middle) + parts.tail;
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        if (!is_space(next_code_point(text, i))) continue;
        word(before);
        out += text.substr(before, i - before);
        start = i;
    }
    word(text.size());
    return out;
}

} // namespace hxx::jinja
