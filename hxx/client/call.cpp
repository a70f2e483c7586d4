#include "hxx/client/call.hpp"

#include "hxx/client/redirect.hpp"
#include "hxx/http/url.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace hxx::http::client_detail {
namespace {

using Clock = SendLimits::Clock;

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
    throw ClientError(ClientErrorKind::InvalidUrl, url, std::string("cannot be asked: ").append(why));
}

// Strict, so that nobody further on reads the URL in another way than this one is meant (RFC 3986).
void check(std::string_view url) {
    for (char const c : url) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f)
            refuse(url,
                   "it has a space, a control character or a letter beyond ASCII; url_quote() encodes what is data, "
                   "and a host's name is written as xn--…");
    }
    auto const authority = url.substr(std::min(url.find("://"), url.size()));
    if (authority.substr(0, authority.find_first_of("/?#", 3)).find('@') != std::string_view::npos)
        refuse(url, "it has a user's name in it; use basic() or bearer()");
    if (!split_url(url) || !boost::urls::parse_uri(url))
        refuse(url, "it is no absolute http or https URL such as https://example.org/path");
}

std::string whole_url(Call const& call) {
    std::string url(call.url.substr(0, call.url.find('#')));
    check(url);
    if (call.query.empty()) return url;
    bool const has_query = url.find('?') != std::string::npos;
    if (!has_query)
        url += '?';
    else if (url.back() != '?' && url.back() != '&')
        url += '&';
    return url + call.query;
}

void set_default(Headers& headers, std::string_view name, std::string_view value) {
    if (!headers.contains(name)) headers.set(name, value);
}

ClientRequest first_request(Call& call) {
    if (call.method == "HEAD" && call.body_kind != Call::Body::None)
        throw std::logic_error("http::Client: a HEAD request has no body (RFC 9110 9.3.2)");
    auto headers = std::move(call.headers);
    set_default(headers, "Accept", "*/*");
    set_default(headers, "User-Agent", call.client->options.user_agent);
    return ClientRequest(call.method, whole_url(call), std::move(headers), std::move(call.body));
}

SendLimits limits_of(Call const& call, Clock::time_point start) {
    // A time-out of hours::max() must not wrap around.
    auto until = call.timeout < Clock::time_point::max() - start
                     ? start + std::chrono::duration_cast<Clock::duration>(call.timeout)
                     : Clock::time_point::max();
    if (call.deadline) until = std::min(until, *call.deadline);
    SendLimits limits(until, until - start, call.max_body, call.public_only);
    if (auto const shared = call.shared_deadline.at()) limits.end_by(*shared);
    return limits;
}

} // namespace

Task<Reply> carry_out(std::shared_ptr<Call> call) {
    auto const start = Clock::now();
    auto const limits = limits_of(*call, start);
    auto request = first_request(*call);
    for (int followed = 0;; ++followed) {
        if (Clock::now() >= limits.until()) throw_timeout(request, limits);
        auto reply = co_await call->client->transport->send(request, limits);
        reply.set_url(request.url());
        reply.set_elapsed(Clock::now() - start);
        auto next = call->redirects > 0 ? redirected(request, reply) : std::nullopt;
        if (!next) co_return reply;
        if (followed == call->redirects)
            throw ClientError(ClientErrorKind::TooManyRedirects, call->url,
                              "is redirected more than " + std::to_string(call->redirects) + " times, at last to " +
                                  redacted_url(next->url()));
        request = *std::move(next);
    }
}

} // namespace hxx::http::client_detail
