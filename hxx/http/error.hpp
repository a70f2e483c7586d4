// HttpError: thrown by a handler or a dependency to answer with a status and a message for the client.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

class HttpError : public std::exception {
  public:
    /// status: 400 to 599. detail is shown to the client; empty stands for the status' reason phrase.
    explicit HttpError(int status, std::string detail = {});

    /// Adds a header to the answer (WWW-Authenticate, Retry-After …).
    HttpError&& header(std::string name, std::string value) &&;

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view detail() const noexcept { return detail_; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> const& headers() const noexcept { return headers_; }
    [[nodiscard]] char const* what() const noexcept override { return detail_.c_str(); }

  private:
    int status_;
    std::string detail_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

} // namespace hxx
