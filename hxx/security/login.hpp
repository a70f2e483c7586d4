// Logging in: where somebody who has to is sent, and how they come back.
//
// With AppOptions::login = "/login", an answer of 401 becomes what its client can use: a browser is redirected to
// /login?next=…, htmx gets HX-Redirect to the same with the page that it was on, and a program keeps the 401 with its
// challenge (RFC 9110 section 11.6.1).
#pragma once

#include <string>
#include <string_view>

namespace hxx {

class HttpError;
class Request;
class Response;

/// The answer to a request that needs a log-in. Throws `error` on for a program, with a Bearer challenge if it has
/// none.
[[nodiscard]] Response login_answer(Request& request, HttpError const& error, std::string_view login);

/// Where to go after the log-in: `next` if it is a path on this server and nothing else ("/users?page=2"; not
/// "//evil.example", "/\evil.example", "javascript:…", nor one with control characters), else `otherwise`.
[[nodiscard]] std::string safe_next(std::string_view next, std::string_view otherwise = "/");

} // namespace hxx
