#include "hxx/web/errors.hpp"

#include "hxx/async/errors.hpp"
#include "hxx/base/escape.hpp"
#include "hxx/base/log.hpp"
#include "hxx/htmx/request.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/exception_trap.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/view.hpp"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

namespace hxx {

namespace {

std::string_view title_of(Problem const& problem) {
    if (!problem.title.empty()) return problem.title;
    auto const reason = http::reason_phrase(problem.status);
    return reason.empty() ? std::string_view("Error") : reason;
}

std::string problem_json(Request const& request, Problem const& problem) {
    std::string json = R"({"type":"about:blank","title":)";
    append_json_string(json, title_of(problem));
    json.append(R"(,"status":)").append(std::to_string(problem.status));
    if (!problem.detail.empty()) {
        json += R"(,"detail":)";
        append_json_string(json, problem.detail);
    }
    json += R"(,"instance":)";
    append_json_string(json, request.path());
    json += R"(,"request_id":)";
    append_json_string(json, request.id());
    if (!problem.exception.empty()) {
        json += R"(,"exception":)";
        append_json_string(json, problem.exception);
    }
    if (problem.errors) json.append(R"(,"errors":)").append(problem.errors->to_json());
    return json += '}';
}

/// What page and fragment share: a heading, the detail, and each mistake of the input.
std::string problem_html(Request const& request, Problem const& problem) {
    std::string html = "<div class=\"hxx-error\" role=\"alert\"><h1>" + std::to_string(problem.status) + ' ';
    append_html(html, title_of(problem));
    html += "</h1>";
    if (!problem.detail.empty()) {
        html += "<p>";
        append_html(html, problem.detail);
        html += "</p>";
    }
    if (problem.errors) {
        html += "<ul>";
        for (auto const& error : *problem.errors) {
            html += "<li><code>";
            append_html(html, error.where);
            html += "</code> ";
            append_html(html, error.message);
            html += "</li>";
        }
        html += "</ul>";
    }
    if (!problem.exception.empty()) {
        html += "<pre>";
        append_html(html, problem.exception);
        html += "</pre>";
        if (auto const* route = request.route()) {
            html += "<p>Handler registered at <code>";
            append_html(html, route->where.file_name());
            html.append(1, ':').append(std::to_string(route->where.line())).append("</code></p>");
        }
    }
    html += "<p><small>Request ";
    append_html(html, request.id());
    return html += "</small></p></div>";
}

std::string problem_page(Request const& request, Problem const& problem) {
    std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
    html += std::to_string(problem.status) + ' ';
    append_html(html, title_of(problem));
    html += "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}"
            "pre{overflow:auto;background:#f4f4f5;padding:1rem}</style></head><body>";
    html += problem_html(request, problem);
    return html += "</body></html>\n";
}

void vary_by_client(Response& response) {
    response.vary("Accept").vary("HX-Request").vary("HX-History-Restore-Request");
}

Response problem_from_template(Request& request, Problem const& problem, ClientKind client) {
    auto const& options = request.app().options();
    jinja::Context context;
    auto const title = title_of(problem);
    context.add("status", problem.status).add("title", title).add("detail", problem.detail);
    context.add("exception", problem.exception).add("request_id", request.id());
    if (problem.errors) context.add("errors", problem.errors->all());
    auto name = options.error_page;
    if (client == ClientKind::Htmx && !options.error_block.empty()) name.append(1, '#').append(options.error_block);
    return View(request)(name, context).status(problem.status);
}

std::string demangled(char const* name) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
    return text ? std::string(text.get()) : std::string(name);
}

struct ExceptionText {
    std::string type, what;
};
ExceptionText describe_exception(std::exception_ptr const& error) {
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& caught) {
        return {demangled(typeid(caught).name()), caught.what()};
    } catch (...) {
        return {"an exception that is no std::exception", ""};
    }
}

void log_exception(Request const& request, ExceptionText const& text) {
    auto const* route = request.route();
    log::error("unexpected exception",
               {{"request_id", request.id()},
                {"method", http::to_string(request.method())},
                {"target", request.target()},
                {"route", route ? std::string_view(route->pattern) : std::string_view("(none)")},
                {"handler", route ? std::string(route->where.file_name()) + ':' + std::to_string(route->where.line())
                                  : std::string()},
                {"exception", text.type},
                {"what", text.what}});
}

Response problem_response_for(Request& request, Problem const& problem, ClientKind client);
Response plain_response_for(Request const& request, Problem const& problem, ClientKind client) noexcept;

Response unexpected_response(Request& request, std::exception_ptr const& error, ClientKind client) {
    ExceptionTrap::spring(error);
    auto const text = describe_exception(error);
    log_exception(request, text);
    Problem problem;
    std::string shown;
    if (request.development()) {
        shown = text.type + ": " + text.what;
        problem.exception = shown;
    }
    problem.detail = "Something went wrong on the server. The error has been logged under the request id below.";
    return problem_response_for(request, problem, client);
}

