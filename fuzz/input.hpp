// How a fuzzer's input is read: the first byte chooses the options, the rest is the template.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hxx::fuzz {

struct Input {
    jinja::Options options;
    std::string_view text;
};

struct Delimiters {
    std::string_view block_start, block_end, variable_start, variable_end, comment_start, comment_end;
};

/// The usual ones, and those that are likely to be taken for each other.
inline constexpr std::array<Delimiters, 8> delimiters{{
    {"{%", "%}", "{{", "}}", "{#", "#}"},
    {"<%", "%>", "${", "}", "<%#", "%>"},
    {"<%", "%>", "<%=", "%>", "<!--", "-->"},
    {"{", "}", "{{", "}}", "{{{", "}}}"},
    {"[", "]", "(", ")", "<", ">"},
    {"%", "\n", "$", "$", "%%", "\n"},
    {"---", "---", "++", "++", "-", "-"},
    {"\\BLOCK{", "}", "\\VAR{", "}", "\\#{", "}"},
}};

/// A blank as first byte is the default, so that seeds are templates that a person can read.
inline Input read_input(std::uint8_t const* data, std::size_t size) {
    Input input;
    if (size == 0) return input;
    unsigned const choice = data[0] ^ unsigned { ' ' };
    auto const& [block_start, block_end, variable_start, variable_end, comment_start, comment_end] =
        delimiters[choice & 7];
    input.options.block_start = block_start;
    input.options.block_end = block_end;
    input.options.variable_start = variable_start;
    input.options.variable_end = variable_end;
    input.options.comment_start = comment_start;
    input.options.comment_end = comment_end;
    input.options.trim_blocks = (choice & 8) != 0;
    input.options.lstrip_blocks = (choice & 16) != 0;
    if ((choice & 32) != 0) input.options.line_statement_prefix = "#";
    if ((choice & 64) != 0) input.options.line_comment_prefix = "##";
    input.options.keep_trailing_newline = (choice & 128) != 0;
    input.text = {reinterpret_cast<char const*>(data) + 1, size - 1};
    return input;
}

} // namespace hxx::fuzz
