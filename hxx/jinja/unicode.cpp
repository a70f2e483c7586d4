#include "hxx/jinja/unicode.hpp"

#include "hxx/base/utf8.hpp"

#include <cstdint>
#include <utf8proc.h>

namespace hxx::jinja {
namespace {

utf8proc_category_t category(char32_t c) noexcept { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

bool is_letter(utf8proc_category_t c) noexcept { return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO; }

// Case mappings to several code points (U+00DF to "SS", U+FB01 to "FI" …), which utf8proc gives only for folding.
char const* special_upper(char32_t c) noexcept {
    switch (c) {
    case 0xDF: return "SS";
    case 0x149: return "\xCA\xBCN";
    case 0x1F0: return "J\xCC\x8C";
    case 0x390: return "\xCE\x99\xCC\x88\xCC\x81";
    case 0x3B0: return "\xCE\xA5\xCC\x88\xCC\x81";
    case 0x587: return "\xD4\xB5\xD5\x92";
    case 0x1E96: return "H\xCC\xB1";
    case 0x1E97: return "T\xCC\x88";
    case 0x1E98: return "W\xCC\x8A";
    case 0x1E99: return "Y\xCC\x8A";
    case 0x1E9A: return "A\xCA\xBE";
    case 0xFB00: return "FF";
    case 0xFB01: return "FI";
    case 0xFB02: return "FL";
    case 0xFB03: return "FFI";
    case 0xFB04: return "FFL";
    case 0xFB05:
    case 0xFB06: return "ST";
    default: return nullptr;
    }
}

char const* special_title(char32_t c) noexcept {
    switch (c) {
    case 0xDF: return "Ss";
    case 0xFB00: return "Ff";
    case 0xFB01: return "Fi";
    case 0xFB02: return "Fl";
    case 0xFB03: return "Ffi";
    case 0xFB04: return "Ffl";
    case 0xFB05:
    case 0xFB06: return "St";
    default: return special_upper(c);
    }
}

void append_upper(std::string& out, char32_t c) {
    if (c < 0x80)
        out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    else if (char const* special = special_upper(c))
        out += special;
    else
        utf8::append(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))));
}

void append_title(std::string& out, char32_t c) {
    if (c < 0x80)
        append_upper(out, c);
    else if (char const* special = special_title(c))
        out += special;
    else
        utf8::append(out, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(c))));
}

bool is_cased(char32_t c) noexcept { return is_upper(c) || is_lower(c) || is_title(c); }

// U+03A3 is written differently at a word's end.
bool final_sigma(std::string_view text, std::size_t before, std::size_t after) noexcept {
    bool preceded = false;
    for (std::size_t i = 0; i < before;) {
        char32_t const c = next_code_point(text, i);
        if (is_cased(c))
            preceded = true;
        else if (category(c) != UTF8PROC_CATEGORY_MN && c != '\'' && c != 0xAD)
            preceded = false;
    }
    if (!preceded) return false;
    for (std::size_t i = after; i < text.size();) {
        char32_t const c = next_code_point(text, i);
        if (is_cased(c)) return false;
        if (category(c) != UTF8PROC_CATEGORY_MN && c != '\'' && c != 0xAD) return true;
    }
    return true;
}

void append_lower(std::string& out, std::string_view text, std::size_t before, std::size_t after, char32_t c) {
    if (c < 0x80)
        out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    else if (c == 0x130)
        out += "i\xCC\x87";
    else if (c == 0x3A3 && final_sigma(text, before, after))
        out += "\xCF\x82";
    else
        utf8::append(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
}

template <class F>
std::string map_code_points(std::string_view text, F&& append) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        char32_t const c = next_code_point(text, i);
        append(out, c, before, i);
    }
    return out;
}

} // namespace

bool is_ascii(std::string_view text) noexcept {
    unsigned char all = 0;
    for (char c : text) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
    return all < 0x80;
}

std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

std::size_t byte_offset(std::string_view text, std::size_t index) noexcept {
    std::size_t offset = 0;
    while (offset < text.size()) {
        if ((static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80) {
            if (index == 0) return offset;
            --index;
        }
        ++offset;
    }
    return offset;
}

std::vector<std::string_view> split_code_points(std::string_view text) {
    std::vector<std::string_view> result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
        result.push_back(text.substr(i, end - i));
        i = end;
    }
    return result;
}

char32_t next_code_point(std::string_view text, std::size_t& offset) noexcept {
    auto const c = static_cast<unsigned char>(text[offset]);
    if (c < 0x80) {
        ++offset;
        return c;
    }
    auto const decoded = utf8::decode(text.substr(offset));
    offset += decoded.size;
    return decoded.code_point;
}

bool is_space(char32_t c) noexcept {
    if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_word(char32_t c) noexcept {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return is_alpha(c) || is_numeric(c);
}

bool is_identifier_start(char32_t c) noexcept {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    auto const kind = category(c);
    return is_letter(kind) || kind == UTF8PROC_CATEGORY_NL || c == 0x2118 || c == 0x212E;
}

bool is_identifier_part(char32_t c) noexcept {
    if (is_identifier_start(c)) return true;
    if (c < 0x80) return c >= '0' && c <= '9';
    auto const kind = category(c);
    return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_ND ||
           kind == UTF8PROC_CATEGORY_PC || c == 0xB7;
}

bool is_printable(char32_t c) noexcept {
    if (c < 0x80) return c >= 0x20 && c < 0x7F;
    switch (category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
    }
}

bool is_alpha(char32_t c) noexcept {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter(category(c));
}

bool is_decimal(char32_t c) noexcept {
    if (c < 0x80) return c >= '0' && c <= '9';
    return category(c) == UTF8PROC_CATEGORY_ND;
}

bool is_digit(char32_t c) noexcept {
    return is_decimal(c) || c == 0xB2 || c == 0xB3 || c == 0xB9 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079) ||
           (c >= 0x2080 && c <= 0x2089) || (c >= 0x2460 && c <= 0x2468) || (c >= 0x2474 && c <= 0x247C) ||
           (c >= 0x2488 && c <= 0x2490);
}

