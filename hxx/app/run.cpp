// App::run: the command line, the signals, and `routes`.
#include "hxx/app/app.hpp"
#include "hxx/base/log.hpp"

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

#include <pthread.h>

namespace hxx {

namespace {

struct CommandLine {
    Listen listen;
    bool development = false;
    std::string log_format = "text";
    std::string templates = "compiled";
    bool routes = false;
};

/// False if the program is to end with `status`: after --help, or a mistake on the command line.
bool parse(CommandLine& line, std::string const& title, int argc, char** argv, int& status) {
    CLI::App cli(title);
    cli.add_option("--host", line.listen.host, "Address to listen on, or unix:/path")->capture_default_str();
    cli.add_option("--port", line.listen.port, "Port; 0 takes a free one")->capture_default_str();
    cli.add_option("--workers", line.listen.workers, "Event loops, a thread each; 0: one for each core")
        ->check(CLI::Range(0, 1024)) // a size_t would take -1 for a great many
        ->capture_default_str();
    cli.add_flag("--development", line.development, "Reload templates, show errors in the browser");
    cli.add_option("--templates", line.templates, "Those that are compiled into the program: compiled or interpreted")
        ->check(CLI::IsMember({"compiled", "interpreted"}))
        ->capture_default_str();
    cli.add_option("--log-format", line.log_format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    cli.add_subcommand("routes", "List the routes and end")->callback([&] { line.routes = true; });
    try {
        cli.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        status = cli.exit(error);
        return false;
    }
    return true;
}

/// SIGTERM and SIGINT, blocked while it lives in this thread and in those that it starts, so that wait() takes them.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    ~StopSignals() {
        timespec const at_once{};
        while (sigtimedwait(&set_, nullptr, &at_once) > 0) { // came too late: what it asked for has been done
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    StopSignals(StopSignals const&) = delete;
    StopSignals& operator=(StopSignals const&) = delete;

    [[nodiscard]] int wait() const {
        int signal = 0;
        while (sigwait(&set_, &signal) != 0) {
        }
        return signal;
    }

  private:
    sigset_t set_{}, before_{};
};

/// While it lives, the next signal stops the app at once.
class Impatience {
  public:
    Impatience(App& app, StopSignals const& signals)
        : thread_([this, &app, &signals] {
              auto const signal = signals.wait();
              if (stopped_) return;
              log::warn("stopping at once", {{"signal", name_of(signal)}});
              app.stop_now();
          }) {}
    ~Impatience() {
        stopped_ = true;
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    Impatience(Impatience const&) = delete;
    Impatience& operator=(Impatience const&) = delete;

    static std::string_view name_of(int signal) { return signal == SIGINT ? "SIGINT" : "SIGTERM"; }

  private:
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};

std::string url_of(Listen const& listen, std::uint16_t port) {
    if (listen.host.starts_with("unix:")) return listen.host;
    bool const ipv6 = listen.host.find(':') != std::string::npos;
    return "http://" + (ipv6 ? '[' + listen.host + ']' : listen.host) + ':' + std::to_string(port);
}

} // namespace

int App::run(int argc, char** argv) {
    CommandLine line;
    int status = 0;
    if (!parse(line, options().title, argc, argv, status)) return status;
    if (line.log_format == "json") log::set_format(log::Format::Json);
    try {
        if (line.development) set_development();
        if (line.templates == "interpreted") set_interpreted_templates();
        if (line.routes) {
            std::fputs(list_routes().c_str(), stdout);
            return 0;
        }
        StopSignals const signals;
        start(line.listen);
        std::printf("Listening on %s\n", url_of(line.listen, port()).c_str());
        std::fflush(stdout);
        log::info("stopping", {{"signal", Impatience::name_of(signals.wait())}});
        Impatience const impatience(*this, signals);
        stop();
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}

} // namespace hxx
