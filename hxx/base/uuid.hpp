// UUIDs (RFC 9562) as values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hxx {

/// 128 bits; all zero by default.
class Uuid {
  public:
    constexpr Uuid() = default;
    constexpr explicit Uuid(std::array<std::uint8_t, 16> const& bytes) noexcept : bytes_(bytes) {}

    /// Version 4: 122 random bits of the operating system's generator.
    [[nodiscard]] static Uuid random();
    /// 8-4-4-4-12 hexadecimal digits in either case, or the 32 digits without dashes. Nothing for other text.
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

    /// "0b8e1f6c-6b1c-4a53-9d3b-0c2d9d0f6a11"
    [[nodiscard]] std::string str() const;
    [[nodiscard]] constexpr std::array<std::uint8_t, 16> const& bytes() const noexcept { return bytes_; }
    [[nodiscard]] constexpr bool is_nil() const noexcept { return *this == Uuid(); }
    constexpr auto operator<=>(Uuid const&) const = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

} // namespace hxx
