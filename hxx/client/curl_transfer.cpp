#include "hxx/client/curl_transfer.hpp"

#include "hxx/client/address.hpp"
#include "hxx/client/client.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hxx::http {
namespace {

bool is_public(curl_sockaddr const& address) noexcept {
    if (address.family == AF_INET && address.addrlen >= sizeof(sockaddr_in)) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        return is_public_ipv4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.family == AF_INET6 && address.addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address.addr, sizeof v6);
        return is_public_ipv6(v6.sin6_addr.s6_addr);
    }
    return false;
}

std::string text_of(curl_sockaddr const& address) {
    std::array<char, NI_MAXHOST> name{};
    // Numeric: no look-up.
    if (::getnameinfo(&address.addr, address.addrlen, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return "an unknown address";
    return name.data();
}

/// RFC 9110 5.5: what may not be in a value is replaced, so that it can be passed on.
std::string cleaned(std::string_view value) {
    std::string text(value);
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }, ' ');
    return text;
}

bool is_tls(CURLcode code) noexcept {
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED: return true;
    default: return false;
    }
}

} // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLoop> loop, ClientRequest const& request, SendLimits const& limits,
                           ClientOptions const& options)
    : loop_(std::move(loop)), request_(request), limits_(limits), options_(options), easy_(curl_easy_init()) {
    if (!easy_) throw std::bad_alloc();
    set_connection();
    set_callbacks();
    set_method();
    set_headers();
}

CurlTransfer::~CurlTransfer() { loop_->remove(*this); }

template <class T>
void CurlTransfer::set(CURLoption option, T value) {
    auto const code = curl_easy_setopt(easy_.get(), option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != CURLE_OK)
        throw std::runtime_error("http::Client: libcurl does not take the option " + std::to_string(option) + ": " +
                                 curl_easy_strerror(code));
}

void CurlTransfer::set_connection() {
    set(CURLOPT_URL, request_.url().c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_PATH_AS_IS, 1L); // what was asked for is what is sent
    set(CURLOPT_HTTP_VERSION, options_.http2 ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_PIPEWAIT, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    // A name whose address takes long must not hold the loop when the request is broken off: the thread that looks it
    // up is left to itself.
    set(CURLOPT_QUICK_EXIT, 1L);
    // 0 is libcurl's own time-out of five minutes.
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(options_.connect_timeout.count(), 1)));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    // An empty text, unlike none, keeps libcurl from looking into the environment.
    if (!options_.proxy.empty() || !options_.proxy_from_environment) set(CURLOPT_PROXY, options_.proxy.c_str());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_ACCEPT_ENCODING, ""); // all that libcurl can decode
}

void CurlTransfer::set_callbacks() {
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_PREREQFUNCTION, &CurlTransfer::on_request);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
    if (!limits_.public_only()) return;
    set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

void CurlTransfer::set_method() {
    auto const& method = request_.method();
    auto const& body = request_.body();
    if (method == "HEAD") return set(CURLOPT_NOBODY, 1L);
    // These say that they have no body, where they have none (RFC 9110 8.6).
    if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(CURLOPT_POSTFIELDS, body.data());
        if (method == "POST") return;
    }
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

void CurlTransfer::add_header(std::string const& line) {
    auto* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers_.release());
    headers_.reset(longer);
}

void CurlTransfer::set_headers() {
    for (auto const [name, value] : request_.headers()) {
        // "Name:" would take the field out, "Name;" sends it empty.
        add_header(value.empty() ? std::string(name) + ';' : std::string(name).append(": ").append(value));
    }
    // What libcurl would add by itself to a body: a type that is a guess, and a second's wait for permission.
    if (!request_.header("Content-Type")) add_header("Content-Type:");
    add_header("Expect:");
    set(CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (size > transfer.limits_.max_body() - transfer.body_.size()) {
        transfer.too_large_ = true;
        return 0;
    }
    try {
        transfer.body_.append(data, size);
    } catch (...) {
        transfer.too_large_ = true; // for this machine
        return 0;
    }
    return size;
}

std::size_t CurlTransfer::on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    transfer.header_bytes_ += size;
    std::string_view const line(data, size);
    if (line.starts_with("HTTP/")) transfer.head_ended_ = false; // of the next reply, after an interim one
    if (line == "\r\n" || line == "\n") transfer.head_ended_ = true;
    return transfer.header_bytes_ > transfer.options_.max_header_bytes ? 0 : size;
}

