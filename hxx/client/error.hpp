// What goes wrong when another service is asked, said so that a handler can tell a slow service from a wrong answer.
//
//     try {
//         auto reply = co_await client->get(url).timeout(2s);
//         weather = reply.raise_for_status().json<Weather>();
//     } catch (http::ClientError const& error) {
//         log::warn("no weather", {{"error", error.what()}});
//     }
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx::http {

enum class ClientErrorKind : unsigned char {
    Timeout,          // no connection, or no whole answer, in time
    Connect,          // nobody listens there, or the way to it is broken
    Resolve,          // the host's name has no address
    Tls,              // the certificate is not trusted, or TLS could not be agreed on
    TooLarge,         // the answer is larger than max_body or max_header_bytes
    TooManyRedirects, //
    RefusedAddress,   // public_only, and the host is no public address
    Protocol,         // the connection broke in the middle, or what came is no HTTP
    InvalidUrl,       // no http or https URL, or a redirect to something else
    InvalidReply,     // a body that is no JSON, or does not fit its struct
    Status            // raise_for_status
};
[[nodiscard]] std::string_view to_string(ClientErrorKind kind) noexcept;

/// A URL that can be logged: without user and password, and with "?…" in the place of its query, where keys and tokens
/// are.
[[nodiscard]] std::string redacted_url(std::string_view url);

class ClientError : public std::runtime_error {
  public:
    /// url: as it was asked for; kept redacted. status: of the reply, for those kinds that have one.
    ClientError(ClientErrorKind kind, std::string_view url, std::string_view message, int status = 0);

    [[nodiscard]] ClientErrorKind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is(ClientErrorKind kind) const noexcept { return kind_ == kind; }
    /// Redacted.
    [[nodiscard]] std::string const& url() const noexcept { return url_; }
    /// Of the reply for Status and InvalidReply; else 0.
    [[nodiscard]] int status() const noexcept { return status_; }

  private:
    ClientErrorKind kind_;
    int status_;
    std::string url_;
};

} // namespace hxx::http
