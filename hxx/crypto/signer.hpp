// Signer: texts that go through somebody else's hands and come back unchanged: cookies, links in mails, form tokens.
//
//     Signer const signer(Secrets(settings.secret("SECRET")), "unsubscribe");
//     std::string link = "/unsubscribe?token=" + signer.sign("ada@example.org", now);
//     if (auto address = signer.verify(token, now, 30 * 24h)) unsubscribe(address->text);
//
// What is signed can be read by anybody; it cannot be made or changed by anybody without the secret.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

/// An application's secret, and those that it had before: the first one signs, all of them verify, so that a secret
/// can be replaced while what it has signed is still out.
class Secrets {
  public:
    static constexpr std::size_t least_bytes = 32;

    /// Throws std::invalid_argument for one of fewer than 32 bytes: `openssl rand -base64 32` makes a good one.
    explicit Secrets(std::string current, std::vector<std::string> former = {});
    /// For a process's life: what it has signed is worth nothing after a restart.
    [[nodiscard]] static Secrets random();

    [[nodiscard]] std::vector<std::string> const& all() const noexcept { return all_; }

  private:
    std::vector<std::string> all_;
};

/// A text that was signed, and when.
struct Signed {
    std::string text;
    std::chrono::sys_seconds at;
};

/// Signs with HMAC-SHA-256 (RFC 2104), with a key of its own for each purpose: what was signed for one is refused for
/// another. Safe from many threads.
class Signer {
  public:
    using Time = std::chrono::sys_seconds;

    /// purpose: a name such as "session". It is no secret.
    Signer(Secrets const& secrets, std::string_view purpose);

    /// The text, when it was signed, and the signature, in characters that are safe in cookies and URLs: about 4/3 of
    /// the text's size and 52 more.
    [[nodiscard]] std::string sign(std::string_view text, Time now) const;
    /// The text, if the token is whole, was signed by one of the secrets for this purpose, and is not older than
    /// max_age. A token from the future (clocks differ) is taken if it is no further than a minute away.
    [[nodiscard]] std::optional<Signed> verify(std::string_view token, Time now, std::chrono::seconds max_age) const;

    /// The HMAC of a text alone, 32 bytes, by the current secret: what only this application can work out of the text.
    [[nodiscard]] std::string digest(std::string_view text) const;
    /// Is it the digest of that text, by any of the secrets? Takes as long whichever it is, if any.
    [[nodiscard]] bool is_digest(std::string_view digest, std::string_view text) const noexcept;

  private:
    using Key = std::array<unsigned char, 32>;
    std::vector<Key> keys_;
};

/// Are they the same? Takes as long wherever they differ (not if their sizes do).
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace hxx
