// Renders three pages with the template engine and with C++ that appends by hand, and prints for each the time of both.
//
//     jinja_bench TEMPLATES SECONDS            a line for each page: name, bytes, and µs to a string by hand, to memory
//                                              by hand, rendered
//     jinja_bench TEMPLATES --write DIRECTORY  each page's data as JSON and what it renders to, for another engine
//
// All are run in turn, in batches of a millisecond; the fastest batch counts, since
// what else the machine does only ever makes one slower.
#include "bench/jinja/by_hand.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/registered.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

namespace jinja = hxx::jinja;
using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

/// Times a rendering in batches that are long against the clock's grain and short against the machine's noise.
template <class Render>
class Timer {
  public:
    explicit Timer(Render render) : render_(std::move(render)) {
        auto const start = Clock::now();
        int warm = 0;
        for (; Clock::now() - start < std::chrono::milliseconds(20); ++warm) render_();
        rounds_ = std::max(1, static_cast<int>(warm / 20));
    }
    void batch() {
        auto const start = Clock::now();
        for (int i = 0; i < rounds_; ++i) render_();
        best_ = std::min(best_, microseconds(Clock::now() - start) / rounds_);
    }
    [[nodiscard]] double best() const { return best_; }

  private:
    Render render_;
    int rounds_ = 1;
    double best_ = 1e12;
};

struct Arguments {
    std::string templates, directory;
    double seconds = 0;
};

void write(std::string const& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

struct Environments {
    jinja::Environment interpreted, compiled;
};

// The same variables one by one, so that the template does not know their types.
template <class Data>
jinja::Context bindings_of(Data const& data) {
    jinja::Context context;
    hxx::reflect::for_each_member(data, [&](std::string_view name, auto const& member) { context.add(name, member); });
    return context;
}

template <class Data>
void run(Environments const& environments, Arguments const& arguments, std::string const& name, Data const& data) {
    auto const page = environments.interpreted.get_template(name + ".html");
    auto const compiled = environments.compiled.get_template(name + ".html");
    std::string rendered, typed, dynamic;
    auto const render = [&] {
        rendered.clear();
        page->render(data, rendered);
    };
    auto const render_typed = [&] {
        typed.clear();
        compiled->render(data, typed);
    };
    auto const context = bindings_of(data);
    auto const render_dynamic = [&] {
        dynamic.clear();
        compiled->render(context, dynamic);
    };
    bench::Text text;
    bench::Buffer buffer;
    auto const append_to = [&](auto& out) {
        out.clear();
        by_hand(out, data);
    };
    render();
    render_typed();
    render_dynamic();
    append_to(text);
    append_to(buffer);
    if (rendered != text.view() || rendered != buffer.view() || rendered != typed || rendered != dynamic)
        throw std::runtime_error(name + ": what is rendered and what is appended by hand differ");
    if (!arguments.directory.empty()) {
        write(arguments.directory + "/" + name + ".html", rendered);
        write(arguments.directory + "/" + name + ".json",
              environments.interpreted.render_string("{{ data|tojson }}", {{"data", data}}));
        return;
    }
    Timer hand([&] { append_to(text); });
    Timer raw([&] { append_to(buffer); });
    Timer engine(render);
    Timer typed_engine(render_typed);
    Timer dynamic_engine(render_dynamic);
    auto const end = Clock::now() + std::chrono::duration<double>(arguments.seconds);
    while (Clock::now() < end) {
        hand.batch();
        raw.batch();
        engine.batch();
        typed_engine.batch();
        dynamic_engine.batch();
    }
    std::printf("%s %zu %.3f %.3f %.3f %.3f %.3f\n", name.c_str(), rendered.size(), hand.best(), raw.best(),
                engine.best(), typed_engine.best(), dynamic_engine.best());
}

} // namespace

int main(int argc, char** argv) try {
    std::string const last = argc > 2 ? argv[2] : "";
    Arguments arguments;
    if (argc == 3)
        arguments = {argv[1], "", std::atof(argv[2])};
    else if (argc == 4 && last == "--write")
        arguments = {argv[1], argv[3], 0};
    else
        return std::fputs("usage: jinja_bench TEMPLATES SECONDS | jinja_bench TEMPLATES --write DIRECTORY\n", stderr),
               2;
    Environments const environments{jinja::Environment({.directories = {arguments.templates}}),
                                    jinja::Environment({.compiled = jinja::registered_templates()})};
    run(environments, arguments, "fortunes", bench::fortunes());
    run(environments, arguments, "table", bench::table());
    run(environments, arguments, "page", bench::page());
} catch (std::exception const& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
}
