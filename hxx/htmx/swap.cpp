#include "hxx/htmx/swap.hpp"

#include "hxx/base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace hxx::htmx {
namespace {

struct Style {
    std::string_view version_4, version_2;
    std::string_view alias = {}; // another word for it
};

constexpr Style styles[] = {
    {"innerHTML", "innerHTML"},
    {"outerHTML", "outerHTML"},
    {"textContent", "textContent"},
    {"delete", "delete"},
    {"none", "none"},
    {"beforebegin", "beforebegin", "before"},
    {"afterbegin", "afterbegin", "prepend"},
    {"beforeend", "beforeend", "append"},
    {"afterend", "afterend", "after"},
    {"innerMorph", "morph:innerHTML"},
    {"outerMorph", "morph:outerHTML", "morph"},
    {"outerSync", "outerHTML"},
    {"upsert", ""},
};

Style const* find_style(std::string_view word) noexcept {
    // outerSync comes after outerHTML, which is both a style of its own and what outerSync is in htmx 2.
    for (auto const& style : styles)
        if (word == style.version_4 || word == style.version_2 || (!style.alias.empty() && word == style.alias))
            return &style;
    return nullptr;
}

std::string_view style_for(int version, std::string_view word) {
    auto const* const style = word.empty() ? nullptr : find_style(word);
    if (style == nullptr)
        throw std::invalid_argument(fmt::format(
            "'{}' is no swap style of htmx; write innerHTML, outerHTML, textContent, beforebegin, afterbegin, "
            "beforeend, afterend, delete, none, innerMorph, outerMorph, outerSync or upsert",
            word));
    if (version != 2) return style->version_4;
    if (style->version_2.empty())
        throw std::invalid_argument(fmt::format("the swap style '{}' does not exist in htmx 2", word));
    return style->version_2;
}

// Words between white space; a space inside quotes or <…/> belongs to its word.
std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> result;
    std::size_t start = 0;
    char quote = '\0';
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (quote == '\0' && ascii::is_space(text[i]))) {
            if (i > start) result.push_back(text.substr(start, i - start));
            start = i + 1;
        } else if (quote != '\0') {
            if (text[i] == quote) quote = '\0';
        } else if (text[i] == '"' || text[i] == '\'') {
            quote = text[i];
        }
    }
    return result;
}

std::string_view unquoted(std::string_view value) noexcept {
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        return value.substr(1, value.size() - 2);
    if (value.size() >= 3 && value.starts_with('<') && value.ends_with("/>")) return value.substr(1, value.size() - 3);
    return value;
}

std::string quoted(std::string_view value) {
    if (std::none_of(value.begin(), value.end(), [](char c) { return ascii::is_space(c) || c == ','; }))
        return std::string(value);
    char const quote = value.find('"') == value.npos ? '"' : '\'';
    return fmt::format("{0}{1}{0}", quote, value);
}

// scroll and show: "top" or "bottom", and the element where it is not the target.
struct Position {
    std::string_view edge, element;

    void read_edge(std::string_view value) noexcept {
        auto const colon = value.find_last_of(':'); // htmx 2: "#list:top"
        if (colon != std::string_view::npos) element = value.substr(0, colon);
        edge = value.substr(colon + 1);
    }
    void write(std::string& out, int version, std::string_view name) const {
        if (edge.empty()) return;
        if (element.empty())
            out += fmt::format(" {}:{}", name, edge);
        else if (version != 2)
            out += fmt::format(" {0}:{1} {0}Target:{2}", name, edge, quoted(element));
        else if (quoted(element) == element) // htmx 2 has no way to write a selector with spaces here
            out += fmt::format(" {}:{}:{}", name, element, edge);
    }
};

} // namespace

std::string swap_for(int version, std::string_view swap) {
    auto const parts = words(swap);
    auto rest = parts.begin();
    std::string result;
    // Without a style, the first word is a modifier, and the style stays the element's own or the default.
    auto const is_style = [](std::string_view word) {
        return word.find(':') == word.npos || word.starts_with("morph:");
    };
    if (parts.empty() || is_style(parts.front())) result = style_for(version, parts.empty() ? "" : *rest++);

    Position scroll, show;
    for (; rest != parts.end(); ++rest) {
        auto const [name, raw] = ascii::cut(*rest, ':');
        auto const value = raw.value_or("true");
        if (name == "scroll")
            scroll.read_edge(unquoted(value));
        else if (name == "scrollTarget")
            scroll.element = unquoted(value);
        else if (name == "show")
            show.read_edge(unquoted(value));
        else if (name == "showTarget")
            show.element = unquoted(value);
        else if (name == "focus-scroll" || name == "focusScroll")
            result += fmt::format(" {}:{}", version == 2 ? "focus-scroll" : "focusScroll", value);
        else if (name == "target")
            throw std::invalid_argument(
                "htmx 2 has no target in a swap style; name the target beside it, with retarget()");
        else if (name == "swap" || name == "settle" || name == "transition" || name == "ignoreTitle" || version != 2)
            result += fmt::format(" {}:{}", name, value);
    }
    scroll.write(result, version, "scroll");
    show.write(result, version, "show");
    return result.starts_with(' ') ? result.substr(1) : result;
}

} // namespace hxx::htmx
