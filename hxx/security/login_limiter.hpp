// How often somebody may try to log in: failures are counted for each account, for each address, and for both together,
// so that neither one password tried on all accounts nor all passwords tried on one get far.
//
//     app.state(LoginLimiter());
//
//     Task<Response> log_in(Form<LogIn> form, State<LoginLimiter> limiter, Request& request, …) {
//         auto const attempt = limiter->attempt(form->email, request.peer().address);   // 429 if there were too many
//         …
//         if (right) attempt.succeeded();                       // else the attempt counts as a failure
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hxx {

/// How many failures are left after `window` without one: each is forgotten in the time that its share of the window
/// is.
struct LoginLimits {
    /// Of one address on one account. Somebody who has forgotten the password stops here.
    int per_account_and_address = 5;
    /// Of all addresses on one account.
    int per_account = 50;
    /// Of one address (an IPv6 network /64) on all accounts.
    int per_address = 50;
    std::chrono::seconds window{900};
    /// Entries that are kept; when there are more, those with the fewest failures go first.
    std::size_t most_entries = 100'000;
};

/// In memory, for one process. A handle: copies share the counts. Safe from many threads.
class LoginLimiter {
  public:
    explicit LoginLimiter(LoginLimits const& limits = {});

    /// One try. It counts as a failure from its beginning, so that many at once are not one, until it has succeeded.
    class Attempt {
      public:
        /// Takes the failures of this address on this account back.
        void succeeded() const;

      private:
        friend class LoginLimiter;
        struct Keys {
            std::string account, address, both;
        };
        Attempt(std::shared_ptr<struct LoginCounts> counts, Keys keys) noexcept;
        std::shared_ptr<struct LoginCounts> counts_;
        Keys keys_;
    };

    /// Throws HttpError 429 with Retry-After if there were too many. account: compared as it is; pass it normalized.
    [[nodiscard]] Attempt attempt(std::string_view account, std::string_view address) const;

  private:
    std::shared_ptr<struct LoginCounts> counts_;
};

} // namespace hxx
