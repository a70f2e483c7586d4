// hxx::App: an application with the safe defaults switched on.
//
//     int main(int argc, char** argv) {
//         App app{{.title = "Users", .templates = {"templates"}, .static_files = "static"}};
//         app.get("/", [](View view) { return view.page("pages/home.html"); });
//         return app.run(argc, argv);
//     }
//
// It is a Router (hxx/web/router.hpp: get, post, mount, use, exception …) with what a whole application has beside its
// routes. Everything is added before it starts; from then on it does not change, and all workers share it.
#pragma once

#include "hxx/app/hook.hpp"
#include "hxx/base/embedded.hpp"
#include "hxx/reflect/reflect.hpp"
#include "hxx/security/csrf_options.hpp"
#include "hxx/security/security_headers.hpp"
#include "hxx/web/entries.hpp"
#include "hxx/web/router.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class AppSecrets;
class Dispatcher;
class Settings;
class Stopping;
namespace jinja {
class EnvironmentBuilder;
}
namespace http {
struct Limits;
}

struct AppOptions {
    std::string title = "hxx";
    /// Directories of templates; the first one that has a template wins. Relative ones: see App's constructor.
    std::vector<std::string> templates = {};
    /// Templates that were compiled into the program (hxx_add_templates(), docs/compiled.md) are interpreted all the
    /// same, from the directories or as they were when it was built. In development they always are. The command line
    /// has --templates=interpreted.
    bool interpreted_templates = false;
    /// A directory that is served under /static; empty: none.
    std::string static_files = {};
    /// What hxx_embed() has put of that directory into the program: served in its place, so that the program needs no
    /// files beside it. In development the directory is served, if it is there.
    EmbeddedFiles embedded_static_files = {};
    /// Templates are reloaded when they change, and error pages show what went wrong. --development sets it too.
    bool development = false;
    /// A template for errors and the block of it that htmx gets (hxx/web/errors.hpp); empty: plain built-in ones.
    std::string error_page = {};
    std::string error_block = {};
    /// The page for logging in, which an answer of 401 leads a browser to and htmx too (hxx/security/login.hpp); empty:
    /// there is none.
    std::string login = {};
    /// Protection against cross-site request forgery (hxx/security/csrf.hpp).
    CsrfOptions csrf = {};
    /// Content-Security-Policy and others (hxx/security/security_headers.hpp).
    SecurityHeaders security_headers = {};
    /// One line in the log for each request.
    bool access_log = true;
    /// The response field that carries the request's id; empty: none.
    std::string request_id_header = "X-Request-ID";
    /// "/users/" is redirected to "/users" if only that has a route, and the other way round.
    bool redirect_slashes = true;
    /// Bytes of a request body; a route may ask for another limit.
    std::size_t body_limit = 10'000'000;
    /// How long a request may take from its head to its answer, which is 503 then; zero: for ever. Neither waiting for
    /// its body before the handler is called counts, nor a stream or a file that is being sent, nor background tasks. A
    /// route may have another (RouteOptions::deadline).
    Duration request_deadline = Duration::of_milliseconds(60'000);
    /// Seconds that a graceful stop waits for requests in flight and background tasks.
    int grace_seconds = 10;
    /// A handler that holds its event loop longer is reported; 0: none is.
    int watchdog_ms = 100;
    /// Names in a file that the environment lacks; read if it exists.
    std::string env_file = ".env";
};

/// Where an app listens.
struct Listen {
    std::string host = "127.0.0.1"; // a name, an IPv4 or an IPv6 address; or "unix:/path" for a Unix socket
    std::uint16_t port = 8000;      // 0 takes a free one
    std::size_t workers = 0;        // event loops, a thread each; 0: one for each core
};

/// hxx/web/depends.hpp.
template <auto Function, class Callable>
OverrideEntry make_override(Callable replacement);

class App : public Router {
  public:
    /// Relative directories are looked for in the current directory, then beside the executable, then beside the source
    /// file that constructs the App (in a development tree), which is what `where` is for. One that is nowhere is an
    /// error of the app that run() prints, and start() and dispatcher() throw: a main() needs no try. It is none if the
    /// program has in itself what would be there: compiled templates, embedded_static_files.
    explicit App(AppOptions options = {}, std::source_location where = std::source_location::current());
    App(App&&) noexcept;
    App& operator=(App&&) noexcept;
    /// Stops it if it runs.
    ~App();

