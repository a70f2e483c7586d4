// What a client sees when something went wrong: a page in a browser, a fragment in htmx, problem+json (RFC 9457)
// elsewhere.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/web/response.hpp"

#include <exception>
#include <string>
#include <string_view>

namespace hxx {

class Request;

/// An error as it is shown.
struct Problem {
    int status = 500;
    std::string title;                   // the status' reason phrase unless set
    std::string detail;                  // for the client; never an unexpected exception's text outside development
    ErrorReport const* errors = nullptr; // of a validation error
    std::string_view exception = {};     // in development: type and text of an unexpected exception
};

/// The answer to `problem` in the form that the client can show: a page when Accept prefers HTML, a fragment when htmx
/// asked for one, else application/problem+json with type, title, status, detail, instance, request_id and errors. Page
/// and fragment are DispatcherOptions::error_page and its error_block, rendered with `problem` and `request`, or plain
/// built-in ones.
Response problem_response(Request& request, Problem const& problem);

/// The same without a template: what is left when the template fails, and for what the server refuses.
Response plain_problem_response(Request const& request, Problem const& problem) noexcept;

/// The default answer to any exception: HttpError and ValidationError as they say, everything else 500, logged with the
/// request's id, the route and the handler's source position. Does not throw.
Response default_exception_response(Request& request, std::exception_ptr error) noexcept;

/// Is it one that default_exception_response() answers with 500?
bool is_unexpected(std::exception_ptr const& error) noexcept;
/// An HttpError 503: what a request is answered with when its time is over.
std::exception_ptr deadline_error();

/// Would htmx show this answer's JSON as text? A handler that has forgotten its view is the usual cause; a route that
/// means it says so (RouteOptions::json_for_htmx).
bool is_json_for_htmx(Request const& request, Response const& response);
/// What is sent instead: in development 500 with a detail that names the handler, otherwise 406. Logged as an error.
Response json_for_htmx_response(Request& request);
/// What default_exception_response() would have said to htmx, as HTML alone: for an event stream, whose status and
/// headers have been sent. Logs as it does. Does not throw.
std::string exception_fragment(Request& request, std::exception_ptr error) noexcept;

enum class ClientKind : unsigned char { Browser, Htmx, Api };
/// What kind of answer the client can use.
ClientKind client_kind(Request const& request);

} // namespace hxx
