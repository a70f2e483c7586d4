// Helpers of this room's tests.
#pragma once

#include "hxx/jinja/environment.hpp"

namespace hxx::jinja {

using Templates = std::vector<std::pair<std::string, std::string>>;

/// An environment over these templates.
inline Environment environment_of(Templates templates, Options options = {}) {
    options.loader = dict_loader(std::move(templates));
    return Environment(std::move(options));
}

/// Renders a source without escaping, so that tests can read what they expect.
inline std::string plain(std::string source, Context const& context = {}, Options options = {}) {
    options.autoescape = Autoescape::Off;
    return Environment(std::move(options)).render_string(std::move(source), context);
}

/// Renders a source as HTML.
inline std::string html(std::string source, Context const& context = {}) {
    return Environment().render_string(std::move(source), context);
}

/// The error that the function throws; a kind that no test expects if it throws none.
template <class F>
Error error_of(F&& function) {
    try {
        function();
    } catch (Error const& error) {
        return error;
    }
    return Error(ErrorKind::SecurityError, "no error was thrown");
}

inline Error plain_error(std::string source, Context const& context = {}, Options options = {}) {
    return error_of([&] { static_cast<void>(plain(std::move(source), context, std::move(options))); });
}

} // namespace hxx::jinja
