// Response fields that have a browser refuse what an attacker would need: scripts that were smuggled in, frames around
// the page, guessed content types, addresses told to other sites.
//
// hxx::App sends them with every answer, an error's too, unless the handler has set the field itself; AppOptions has a
// SecurityHeaders to change them. A script or style element of a page's own needs the nonce of its answer:
//
//     <script nonce="{{ csp_nonce() }}"> … </script>
//
// A fragment has a nonce of its own, and a Content-Security-Policy that names it, which htmx 4's hx-csp extension
// reads.
#pragma once

#include <string>
#include <string_view>

namespace hxx {

class Request;
class Response;
namespace jinja {
class EnvironmentBuilder;
}

/// An empty text leaves its field out.
struct SecurityHeaders {
    bool on = true;
    /// Content-Security-Policy (W3C CSP Level 3) of HTML, SVG and XML answers. {nonce} stands for 'nonce-…', which is
    /// new for each HTML answer, and for nothing elsewhere. The default runs this site's own scripts and no inline ones
    /// without a nonce; htmx 2's hx-on, hx-vals="js:…" and trigger filters, which are eval(), need 'unsafe-eval' in
    /// script-src.
    std::string content_security_policy =
        "default-src 'self'; script-src 'self' {nonce}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    /// X-Frame-Options (RFC 7034) of the same answers, for browsers that do not know frame-ancestors.
    std::string frame_options = "DENY";
    /// Referrer-Policy (W3C) of the same answers: no other site learns which page a link was on.
    std::string referrer_policy = "same-origin";
    /// Strict-Transport-Security (RFC 6797), of answers to requests that came by TLS: "max-age=31536000".
    std::string strict_transport_security = {};
    /// X-Content-Type-Options: nosniff (Fetch section 3.6), of all answers.
    bool nosniff = true;
};

/// Adds to an answer what it lacks of them.
class SecurityHeadersHook {
  public:
    explicit SecurityHeadersHook(SecurityHeaders options);
    void operator()(Request& request, Response& response) const;

  private:
    SecurityHeaders options_;
    std::string before_nonce_, after_nonce_, without_nonce_;
    bool has_nonce_ = false;
};

/// The nonce of the answer to this request: 128 random bits.
[[nodiscard]] std::string_view csp_nonce(Request& request);
/// Adds csp_nonce().
void add_csp_globals(jinja::EnvironmentBuilder& templates);

} // namespace hxx
