// Dispatcher: a finished application as the HTTP server sees it. It is built once from a Router, checks everything that
// can be checked, and does not change afterwards: all workers use it at once.
#pragma once

#include "hxx/http/handler.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/web/entries.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/route.hpp"
#include "hxx/web/route_tree.hpp"
#include "hxx/web/router.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

struct DispatcherOptions {
    bool development = false;                       // error pages show what went wrong
    std::size_t body_limit = 10'000'000;            // bytes of a request body; a route may ask for another
    bool access_log = true;                         // one line a request
    std::string request_id_header = "X-Request-ID"; // of every response; empty: none
    bool redirect_slashes = true;                   // "/users/" finds "/users" and the other way round, by a redirect
    /// Until there is an answer; zero: for ever. A route may have another (RouteOptions::deadline).
    std::chrono::milliseconds request_deadline{60'000};
    std::string error_page = {};  // a template for errors; see hxx/web/errors.hpp
    std::string error_block = {}; // the block of it that htmx gets
};

/// Everything that an application is made of.
struct Blueprint {
    Router router;
    std::vector<StateEntry> states;
    std::vector<OverrideEntry> overrides;
    std::vector<ContextProcessor> context_processors;
    jinja::Environment templates;
    DispatcherOptions options;
    std::optional<UnsafeGuard> guard = {};
    std::vector<ResponseHook> response_hooks = {};
};

class Dispatcher final : public http::Handler {
  public:
    /// Throws std::logic_error that names the route, with its file:line, and the chain of dependencies: for two routes
    /// with one pattern and method, a name used twice, a State that the app lacks, a cycle of dependencies, a path
    /// parameter that is in no pattern, a name among the guard's exempt ones that no route has.
    explicit Dispatcher(Blueprint&& blueprint);
    ~Dispatcher() override;

    std::unique_ptr<http::Request> make_request() override;
    http::Plan plan(http::Request& request) noexcept override;
    void handle(http::Request& request, http::Response& response) noexcept override;
    Task<void> handle_async(http::Request& request, http::Response& response) override;
    void sent(http::Request& request) noexcept override;
    void refuse(http::Request const& request, int status, std::string_view reason,
                http::Response& response) noexcept override;

    [[nodiscard]] DispatcherOptions const& options() const noexcept;
    [[nodiscard]] jinja::Environment const& templates() const noexcept;
    [[nodiscard]] std::vector<std::unique_ptr<Route>> const& routes() const noexcept;
    [[nodiscard]] Route const* find_route(std::string_view name) const noexcept;
    [[nodiscard]] void* find_state(void const* key) const noexcept;
    [[nodiscard]] void const* find_override(void const* key) const noexcept;
    [[nodiscard]] std::span<ContextProcessor const> context_processors() const noexcept;

    /// Puts another callable in a dependency's place. Not while requests are served. Throws as the constructor does.
    void add_override(OverrideEntry entry);
    /// Switches the access log, for the test client. Not while requests are served. Returns what it was.
    bool set_access_log(bool on) noexcept;
    /// Background tasks that are still running.
    [[nodiscard]] int running_tasks() const noexcept;

    // For Next and for the test client.
    /// Lays this app's own middleware and exception handlers around a route that is not one of its.
    void adopt(Route& route) const;
    /// As handle_async(), by that route instead of the one that was found.
    Task<void> handle_by(Route const& route, Request& request, http::Response& response);
    Task<Response> run_from(Request& request, Route const* route, std::size_t middleware_index) const;

  private:
    Response answer_without_route(Request& request) const;
    Response respond(Request& request) const noexcept;
    Task<void> serve(Request& request, http::Response& out) const;
    Task<Response> respond_async(Request& request, Route const* route) const;
    Task<Response> respond_in_time(Request& request) const;
    Task<Response> answer_exception(Request& request, Route const* route, std::exception_ptr error) const;
    void finish(Request& request, Response& response) const;
    void log_access(Request const& request) const noexcept;
    void log_overdue(Request const& request) const;

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hxx