bool is_numeric(char32_t c) noexcept {
    if (c < 0x80) return c >= '0' && c <= '9';
    auto const kind = category(c);
    return kind == UTF8PROC_CATEGORY_ND || kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_NO;
}

bool is_upper(char32_t c) noexcept {
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    return category(c) == UTF8PROC_CATEGORY_LU || (c >= 0x2160 && c <= 0x216F) || (c >= 0x24B6 && c <= 0x24CF);
}

bool is_lower(char32_t c) noexcept {
    if (c < 0x80) return c >= 'a' && c <= 'z';
    return category(c) == UTF8PROC_CATEGORY_LL || c == 0xAA || c == 0xBA || (c >= 0x2B0 && c <= 0x2B8) ||
           (c >= 0x2170 && c <= 0x217F) || (c >= 0x24D0 && c <= 0x24E9);
}

bool is_title(char32_t c) noexcept { return c >= 0x80 && category(c) == UTF8PROC_CATEGORY_LT; }

namespace {
template <class F>
void append_mapped(std::string_view text, std::string& out, F&& append) {
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        char32_t const c = next_code_point(text, i);
        append(out, c, before, i);
    }
}

// Shifts the letters of one case to the other; the text is ASCII.
void append_shifted(std::string_view text, std::string& out, char first, int distance) {
    std::size_t const start = out.size();
    out += text;
    for (std::size_t i = start; i < out.size(); ++i)
        if (static_cast<unsigned char>(out[i] - first) < 26) out[i] = static_cast<char>(out[i] + distance);
}
} // namespace

void append_upper(std::string_view text, std::string& out) {
    if (is_ascii(text)) return append_shifted(text, out, 'a', -32);
    append_mapped(text, out, [](std::string& to, char32_t c, std::size_t, std::size_t) { append_upper(to, c); });
}

void append_lower(std::string_view text, std::string& out) {
    if (is_ascii(text)) return append_shifted(text, out, 'A', 32);
    append_mapped(text, out, [&](std::string& to, char32_t c, std::size_t before, std::size_t after) {
        append_lower(to, text, before, after, c);
    });
}

std::string to_upper(std::string_view text) {
    std::string out;
    append_upper(text, out);
    return out;
}

std::string to_lower(std::string_view text) {
    std::string out;
    append_lower(text, out);
    return out;
}

std::string to_casefold(std::string_view text) {
    return map_code_points(text, [&](std::string& out, char32_t c, std::size_t before, std::size_t after) {
        if (c < 0x80) return append_lower(out, text, before, after, c);
        utf8proc_int32_t folded[8];
        int boundary = 0;
        auto const count =
            utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded, 8, UTF8PROC_CASEFOLD, &boundary);
        if (count <= 0 || count > 8) return append_lower(out, text, before, after, c);
        for (utf8proc_ssize_t i = 0; i < count; ++i) utf8::append(out, static_cast<char32_t>(folded[i]));
    });
}

std::string swap_case(std::string_view text) {
    return map_code_points(text, [&](std::string& out, char32_t c, std::size_t before, std::size_t after) {
        if (is_upper(c))
            append_lower(out, text, before, after, c);
        else
            append_upper(out, c);
    });
}

std::string capitalize(std::string_view text) {
    return map_code_points(text, [&](std::string& out, char32_t c, std::size_t before, std::size_t after) {
        if (before == 0)
            append_title(out, c);
        else
            append_lower(out, text, before, after, c);
    });
}

std::string title_case(std::string_view text) {
    bool in_word = false;
    return map_code_points(text, [&](std::string& out, char32_t c, std::size_t before, std::size_t after) {
        if (in_word)
            append_lower(out, text, before, after, c);
        else
            append_title(out, c);
        in_word = is_cased(c);
    });
}

std::string_view lstrip(std::string_view text) noexcept {
    std::size_t i = 0;
    while (i < text.size()) {
        std::size_t after = i;
        if (!is_space(next_code_point(text, after))) break;
        i = after;
    }
    return text.substr(i);
}

std::string_view rstrip(std::string_view text) noexcept {
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t start = end - 1;
        while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
        std::size_t after = start;
        if (!is_space(next_code_point(text, after))) break;
        end = start;
    }
    return text.substr(0, end);
}

std::string_view strip(std::string_view text) noexcept { return lstrip(rstrip(text)); }

std::vector<std::string_view> split_whitespace(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t start = std::string_view::npos;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        bool const space = is_space(next_code_point(text, i));
        if (!space && start == std::string_view::npos) start = before;
        if (space && start != std::string_view::npos) {
            parts.push_back(text.substr(start, before - start));
            start = std::string_view::npos;
        }
    }
    if (start != std::string_view::npos) parts.push_back(text.substr(start));
    return parts;
}

std::vector<std::string_view> split_lines(std::string_view text, bool keep_ends) {
    std::vector<std::string_view> lines;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t const before = i;
        char32_t const c = next_code_point(text, i);
        bool const breaks = (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (!breaks) continue;
        if (c == '\r' && i < text.size() && text[i] == '\n') ++i;
        lines.push_back(text.substr(start, (keep_ends ? i : before) - start));
        start = i;
    }
    if (start < text.size()) lines.push_back(text.substr(start));
    return lines;
}

} // namespace hxx::jinja
