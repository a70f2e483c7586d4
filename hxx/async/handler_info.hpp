// What a report calls a handler.
#pragma once

#include <string_view>

namespace hxx {

/// It and its texts outlive all use.
struct HandlerInfo {
    std::string_view route; // "GET /users/{id}"
    std::string_view file;
    unsigned line = 0;
};

} // namespace hxx
