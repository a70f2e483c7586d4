// Files of a directory, served with ETag, Last-Modified, 304 and ranges (RFC 9110 13, 14).
//
//     app.static_files("/static", "static");
//
// Nothing outside the directory is served: "..", absolute paths, NUL and backslashes are refused before the disk is
// touched, and the kernel resolves the path beneath the directory, so that no symbolic link leads out. Names that start
// with a dot are hidden. Only GET and HEAD.
#pragma once

#include "hxx/web/response.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hxx {

class Request;

struct StaticFilesOptions {
    std::string name = "static"; // for url_for(name, {{"path", "app.css"}})
    std::string cache_control =
        "no-cache";    // the browser asks each time, and gets 304; "public, max-age=3600" and the like
    bool html = false; // a directory stands for its index.html
};

class StaticFiles {
  public:
    /// Opens the directory; throws std::system_error that names it if that fails.
    StaticFiles(std::string const& directory, StaticFilesOptions options);
    StaticFiles(StaticFiles&&) noexcept;
    ~StaticFiles();

    /// The file at `path`, relative to the directory and percent-decoded; HttpError 404 if there is none.
    [[nodiscard]] Response serve(Request const& request, std::string_view path) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One file as the answer, with the same headers; HttpError 404 if it is not there. The path is the program's own,
/// never a client's. `download` names the file for "Save as" (RFC 6266).
Response file(Request const& request, std::string const& path, std::string_view download = {});

} // namespace hxx
