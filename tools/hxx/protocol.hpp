// The engine as a process: requests and replies as JSON, one a line. docs/jinja-protocol.md describes both.
#pragma once

#include <string>
#include <string_view>

namespace hxx::tool {

/// The reply to a request, without the newline. Never throws: what is wrong, in the template or with the request, is a
/// reply too.
[[nodiscard]] std::string answer(std::string_view request) noexcept;

/// Answers each line of standard input on standard output, at once, until the end of the input.
void serve_json_lines();

} // namespace hxx::tool
