// The application, as main() runs it and as the tests drive it.
#pragma once

#include <hxx/app/app.hpp>
#include <hxx/reflect/annotated.hpp>

#include <string>

/// Each has a variable of its name in the environment or in .env: DATABASE_URL, HTMX_VERSION.
struct UsersSettings {
    std::string database_url = "sqlite:users.db";
    hxx::Annotated<int, hxx::OneOf{2, 4}> htmx_version = 4; // the one that pages load; handlers serve both
};

/// Opens the database and brings it up to date.
hxx::App make_app(UsersSettings const& settings);
