// The application, as main() runs it and as the tests drive it.
#pragma once

#include <hxx/app/app.hpp>
#include <hxx/reflect/annotated.hpp>

#include <string>

/// Each has a variable of its name in the environment or in .env: DATABASE_URL, WEATHER_URL, HTMX_VERSION.
struct UsersSettings {
    std::string database_url = "sqlite:users.db";
    std::string weather_url = "http://127.0.0.1:8001";      // examples/weather_service
    hxx::Annotated<int, hxx::OneOf{2, 4}> htmx_version = 4; // the one that pages load; handlers serve both
};

/// Opens the database and brings it up to date.
hxx::App make_app(UsersSettings const& settings);
