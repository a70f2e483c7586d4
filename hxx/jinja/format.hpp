// Python's formatting: "%s" % args, "{}".format(args), and the format specifications of both.
#pragma once

#include "hxx/jinja/function.hpp"

namespace hxx::jinja {

/// format % arguments; Markup escapes what it inserts.
[[nodiscard]] Value format_percent(Value const& format, Value const& arguments);
/// format.format(*args, **kwargs)
[[nodiscard]] Value format_braces(Value const& format, Args const& args);
/// Python's "%.{precision}f".
[[nodiscard]] std::string fixed(double value, int precision);

} // namespace hxx::jinja
