// The page that bench_server renders.
#pragma once

#include <string>
#include <vector>

namespace bench_server {

struct Fortune {
    int id;
    std::string message;
};

struct FortunesPage {
    static constexpr auto template_name = "fortunes.html";
    std::vector<Fortune> fortunes;
};

} // namespace bench_server
