// Random bytes that nobody can guess, and ids made of them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace hxx {

/// Fills the memory with bytes of the operating system's generator. Safe from any thread and after fork().
void random_bytes(void* out, std::size_t size);
/// That many random bytes as Base64url: 16 bytes make a token of 22 characters, 32 one of 43.
[[nodiscard]] std::string random_token(std::size_t bytes);

/// A unique name for a request, a job, a connection: 128 random bits in 26 characters of Crockford's Base32 in lower
/// case. It needs no memory of its own, and the operating system is asked once for each 256 of them.
class Id {
  public:
    [[nodiscard]] static Id random();
    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), text_.size()}; }
    [[nodiscard]] std::string str() const { return std::string(view()); }
    friend bool operator==(Id const&, Id const&) = default;

  private:
    std::array<char, 26> text_{};
};

} // namespace hxx
