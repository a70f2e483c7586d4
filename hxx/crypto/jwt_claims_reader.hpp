// A token's payload as Claims, or what is wrong with it. For the sources of this room.
#pragma once

#include "hxx/crypto/jwt.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hxx::jwt {

/// The last second of the year 9999. A date beyond it is a mistake or an attempt to overflow something.
inline constexpr std::int64_t latest_date = 253'402'300'799;

/// Registered claims must have the types of RFC 7519 section 4.1; others are taken as they are.
class ClaimsReader {
  public:
    /// Claims; or a Failure for BadPayload or BadClaim.
    [[nodiscard]] static std::variant<Claims, Failure> read(std::string_view payload);

  private:
    using Member = std::optional<std::string>; // what is wrong, if anything
    static Member take(Claims& claims, std::string_view name, boost::json::value const& value);
};

} // namespace hxx::jwt
