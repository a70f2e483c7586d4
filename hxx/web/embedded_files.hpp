// Files inside the program (hxx/base/embedded.hpp), served as a directory's would be: with an ETag and 304.
//
//     app.mount(embedded_files("/assets", embedded::assets()));       // {{ url_for('assets', path='htmx.min.js') }}
#pragma once

#include "hxx/base/embedded.hpp"
#include "hxx/web/router.hpp"

#include <source_location>
#include <string>
#include <string_view>

namespace hxx {

struct EmbeddedFilesOptions {
    std::string name = "assets";            // for url_for(name, {{"path", "app.css"}})
    std::string cache_control = "no-cache"; // the browser asks each time, and gets 304 until the program is built anew
};

/// Routes for GET and HEAD of the files under prefix. 404 for a name that is not among them. Names that start with a
/// dot are hidden, as in a directory.
[[nodiscard]] Router embedded_files(std::string_view prefix, EmbeddedFiles files, EmbeddedFilesOptions options = {},
                                    std::source_location where = std::source_location::current());

} // namespace hxx
