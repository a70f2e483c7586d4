#include "hxx/sql/sqlite_error.hpp"

#include "hxx/base/ascii.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string>
#include <utility>
#include <vector>

namespace hxx::sql::sqlite {
namespace {

ErrorKind constraint_kind(int extended_code) noexcept {
    switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return ErrorKind::UniqueViolation;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return ErrorKind::ForeignKeyViolation;
    case SQLITE_CONSTRAINT_NOTNULL: return ErrorKind::NotNullViolation;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE:
    case SQLITE_CONSTRAINT_TRIGGER: return ErrorKind::CheckViolation;
    default: return ErrorKind::Other;
    }
}

ErrorKind kind_of(int extended_code, bool preparing) noexcept {
    switch (extended_code & 0xff) {
    case SQLITE_CONSTRAINT: return constraint_kind(extended_code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorKind::Busy;
    case SQLITE_INTERRUPT: return ErrorKind::Timeout;
    case SQLITE_READONLY: return ErrorKind::ReadOnly;
    case SQLITE_ERROR: return preparing ? ErrorKind::Syntax : ErrorKind::Other;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return ErrorKind::Full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorKind::Corrupt;
    case SQLITE_CANTOPEN: return ErrorKind::Connection;
    default: return ErrorKind::Other;
    }
}

/// "UNIQUE constraint failed: users.email, users.tenant", "CHECK constraint failed: adult".
void read_constraint(Error& error, std::string_view message) {
    constexpr std::string_view marker = " constraint failed: ";
    auto const at = message.find(marker);
    if (at == std::string_view::npos) return;
    auto const subject = message.substr(at + marker.size());
    if (error.is(ErrorKind::CheckViolation)) {
        error.set_constraint({}, {}, std::string(subject));
        return;
    }
    constexpr std::string_view index = "index '"; // an index on an expression: its columns are not told
    if (subject.starts_with(index)) {
        auto const name = subject.substr(index.size());
        error.set_constraint({}, {}, std::string(name.substr(0, name.find('\''))));
        return;
    }
    std::string table;
    std::vector<std::string> columns;
    for (auto const part : ascii::split(subject, ',')) {
        auto const name = ascii::trim(part);
        auto const dot = name.find('.');
        if (dot == std::string_view::npos) continue;
        table = name.substr(0, dot);
        columns.emplace_back(name.substr(dot + 1));
    }
    error.set_constraint(std::move(table), std::move(columns), {});
}

} // namespace

Error last_error(sqlite3* database, std::string_view text, bool preparing) {
    auto const code = sqlite3_extended_errcode(database);
    std::string const reason = sqlite3_errmsg(database);
    Error error(kind_of(code, preparing), reason, std::string(text), code);
    read_constraint(error, reason);
    return error;
}

} // namespace hxx::sql::sqlite
