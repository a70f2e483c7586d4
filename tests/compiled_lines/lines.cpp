// Renders lines.html, whose trace() prints where it is called from: for lines.py.
#include "tests/compiled_lines/page.hpp"

#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/registered.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <execinfo.h>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// Where the program was loaded, which its own addresses are counted from.
std::uintptr_t load_address() {
    std::ifstream maps("/proc/self/maps");
    std::string first;
    std::getline(maps, first);
    return std::stoull(first, nullptr, 16);
}

/// The callers' addresses in the program, as a debugger and the sanitizers see them.
std::string_view trace() {
    std::array<void*, 64> frames{};
    int const count = backtrace(frames.data(), static_cast<int>(frames.size()));
    auto const base = load_address();
    for (int i = 0; i < count; ++i)
        std::printf("%#zx\n", reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)]) - base - 1);
    return "";
}

} // namespace

int main() {
    hxx::jinja::Environment::Builder builder({.compiled = hxx::jinja::registered_templates()});
    builder.function("trace", trace);
    auto const environment = std::move(builder).build();
    compiled_lines::LinesPage const page{{{"one", 7}, {"two", 101}, {"three", 8}}, "nothing"};
    std::fprintf(stderr, "%s", environment.render("lines.html", page).c_str());
}
