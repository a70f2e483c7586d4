// What a kind of database implements. Users see Database and Session (database.hpp).
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/sql/migration.hpp"
#include "hxx/sql/value.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hxx::sql::detail {

/// What one Session does. Its destructor rolls back without waiting; so does that of a call that is cancelled.
class SessionDriver {
  public:
    virtual ~SessionDriver() = default;
    virtual Task<ResultSet> run(std::string text, Parameters parameters) = 0;
    virtual Task<void> begin() = 0;
    virtual Task<void> begin_snapshot() = 0;
    virtual Task<void> commit() = 0;
    virtual Task<void> rollback() = 0;
    virtual Task<std::uint64_t> savepoint() = 0;
    virtual Task<void> release(std::uint64_t savepoint) = 0;
    virtual Task<void> rollback_to(std::uint64_t savepoint) = 0;
    /// Rolls back to the savepoint before the next statement.
    virtual void forget(std::uint64_t savepoint) noexcept = 0;
    [[nodiscard]] virtual bool in_transaction() const noexcept = 0;
};

class Driver {
  public:
    virtual ~Driver() = default;
    [[nodiscard]] virtual std::shared_ptr<SessionDriver> session() = 0;
    /// One statement that commits by itself.
    virtual Task<ResultSet> run(std::string text, Parameters parameters) = 0;
    /// Several statements, separated by semicolons, in one transaction.
    virtual Task<void> script(std::string text) = 0;
    virtual Task<void> migrate(std::vector<Migration> migrations) = 0;
};

} // namespace hxx::sql::detail
