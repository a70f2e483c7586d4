// Sessions: what is remembered of a visitor between requests, in a cookie that is signed and expires, or on the server
// behind such a cookie.
//
//     app.use(sessions());                                        // in the cookie
//     app.use(sessions({.store = sqlite_sessions(database)}));    // in SQLite (hxx/security/session_store.hpp)
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
// The visitor can read what is in the cookie, but not change it: keep ids in it, no secrets. A cookie that was taken
// away works until it expires, whatever the server does; a session that can be ended by the server is kept there.
#pragma once

#include "hxx/async/coroutine_types.hpp"
#include "hxx/crypto/signer.hpp"
#include "hxx/security/csrf_options.hpp"
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
class SetCookie;
class SessionStore;

struct SessionOptions {
    std::string cookie = "session";
    /// How long a session lives after the last answer that wrote it. One in use is written again when half of this is
    /// over.
    std::chrono::seconds max_age{14 * 24 * 3600};
    SecureCookie secure = SecureCookie::BehindTls;
    /// Where the values are kept; null: in the cookie itself.
    std::shared_ptr<SessionStore> store = nullptr;
};

/// A handle of this request's session. As a parameter: Session session. Throws std::logic_error if no sessions() lie
/// around the route.
class Session {
  public:
    static Session from_request(Request& request);
    /// Nothing if no sessions() lie around the route.
    [[nodiscard]] static std::optional<Session> find(Request& request);

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

/// The middleware. It reads the cookie when a handler asks for its session (with a store, whenever there is one), and
/// writes it only if something has changed or half of its time is over; an empty session's cookie is removed. A cookie
/// that is forged, changed or too old counts as none, and so does one whose session the store does not know. An answer
/// that depends on the session says Vary: Cookie, and Cache-Control: no-store if there is something in it, unless the
/// handler has said something else. A session that would take more than 4,096 bytes as a cookie is a std::length_error,
/// answered with 500. Of two requests at once that change one session, the later one's values stay.
class Sessions {
  public:
    /// secrets: those of the app (hxx/security/app_secrets.hpp) if there are none.
    Sessions(std::optional<Secrets> const& secrets, SessionOptions options);
    Task<Response> operator()(Request& request, Next next) const;

  private:
    struct Settings;
    Task<void> load(Session::State& state) const;
    Task<void> store(Session::State& state) const;
    [[nodiscard]] SetCookie cookie_of(Session::State& state, std::string const& name) const;

    std::shared_ptr<Settings const> settings_;
};

[[nodiscard]] Sessions sessions(SessionOptions options = {});
/// With secrets of their own.
[[nodiscard]] Sessions sessions(Secrets const& secrets, SessionOptions options = {});

} // namespace hxx
