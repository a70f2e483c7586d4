// Passwords from handlers: hxx/crypto/password.hpp on threads that may take their time, and the same time for an
// account that nobody has.
//
//     auto const user = co_await db->query_one<Account>("select … where email = $1", form->email);
//     bool const right = co_await password_matches(user ? user->password_hash : "", form->password);
#pragma once

#include "hxx/async/coroutine_types.hpp"

#include <string>

namespace hxx {

/// The hash to store. Throws as hash_password() does, and Overloaded if too many are being made already.
[[nodiscard]] Task<std::string> password_hash(std::string password);

/// Is it the password of that hash? With an empty hash (there is no such account) it takes as long, and is false: the
/// time does not tell which accounts there are.
[[nodiscard]] Task<bool> password_matches(std::string stored, std::string password);

} // namespace hxx
