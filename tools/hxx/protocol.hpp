// The engine as a process: requests and replies as JSON, one a line. docs/jinja-protocol.md describes both.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

namespace hxx::tool {

/// Templates of the request that were compiled to C++, for tests.
using Compiled = std::span<jinja::TemplateSpec const* const>;

/// The reply to a request, without the newline. Never throws: what is wrong, in the template or with the request, is a
/// reply too.
[[nodiscard]] std::string answer(std::string_view request, Compiled compiled = {}) noexcept;

/// What a request's templates are rendered from.
[[nodiscard]] jinja::Environment environment_of(boost::json::object const& request, Compiled compiled = {});

/// Answers each line of standard input on standard output, at once, until the end of the input.
void serve_json_lines();

} // namespace hxx::tool
