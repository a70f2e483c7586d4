#include "hxx/sql/sqlite_statement.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/sql/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <utility>

namespace hxx::sql::sqlite {
namespace {

[[noreturn]] void wrong_parameter(std::string message, std::string_view text) {
    throw Error(ErrorKind::Parameter, std::move(message), std::string(text));
}

/// "$12" → 12; 0 for another kind of placeholder.
std::size_t placeholder_number(char const* name) noexcept {
    if (name == nullptr || name[0] != '$') return 0;
    std::size_t number = 0;
    for (char const c : std::string_view(name + 1)) {
        if (!ascii::is_digit(c) || number > 100000) return 0;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }

Statement::Statement(sqlite3_stmt* handle, std::string_view text) : handle_(handle) {
    if (handle == nullptr) return;
    // SQLite finds the placeholders itself: "$1" is a name to it, and the same name is the same parameter.
    auto const placeholders = sqlite3_bind_parameter_count(handle);
    for (int i = 1; i <= placeholders; ++i) {
        auto const number = placeholder_number(sqlite3_bind_parameter_name(handle, i));
        if (number == 0) wrong_parameter("placeholders are written $1, $2 …, not ? or :name", text);
        numbers_.push_back(number);
        count_ = std::max(count_, number);
    }
}

bool Statement::only_reads() const noexcept { return sqlite3_stmt_readonly(handle_.get()) != 0; }

void Statement::bind(Parameters const& parameters, std::string_view text) {
    if (count_ > parameters.size())
        wrong_parameter(
            fmt::format("the statement has a placeholder ${}, but {} parameters came", count_, parameters.size()),
            text);
    for (std::size_t number = 1; number <= parameters.size(); ++number)
        if (std::find(numbers_.begin(), numbers_.end(), number) == numbers_.end())
            wrong_parameter(
                fmt::format("{} parameters came, but the statement does not use ${}", parameters.size(), number), text);
    for (std::size_t i = 0; i < numbers_.size(); ++i)
        bind_one(static_cast<int>(i) + 1, parameters[numbers_[i] - 1], numbers_[i], text);
}

void Statement::bind_one(int position, Value const& value, std::size_t number, std::string_view text) {
    auto* const handle = handle_.get();
    auto const bytes = value.bytes();
    int code = SQLITE_OK;
    switch (value.kind()) {
    case Kind::Null: code = sqlite3_bind_null(handle, position); break;
    case Kind::Integer: code = sqlite3_bind_int64(handle, position, value.integer()); break;
    case Kind::Real: code = sqlite3_bind_double(handle, position, value.real()); break;
    case Kind::Text:
        if (!utf8::is_valid(bytes))
            wrong_parameter(
                fmt::format("parameter ${} is no valid UTF-8; pass bytes that are no text as a blob", number), text);
        code = sqlite3_bind_text64(handle, position, bytes.data(), bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
    case Kind::Blob: // a null pointer would be NULL
        code = sqlite3_bind_blob64(handle, position, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
        break;
    }
    if (code == SQLITE_NOMEM) throw std::bad_alloc();
    if (code != SQLITE_OK)
        wrong_parameter(fmt::format("parameter ${} cannot be stored: {}", number, sqlite3_errstr(code)), text);
}

void Statement::reset() noexcept {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
}

Statement StatementCache::take(std::string_view text) {
    auto const found = by_text_.find(text);
    if (found == by_text_.end()) return Statement(nullptr, {});
    auto statement = std::move(found->second->statement);
    auto const entry = found->second;
    by_text_.erase(found);
    entries_.erase(entry);
    return statement;
}

void StatementCache::put(std::string_view text, Statement statement) {
    if (capacity_ == 0 || by_text_.contains(text)) return;
    if (by_text_.size() >= capacity_) {
        by_text_.erase(entries_.back().text);
        entries_.pop_back();
    }
    entries_.push_front(Entry{std::string(text), std::move(statement)});
    by_text_.emplace(entries_.front().text, entries_.begin());
}

void StatementCache::clear() noexcept {
    by_text_.clear();
    entries_.clear();
}

} // namespace hxx::sql::sqlite
