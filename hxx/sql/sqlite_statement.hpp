// Prepared statements of SQLite, and the cache of those that a connection keeps.
#pragma once

#include "hxx/sql/value.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3_stmt;

namespace hxx::sql::sqlite {

class Statement {
  public:
    /// Takes the handle over, which may be null: an empty statement. Throws Error(Parameter) if placeholders are not
    /// written $1, $2 ….
    Statement(sqlite3_stmt* handle, std::string_view text);

    [[nodiscard]] sqlite3_stmt* get() const noexcept { return handle_.get(); }
    [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }
    [[nodiscard]] bool only_reads() const noexcept;
    /// Whether it inserts into a table by itself, not through a trigger.
    [[nodiscard]] bool inserts() const noexcept { return inserts_; }
    void set_inserts(bool inserts) noexcept { inserts_ = inserts; }

    /// Binds without copying: the parameters live until reset(). Throws Error(Parameter) unless each is used.
    void bind(Parameters const& parameters, std::string_view text);
    /// Makes it ready to be run again, and lets go of the parameters and of what it locks.
    void reset() noexcept;

  private:
    void bind_one(int position, Value const& value, std::size_t number, std::string_view text);

    struct Finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    std::vector<std::size_t> numbers_; // SQLite's position of a placeholder - 1 → the number after its $
    std::size_t count_ = 0;            // the highest of these
    bool inserts_ = false;
};

/// Keeps the statements used last, by their text.
class StatementCache {
  public:
    explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

    /// Takes it out: it is put back with put() after use. Empty if there is none.
    [[nodiscard]] Statement take(std::string_view text);
    void put(std::string_view text, Statement statement);
    void clear() noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return by_text_.size(); }

  private:
    struct Entry {
        std::string text;
        Statement statement;
    };
    std::size_t capacity_;
    std::list<Entry> entries_; // the one used last in front
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
};

} // namespace hxx::sql::sqlite
