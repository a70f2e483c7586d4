#include "hxx/crypto/signer.hpp"

#include "hxx/base/encoding.hpp"
#include "hxx/base/random.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace hxx {
namespace {

using Mac = std::array<unsigned char, crypto_auth_hmacsha256_BYTES>;

Mac hmac(std::string_view key, std::string_view text) noexcept {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<unsigned char const*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<unsigned char const*>(text.data()), text.size());
    Mac mac;
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

std::string_view view(Mac const& bytes) noexcept { return {reinterpret_cast<char const*>(bytes.data()), bytes.size()}; }

constexpr std::chrono::seconds clock_difference{60};

} // namespace

Secrets::Secrets(std::string current, std::vector<std::string> former) : all_(std::move(former)) {
    all_.insert(all_.begin(), std::move(current));
    for (auto const& secret : all_)
        if (secret.size() < least_bytes)
            throw std::invalid_argument("a secret of " + std::to_string(secret.size()) + " bytes can be guessed; " +
                                        std::to_string(least_bytes) +
                                        " are the least. `openssl rand -base64 32` makes one.");
}

Secrets Secrets::random() { return Secrets(random_token(least_bytes)); }

Signer::Signer(Secrets const& secrets, std::string_view purpose) {
    static_assert(std::tuple_size_v<Key> == std::tuple_size_v<Mac>);
    for (auto const& secret : secrets.all()) keys_.push_back(hmac(secret, "hxx signer 1: " + std::string(purpose)));
}

// text "." time "." signature, the text and the signature as Base64url: no part can hold a point.
std::string Signer::sign(std::string_view text, Time now) const {
    auto token = to_base64url(text) + "." + std::to_string(now.time_since_epoch().count());
    auto const mac = hmac(view(keys_.front()), token);
    return token += "." + to_base64url(view(mac));
}

std::optional<Signed> Signer::verify(std::string_view token, Time now, std::chrono::seconds max_age) const {
    auto const last = token.rfind('.');
    if (last == std::string_view::npos) return std::nullopt;
    auto const content = token.substr(0, last);
    auto const signature = from_base64url(token.substr(last + 1));
    if (!signature) return std::nullopt;
    if (!is_digest(*signature, content)) return std::nullopt;

    auto const point = content.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    auto const digits = content.substr(point + 1);
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    Time const signed_at{std::chrono::seconds(seconds)};
    if (signed_at > now + clock_difference || now - signed_at > max_age) return std::nullopt;
    auto text = from_base64url(content.substr(0, point));
    if (!text) return std::nullopt;
    return Signed{std::move(*text), signed_at};
}

std::string Signer::digest(std::string_view text) const {
    auto const mac = hmac(view(keys_.front()), text);
    return std::string(view(mac));
}

bool Signer::is_digest(std::string_view digest, std::string_view text) const noexcept {
    bool found = false;
    for (auto const& key : keys_) found |= equal_in_constant_time(digest, view(hmac(view(key), text)));
    return found;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace hxx
