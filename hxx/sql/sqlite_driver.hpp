// SQLite behind the interface of driver.hpp.
#pragma once

#include "hxx/sql/database.hpp"
#include "hxx/sql/driver.hpp"

#include <memory>
#include <string>

namespace hxx::sql::sqlite {

/// Opens the database file, or ":memory:". Throws Error(Connection).
[[nodiscard]] std::shared_ptr<detail::Driver> open(std::string path, Options const& options);

} // namespace hxx::sql::sqlite