    /// Gives handlers a value to take as State<T>. All workers use the one object: it must be safe for that.
    template <class T>
    App& state(T value) {
        return add_state({type_key<T>, reflect::type_name<T>(), std::make_shared<T>(std::move(value))});
    }
    /// The same, made in place: for what cannot be moved.
    template <class T, class... A>
    App& emplace_state(A&&... arguments) {
        return add_state({type_key<T>, reflect::type_name<T>(), std::make_shared<T>(std::forward<A>(arguments)...)});
    }
    /// The same with an object that the program keeps and that outlives the app.
    template <class T>
    App& state_reference(T& value) {
        return add_state(
            {type_key<T>, reflect::type_name<T>(), std::shared_ptr<void>(std::shared_ptr<void>(), &value)});
    }
    /// Filters, tests and globals of the templates: app.templates().filter("format_date", …).
    [[nodiscard]] jinja::EnvironmentBuilder& templates();
    /// The environment's variables over those of the .env file.
    [[nodiscard]] Settings const& settings() const;
    /// What sessions and forms are signed with: the setting SECRET, or for want of it one that ends with the process.
    /// Throws std::invalid_argument for a SECRET that is too short.
    [[nodiscard]] AppSecrets& secrets();
    /// A directory of the program's own, found where the constructor finds those of its options:
    /// directory("migrations"). Throws std::invalid_argument that lists where was looked.
    [[nodiscard]] std::string directory(std::string const& path) const;
    /// What one client may take (hxx/http/limits.hpp). Before it starts.
    App& limits(http::Limits const& limits);
    /// Called when the app starts, in the order of registration, once it has its address and before the first request
    /// is answered: `hook()` or `hook(App&)`, a plain function or a coroutine (which is waited for). One that throws
    /// ends the start. A test client does not start the app: what a test needs too is done before.
    template <class Hook>
    App& on_start(Hook hook) {
        return add_start_hook(app_detail::make_hook<App&>(std::move(hook)));
    }
    /// Called when the app stops, the last one first, after requests and background tasks have ended: `hook()` or
    /// `hook(Stopping const&)` (hxx/async/stopping.hpp), as above. Also after a start that failed. What one throws is
    /// logged.
    template <class Hook>
    App& on_stop(Hook hook) {
        return add_stop_hook(app_detail::make_hook<Stopping const&>(std::move(hook)));
    }
    /// Variables for every template: void(Request&, jinja::Context&).
    App& context_processor(ContextProcessor processor);
    /// Sees every response before it is sent, errors and static files too: a middleware that makes no coroutine of what
    /// is none. It must not block.
    App& on_response(ResponseHook hook);

    /// Puts another callable, with injected parameters of its own, in a dependency's place; what the dependency itself
    /// depends on does not run. For tests: may be called between requests as long as the app has not been started.
    template <auto Function, class Callable>
    App& override(Callable replacement) {
        return add_override(make_override<Function>(std::move(replacement)));
    }

    /// Parses the command line and serves until SIGTERM or SIGINT; a second signal stops at once. Prints
    /// "Listening on http://127.0.0.1:8000" on standard output once it serves. Returns the exit status: 0 after a clean
    /// stop.
    ///   --host H  --port P  --workers N  --development  --log-format text|json
    ///   routes    lists methods, patterns, names, handlers with file:line, and dependencies, and ends
    int run(int argc, char** argv);

    /// Serves in threads of its own and returns; after stop() it may be called again. Throws std::logic_error for a
    /// mistake in the app (a directory of its options that is missing is one), std::system_error if the address cannot
    /// be had.
    void start(Listen const& listen = {});
    /// The port that it listens on, once started; 0 before that, and for a Unix socket.
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// No new connections; returns when requests in flight, background tasks and the hooks of on_stop have finished;
    /// requests and tasks are waited for until the grace is over.
    /// Any thread but the app's own workers, any number of times.
    void stop();
    /// Cuts off requests and background tasks that a stop(), running or to come, would wait for. Any thread.
    void stop_now() noexcept;

    /// The finished application, built at the first call: for the test client and for servers of one's own.
    [[nodiscard]] Dispatcher& dispatcher();
    [[nodiscard]] AppOptions const& options() const noexcept;
    /// As AppOptions::development. Before the app is built.
    App& set_development(bool on = true);
    /// As AppOptions::interpreted_templates. Before the app is built.
    App& set_interpreted_templates(bool on = true);
    /// What `routes` prints.
    [[nodiscard]] std::string list_routes();

  private:
    App& add_start_hook(std::unique_ptr<app_detail::Hook<App&>> hook);
    App& add_stop_hook(std::unique_ptr<app_detail::Hook<Stopping const&>> hook);
    App& add_state(StateEntry entry);
    App& add_override(OverrideEntry entry);
    std::optional<UnsafeGuard> add_security();
    void build();

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hxx
