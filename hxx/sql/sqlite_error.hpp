// SQLite's result codes as Errors.
#pragma once

#include "hxx/sql/error.hpp"

#include <string_view>

struct sqlite3;

namespace hxx::sql::sqlite {

/// The Error for what a connection did last. `preparing`: SQLITE_ERROR then means a mistake in the text.
[[nodiscard]] Error last_error(sqlite3* database, std::string_view text, bool preparing);

} // namespace hxx::sql::sqlite
