// What an application signs sessions and form tokens with.
#pragma once

#include "hxx/crypto/signer.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace hxx {

class Settings;

/// A state of every App. Safe from many threads.
class AppSecrets {
  public:
    /// The setting SECRET (or the file that SECRET_FILE names), and in SECRET_FORMER those that it has replaced,
    /// separated by spaces; throws std::invalid_argument for one that is too short. Without the setting a secret that
    /// lives as long as the process, which is said in the log when it is first used.
    explicit AppSecrets(Settings const& settings);
    explicit AppSecrets(Secrets secrets);

    [[nodiscard]] Signer const& session() { return note(), session_; }
    [[nodiscard]] Signer const& csrf() { return note(), csrf_; }
    /// 32 bytes for another purpose, which say nothing about the secret: derive("tokens") is a key for jwt::Keys. Of a
    /// former secret nothing is derived.
    [[nodiscard]] std::string derive(std::string_view purpose);

  private:
    AppSecrets(Secrets secrets, bool passing);
    void note();

    Secrets secrets_;
    Signer session_, csrf_;
    bool passing_;
    std::once_flag said_;
};

} // namespace hxx
