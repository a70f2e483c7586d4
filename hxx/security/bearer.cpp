#include "hxx/security/bearer.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/security_scopes.hpp"

namespace hxx {

namespace {

constexpr std::string_view scheme = "Bearer ";

[[noreturn]] void unauthenticated(Request& request) {
    std::string challenge = "Bearer";
    if (auto const scopes = SecurityScopes::from_request(request).text(); !scopes.empty())
        challenge.append(" scope=\"").append(scopes).append(1, '"');
    throw HttpError(401, "This needs a log-in.").header("WWW-Authenticate", challenge);
}

void do_not_store(Request& request) { request.response().header("Cache-Control", "no-store"); }

std::string cookie_name(Request const& request, std::string_view cookie) {
    return (request.secure() ? "__Host-" : "") + std::string(cookie);
}

} // namespace

std::optional<HTTPBearer> HTTPBearer::find(Request& request) {
    auto const given = request.headers().get_or("Authorization", "");
    if (!ascii::istarts_with(given, scheme)) return std::nullopt;
    auto const token = ascii::trim(given.substr(scheme.size()));
    if (token.empty()) return std::nullopt;
    do_not_store(request);
    return HTTPBearer(std::string(token));
}

HTTPBearer HTTPBearer::from_request(Request& request) {
    if (auto found = find(request)) return *std::move(found);
    unauthenticated(request);
}

OAuth2PasswordBearer OAuth2PasswordBearer::from_request(Request& request) {
    return OAuth2PasswordBearer(HTTPBearer::from_request(request));
}

std::string bearer_detail::bearer_or_cookie(Request& request, std::string_view cookie) {
    if (request.headers().contains("Authorization")) return HTTPBearer::from_request(request).token();
    request.response().vary("Cookie");
    auto found = request.cookie(cookie_name(request, cookie));
    if (!found || found->empty()) unauthenticated(request);
    do_not_store(request);
    return *std::move(found);
}

void set_token_cookie(Request const& request, Response& response, std::string_view token, std::chrono::seconds max_age,
                      std::string_view cookie) {
    response.cookie(
        SetCookie(cookie_name(request, cookie), std::string(token)).max_age(max_age.count()).secure(request.secure()));
    response.header("Cache-Control", "no-store");
}

void delete_token_cookie(Request const& request, Response& response, std::string_view cookie) {
    response.cookie(SetCookie::removal(cookie_name(request, cookie)).secure(request.secure()));
}

Response token_response(TokenResponse const& token) { return json(token).header("Cache-Control", "no-store"); }

} // namespace hxx
