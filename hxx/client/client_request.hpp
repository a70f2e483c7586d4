// A request on its way out, as a transport sees it: complete, checked, after redirects one for each of them.
#pragma once

#include "hxx/http/headers.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx::http {

class ClientRequest {
  public:
    /// url: absolute, http or https, without user information and fragment.
    ClientRequest(std::string method, std::string url, Headers headers, std::string body)
        : method_(std::move(method)), url_(std::move(url)), headers_(std::move(headers)), body_(std::move(body)) {}

    [[nodiscard]] std::string const& method() const noexcept { return method_; }
    [[nodiscard]] std::string const& url() const noexcept { return url_; }
    /// The URL's path, not decoded; "/" where it has none.
    [[nodiscard]] std::string_view path() const noexcept;
    /// The URL's query without its "?", not decoded.
    [[nodiscard]] std::string_view query() const noexcept;
    [[nodiscard]] Headers const& headers() const noexcept { return headers_; }
    /// The first field of that name, compared without case; nothing where there is none.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
        return headers_.get(name);
    }
    [[nodiscard]] std::string const& body() const noexcept { return body_; }
    /// Whether a second one does no more than the first (RFC 9110 9.2.2): a lost GET may be sent again, a POST not.
    [[nodiscard]] bool idempotent() const noexcept;

  private:
    std::string method_, url_;
    Headers headers_;
    std::string body_;
};

} // namespace hxx::http
