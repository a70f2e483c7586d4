// The application, as main() runs it and as the tests drive it.
#pragma once

#include <hxx/app/app.hpp>

/// Reads its settings from the environment and from .env: DATABASE_URL (sqlite:users.db), and HTMX_VERSION (4, or 2),
/// which the pages load. Brings the database up to date.
hxx::App make_app();
