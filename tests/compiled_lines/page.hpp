#pragma once

#include <string>
#include <vector>

namespace compiled_lines {

struct Item {
    std::string name;
    int price;
};

struct LinesPage {
    static constexpr auto template_name = "lines.html";
    std::vector<Item> items;
    std::string empty;
};

} // namespace compiled_lines