/// Those of response_to().
bool is_known(std::exception_ptr const& error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (HttpError const&) {
        return true;
    } catch (ValidationError const&) {
        return true;
    } catch (Overloaded const&) {
        return true;
    } catch (...) {
        return false;
    }
}

Response response_to(Request& request, std::exception_ptr const& error, ClientKind client) {
    try {
        std::rethrow_exception(error);
    } catch (HttpError const& caught) {
        Problem problem;
        problem.status = caught.status();
        problem.detail = caught.detail() == http::reason_phrase(caught.status()) ? "" : caught.detail();
        auto response = problem_response_for(request, problem, client);
        for (auto const& [name, value] : caught.headers()) response.add_header(name, value);
        return response;
    } catch (ValidationError const& caught) {
        Problem problem;
        problem.status = 422;
        problem.detail = "The input is not valid.";
        problem.errors = &caught.report();
        return problem_response_for(request, problem, client);
    } catch (Overloaded const&) {
        log::warn("overloaded: the blocking pool's queue is full",
                  {{"request_id", request.id()}, {"target", request.target()}});
        Problem problem;
        problem.status = 503;
        return problem_response_for(request, problem, client).header("Retry-After", "1");
    } catch (...) {
        return unexpected_response(request, std::current_exception(), client);
    }
}

} // namespace

bool is_unexpected(std::exception_ptr const& error) noexcept { return !is_known(error); }

std::exception_ptr deadline_error() { return std::make_exception_ptr(HttpError(503, std::string(http::time_is_over))); }

bool is_json_for_htmx(Request const& request, Response const& response) {
    if (response.status() >= 400 ||
        !http::is_media_type(response.headers().get_or("Content-Type", ""), "application/json"))
        return false;
    auto const* route = request.route();
    return request.htmx().is_htmx() && !(route && route->options.json_for_htmx);
}

Response json_for_htmx_response(Request& request) {
    auto const* route = request.route();
    auto const handler = route ? std::string(route->where.file_name()) + ':' + std::to_string(route->where.line())
                               : std::string("(none)");
    log::error("JSON for an htmx request was not sent: htmx would show it as text. Return a view, or say "
               ".json_for_htmx = true where the route is added",
               {{"target", request.target()},
                {"route", route ? std::string_view(route->pattern) : std::string_view("(none)")},
                {"handler", handler},
                {"request_id", request.id()}});
    Problem problem;
    problem.status = request.development() ? 500 : 406;
    problem.detail = request.development()
                         ? "The handler of the route added at " + handler +
                               " answers htmx with JSON, which would be shown as text. Return a view, or say "
                               ".json_for_htmx = true there."
                         : "This address has no answer that can be shown here.";
    return problem_response(request, problem);
}

ClientKind client_kind(Request const& request) {
    auto const& htmx = request.htmx();
    if (htmx.wants_fragment()) return ClientKind::Htmx;
    if (htmx.is_htmx() || http::accepts_explicitly(request.headers().get_or("Accept", ""), "text/html"))
        return ClientKind::Browser;
    return ClientKind::Api;
}

namespace {

Response plain_response_for(Request const& request, Problem const& problem, ClientKind client) noexcept {
    auto response = client == ClientKind::Api    ? json_text(problem_json(request, problem))
                    : client == ClientKind::Htmx ? html(problem_html(request, problem))
                                                 : html(problem_page(request, problem));
    if (client == ClientKind::Api) response.header("Content-Type", "application/problem+json");
    response.header("Cache-Control", "no-store");
    vary_by_client(response);
    return std::move(response).status(problem.status);
}

Response problem_response_for(Request& request, Problem const& problem, ClientKind client) {
    if (client == ClientKind::Api || request.app().options().error_page.empty() || !problem.exception.empty())
        return plain_response_for(request, problem, client);
    try {
        auto response = problem_from_template(request, problem, client);
        response.header("Cache-Control", "no-store");
        vary_by_client(response);
        return response;
    } catch (std::exception const& error) {
        log::error(
            "the error page failed",
            {{"template", request.app().options().error_page}, {"request_id", request.id()}, {"error", error.what()}});
        return plain_response_for(request, problem, client);
    }
}

Response response_or_less(Request& request, std::exception_ptr const& error, ClientKind client) noexcept {
    try {
        return response_to(request, error, client);
    } catch (...) {
        Problem problem; // not even the answer could be made: the least that can be said
        return plain_response_for(request, problem, client);
    }
}

} // namespace

Response problem_response(Request& request, Problem const& problem) {
    return problem_response_for(request, problem, client_kind(request));
}

Response plain_problem_response(Request const& request, Problem const& problem) noexcept {
    return plain_response_for(request, problem, client_kind(request));
}

Response default_exception_response(Request& request, std::exception_ptr error) noexcept {
    return response_or_less(request, error, client_kind(request));
}

std::string exception_fragment(Request& request, std::exception_ptr error) noexcept {
    return std::string(response_or_less(request, error, ClientKind::Htmx).text());
}

} // namespace hxx
