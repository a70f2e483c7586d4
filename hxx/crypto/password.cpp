#include "hxx/crypto/password.hpp"

#include <sodium.h>

#include <mutex>
#include <new>
#include <stdexcept>

namespace hxx {
namespace {

// libsodium chooses its implementations once for the processor.
void initialise() {
    static int const result = sodium_init();
    if (result < 0) throw std::runtime_error("libsodium cannot be used on this machine: sodium_init() failed");
}

void check(PasswordCost const& cost) {
    bool const possible =
        cost.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN && cost.passes <= crypto_pwhash_argon2id_OPSLIMIT_MAX &&
        cost.memory >= crypto_pwhash_argon2id_MEMLIMIT_MIN && cost.memory <= crypto_pwhash_argon2id_MEMLIMIT_MAX;
    if (!possible)
        throw std::invalid_argument("PasswordCost: " + std::to_string(cost.passes) + " passes over " +
                                    std::to_string(cost.memory) + " bytes are not possible; at least " +
                                    std::to_string(crypto_pwhash_argon2id_OPSLIMIT_MIN) + " over " +
                                    std::to_string(crypto_pwhash_argon2id_MEMLIMIT_MIN) + " are");
}

} // namespace

std::string hash_password(std::string_view password, PasswordCost const& cost) {
    initialise();
    check(cost);
    if (password.size() > longest_password)
        throw std::invalid_argument("a password of " + std::to_string(password.size()) + " bytes; at most " +
                                    std::to_string(longest_password) + " are hashed");
    char text[crypto_pwhash_argon2id_STRBYTES];
    if (crypto_pwhash_argon2id_str(text, password.data(), password.size(), cost.passes, cost.memory) != 0)
        throw std::bad_alloc();
    return text;
}

bool verify_password(std::string_view stored, std::string_view password) noexcept {
    if (sodium_init() < 0 || password.size() > longest_password) return false;
    if (stored.size() >= crypto_pwhash_argon2id_STRBYTES) return false;
    std::string const text(stored.substr(0, stored.find('\0'))); // short enough to need no memory that may be missing
    return text.size() == stored.size() &&
           crypto_pwhash_argon2id_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view stored, PasswordCost const& cost) {
    initialise();
    check(cost);
    if (stored.size() >= crypto_pwhash_argon2id_STRBYTES) return true;
    return crypto_pwhash_argon2id_str_needs_rehash(std::string(stored).c_str(), cost.passes, cost.memory) != 0;
}

bool verify_password_of_nobody(std::string_view password, PasswordCost const& cost) {
    // A hash is made once a cost; most programs have one.
    static std::mutex mutex;
    static PasswordCost known;
    static std::string stored;
    std::string hash;
    {
        std::lock_guard const lock(mutex);
        if (stored.empty() || known.passes != cost.passes || known.memory != cost.memory) {
            stored = hash_password("nobody has this password", cost);
            known = cost;
        }
        hash = stored;
    }
    static_cast<void>(verify_password(hash, password)); // one that is too long comes back at once, as from an account
    return false;
}

} // namespace hxx
