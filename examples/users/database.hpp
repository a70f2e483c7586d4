// Users in the database.
#pragma once

#include "models.hpp"
#include "pages.hpp"

#include <hxx/sql/database.hpp>
#include <hxx/web/depends.hpp>
#include <hxx/web/extract.hpp>

#include <cstdint>
#include <string>

/// The session of a request. What it writes is undone unless the handler commits.
hxx::Task<hxx::sql::Session> get_db(hxx::State<hxx::sql::Database> database);

/// The user whom the path names, or 404: what every handler about one user begins with.
hxx::Task<User> get_user(hxx::Path<std::int64_t, "user_id"> id, hxx::Depends<get_db> db);

/// Those whose name or e-mail contains `q`, by name. A page beyond the last one is the last one.
hxx::Task<UsersPage> find_users(hxx::sql::Session const& db, std::string q, int page);
