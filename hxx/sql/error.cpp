#include "hxx/sql/error.hpp"

#include <algorithm>

namespace hxx::sql {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::UniqueViolation: return "UniqueViolation";
    case ErrorKind::ForeignKeyViolation: return "ForeignKeyViolation";
    case ErrorKind::NotNullViolation: return "NotNullViolation";
    case ErrorKind::CheckViolation: return "CheckViolation";
    case ErrorKind::Busy: return "Busy";
    case ErrorKind::Timeout: return "Timeout";
    case ErrorKind::Aborted: return "Aborted";
    case ErrorKind::ReadOnly: return "ReadOnly";
    case ErrorKind::Syntax: return "Syntax";
    case ErrorKind::Parameter: return "Parameter";
    case ErrorKind::Row: return "Row";
    case ErrorKind::TooManyRows: return "TooManyRows";
    case ErrorKind::Migration: return "Migration";
    case ErrorKind::Connection: return "Connection";
    case ErrorKind::Misuse: return "Misuse";
    case ErrorKind::Full: return "Full";
    case ErrorKind::Corrupt: return "Corrupt";
    case ErrorKind::Other: return "Other";
    }
    return "";
}

Error::Error(ErrorKind kind, std::string message, std::string statement, int code)
    : kind_(kind), code_(code), message_(std::move(message)), statement_(std::move(statement)), what_(message_) {
    if (!statement_.empty()) what_ += " [in: " + statement_ + "]";
}

bool Error::duplicate(std::string_view column) const noexcept {
    return kind_ == ErrorKind::UniqueViolation && std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

void Error::set_constraint(std::string table, std::vector<std::string> columns, std::string constraint) {
    table_ = std::move(table);
    columns_ = std::move(columns);
    constraint_ = std::move(constraint);
}

} // namespace hxx::sql
