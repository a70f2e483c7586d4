// The contexts of the templates beside it.
#pragma once

#include <string>
#include <vector>

namespace compiled_app {

struct User {
    int id;
    std::string name;
    int age;
};

struct ListPage {
    static constexpr auto template_name = "list.html";
    std::string heading;
    std::vector<User> users;
    std::string q;
};

struct Row {
    static constexpr auto template_name = "row.html";
    User user;
};

} // namespace compiled_app
