// A string literal as a template argument: Path<int, "user_id">.
#pragma once

#include <cstddef>
#include <string_view>

namespace hxx {

template <std::size_t N>
struct FixedString {
    char data[N]{};

    consteval FixedString(char const (&text)[N]) {
        for (std::size_t i = 0; i < N; ++i) data[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {data, N - 1}; }
    constexpr operator std::string_view() const noexcept { return view(); }
    constexpr bool operator==(FixedString const&) const = default;
};

} // namespace hxx
