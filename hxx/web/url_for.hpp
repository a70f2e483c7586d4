// Reverse URLs: from a route's name and parameters to its path.
#pragma once

#include "hxx/web/request.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hxx {

/// The relative URL of the route of that name, percent-encoded. Parameters that its pattern lacks become the query, in
/// order. Throws std::invalid_argument that says what there is: for an unknown name, a missing parameter, and a value
/// that the pattern's converter would not match.
[[nodiscard]] std::string url_for(Dispatcher const& app, std::string_view name,
                                  std::span<UrlParameter const> parameters);

} // namespace hxx
