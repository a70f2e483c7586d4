// Sessions: what is remembered of a visitor between requests, in a cookie that is signed and expires.
//
//     app.use(sessions(Secrets(app.settings().secret("SECRET"))));
//
//     Response log_in(Form<LogIn> form, Session session) {
//         …
//         session.rotate();                        // the id that somebody may have planted is worth nothing now
//         session.set("user", user.id);
//         return redirect("/dashboard");
//     }
//     Response dashboard(Session session) {
//         if (auto user = session.integer("user")) …
//
// The visitor can read what is in it, but not change it: keep ids in it, no secrets. A cookie that was taken away works
// until it expires, whatever the server does; a session that can be ended by the server has to be kept there.
#pragma once

#include "hxx/async/coroutine_types.hpp"
#include "hxx/crypto/signer.hpp"
#include "hxx/web/handler.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hxx {

class Request;
class Response;

/// Has a cookie Secure, and its name the prefix __Host- (RFC 6265bis 4.1.3)?
enum class SecureCookie : unsigned char {
    BehindTls, // if the request came by TLS
    Always     // also if a proxy speaks TLS for this server
};

struct SessionOptions {
    std::string cookie = "session";
    /// How long a session lives after the last answer that wrote it. One in use is written again when half of this is
    /// over.
    std::chrono::seconds max_age{14 * 24 * 3600};
    SecureCookie secure = SecureCookie::BehindTls;
    /// For tests.
    std::chrono::sys_seconds (*clock)() = nullptr;
};

/// A handle of this request's session. As a parameter: Session session. Throws std::logic_error if no sessions() lie
/// around the route.
class Session {
  public:
    static Session from_request(Request& request);

    /// Nothing if there is no such value, or one of another kind.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] bool empty() const;

    void set(std::string_view name, std::string_view text);
    void set(std::string_view name, char const* text) { set(name, std::string_view(text)); }
    void set(std::string_view name, std::int64_t number);
    void set(std::string_view name, int number) { set(name, std::int64_t{number}); }
    void set(std::string_view name, bool) = delete; // 0 or 1, or erase()
    void erase(std::string_view name);
    /// Forgets everything, the id too: at log-out.
    void clear();

    /// Random, made when it is first asked for; other things (a CSRF token) are bound to it.
    [[nodiscard]] std::string const& id();
    /// A new id with the same values: at log-in, and whenever rights change.
    void rotate();

    struct State;

  private:
    explicit Session(State& state) noexcept : state_(&state) {}
    State* state_;
};

/// The middleware. It reads the cookie when a handler asks for its session, and writes it only if something has
/// changed or half of its time is over; an empty session's cookie is removed. A cookie that is forged, changed or too
/// old counts as none. An answer that depends on the session says Vary: Cookie, one that sets the cookie Cache-Control:
/// no-store unless the handler has said something else. A session that would take more than 4,096 bytes as a cookie is
/// a std::length_error, answered with 500.
class Sessions {
  public:
    Sessions(Secrets const& secrets, SessionOptions options);
    Task<Response> operator()(Request& request, Next next) const;

  private:
    struct Settings;
    std::shared_ptr<Settings const> settings_;
};

[[nodiscard]] Sessions sessions(Secrets const& secrets, SessionOptions options = {});

} // namespace hxx
