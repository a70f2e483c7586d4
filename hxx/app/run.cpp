// App::run: the command line, the signals, and `routes`.
#include "hxx/app/app.hpp"
#include "hxx/base/log.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include <pthread.h>

namespace hxx {

namespace {

struct CommandLine {
    Listen listen;
    bool development = false;
    std::string log_format = "text";
    bool routes = false;
};

/// False if the program is to end with `status`: after --help, or a mistake on the command line.
bool parse(CommandLine& line, std::string const& title, int argc, char** argv, int& status) {
    CLI::App cli(title);
    cli.add_option("--host", line.listen.host, "Address to listen on, or unix:/path")->capture_default_str();
    cli.add_option("--port", line.listen.port, "Port; 0 takes a free one")->capture_default_str();
    cli.add_option("--workers", line.listen.workers, "Event loops, a thread each; 0: one for each core")
        ->capture_default_str();
    cli.add_flag("--development", line.development, "Reload templates, show errors in the browser");
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

/// SIGTERM and SIGINT, blocked in all threads from here on, so that sigwait takes them.
sigset_t block_stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return set;
}

std::string url_of(Listen const& listen, std::uint16_t port) {
    if (listen.host.starts_with("unix:")) return listen.host;
    bool const ipv6 = listen.host.find(':') != std::string::npos;
    return "http://" + (ipv6 ? '[' + listen.host + ']' : listen.host) + ':' + std::to_string(port);
}

void wait_for_signal(sigset_t const& set) {
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    log::info("stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
}

} // namespace

int App::run(int argc, char** argv) {
    CommandLine line;
    int status = 0;
    if (!parse(line, options().title, argc, argv, status)) return status;
    if (line.log_format == "json") log::set_format(log::Format::Json);
    try {
        if (line.development) set_development();
        if (line.routes) {
            std::fputs(list_routes().c_str(), stdout);
            return 0;
        }
        auto const signals = block_stop_signals();
        start(line.listen);
        std::printf("Listening on %s\n", url_of(line.listen, port()).c_str());
        std::fflush(stdout);
        wait_for_signal(signals);
        // The second signal is waited for beside the graceful stop, which ends by itself when nobody is impatient.
        std::thread([this, signals] {
            wait_for_signal(signals);
            stop_now();
        }).detach();
        stop();
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}

} // namespace hxx
