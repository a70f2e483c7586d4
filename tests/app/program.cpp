// The program that run_test.cpp starts.
#include <hxx/hxx.hpp>

#include <hxx/async/blocking.hpp>
#include <hxx/async/signal.hpp>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <unistd.h>

using namespace hxx;

namespace {

Task<Response> hang() {
    std::puts("hanging");
    std::fflush(stdout);
    Signal const never;
    co_await never.wait();
    co_return text("never");
}

/// Answers once the file `release` is in the current directory.
Task<Response> wait_for_file() {
    std::puts("waiting");
    std::fflush(stdout);
    co_await blocking([] {
        while (::access("release", F_OK) != 0) ::usleep(1000);
    });
    co_return text("released");
}

} // namespace

int main(int argc, char** argv) {
    AppOptions options{.title = "Test program"};
    if (auto const* templates = std::getenv("TEMPLATES")) options.templates = {templates};
    options.grace_seconds = 1'000'000;
    App app{std::move(options)};
    auto const greeting = app.settings().get("GREETING", "hello");
    app.get("/", [greeting] { return greeting; }, {.name = "home"});
    app.get("/page", [](View view) { return view("page.html"); });
    app.get("/broken", []() -> Response { throw std::runtime_error("the reason"); });
    app.get("/hang", hang);
    app.get("/wait", wait_for_file);
    if (std::getenv("MISTAKE")) app.get("/state", [](State<double> state) { return std::to_string(*state); });
    auto const status = app.run(argc, argv);
    if (std::getenv("GO_ON")) {
        std::puts("going on");
        std::fflush(stdout);
        ::pause(); // until a signal ends the program, as it does others
    }
    return status;
}
