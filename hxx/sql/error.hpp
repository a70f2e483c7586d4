// What goes wrong in a database, said so that a handler can tell a duplicate e-mail from a broken disk.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx::sql {

enum class ErrorKind : unsigned char {
    UniqueViolation,     // a unique index or a primary key; columns() names its columns
    ForeignKeyViolation, //
    NotNullViolation,    // columns() names the column
    CheckViolation,      // constraint() names it, or holds its expression
    Busy,                // the lock for writing was not free in time
    Timeout,             // the statement ran longer than Options::statement_timeout
    Aborted,             // the transaction has ended by an error before; roll back
    ReadOnly,            // a write in a snapshot, or to a database that cannot be written
    Syntax,              // also an unknown table, column or function
    Parameter,           // a parameter is missing, superfluous or cannot be stored
    Row,                 // a row does not fit the type it is read into
    TooManyRows,         // Options::row_limit
    Migration,           //
    Connection,          // cannot open the database
    Misuse,              // the program uses a session as it must not be used
    Full,                // no space, or a value too large
    Corrupt,             // the file is damaged or is no database
    Other
};
[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

class Error : public std::exception {
  public:
    Error(ErrorKind kind, std::string message, std::string statement = {}, int code = 0);

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is(ErrorKind kind) const noexcept { return kind_ == kind; }
    /// The message alone.
    [[nodiscard]] std::string const& message() const noexcept { return message_; }
    /// The statement's text without its parameters' values; empty if there was none.
    [[nodiscard]] std::string const& statement() const noexcept { return statement_; }
    /// SQLite's extended result code (https://sqlite.org/rescode.html); 0 for an error of hxx itself.
    [[nodiscard]] int code() const noexcept { return code_; }
    /// Of a violated constraint, as far as the database tells: its table, its columns, its name.
    [[nodiscard]] std::string const& table() const noexcept { return table_; }
    [[nodiscard]] std::vector<std::string> const& columns() const noexcept { return columns_; }
    [[nodiscard]] std::string const& constraint() const noexcept { return constraint_; }
    /// True for a unique violation that concerns this column: the question that a form asks.
    [[nodiscard]] bool duplicate(std::string_view column) const noexcept;
    /// The message and the statement. For a log, not for a client.
    [[nodiscard]] char const* what() const noexcept override { return what_.c_str(); }

    /// For drivers.
    void set_constraint(std::string table, std::vector<std::string> columns, std::string constraint);

  private:
    ErrorKind kind_;
    int code_;
    std::string message_, statement_, what_;
    std::string table_, constraint_;
    std::vector<std::string> columns_;
};

} // namespace hxx::sql
