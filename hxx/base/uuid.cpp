#include "hxx/base/uuid.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/encoding.hpp"
#include "hxx/base/random.hpp"

namespace hxx {

Uuid Uuid::random() {
    Uuid uuid;
    random_bytes(uuid.bytes_.data(), uuid.bytes_.size());
    uuid.bytes_[6] = static_cast<std::uint8_t>((uuid.bytes_[6] & 0x0F) | 0x40); // version 4
    uuid.bytes_[8] = static_cast<std::uint8_t>((uuid.bytes_[8] & 0x3F) | 0x80); // RFC 9562's variant
    return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
    bool const dashes = text.size() == 36;
    if (!dashes && text.size() != 32) return std::nullopt;
    Uuid uuid;
    std::size_t digit = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (dashes && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        int const value = ascii::hex_digit(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = uuid.bytes_[digit / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++digit;
    }
    return uuid;
}

std::string Uuid::str() const {
    auto text = to_hex({reinterpret_cast<char const*>(bytes_.data()), bytes_.size()});
    for (std::size_t const at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
    return text;
}

} // namespace hxx
