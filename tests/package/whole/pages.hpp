#pragma once

#include <string>

struct Page {
    static constexpr auto template_name = "page.html";
    std::string greeting, name;
};
