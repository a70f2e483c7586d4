// What a statement begins with.
#pragma once

#include <string_view>

namespace hxx::sql::detail {

/// Whether it begins like a statement that reads: select, values, with, explain, pragma. A guess that saves asking the
/// database: a statement `with … insert` looks like one that reads, too.
[[nodiscard]] bool looks_like_reading(std::string_view text) noexcept;

} // namespace hxx::sql::detail
