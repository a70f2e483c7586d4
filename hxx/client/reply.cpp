#include "hxx/client/reply.hpp"

#include "hxx/client/error.hpp"
#include "hxx/http/message.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <stdexcept>

namespace hxx::http {
namespace {

// What an error shows of a body, which may be a page of HTML.
constexpr std::size_t shown = 200;

std::string beginning(std::string_view body) {
    std::string text(body.substr(0, shown));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    if (body.size() > shown) text += "…";
    return text;
}

} // namespace

Reply::Reply(int status) : status_(status) {
    if (status < 100 || status > 999)
        throw std::invalid_argument("http::Reply: " + std::to_string(status) + " is no status (100 to 999)");
}

Reply::Reply(int status, std::string_view content_type, std::string body) : Reply(status) {
    headers_.set("Content-Type", content_type);
    headers_.set("Content-Length", std::to_string(body.size()));
    text_ = std::move(body);
}

Reply&& Reply::header(std::string_view name, std::string_view value) && {
    headers_.set(name, value);
    return std::move(*this);
}

// The body is here already and was limited by max_body: its size is no reason any more.
JsonLimits Reply::json_limits() const noexcept {
    JsonLimits limits;
    limits.max_size = std::max(limits.max_size, text_.size());
    return limits;
}

void Reply::throw_invalid(ErrorReport const& report) const {
    throw ClientError(ClientErrorKind::InvalidReply, url_,
                      "the reply (status " + std::to_string(status_) +
                          ") is not what was expected: " + report.to_text() + "; it begins with: " + beginning(text_),
                      status_);
}

boost::json::value Reply::json() const {
    // The model's reader first: its report has line and column, it refuses keys that come twice, and it has limits.
    ErrorReport report;
    model::JsonDocument document;
    if (!document.parse(text_, json_limits(), "reply", report)) throw_invalid(report);
    boost::json::parse_options options;
    options.max_depth = json_limits().max_depth;
    return boost::json::parse(text_, {}, options);
}

Reply const& Reply::raise_for_status() const& {
    if (status_ >= 400)
        throw ClientError(ClientErrorKind::Status, url_,
                          "answered " + std::to_string(status_) + ' ' + std::string(reason_phrase(status_)) +
                              (text_.empty() ? std::string() : ": " + beginning(text_)),
                          status_);
    return *this;
}

Reply&& Reply::raise_for_status() && {
    static_cast<Reply const&>(*this).raise_for_status();
    return std::move(*this);
}

} // namespace hxx::http
