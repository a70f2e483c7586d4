// What the routing found in a path.
#pragma once

#include "hxx/web/pattern.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace hxx {

/// What a path's parameters were, in the pattern's order. Values are as they were sent, not percent-decoded, and point
/// into the request's target; names point into the route's pattern.
class PathParameters {
  public:
    struct Item {
        std::string_view name, raw;
    };
    void clear() noexcept { size_ = 0; }
    [[nodiscard]] int size() const noexcept { return size_; }
    [[nodiscard]] Item const& operator[](int index) const noexcept { return items_[static_cast<std::size_t>(index)]; }
    /// The raw value; a null view (data() == nullptr) if there is none of that name.
    [[nodiscard]] std::string_view raw(std::string_view name) const noexcept {
        for (int i = 0; i < size_; ++i)
            if (items_[static_cast<std::size_t>(i)].name == name) return items_[static_cast<std::size_t>(i)].raw;
        return {};
    }

  private:
    friend class RouteTree;
    std::array<Item, pattern::max_parameters> items_;
    int size_ = 0;
};

} // namespace hxx
