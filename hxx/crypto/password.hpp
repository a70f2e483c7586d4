// Passwords, as they are stored: hashed with Argon2id (RFC 9106) by libsodium.
//
//     std::string const stored = hash_password("correct horse");        // into the database
//     if (verify_password(stored, typed)) …                             // at log-in
//
// A hash takes tens of milliseconds and megabytes on purpose. On an event loop: co_await blocking([&] { return
// verify_password(stored, typed); }).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hxx {

/// What a hash costs. The default is OWASP's least for Argon2id: 19 MiB, two passes, one lane.
struct PasswordCost {
    unsigned long long passes = 2;
    std::size_t memory = 19 * 1024 * 1024; // bytes
};

/// The longest that is hashed; RFC 9106 knows no limit, but nobody types more, and each byte has to be read.
inline constexpr std::size_t longest_password = 1024;

/// The hash with its salt and cost, as text: "$argon2id$v=19$m=19456,t=2,p=1$…", at most 127 characters. Throws
/// std::invalid_argument for a password of more than 1,024 bytes or a cost that libsodium cannot do, std::bad_alloc
/// if there is no memory for it.
[[nodiscard]] std::string hash_password(std::string_view password, PasswordCost const& cost = {});

/// Is it the password of that hash? False for anything that is no hash, too.
[[nodiscard]] bool verify_password(std::string_view stored, std::string_view password) noexcept;

/// Does the hash cost less or more than it should today? After a log-in, when the password is at hand, it can be
/// stored anew. True for what is no hash.
[[nodiscard]] bool needs_rehash(std::string_view stored, PasswordCost const& cost = {});

/// Takes as long as verify_password() for a hash of that cost, and is false. For a log-in under a name that nobody has:
/// an answer that comes at once tells which names there are.
bool verify_password_of_nobody(std::string_view password, PasswordCost const& cost = {});

} // namespace hxx
