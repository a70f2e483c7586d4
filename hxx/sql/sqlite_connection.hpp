// One SQLite connection with its prepared statements. Used by one thread at a time; blocks.
#pragma once

#include "hxx/sql/database.hpp"
#include "hxx/sql/sqlite_statement.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;

namespace hxx::sql::sqlite {

enum class Role : unsigned char { Reader, Writer };

/// What may end a statement before it is through.
struct Limits {
    std::atomic<bool> const* cancelled = nullptr;
    std::optional<std::chrono::steady_clock::time_point> deadline;
};

class Connection {
  public:
    /// `path` may be ":memory:". Throws Error(Connection).
    Connection(std::string path, Options const& options, Role role);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// Limits of what runs until the next call; the flag must live as long.
    void set_limits(Limits limits) noexcept { limits_ = limits; }

    /// Whether a statement only reads. Throws Error for one that SQLite does not understand.
    [[nodiscard]] bool only_reads(std::string_view text);
    /// One statement of the user's.
    [[nodiscard]] ResultSet run(std::string_view text, Parameters const& parameters);
    /// Several, separated by semicolons; an error names the line.
    void script(std::string const& text);
    /// BEGIN, COMMIT and the like, of hxx itself; without limits.
    void control(std::string_view text);
    [[nodiscard]] bool in_transaction() const noexcept;

  private:
    static int on_progress(void* self);
    static int on_busy(void* self, int attempt);
    static int on_authorize(void* self, int action, char const* detail, char const*, char const*, char const* trigger);

    void configure(Role role);
    void set_journal_mode();
    [[nodiscard]] bool out_of_limits() const;
    /// The first statement of a text, which is empty if only comments are left. `terminated`: a zero byte follows the
    /// text, which spares SQLite a copy of it.
    [[nodiscard]] Statement prepare(std::string_view text, std::string_view& rest, bool terminated = false);
    [[nodiscard]] Statement prepare_only(std::string_view text);
    void step_all(Statement& statement, std::string_view text, ResultSet* rows);
    void read_row(Statement& statement, ResultSet& rows);
    [[noreturn]] void fail(std::string_view text, bool preparing = false);

    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };

    std::string path_;
    Options options_;
    Limits limits_;
    std::chrono::steady_clock::time_point busy_since_;
    std::string denied_;         // why the authorizer refused the statement last prepared
    bool inserting_ = false;     // the statement last prepared inserts
    bool own_statement_ = false; // the authorizer lets hxx's own BEGIN and COMMIT pass
    std::unique_ptr<sqlite3, Close> database_;
    StatementCache statements_; // before the connection closes, they must go
};

} // namespace hxx::sql::sqlite
