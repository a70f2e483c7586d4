// Changes of a database's schema as numbered files, each carried out once.
#pragma once

#include "hxx/base/embedded.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hxx::sql {

/// One file: 007_add_email.sql has number 7 and name "add_email".
struct Migration {
    int number = 0;
    std::string name;
    std::string sql;
};

/// Reads NUMBER_NAME.sql files in a directory (a text file with another name is an error, other files are not looked
/// at), ordered by number. Throws Error(Migration) for a directory that cannot be read, two files of one number, or a
/// gap. Blocks.
[[nodiscard]] std::vector<Migration> read_migrations(std::string_view directory);

/// The same of a directory that hxx_embed() has put into the program.
[[nodiscard]] std::vector<Migration> read_migrations(EmbeddedFiles directory);

/// Orders migrations by number and checks that these are 1, 2, 3 … Throws Error(Migration).
void put_in_order(std::vector<Migration>& migrations);

/// "007_add_email", for messages.
[[nodiscard]] std::string full_name(Migration const& migration);

/// What is recorded for a migration, to notice that its file was edited afterwards; line ends do not matter.
[[nodiscard]] std::string checksum(std::string_view sql);

} // namespace hxx::sql
