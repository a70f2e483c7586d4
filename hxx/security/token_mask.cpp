#include "hxx/security/token_mask.hpp"

#include "hxx/base/encoding.hpp"
#include "hxx/base/random.hpp"

namespace hxx {

namespace {
char combined(char a, char b) noexcept {
    return static_cast<char>(static_cast<unsigned char>(a) ^ static_cast<unsigned char>(b));
}
} // namespace

std::string mask(std::string_view secret) {
    std::string bytes(2 * secret.size(), '\0');
    random_bytes(bytes.data(), secret.size());
    for (std::size_t i = 0; i < secret.size(); ++i) bytes[secret.size() + i] = combined(secret[i], bytes[i]);
    return to_base64url(bytes);
}

std::optional<std::string> unmask(std::string_view token) {
    auto bytes = from_base64url(token);
    if (!bytes || bytes->size() % 2 != 0) return std::nullopt;
    auto const half = bytes->size() / 2;
    for (std::size_t i = 0; i < half; ++i) (*bytes)[i] = combined((*bytes)[i], (*bytes)[half + i]);
    bytes->resize(half);
    return bytes;
}

} // namespace hxx
