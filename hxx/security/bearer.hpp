// Tokens that a request brings along, as parameters of dependencies. What a token is worth is for the dependency to
// say; hxx/crypto/jwt.hpp verifies those that are JSON Web Tokens.
//
//     Task<CurrentUser> current_user(BearerOrCookie token, State<jwt::Keys> keys) {
//         auto const claims = keys->verify(token, {.algorithms = {"HS256"}, .audience = "users"});
//         if (!claims) throw HttpError(401);
//         co_return CurrentUser{*claims->sub};
//     }
//
// A request without one is answered with 401 before the function is called: a browser is sent to the page for logging
// in, if the app has one (hxx/security/login.hpp), and a program gets the challenge of RFC 6750. The answer to a
// request with one is not to be stored by caches.
#pragma once

#include "hxx/base/fixed_string.hpp"
#include "hxx/reflect/annotated.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {

class Request;
class Response;

/// The token of "Authorization: Bearer …" (RFC 6750 section 2.1). Throws HttpError 401 if there is none.
class HTTPBearer {
  public:
    static HTTPBearer from_request(Request& request);
    /// Nothing if there is none: for dependencies that can do without.
    [[nodiscard]] static std::optional<HTTPBearer> find(Request& request);

    [[nodiscard]] std::string const& token() const noexcept { return token_; }
    operator std::string_view() const noexcept { return token_; }

  protected:
    explicit HTTPBearer(std::string token) noexcept : token_(std::move(token)) {}

  private:
    std::string token_;
};

/// The same, of the OAuth2 password flow: who has one got it from POST /token (OAuth2PasswordRequestForm, below). With
/// SecurityScopes (hxx/web/security_scopes.hpp) the challenge names the scopes that are asked for.
class OAuth2PasswordBearer : public HTTPBearer {
  public:
    static OAuth2PasswordBearer from_request(Request& request);

  private:
    using HTTPBearer::HTTPBearer;
    explicit OAuth2PasswordBearer(HTTPBearer bearer) noexcept : HTTPBearer(std::move(bearer)) {}
};

namespace bearer_detail {
/// The token of the field; without such a field that of the cookie, whose name has the prefix __Host- by TLS.
[[nodiscard]] std::string bearer_or_cookie(Request& request, std::string_view cookie);
} // namespace bearer_detail

/// The token of "Authorization: Bearer …" for programs, else the one in a cookie for browsers. A token in the field
/// that is no good does not fall back to the cookie.
template <FixedString Cookie>
class BearerOrCookieNamed {
  public:
    static BearerOrCookieNamed from_request(Request& request) {
        return BearerOrCookieNamed(bearer_detail::bearer_or_cookie(request, Cookie.view()));
    }
    [[nodiscard]] std::string const& token() const noexcept { return token_; }
    operator std::string_view() const noexcept { return token_; }

  private:
    explicit BearerOrCookieNamed(std::string token) noexcept : token_(std::move(token)) {}
    std::string token_;
};
using BearerOrCookie = BearerOrCookieNamed<"access_token">;

/// Puts a token into the cookie that BearerOrCookie reads: HttpOnly, SameSite=Lax, Secure and __Host- by TLS.
void set_token_cookie(Request const& request, Response& response, std::string_view token, std::chrono::seconds max_age,
                      std::string_view cookie = "access_token");
/// Has the browser forget it.
void delete_token_cookie(Request const& request, Response& response, std::string_view cookie = "access_token");

/// The form of POST /token (RFC 6749 section 4.3.2), as Form<OAuth2PasswordRequestForm>.
struct OAuth2PasswordRequestForm {
    std::string username;
    Annotated<std::string, Secret{}> password;
    std::optional<Annotated<std::string, Pattern{"^password$"}>> grant_type = {}; // that, or left out
    std::optional<std::string> scope = {};                                        // words, separated by spaces
    std::optional<std::string> client_id = {};
    Annotated<std::optional<std::string>, Secret{}> client_secret = {};
};

/// Its answer (RFC 6749 section 5.1), as JSON. Send it with token_response(), which forbids caches to store it.
struct TokenResponse {
    std::string access_token;
    std::string token_type = "bearer";
    std::int64_t expires_in = 0; // seconds
    std::string scope = {};
};
[[nodiscard]] Response token_response(TokenResponse const& token);

} // namespace hxx
