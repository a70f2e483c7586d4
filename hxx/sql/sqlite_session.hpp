// A session's transaction on SQLite.
#pragma once

#include "hxx/sql/driver.hpp"
#include "hxx/sql/sqlite_pool.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hxx::sql::sqlite {

struct Outcome;

/// One statement that commits by itself, on a connection borrowed for it.
Task<ResultSet> run_alone(std::shared_ptr<Pool> pool, std::string text, Parameters parameters);

class Session final : public detail::SessionDriver {
  public:
    Session(std::shared_ptr<detail::Driver> driver, std::shared_ptr<Pool> pool) noexcept
        : driver_(std::move(driver)), pool_(std::move(pool)) {}

    Task<ResultSet> run(std::string text, Parameters parameters) override;
    Task<void> begin() override;
    Task<void> begin_snapshot() override;
    Task<void> commit() override;
    Task<void> rollback() override;
    Task<std::uint64_t> savepoint() override;
    Task<void> release(std::uint64_t savepoint) override;
    Task<void> rollback_to(std::uint64_t savepoint) override;
    void forget(std::uint64_t savepoint) noexcept override;
    [[nodiscard]] bool in_transaction() const noexcept override { return lease_ != nullptr; }

  private:
    class InUse;
    enum class Mode : unsigned char { Write, Snapshot };

    void check_alive(std::string_view text) const;
    void notice_end(std::string_view text);
    [[nodiscard]] bool take_off(std::uint64_t savepoint) noexcept;
    Task<ResultSet> run_inside(std::string text, Parameters parameters);
    Task<ResultSet> run_first(std::string text, Parameters parameters);
    Task<void> begin_writing(std::string text);
    Task<void> control(std::string text);
    Task<void> settle(Task<void> work, std::shared_ptr<Outcome> outcome, std::string text);
    void end() noexcept;

    std::shared_ptr<detail::Driver> const driver_; // closes the database when the last one lets go
    std::shared_ptr<Pool> const pool_;
    std::shared_ptr<Lease> lease_; // while a transaction is open
    Mode mode_ = Mode::Write;
    bool in_use_ = false;
    std::string aborted_by_; // the statement whose error ended the transaction; empty: none
    std::uint64_t next_savepoint_ = 1;
    std::vector<std::uint64_t> savepoints_;
    std::vector<std::uint64_t> forgotten_; // to be rolled back to before the next statement
};

} // namespace hxx::sql::sqlite