curl_socket_t CurlTransfer::on_open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (!is_public(*address)) {
        try {
            transfer.refused_ = text_of(*address);
        } catch (...) {
            transfer.refused_.emplace();
        }
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Before each time that the request is sent: on a connection that another request may have opened, and a second time if
// a kept connection turned out to be dead.
int CurlTransfer::on_request(void* self, char* address, char*, int, int) noexcept {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (transfer.limits_.public_only() && !is_public_address(address)) {
        try {
            transfer.refused_ = address;
        } catch (...) {
            transfer.refused_.emplace();
        }
        return CURL_PREREQFUNC_ABORT;
    }
    // The first one may have been carried out before its connection broke (RFC 9110 9.2.2).
    transfer.repeated_ = transfer.sent_++ > 0 && !transfer.request_.idempotent();
    return transfer.repeated_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void CurlTransfer::ended(CURLcode code) noexcept {
    code_ = code;
    done_.set();
}

void CurlTransfer::cancel() noexcept {
    cancelled_ = true;
    loop_->remove(*this);
    done_.set();
}

void CurlTransfer::time_out() {
    loop_->remove(*this);
    throw_timeout(request_, limits_);
}

Reply CurlTransfer::take_reply() {
    if (code_ != CURLE_OK) fail();
    // A connection that ends within the head is the end of it to libcurl.
    if (!head_ended_)
        fail(ClientErrorKind::Protocol, "the exchange broke: the connection ended within the reply's header");
    long status = 0, version = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
    if (status < 200 || status > 999)
        fail(ClientErrorKind::Protocol, "answered with the status " + std::to_string(status) + ", which is none");
    Reply reply(static_cast<int>(status));
    reply.set_version(version == CURL_HTTP_VERSION_1_0 ? 10 : version == CURL_HTTP_VERSION_1_1 ? 11 : 20);
    read_headers(reply.headers());
    reply.set_text(std::move(body_));
    return reply;
}

void CurlTransfer::read_headers(Headers& headers) const {
    curl_header* header = nullptr;
    while ((header = curl_easy_nextheader(easy_.get(), CURLH_HEADER, -1, header)) != nullptr)
        if (is_token(header->name)) headers.add_unchecked(header->name, cleaned(header->value));
}

std::string CurlTransfer::detail() const { return error_[0] != '\0' ? error_.data() : curl_easy_strerror(code_); }

void CurlTransfer::fail(ClientErrorKind kind, std::string const& message) const {
    throw ClientError(kind, request_.url(), message);
}

void CurlTransfer::fail() const {
    using Kind = ClientErrorKind;
    if (refused_)
        fail(Kind::RefusedAddress, "its host leads to " + *refused_ +
                                       ", which is no public address, and only those may be "
                                       "asked here (public_only)");
    if (too_large_) throw_too_large(request_, limits_.max_body());
    if (header_bytes_ > options_.max_header_bytes)
        fail(Kind::TooLarge, "the reply's header is larger than ClientOptions::max_header_bytes, " +
                                 std::to_string(options_.max_header_bytes) + " bytes");
    if (repeated_)
        fail(Kind::Protocol, "the service closed the connection without an answer; " + request_.method() +
                                 " was not sent again, because it may have been carried out");
    if (is_tls(code_))
        fail(Kind::Tls, "no trusted TLS connection: " + detail() +
                            "; to trust a certificate authority of your own, name its file in ClientOptions::ca_file");
    switch (code_) {
    case CURLE_OUT_OF_MEMORY: throw std::bad_alloc();
    case CURLE_OPERATION_TIMEDOUT: // the only time-out that libcurl has been given
        fail(Kind::Timeout, "not connected within ClientOptions::connect_timeout, " +
                                std::to_string(options_.connect_timeout.count()) +
                                " ms; is the host up, and reachable?");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        fail(Kind::Resolve, "no address for the name: " + detail() + "; is it spelt right, and does DNS work here?");
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
        fail(Kind::Connect,
             "no connection: " + detail() + "; does the service run there, and may this machine reach it?");
    case CURLE_URL_MALFORMAT: fail(Kind::InvalidUrl, "cannot be asked: " + detail());
    default: fail(Kind::Protocol, "the exchange broke: " + detail());
    }
}

} // namespace hxx::http
