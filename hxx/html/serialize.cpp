#include "hxx/html/serialize.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/html/tree.hpp"

#include <algorithm>
#include <string_view>

namespace hxx::dom {
namespace {

template <std::size_t N>
bool is_one_of(GumboNode const* element, GumboTag const (&tags)[N]) noexcept {
    return std::find(std::begin(tags), std::end(tags), element->v.element.tag) != std::end(tags);
}

// Elements that stand in a line of text. Before and after any other, a new line begins.
bool is_inline(GumboNode const* element) noexcept {
    static constexpr GumboTag tags[] = {
        GUMBO_TAG_A,    GUMBO_TAG_ABBR, GUMBO_TAG_B,    GUMBO_TAG_BDI,   GUMBO_TAG_BDO,   GUMBO_TAG_CITE,
        GUMBO_TAG_CODE, GUMBO_TAG_DATA, GUMBO_TAG_DEL,  GUMBO_TAG_DFN,   GUMBO_TAG_EM,    GUMBO_TAG_FONT,
        GUMBO_TAG_I,    GUMBO_TAG_IMG,  GUMBO_TAG_INS,  GUMBO_TAG_KBD,   GUMBO_TAG_LABEL, GUMBO_TAG_MARK,
        GUMBO_TAG_Q,    GUMBO_TAG_S,    GUMBO_TAG_SAMP, GUMBO_TAG_SMALL, GUMBO_TAG_SPAN,  GUMBO_TAG_STRONG,
        GUMBO_TAG_SUB,  GUMBO_TAG_SUP,  GUMBO_TAG_TIME, GUMBO_TAG_U,     GUMBO_TAG_VAR,   GUMBO_TAG_WBR,
    };
    return is_one_of(element, tags);
}

bool is_void(GumboNode const* element) noexcept {
    static constexpr GumboTag tags[] = {
        GUMBO_TAG_AREA,  GUMBO_TAG_BASE,   GUMBO_TAG_BR,    GUMBO_TAG_COL,  GUMBO_TAG_EMBED,
        GUMBO_TAG_HR,    GUMBO_TAG_IMG,    GUMBO_TAG_INPUT, GUMBO_TAG_LINK, GUMBO_TAG_META,
        GUMBO_TAG_PARAM, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK, GUMBO_TAG_WBR,
    };
    return is_one_of(element, tags);
}

// Their text is written as it is: entities mean nothing inside.
bool is_raw_text(GumboNode const* element) noexcept {
    static constexpr GumboTag tags[] = {
        GUMBO_TAG_STYLE,   GUMBO_TAG_SCRIPT,   GUMBO_TAG_XMP,       GUMBO_TAG_IFRAME,
        GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_PLAINTEXT,
    };
    return is_one_of(element, tags);
}

bool is_hidden(GumboNode const* element) noexcept {
    return element->v.element.tag == GUMBO_TAG_SCRIPT || element->v.element.tag == GUMBO_TAG_STYLE;
}

bool is_text(GumboNode const* node) noexcept {
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA;
}

void append_escaped(std::string& out, std::string_view text, bool attribute) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"' && attribute)
            out += "&quot;";
        else if (text.substr(i).starts_with("\xC2\xA0"))
            out += "&nbsp;", ++i;
        else
            out += c;
    }
}

void open(std::string& out, GumboNode const* node) {
    if (node->type == GUMBO_NODE_COMMENT) {
        ((out += "<!--") += node->v.text.text) += "-->";
    } else if (is_text(node)) {
        bool const raw = node->parent != nullptr && tree::is_element(node->parent) && is_raw_text(node->parent);
        if (raw)
            out += node->v.text.text;
        else
            append_escaped(out, node->v.text.text, false);
    } else if (tree::is_element(node)) {
        (out += '<') += tree::tag_name(node);
        for (std::size_t i = 0; i < tree::attribute_count(node); ++i) {
            auto const* const attribute = tree::attribute(node, i);
            ((out += ' ') += attribute->name) += "=\"";
            append_escaped(out, attribute->value, true);
            out += '"';
        }
        out += '>';
    }
}

void close(std::string& out, GumboNode const* node) {
    if (tree::is_element(node) && !is_void(node)) ((out += "</") += tree::tag_name(node)) += '>';
}

std::string collapsed(std::string_view text) {
    std::string result;
    bool space = false;
    for (char const c : text) {
        if (ascii::is_space(c)) {
            space = !result.empty();
            continue;
        }
        if (space) result += ' ';
        space = false;
        result += c;
    }
    return result;
}

} // namespace

std::string text_of(GumboNode const* node) {
    std::string raw;
    auto const break_line = [&raw](GumboNode const* at) {
        if (tree::is_element(at) && !is_inline(at)) raw += '\n';
    };
    tree::walk(
        node,
        [&](GumboNode const* below) {
            break_line(below);
            if (is_text(below)) raw += below->v.text.text;
            return !tree::is_element(below) || !is_hidden(below);
        },
        break_line);
    return collapsed(raw);
}

std::string inner_html_of(GumboNode const* node) {
    std::string out;
    tree::walk(
        node,
        [&out](GumboNode const* below) {
            open(out, below);
            return true;
        },
        [&out](GumboNode const* below) { close(out, below); });
    return out;
}

std::string html_of(GumboNode const* node) {
    std::string out;
    open(out, node);
    out += inner_html_of(node);
    close(out, node);
    return out;
}

} // namespace hxx::dom
