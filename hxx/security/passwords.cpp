#include "hxx/security/passwords.hpp"

#include "hxx/async/blocking.hpp"
#include "hxx/crypto/password.hpp"

namespace hxx {

Task<std::string> password_hash(std::string password) {
    auto hash = [&password] { return hash_password(password); };
    co_return co_await blocking(hash);
}

Task<bool> password_matches(std::string stored, std::string password) {
    auto matches = [&] {
        return stored.empty() ? verify_password_of_nobody(password) : verify_password(stored, password);
    };
    co_return co_await blocking(matches);
}

} // namespace hxx
