#include "hxx/jinja/escape.hpp"

#include "hxx/jinja/environment.hpp"

#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hxx::jinja {
namespace {

struct Entity {
    unsigned char size;
    char text[5];
};

constexpr std::array<unsigned char, 256> make_kinds() {
    std::array<unsigned char, 256> kinds{};
    kinds['&'] = 1;
    kinds['<'] = 2;
    kinds['>'] = 3;
    kinds['"'] = 4;
    kinds['\''] = 5;
    return kinds;
}
constexpr auto kinds = make_kinds();
constexpr Entity entities[] = {{0, {}},
                               {5, {'&', 'a', 'm', 'p', ';'}},
                               {4, {'&', 'l', 't', ';'}},
                               {4, {'&', 'g', 't', ';'}},
                               {5, {'&', '#', '3', '4', ';'}},
                               {5, {'&', '#', '3', '9', ';'}}};

char* put_entity(char* out, unsigned char kind) noexcept {
    std::memcpy(out, entities[kind].text, 5);
    return out + entities[kind].size;
}

char* escape_bytes(char* out, char const* text, std::size_t size) noexcept {
    for (std::size_t i = 0; i < size; ++i) {
        unsigned char const kind = kinds[static_cast<unsigned char>(text[i])];
        if (kind == 0) [[likely]]
            *out++ = text[i];
        else
            out = put_entity(out, kind);
    }
    return out;
}

#if defined(__SSE2__)
// One bit for each of 16 bytes that needs escaping. & and ' differ in one bit, as do < and >.
unsigned special_mask(__m128i bytes) noexcept {
    auto const equals = [&](char c, char ignored_bits) {
        return _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(ignored_bits)), _mm_set1_epi8(c));
    };
    static_assert(('&' | 1) == '\'' && ('<' | 2) == '>');
    __m128i const found = _mm_or_si128(_mm_or_si128(equals('\'', 1), equals('>', 2)), equals('"', 0));
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}
#endif

} // namespace

char* escape_into(char* out, std::string_view text) noexcept {
    char const* p = text.data();
    std::size_t left = text.size();
#if defined(__SSE2__)
    while (left >= 16) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
        unsigned const mask = special_mask(bytes);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
        if (mask == 0) {
            p += 16;
            out += 16;
            left -= 16;
            continue;
        }
        auto const clean = static_cast<std::size_t>(std::countr_zero(mask));
        out = put_entity(out + clean, kinds[static_cast<unsigned char>(p[clean])]);
        p += clean + 1;
        left -= clean + 1;
    }
    if (left >= 8) {
        __m128i const bytes = _mm_loadl_epi64(reinterpret_cast<__m128i const*>(p)); // the other half is zero
        if (special_mask(bytes) == 0) {
            _mm_storel_epi64(reinterpret_cast<__m128i*>(out), bytes);
            p += 8;
            out += 8;
            left -= 8;
        }
    }
#endif
    return escape_bytes(out, p, left);
}

std::size_t first_special(std::string_view text) noexcept {
    std::size_t i = 0;
#if defined(__SSE2__)
    for (; i + 16 <= text.size(); i += 16) {
        unsigned const mask = special_mask(_mm_loadu_si128(reinterpret_cast<__m128i const*>(text.data() + i)));
        if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    while (i < text.size() && kinds[static_cast<unsigned char>(text[i])] == 0) ++i;
    return i;
}

void escape_html(std::string_view text, std::string& out) {
    std::size_t const clean = first_special(text);
    out.append(text.data(), clean);
    for (std::size_t i = clean; i < text.size(); ++i) {
        unsigned char const kind = kinds[static_cast<unsigned char>(text[i])];
        if (kind == 0)
            out += text[i];
        else
            out.append(entities[kind].text, entities[kind].size);
    }
}

} // namespace hxx::jinja
