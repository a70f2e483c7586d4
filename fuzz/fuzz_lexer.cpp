// Any text under any delimiters is tokens or a syntax error, and the tokens lie in the source in order.
#include "fuzz/input.hpp"
#include "hxx/jinja/lexer.hpp"

#include <cstdlib>

using namespace hxx;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = fuzz::read_input(data, size);
    auto const source = jinja::normalise_source(input.text, input.options.keep_trailing_newline);
    std::deque<std::string> texts;
    jinja::Lexer lexer(input.options, source, texts);
    try {
        jinja::Token last;
        for (;;) {
            auto const token = lexer.next();
            if (token.kind == jinja::TokenKind::Eof) return 0;
            if (token.offset > source.size() || token.offset < last.offset || token.line < last.line) std::abort();
            static_cast<void>(jinja::describe(token));
            last = token;
        }
    } catch (jinja::Error const& error) {
        if (error.kind() != jinja::ErrorKind::TemplateSyntaxError || lexer.error_offset() > source.size()) std::abort();
    }
    return 0;
}
