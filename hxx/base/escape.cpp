#include "hxx/base/escape.hpp"

#include "hxx/base/utf8.hpp"

namespace hxx {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_code_unit(std::string& out, char32_t unit) {
    out += "\\u";
    for (unsigned shift = 16; shift > 0; shift -= 4) out += hex_digits[(unit >> (shift - 4)) & 0xF];
}

void append_escape(std::string& out, char32_t code_point) {
    if (code_point < 0x10000) {
        append_code_unit(out, code_point);
    } else { // a pair of surrogates
        append_code_unit(out, 0xD800 + ((code_point - 0x10000) >> 10));
        append_code_unit(out, 0xDC00 + ((code_point - 0x10000) & 0x3FF));
    }
}

std::string_view short_escape(char32_t c) noexcept {
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return {};
    }
}

std::string_view html_entity(char c) noexcept {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&#34;";
    default: return "&#39;";
    }
}

} // namespace

void append_html(std::string& out, std::string_view text) {
    for (;;) {
        auto const at = text.find_first_of("&<>\"'");
        out += text.substr(0, at);
        if (at == std::string_view::npos) return;
        out += html_entity(text[at]);
        text.remove_prefix(at + 1);
    }
}

std::string escape_html(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    append_html(result, text);
    return result;
}

void append_json_string(std::string& out, std::string_view text, JsonCharacters characters) {
    out += '"';
    while (!text.empty()) {
        auto const next = utf8::decode(text);
        if (auto const escape = short_escape(next.code_point); !escape.empty())
            out += escape;
        else if (next.code_point < 0x20 || next.code_point == 0x7F ||
                 (next.code_point > 0x7F && characters == JsonCharacters::Ascii))
            append_escape(out, next.code_point);
        else
            utf8::append(out, next.code_point);
        text.remove_prefix(next.size);
    }
    out += '"';
}

} // namespace hxx
