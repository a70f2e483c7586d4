#include "hxx/http/message.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/authority.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hxx::http {
namespace {

constexpr std::array<std::string_view, method_count> method_names = {"GET",   "HEAD",    "POST",  "PUT",     "DELETE",
                                                                     "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY"};

constexpr std::size_t kept_bytes = 1024; // see Headers::clear

// Visible ASCII without the fragment's mark: a URI has nothing else (RFC 3986), and a client never sends a fragment.
bool is_target_text(std::string_view target) noexcept {
    bool valid = true; // see is_field_value
    for (char const c : target) valid &= (c > 0x20) & (c < 0x7f) & (c != '#');
    return valid;
}

std::size_t scheme_size(std::string_view target) noexcept {
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (ascii::istarts_with(target, scheme)) return scheme.size();
    }
    return 0;
}

} // namespace

std::string_view to_string(Method method) noexcept { return method_names[static_cast<std::size_t>(method)]; }

std::optional<Method> parse_method(std::string_view name) noexcept {
    for (std::size_t i = 0; i < method_names.size(); ++i) {
        if (method_names[i] == name) return static_cast<Method>(i);
    }
    return std::nullopt;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 102: return "Processing";
    case 103: return "Early Hints";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 208: return "Already Reported";
    case 226: return "IM Used";
    case 286: return "Stop Polling"; // htmx's own
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 305: return "Use Proxy";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 418: return "I'm a teapot";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 506: return "Variant Also Negotiates";
    case 507: return "Insufficient Storage";
    case 508: return "Loop Detected";
    case 511: return "Network Authentication Required";
    default: return "Unknown";
    }
}

Peer const Request::unknown_peer;

void Request::reset() {
    method_ = Method::Get;
    version_ = 11;
    if (target_.capacity() > kept_bytes) target_ = std::string();
    target_.clear();
    path_ = query_ = {};
    host_.clear();
    headers_.clear();
    body_ = {};
    stream_ = nullptr;
    answer_by_ns_ = never;
}

namespace {
std::int64_t steady_ns() noexcept {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}
} // namespace

void Request::set_time(Duration time) noexcept {
    constexpr std::int64_t ns_per_ms = 1'000'000;
    auto const now = steady_ns();
    bool const fits = time.milliseconds() < (never - now) / ns_per_ms; // hours::max() must not wrap around
    answer_by_ns_ = time.milliseconds() > 0 && fits ? now + time.milliseconds() * ns_per_ms : never;
}

bool Request::overdue() const noexcept { return answer_by_ns_ != never && steady_ns() >= answer_by_ns_; }

bool Request::set_target(std::string_view target) {
    path_ = query_ = {};
    target_.assign(target);
    std::string_view rest = target_;
    if (rest == "*") {
        path_ = rest;
        return true;
    }
    if (!is_target_text(rest)) return false;
    if (auto const scheme = rest.starts_with('/') ? 0 : scheme_size(rest); scheme != 0) {
        rest.remove_prefix(scheme);
        auto const end = std::min(rest.find_first_of("/?"), rest.size());
        auto const authority = rest.substr(0, end);
        if (!is_authority(authority)) return false;
        host_.assign(authority);
        rest.remove_prefix(end);
        if (rest.empty() || rest[0] == '?') { // "http://host" and "http://host?query": the path is "/" (RFC 9110 4.2.3)
            path_ = "/";
            query_ = rest.substr(std::min<std::size_t>(1, rest.size()));
            return true;
        }
    }
    if (!rest.starts_with('/')) return false;
    auto const mark = std::min(rest.find('?'), rest.size());
    path_ = rest.substr(0, mark);
    query_ = rest.substr(std::min(mark + 1, rest.size()));
    return true;
}

FileBody::FileBody(FileBody&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), offset_(other.offset_), size_(other.size_) {}

FileBody& FileBody::operator=(FileBody&& other) noexcept {
    if (this != &other) {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = std::exchange(other.descriptor_, -1);
        offset_ = other.offset_;
        size_ = other.size_;
    }
    return *this;
}

FileBody::~FileBody() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string FileBody::read() const {
    std::string bytes(size_, '\0');
    for (std::size_t done = 0; done < bytes.size();) {
        auto const got =
            ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset_ + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "reading a response's file");
        if (got == 0) throw std::runtime_error("a response's file is shorter than it should be");
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

// Out of line, so that the variant's moves are compiled here and not in every file with a handler.
Response::Response() noexcept = default;
Response::Response(int status) noexcept : status_(status) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

void Response::set_body(Body body) noexcept { body_ = std::move(body); }

std::string_view Response::text() const noexcept {
    auto const* text = std::get_if<std::string>(&body_);
    return text ? std::string_view(*text) : std::string_view();
}

} // namespace hxx::http
