// What a Router has collected, for the one that lays it out.
#pragma once

#include "hxx/web/route.hpp"
#include "hxx/web/router.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hxx {

struct Router::Contents {
    std::string prefix;
    Scope scope;
    std::vector<Route> routes; // patterns without the prefix
    std::vector<std::pair<std::string, Router>> mounts;
};

} // namespace hxx
