// How built-in filters, tests, globals and methods take their arguments.
#pragma once

#include "hxx/jinja/function.hpp"

#include <array>
#include <optional>

namespace hxx::jinja {

/// Finds the arguments of the parameters `names`, the first `required` of which must be given. Throws the TypeErrors
/// that Python gives for too many, unknown or missing ones.
void bind_arguments(Args const& args, std::string_view function, std::span<std::string_view const> names,
                    std::size_t required, Value const** out);

/// The arguments of a built-in function by position; null where none was given.
template <std::size_t N>
class Bound {
  public:
    Bound(Args const& args, std::string_view function, std::array<std::string_view, N> const& names,
          std::size_t required) {
        bind_arguments(args, function, names, required, values_.data());
    }
    [[nodiscard]] bool given(std::size_t i) const noexcept { return values_[i] != nullptr; }
    /// Given and not none.
    [[nodiscard]] bool has(std::size_t i) const noexcept { return values_[i] && !values_[i]->is_none(); }
    [[nodiscard]] Value const& operator[](std::size_t i) const noexcept { return *values_[i]; }
    [[nodiscard]] bool flag(std::size_t i, bool fallback = false) const {
        return values_[i] ? values_[i]->truthy() : fallback;
    }
    [[nodiscard]] std::int64_t integer(std::size_t i, std::int64_t fallback) const;

  private:
    std::array<Value const*, N> values_{};
};

/// An index or count; throws TypeError for anything but an integer.
[[nodiscard]] std::int64_t index_argument(Value const& value);
/// Text; throws TypeError for anything else.
[[nodiscard]] std::string_view text_argument(Value const& value, std::string_view function);

template <std::size_t N>
std::int64_t Bound<N>::integer(std::size_t i, std::int64_t fallback) const {
    return values_[i] ? index_argument(*values_[i]) : fallback;
}

} // namespace hxx::jinja
