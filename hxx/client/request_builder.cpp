#include "hxx/client/request_builder.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/encoding.hpp"
#include "hxx/base/form_fields.hpp"
#include "hxx/client/call.hpp"
#include "hxx/http/url.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hxx::http {
namespace {

using client_detail::Call;

// RFC 9112: they describe the message or the connection, and one that disagrees with it lets requests be smuggled.
constexpr std::array<std::string_view, 9> own_fields = {
    "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "TE", "Trailer",
    "Expect"};

void append_pair(std::string& out, std::string_view name, std::string_view value) {
    if (!out.empty()) out += '&';
    out.append(url_quote(name)).append(1, '=').append(url_quote(value));
}

void begin_body(Call& call, Call::Body kind) {
    if (call.body_kind != Call::Body::None && (kind != Call::Body::Form || call.body_kind != kind))
        throw std::logic_error("http::Client: the request to " + redacted_url(call.url) +
                               " has a body already; give it one of body(), json() or field()s");
    call.body_kind = kind;
}

void set_type(Call& call, std::string_view type) {
    // A type that the caller has set by header() is meant.
    if (!call.headers.contains("Content-Type")) call.headers.set("Content-Type", type);
}

} // namespace

RequestBuilder::RequestBuilder(std::shared_ptr<Call> call)
    : Task<Reply>(client_detail::carry_out(call)), call_(std::move(call)) {}

RequestBuilder&& RequestBuilder::header(std::string_view name, std::string_view value) {
    for (auto const own : own_fields)
        if (ascii::iequals(name, own))
            throw std::invalid_argument("http::Client: the header " + std::string(own) +
                                        " is written by the client itself; leave it out");
    call_->headers.set(name, value);
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::bearer(std::string_view token) {
    call_->headers.set("Authorization", std::string("Bearer ").append(token));
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::basic(std::string_view user, std::string_view password) {
    if (user.find(':') != std::string_view::npos)
        throw std::invalid_argument(
            "http::Client: a user's name for basic() has no colon (RFC 7617): the colon ends it");
    call_->headers.set("Authorization", "Basic " + to_base64(std::string(user).append(1, ':').append(password)));
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::query(std::string_view name, std::string_view value) {
    append_pair(call_->query, name, value);
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::body(std::string_view content_type, std::string bytes) {
    begin_body(*call_, Call::Body::Bytes);
    set_type(*call_, content_type);
    call_->body = std::move(bytes);
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::json_value(boost::json::value const& value) {
    return body("application/json", boost::json::serialize(value));
}

RequestBuilder&& RequestBuilder::field(std::string_view name, std::string_view value) {
    FormFields one;
    one.add(std::string(name), std::string(value));
    return fields(one);
}

RequestBuilder&& RequestBuilder::fields(FormFields const& fields) {
    begin_body(*call_, Call::Body::Form);
    set_type(*call_, "application/x-www-form-urlencoded");
    if (!call_->body.empty() && !fields.empty()) call_->body += '&';
    call_->body += fields.encode();
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::timeout(std::chrono::nanoseconds duration) {
    call_->timeout = duration;
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::deadline(std::chrono::steady_clock::time_point until) {
    call_->deadline = call_->deadline ? std::min(*call_->deadline, until) : until;
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::redirects(int most) {
    if (most < 0) throw std::invalid_argument("http::Client: redirects() takes 0 or more");
    call_->redirects = most;
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::max_body(std::size_t bytes) {
    call_->max_body = bytes;
    return std::move(*this);
}

RequestBuilder&& RequestBuilder::public_only() {
    call_->public_only = true;
    return std::move(*this);
}

} // namespace hxx::http
