// What pages show: each struct is the variables of the template that it names, and the compiler checks one by the
// other.
#pragma once

#include "models.hpp"

#include <optional>
#include <string>
#include <vector>

/// One page of the list.
struct UsersPage {
    static constexpr auto template_name = "pages/users.html";
    std::vector<User> users;
    std::string q;
    int page = 1, pages = 1, total = 0;
};

/// The weather, or why there is none.
struct WeatherPage {
    static constexpr auto template_name = "pages/weather.html";
    std::string city;
    std::optional<Weather> weather;
    std::string problem;
};
