#include "hxx/app/app.hpp"

#include "hxx/app/find_directory.hpp"
#include "hxx/async/stopping.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/async/watchdog.hpp"
#include "hxx/async/workers.hpp"
#include "hxx/base/log.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/server.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/registered.hpp"
#include "hxx/model/settings.hpp"
#include "hxx/security/app_secrets.hpp"
#include "hxx/security/csrf.hpp"
#include "hxx/security/login.hpp"
#include "hxx/web/blueprint.hpp"
#include "hxx/web/embedded_files.hpp"
#include "hxx/web/view_globals.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <ranges>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hxx {

namespace {

/// Background tasks run on the workers' loops, after the server has ended its connections.
void wait_for_tasks(Dispatcher const& dispatcher, std::chrono::steady_clock::time_point until,
                    std::atomic<bool> const& at_once) {
    while (dispatcher.running_tasks() > 0 && !at_once && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

} // namespace

/// What exists while the app serves.
struct Serving {
    Workers workers;
    Watchdog watchdog;
    http::Server server;

    Serving(Dispatcher& dispatcher, AppOptions const& options, http::Limits const& limits, Listen const& listen)
        : workers(listen.workers),
          watchdog(watchdog_options(options)),
          server(workers, dispatcher, server_options(limits, listen)) {
        if (options.watchdog_ms <= 0) return;
        for (std::size_t i = 0; i < workers.size(); ++i)
            workers.post(i, [this] {
                // Lives as long as the worker's thread, which ends before the watchdog does.
                thread_local std::optional<Watchdog::ThreadGuard> guard;
                guard.reset();
                guard.emplace(watchdog.watch_this_thread());
            });
    }

    static Watchdog::Options watchdog_options(AppOptions const& options) {
        Watchdog::Options made;
        made.threshold = std::chrono::milliseconds(std::max(options.watchdog_ms, 1));
        return made;
    }

    static http::ServerOptions server_options(http::Limits const& limits, Listen const& listen) {
        http::ServerOptions made;
        made.limits = limits;
        made.listen = {listen.host.starts_with("unix:") ? http::Address::unix_socket(listen.host.substr(5))
                                                        : http::Address::tcp(listen.host, listen.port)};
        return made;
    }
};

struct App::Impl {
    AppOptions options;
    std::source_location where;
    std::string static_directory; // empty: there is none
    http::Limits limits;
    Settings settings;
    jinja::Environment::Builder templates;
    DispatcherCell cell = std::make_shared<Dispatcher const*>(nullptr);
    std::vector<StateEntry> states;
    std::vector<OverrideEntry> overrides;
    std::vector<ContextProcessor> processors;
    std::vector<ResponseHook> response_hooks;
    std::shared_ptr<AppSecrets> secrets;
    std::vector<std::unique_ptr<app_detail::Hook<App&>>> start_hooks;
    std::vector<std::unique_ptr<app_detail::Hook<Stopping const&>>> stop_hooks;
    std::exception_ptr mistake; // in the constructor or in build(), for whoever builds the app
    std::unique_ptr<Dispatcher> dispatcher;
    std::unique_ptr<Serving> serving;
    std::mutex stopping;                // one stop at a time
    std::mutex ending;                  // stop_now() against the end of `serving`
    std::atomic<bool> stop_now = false; // whatever is being waited for
    std::atomic<std::uint16_t> port{0};

    Impl(AppOptions&& given, std::source_location made)
        : options(std::move(given)), where(made), settings(Settings::load(options.env_file)) {}

    /// The directory; empty if it is nowhere, which is no error where the program has in itself what would be there.
    [[nodiscard]] std::string find(std::string const& path, bool in_program) const {
        try {
            return find_directory(path, where.file_name());
        } catch (std::invalid_argument const&) {
            if (!in_program) throw;
            return {};
        }
    }

    void call_stop_hooks(Stopping const& stopping) noexcept {
        for (auto const& hook : std::views::reverse(stop_hooks)) {
            try {
                hook->call(stopping);
            } catch (std::exception const& error) {
                log::error("a hook of on_stop failed", {{"error", error.what()}});
            } catch (...) {
                log::error("a hook of on_stop threw something that is no std::exception");
            }
        }
    }
};

void app_detail::wait_for(Task<void> task) { sync_wait(std::move(task)); }

App::App(AppOptions options, std::source_location where) : impl_(std::make_unique<Impl>(std::move(options), where)) {
    auto const& given = impl_->options;
    try {
        auto& directories = impl_->templates.options().directories;
        bool const compiled = !jinja::registered_templates().empty();
        for (auto const& path : given.templates)
            if (auto found = impl_->find(path, compiled); !found.empty()) directories.push_back(std::move(found));
        if (!given.static_files.empty())
            impl_->static_directory = impl_->find(given.static_files, given.embedded_static_files.size() > 0);
    } catch (...) {
        impl_->mistake = std::current_exception();
    }
}
App::App(App&&) noexcept = default;
App& App::operator=(App&&) noexcept = default;
App::~App() {
    if (impl_ && impl_->serving) stop();
}

jinja::Environment::Builder& App::templates() {
    if (impl_->dispatcher) throw std::logic_error("hxx: templates() after the app has been built");
    return impl_->templates;
}
Settings const& App::settings() const { return impl_->settings; }
AppSecrets& App::secrets() {
    if (!impl_->secrets) impl_->secrets = std::make_shared<AppSecrets>(impl_->settings);
    return *impl_->secrets;
}
std::string App::directory(std::string const& path) const { return impl_->find(path, false); }
AppOptions const& App::options() const noexcept { return impl_->options; }

App& App::set_development(bool on) {
    if (impl_->dispatcher) throw std::logic_error("hxx: set_development() after the app has been built");
    impl_->options.development = on;
    return *this;
}

App& App::set_interpreted_templates(bool on) {
    if (impl_->dispatcher) throw std::logic_error("hxx: set_interpreted_templates() after the app has been built");
    impl_->options.interpreted_templates = on;
    return *this;
}

App& App::limits(http::Limits const& limits) {
    impl_->limits = limits;
    return *this;
}

App& App::context_processor(ContextProcessor processor) {
    impl_->processors.push_back(processor);
    return *this;
}

App& App::on_response(ResponseHook hook) {
    impl_->response_hooks.push_back(std::move(hook));
    return *this;
}

App& App::add_start_hook(std::unique_ptr<app_detail::Hook<App&>> hook) {
    if (impl_->serving) throw std::logic_error("hxx: on_start() while the app serves");
    impl_->start_hooks.push_back(std::move(hook));
    return *this;
}

App& App::add_stop_hook(std::unique_ptr<app_detail::Hook<Stopping const&>> hook) {
    if (impl_->serving) throw std::logic_error("hxx: on_stop() while the app serves");
    impl_->stop_hooks.push_back(std::move(hook));
    return *this;
}

App& App::add_state(StateEntry entry) {
    if (impl_->dispatcher) throw std::logic_error("hxx: state() after the app has been built");
    auto const same = std::ranges::find(impl_->states, entry.key, &StateEntry::key);
    if (same != impl_->states.end())
        *same = std::move(entry);
    else
        impl_->states.push_back(std::move(entry));
    return *this;
}

App& App::add_override(OverrideEntry entry) {
    if (impl_->serving) throw std::logic_error("hxx: override() while the app serves");
    if (impl_->dispatcher)
        impl_->dispatcher->add_override(std::move(entry));
    else
        impl_->overrides.push_back(std::move(entry));
    return *this;
}

std::optional<UnsafeGuard> App::add_security() {
    auto const& options = impl_->options;
    static_cast<void>(secrets());
    impl_->states.push_back({type_key<AppSecrets>, "AppSecrets", impl_->secrets});
    impl_->states.push_back(
        {type_key<CsrfProtection>, "CsrfProtection", std::make_shared<CsrfProtection>(options.csrf, impl_->secrets)});
    add_csrf_globals(impl_->templates);
    add_csp_globals(impl_->templates);
    if (options.security_headers.on) on_response(SecurityHeadersHook(options.security_headers));
    if (!options.login.empty())
        exception(401, [login = options.login](HttpError const& error, Request& request) {
            return login_answer(request, error, login);
        });
    if (!options.csrf.on) return std::nullopt;
    return UnsafeGuard{csrf_guard(), options.csrf.exempt};
}

Dispatcher& App::dispatcher() {
    if (impl_->dispatcher) return *impl_->dispatcher;
    if (impl_->mistake) std::rethrow_exception(impl_->mistake);
    try {
        build();
    } catch (...) {
        impl_->mistake = std::current_exception(); // what it is built of may have gone into it, or be there in part
        throw;
    }
    *impl_->cell = impl_->dispatcher.get();
    return *impl_->dispatcher;
}

namespace {

// The files go first where they are interpreted; without files, what they were when the program was built.
void take_up_compiled(jinja::Options& templates, AppOptions const& options) {
    if (jinja::registered_templates().empty()) return;
    if (!options.development && !options.interpreted_templates) templates.compiled = jinja::registered_templates();
    auto sources = jinja::registered_sources();
    templates.loader = templates.loader ? jinja::choice_loader({templates.loader, sources}) : sources;
}

// Files or what is embedded of them, under the same addresses and the same name.
void add_static_files(Router& app, AppOptions const& options, std::string const& directory,
                      std::source_location where) {
    auto const embedded = options.embedded_static_files;
    if (embedded.size() > 0 && (!options.development || directory.empty()))
        app.mount(embedded_files("/static", embedded, {.name = "static"}, where));
    else if (!directory.empty())
        app.static_files("/static", directory, where);
}

} // namespace

void App::build() {
    auto& options = impl_->options;
    take_up_compiled(impl_->templates.options(), options);
    add_static_files(*this, options, impl_->static_directory, impl_->where);
    if (options.development) impl_->templates.options().auto_reload = true;
    add_template_globals(impl_->templates, impl_->cell);
    auto guard = add_security();
    DispatcherOptions made;
    made.development = options.development;
    made.body_limit = options.body_limit;
    made.request_deadline = std::chrono::milliseconds(options.request_deadline.milliseconds());
    made.access_log = options.access_log;
    made.request_id_header = options.request_id_header;
    made.redirect_slashes = options.redirect_slashes;
    made.error_page = options.error_page;
    made.error_block = options.error_block;
    impl_->dispatcher = std::make_unique<Dispatcher>(
        Blueprint{std::move(static_cast<Router&>(*this)), std::move(impl_->states), std::move(impl_->overrides),
                  std::move(impl_->processors), impl_->templates.build(), std::move(made), std::move(guard),
                  std::move(impl_->response_hooks)});
}

void App::start(Listen const& listen) {
    if (impl_->serving) throw std::logic_error("hxx: the app has been started already");
    auto serving = std::make_unique<Serving>(dispatcher(), impl_->options, impl_->limits, listen);
    serving->server.start();
    impl_->port = serving->server.port();
    impl_->stop_now = false;
    try {
        for (auto const& hook : impl_->start_hooks) hook->call(*this);
        serving->workers.start();
    } catch (...) {
        impl_->port = 0;
        impl_->call_stop_hooks(Stopping(std::chrono::steady_clock::now(), impl_->stop_now));
        throw;
    }
    std::lock_guard const lock(impl_->ending);
    impl_->serving = std::move(serving);
}

std::uint16_t App::port() const noexcept { return impl_->port; }

void App::stop() {
    std::lock_guard const lock(impl_->stopping);
    if (!impl_->serving) return;
    auto const grace = std::chrono::seconds(impl_->options.grace_seconds);
    auto const until = std::chrono::steady_clock::now() + grace;
    impl_->serving->server.stop(grace);
    impl_->serving->server.wait();
    wait_for_tasks(*impl_->dispatcher, until, impl_->stop_now);
    impl_->serving->workers.stop();
    impl_->serving->workers.join();
    impl_->call_stop_hooks(Stopping(until, impl_->stop_now));
    {
        std::lock_guard const end(impl_->ending);
        impl_->serving.reset();
    }
    impl_->port = 0;
}

void App::stop_now() noexcept {
    // A stop() that is waiting ends with it: a second call cuts off what is left.
    impl_->stop_now = true;
    std::lock_guard const lock(impl_->ending);
    if (auto* serving = impl_->serving.get()) serving->server.stop(std::chrono::milliseconds(0));
}

} // namespace hxx
