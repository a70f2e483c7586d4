#include "hxx/base/encoding.hpp"

#include <sodium/utils.h>

namespace hxx {
namespace {

unsigned char const* data_of(std::string_view bytes) noexcept {
    return reinterpret_cast<unsigned char const*>(bytes.data());
}

std::string encode(std::string_view bytes, int variant) {
    // libsodium counts the terminating NUL.
    std::string result(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(result.data(), result.size(), data_of(bytes), bytes.size(), variant);
    result.pop_back();
    return result;
}

// libsodium 1.0.18 takes every byte above 0x7F for the last character, '/' or '_', where char has a sign. All bytes are
// looked at, so that the time tells nothing about where one is.
bool is_ascii(std::string_view text) noexcept {
    unsigned seen = 0;
    for (char const c : text) seen |= static_cast<unsigned char>(c);
    return seen < 0x80;
}

std::optional<std::string> decode(std::string_view text, int variant) {
    if (!is_ascii(text)) return std::nullopt;
    std::string result(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    char const* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(result.data()), result.size(), text.data(), text.size(),
                          nullptr, &size, &end, variant) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    result.resize(size);
    return result;
}

} // namespace

std::string to_hex(std::string_view bytes) {
    std::string result(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(result.data(), result.size(), data_of(bytes), bytes.size());
    result.pop_back();
    return result;
}

std::optional<std::string> from_hex(std::string_view text) {
    std::string result(text.size() / 2 + 1, '\0');
    std::size_t size = 0;
    char const* end = nullptr;
    if (text.size() % 2 != 0 ||
        sodium_hex2bin(reinterpret_cast<unsigned char*>(result.data()), result.size(), text.data(), text.size(),
                       nullptr, &size, &end) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    result.resize(size);
    return result;
}

std::string to_base64(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::optional<std::string> from_base64(std::string_view text) { return decode(text, sodium_base64_VARIANT_ORIGINAL); }
std::string to_base64url(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

} // namespace hxx
