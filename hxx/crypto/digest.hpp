// SHA-256 (FIPS 180-4), by libsodium.
#pragma once

#include <string>
#include <string_view>

namespace hxx {

/// 32 bytes.
[[nodiscard]] std::string sha256(std::string_view text);

} // namespace hxx
