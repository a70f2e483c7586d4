// Any text is a compiled template or an error that says where it is.
#include "fuzz/input.hpp"

#include <cstdlib>

using namespace hxx;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = fuzz::read_input(data, size);
    jinja::Environment const environment(std::move(input.options));
    try {
        static_cast<void>(environment.from_string(std::string(input.text)));
    } catch (jinja::Error const& error) {
        if (error.line() == 0) std::abort();
    }
    return 0;
}
