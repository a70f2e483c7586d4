// Migrations on SQLite.
#pragma once

#include "hxx/sql/migration.hpp"
#include "hxx/sql/sqlite_connection.hpp"

#include <vector>

namespace hxx::sql::sqlite {

/// Carries out those that were not yet, in order, on the connection that writes. Throws Error(Migration).
void migrate(Connection& connection, std::vector<Migration> const& migrations, bool foreign_keys);

} // namespace hxx::sql::sqlite
