#include "hxx/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace hxx::utf8 {
namespace {

constexpr char32_t replacement = 0xFFFD;

unsigned byte_at(std::string_view text, std::size_t index) noexcept { return static_cast<unsigned char>(text[index]); }

// The number of bytes at the front that are ASCII, looked at eight at a time.
std::size_t ascii_prefix(std::string_view text) noexcept {
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        if (word & 0x8080808080808080u) break;
    }
    while (i < text.size() && byte_at(text, i) < 0x80) ++i;
    return i;
}

// What may follow a lead byte: how many continuation bytes, and the range of the first of them (RFC 3629 section 4).
struct Lead {
    std::size_t following;
    unsigned low, high;
};

Lead lead_of(unsigned byte) noexcept {
    if (byte < 0xC2 || byte > 0xF4) return {0, 0, 0};
    if (byte < 0xE0) return {1, 0x80, 0xBF};
    if (byte < 0xF0) return {2, byte == 0xE0 ? 0xA0u : 0x80u, byte == 0xED ? 0x9Fu : 0xBFu};
    return {3, byte == 0xF0 ? 0x90u : 0x80u, byte == 0xF4 ? 0x8Fu : 0xBFu};
}

} // namespace

Decoded decode(std::string_view text) noexcept {
    unsigned const first = byte_at(text, 0);
    if (first < 0x80) return {first, 1, true};
    auto lead = lead_of(first);
    if (lead.following == 0) return {replacement, 1, false};
    char32_t code_point = first & (0x3Fu >> lead.following);
    for (std::size_t i = 1; i <= lead.following; ++i) {
        unsigned const next = i < text.size() ? byte_at(text, i) : 0;
        if (next < lead.low || next > lead.high) return {replacement, i, false};
        code_point = (code_point << 6) | (next & 0x3Fu);
        lead.low = 0x80;
        lead.high = 0xBF;
    }
    return {code_point, lead.following + 1, true};
}

bool is_valid(std::string_view text) noexcept {
    for (;;) {
        text.remove_prefix(ascii_prefix(text));
        if (text.empty()) return true;
        auto const next = decode(text);
        if (!next.valid) return false;
        text.remove_prefix(next.size);
    }
}

std::size_t length(std::string_view text) noexcept {
    std::size_t count = 0;
    while (!text.empty()) {
        auto const plain = ascii_prefix(text);
        count += plain;
        text.remove_prefix(plain);
        if (text.empty()) break;
        text.remove_prefix(decode(text).size);
        ++count;
    }
    return count;
}

std::string_view truncate(std::string_view text, std::size_t max_code_points) noexcept {
    std::size_t end = 0;
    for (; max_code_points > 0 && end < text.size(); --max_code_points) end += decode(text.substr(end)).size;
    return text.substr(0, end);
}

std::string_view truncate_bytes(std::string_view text, std::size_t max_bytes) noexcept {
    if (text.size() <= max_bytes) return text;
    // A code point has at most four bytes, so the one that is cut begins at most three bytes before the cut.
    for (std::size_t back = 0; back <= 3 && back <= max_bytes; ++back) {
        auto const start = max_bytes - back;
        if ((byte_at(text, start) & 0xC0) == 0x80) continue;
        auto const next = decode(text.substr(start));
        return text.substr(0, next.valid && start + next.size > max_bytes ? start : max_bytes);
    }
    return text.substr(0, max_bytes);
}

void append(std::string& out, char32_t code_point) {
    auto const put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = replacement;
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

std::string repaired(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        auto const plain = ascii_prefix(text);
        result += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        auto const next = decode(text);
        if (next.valid)
            result += text.substr(0, next.size);
        else
            append(result, replacement);
        text.remove_prefix(next.size);
    }
    return result;
}

std::string from_latin1(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) append(result, byte_at(bytes, i));
    return result;
}

} // namespace hxx::utf8
