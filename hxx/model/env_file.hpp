// .env files: NAME=value lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hxx {

struct EnvEntry {
    std::string name, value;
    std::size_t line = 0; // from 1
    bool operator==(EnvEntry const&) const = default;
};

/// Reads lines of NAME=value, with an `export` before it or not. A # at the start of a line, or after white space
/// behind a value, begins a comment. 'single quotes' keep everything as it is; "double quotes" know \n \r \t \" \\ \$
/// and may go over several lines; without quotes the value is trimmed. Nothing is substituted. Throws
/// std::runtime_error naming `file` and the line for anything else, a name given twice included. The message never
/// quotes a value.
[[nodiscard]] std::vector<EnvEntry> parse_env(std::string_view text, std::string_view file);

} // namespace hxx
