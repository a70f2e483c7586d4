#include "hxx/web/static_files.hpp"

#include "hxx/http/conditional.hpp"
#include "hxx/http/date.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/http/url.hpp"
#include "hxx/web/request.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hxx {

namespace {

/// A descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            if (fd_ >= 0) ::close(fd_);
            fd_ = other.release();
        }
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

/// True for a path that may be looked for: no component that is empty, hidden, "." or "..", no NUL and no backslash.
bool is_servable(std::string_view path) noexcept {
    if (path.find('\0') != std::string_view::npos || path.find('\\') != std::string_view::npos) return false;
    for (std::size_t start = 0; start <= path.size();) {
        auto const end = std::min(path.find('/', start), path.size());
        auto const component = path.substr(start, end - start);
        if (component.empty() || component.starts_with('.')) return false;
        start = end + 1;
    }
    return true;
}

/// Opens each component on its own and follows no symbolic link: for kernels without openat2 (before Linux 5.6).
Descriptor open_step_by_step(int directory, std::string const& path) {
    Descriptor at(::dup(directory));
    for (std::size_t start = 0; at.open();) {
        auto const slash = path.find('/', start);
        auto const name = path.substr(start, slash == std::string::npos ? slash : slash - start);
        int const flags =
            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (slash == std::string::npos ? 0 : O_DIRECTORY);
        at = Descriptor(::openat(at.get(), name.c_str(), flags));
        if (slash == std::string::npos) break;
        start = slash + 1;
    }
    return at;
}

/// Opens a file that lies beneath the directory, whatever symbolic links say.
Descriptor open_beneath(int directory, std::string const& path) {
    open_how how{};
    // A pipe or a device in the directory must not block the loop.
    how.flags = static_cast<decltype(how.flags)>(O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    auto const fd = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) return open_step_by_step(directory, path);
    return Descriptor(static_cast<int>(fd));
}

std::string etag_of(struct stat const& info) {
    char text[64];
    auto const written = std::snprintf(
        text, sizeof text, "%llx-%llx-%llx", static_cast<unsigned long long>(info.st_mtim.tv_sec),
        static_cast<unsigned long long>(info.st_mtim.tv_nsec), static_cast<unsigned long long>(info.st_size));
    return http::make_etag({text, static_cast<std::size_t>(written)});
}

/// The whole file, a part of it, or only that it has not changed.
Response file_response(Request const& request, Descriptor fd, struct stat const& info, std::string_view name) {
    auto const etag = etag_of(info);
    auto const size = static_cast<std::uint64_t>(info.st_size);
    http::Validators const validators{etag, info.st_mtim.tv_sec};
    Response response;
    response.header("ETag", etag).header("Last-Modified", http::format_date(info.st_mtim.tv_sec));
    switch (http::evaluate_preconditions(request.method(), request.headers(), validators)) {
    case http::Precondition::NotModified: return std::move(response).status(304);
    case http::Precondition::Failed: throw HttpError{412};
    case http::Precondition::Proceed: break;
    }
    response.header("Content-Type", http::content_type_of_file(name)).header("Accept-Ranges", "bytes");
    response.header("X-Content-Type-Options", "nosniff");
    auto const range = http::requested_ranges(request.method(), request.headers(), validators, size);
    if (range.answer == http::RangeRequest::Answer::Unsatisfiable)
        throw HttpError{416}.header("Content-Range", "bytes */" + std::to_string(size));
    http::ByteRange part{0, size};
    // Several parts would need a multipart body; RFC 9110 14.2 lets a server answer with the whole instead.
    if (range.answer == http::RangeRequest::Answer::Partial && range.ranges.size() == 1) {
        part = range.ranges.front();
        response.status(206).header("Content-Range", http::content_range(part, size));
    }
    response.set_body(http::FileBody(fd.release(), part.first, part.size));
    return response;
}

bool is_regular(Descriptor const& fd, struct stat& info) {
    return fd.open() && ::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode);
}

} // namespace

struct StaticFiles::Impl {
    Descriptor directory;
    StaticFilesOptions options;
};

StaticFiles::StaticFiles(std::string const& directory, StaticFilesOptions options) {
    Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.open())
        throw std::system_error(errno, std::generic_category(),
                                "static_files: cannot open the directory '" + directory + "'");
    impl_ = std::make_unique<Impl>(Impl{std::move(fd), std::move(options)});
}
StaticFiles::StaticFiles(StaticFiles&&) noexcept = default;
StaticFiles::~StaticFiles() = default;

Response StaticFiles::serve(Request const& request, std::string_view path) const {
    std::string relative(path);
    if (impl_->options.html && (relative.empty() || relative.ends_with('/'))) relative += "index.html";
    if (!is_servable(relative)) throw HttpError{404};
    struct stat info{};
    auto fd = open_beneath(impl_->directory.get(), relative);
    if (!is_regular(fd, info)) throw HttpError{404};
    auto response = file_response(request, std::move(fd), info, relative);
    response.header("Cache-Control", impl_->options.cache_control);
    return response;
}

Response file(Request const& request, std::string const& path, std::string_view download) {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info{};
    if (!is_regular(fd, info)) throw HttpError{404};
    auto response = file_response(request, std::move(fd), info, path);
    if (!download.empty())
        response.header("Content-Disposition", "attachment; filename*=UTF-8''" + url_quote(download));
    return response;
}

} // namespace hxx
