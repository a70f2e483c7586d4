// A list of users: the program that docs/tutorial.md builds step by step.
#include "app.hpp"

#include <hxx/model/settings.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
    return make_app(hxx::load_settings<UsersSettings>()).run(argc, argv);
} catch (std::exception const& error) {
    std::fprintf(stderr, "users: %s\n", error.what());
    return 1;
}
