// Protection against cross-site request forgery: a page of somebody else's must not act in a visitor's name.
//
// hxx::App has it on. Every request with a method that may change something (all but GET, HEAD, OPTIONS and QUERY) has
// to pass two checks before its dependencies and its handler run:
//
//   1. It was made by this application's own pages, as far as the browser says (hxx/security/request_origin.hpp).
//   2. It carries a token that only this application can have made, for this visitor: in the field X-CSRF-Token, or as
//      csrf_token in the form. The body stays readable. A request with "Authorization: Bearer …" needs none: no browser
//      adds that by itself.
//
// Whatever cannot be checked is refused: 403, with what to do, as a page, a fragment or problem+json.
//
//     <form method="post">{{ csrf_field() }} …          a form that works without JavaScript
//     <body {{ csrf_headers() }}>                       all requests of htmx below it, of both versions
//     {{ csrf_token() }}                                the token alone, for a script's X-CSRF-Token
//
// A token belongs to the visitor's session if there is something in it, else to a random cookie of its own. So it is
// worth nothing to anybody else, and nothing after a log-in or log-out (Session::rotate(), clear()). It looks different
// each time, so that compression cannot give it away (BREACH), and never stands in a URL.
#pragma once

#include "hxx/security/csrf_options.hpp"
#include "hxx/web/handler.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hxx {

class AppSecrets;
class Request;
namespace jinja {
class EnvironmentBuilder;
}

/// A handle of what protects this request: for a handler that hands the token out itself. As a parameter: Csrf csrf.
class Csrf {
  public:
    static constexpr std::string_view field = "csrf_token", header = "X-CSRF-Token";

    static Csrf from_request(Request& request);
    /// A token for this visitor. A visitor without a session gets the cookie that it belongs to.
    [[nodiscard]] std::string token() const;

    /// Throws HttpError 403 unless the request passes both checks. The App has every unsafe route call it.
    void check() const;

  private:
    explicit Csrf(Request& request) noexcept : request_(&request) {}
    Request* request_;
};

/// What an app does with its options: the state that Csrf finds them in.
class CsrfProtection {
  public:
    /// Throws std::invalid_argument for a trusted origin that is none.
    CsrfProtection(CsrfOptions options, std::shared_ptr<AppSecrets> secrets);

    [[nodiscard]] CsrfOptions const& options() const noexcept { return options_; }
    [[nodiscard]] AppSecrets& secrets() const noexcept { return *secrets_; }

  private:
    CsrfOptions options_;
    std::shared_ptr<AppSecrets> secrets_;
};

/// The dependency that runs before an unsafe route's own.
[[nodiscard]] DependencyRef csrf_guard();
/// Adds csrf_token(), csrf_field() and csrf_headers().
void add_csrf_globals(jinja::EnvironmentBuilder& templates);

/// For the test client: this request counts as one that carries the token of a page. Where it comes from is checked all
/// the same. Nothing that comes through a socket can do this.
void assume_csrf_token(Request& request);

} // namespace hxx
