#include "hxx/client/client_request.hpp"

#include "hxx/http/url.hpp"

#include <algorithm>
#include <array>

namespace hxx::http {

std::string_view ClientRequest::path() const noexcept {
    auto const parts = split_url(url_);
    return parts ? parts->path : std::string_view();
}

std::string_view ClientRequest::query() const noexcept {
    auto const parts = split_url(url_);
    return parts ? parts->query : std::string_view();
}

bool ClientRequest::idempotent() const noexcept {
    static constexpr std::array<std::string_view, 7> names = {"GET",     "HEAD",  "PUT",  "DELETE",
                                                              "OPTIONS", "TRACE", "QUERY"};
    return std::find(names.begin(), names.end(), method_) != names.end();
}

} // namespace hxx::http
