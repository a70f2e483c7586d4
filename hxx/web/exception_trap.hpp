// Catches, for the test client, the unexpected exceptions that the application answers with 500.
#pragma once

#include <exception>

namespace hxx {

/// While it lives, keeps the last unexpected exception that was answered on this thread. The answer stays as it is.
class [[nodiscard]] ExceptionTrap {
  public:
    ExceptionTrap() noexcept;
    ~ExceptionTrap();
    ExceptionTrap(ExceptionTrap const&) = delete;
    ExceptionTrap& operator=(ExceptionTrap const&) = delete;
    /// Null if there was none.
    [[nodiscard]] std::exception_ptr const& caught() const noexcept { return caught_; }

    /// For the default answer to an unexpected exception: keeps it if somebody is interested.
    static void spring(std::exception_ptr const& error) noexcept;

  private:
    std::exception_ptr caught_;
    ExceptionTrap* outer_;
};

} // namespace hxx
