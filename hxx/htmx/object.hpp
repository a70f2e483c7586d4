// Details put together to a JSON object. For this room's sources.
#pragma once

#include "hxx/htmx/detail.hpp"

#include <span>
#include <string>

namespace hxx::htmx {

/// In ASCII, on one line. Of two details of one name, the later one counts.
[[nodiscard]] std::string json_object(std::span<Detail const> details);

} // namespace hxx::htmx
