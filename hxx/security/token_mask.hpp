// A secret that looks different each time it is printed, so that the size of a compressed page does not give it away
// bit by bit (BREACH, breachattack.com).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hxx {

/// Random bytes, and the secret XORed with them, as Base64url: 86 characters for 32 bytes.
[[nodiscard]] std::string mask(std::string_view secret);
/// The secret; nothing for what cannot be a masked one.
[[nodiscard]] std::optional<std::string> unmask(std::string_view token);

} // namespace hxx
