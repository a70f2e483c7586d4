#include "hxx/http/parser.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/authority.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstring>

namespace hxx::http {
namespace beast = boost::beast;
namespace {

std::string_view view(beast::string_view text) noexcept { return {text.data(), text.size()}; }

bool is_number(std::string_view text) noexcept {
    for (char const c : text) {
        if (!ascii::is_digit(c)) return false;
    }
    return !text.empty();
}

std::string_view explain(beast::error_code const& error) noexcept {
    using E = beast::http::error;
    switch (static_cast<E>(error.value())) {
    case E::bad_method: return "the method is malformed";
    case E::bad_target: return "the request target is malformed";
    case E::bad_version: return "the protocol version is malformed";
    case E::bad_field: return "a header field's name is malformed";
    case E::bad_value: return "a header field's value is malformed";
    case E::bad_line_ending: return "a line does not end with CR LF";
    case E::bad_content_length:
    case E::multiple_content_length: return "the Content-Length is malformed or contradicted";
    case E::bad_transfer_encoding: return "the Transfer-Encoding is malformed or contradicted";
    default: return "the request is malformed";
    }
}

// Beast splits and checks the lines; what it is lenient about, and all that concerns framing, is decided here.
class Reader final : public beast::http::basic_parser<true> {
  public:
    Reader(Request& request, Framing& framing, std::size_t head_size) : request_(request), framing_(framing) {
        header_limit(static_cast<std::uint32_t>(head_size)); // the limits have been applied already
        body_limit(boost::none);
    }

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

  private:
    void refuse(int status, std::string_view reason, beast::error_code& error) noexcept {
        status_ = status;
        reason_ = reason;
        error = beast::http::make_error_code(beast::http::error::bad_field);
    }

    void on_request_impl(beast::http::verb, beast::string_view name, beast::string_view target, int version,
                         beast::error_code& error) override {
        auto const method = http::parse_method(view(name));
        if (!method || *method == Method::Connect) return refuse(501, "the method is not implemented here", error);
        request_.set_method(*method);
        request_.set_version(version);
        framing_.keep_alive = version >= 11;
        if (!request_.set_target(view(target))) return refuse(400, "the request target is malformed", error);
        if (request_.path() == "*" && *method != Method::Options) {
            return refuse(400, "the target '*' is for OPTIONS only", error);
        }
    }

    void on_field_impl(beast::http::field field, beast::string_view field_name, beast::string_view field_value,
                       beast::error_code& error) override {
        auto const value = view(field_value);
        request_.mutable_headers().add_unchecked(view(field_name), value);
        switch (field) {
        case beast::http::field::host: return host(value, error);
        case beast::http::field::content_length: return content_length(value, error);
        case beast::http::field::transfer_encoding: return transfer_encoding(value, error);
        case beast::http::field::connection: return connection(value);
        case beast::http::field::expect: return expect(value, error);
        default: return;
        }
    }

    void host(std::string_view value, beast::error_code& error) {
        if (has_host_) return refuse(400, "there is more than one Host", error);
        has_host_ = true;
        if (!is_authority(value)) return refuse(400, "the Host is malformed", error);
        if (request_.host().empty()) request_.set_host(value); // an absolute-form target goes first (RFC 9112 3.2.2)
    }

    void content_length(std::string_view value, beast::error_code& error) {
        // Beast takes equal repetitions and lists ("4, 4"), which RFC 9112 6.3 allows to refuse.
        if (framing_.kind == Framing::Kind::Length || !is_number(value)) {
            return refuse(400, "the Content-Length is malformed or repeated", error);
        }
        framing_.kind = Framing::Kind::Length;
        framing_.length = to_number(value);
    }

    // Beast has checked that it fits.
    static std::uint64_t to_number(std::string_view digits) noexcept {
        std::uint64_t value = 0;
        for (char const c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
        return value;
    }

    void transfer_encoding(std::string_view value, beast::error_code& error) {
        if (framing_.kind != Framing::Kind::None) return refuse(400, "the message's length is given twice", error);
        if (request_.version() < 11) return refuse(400, "HTTP/1.0 has no Transfer-Encoding", error);
        if (!ascii::iequals(value, "chunked")) {
            return refuse(400, "no transfer coding but 'chunked', once, is understood", error);
        }
        framing_.kind = Framing::Kind::Chunked;
    }

    void connection(std::string_view value) noexcept {
        while (!value.empty()) {
            auto const comma = std::min(value.find(','), value.size());
            auto const option = ascii::trim(value.substr(0, comma));
            if (ascii::iequals(option, "close")) close_ = true;
            if (ascii::iequals(option, "keep-alive")) framing_.keep_alive = true;
            value.remove_prefix(std::min(comma + 1, value.size()));
        }
    }

    void expect(std::string_view value, beast::error_code& error) {
        if (request_.version() < 11) return; // RFC 9110 10.1.1
        if (!ascii::iequals(value, "100-continue")) return refuse(417, "only '100-continue' can be expected", error);
        framing_.expects_continue = true;
    }

    void on_header_impl(beast::error_code& error) override {
        if (close_) framing_.keep_alive = false;
        if (!has_host_ && request_.version() >= 11) return refuse(400, "the Host is missing", error);
    }

    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
        return body.size();
    }
    void on_finish_impl(beast::error_code&) override {}

    Request& request_;
    Framing& framing_;
    bool has_host_ = false;
    bool close_ = false;
    int status_ = 0;
    std::string_view reason_;
};

// 0 for a version to go on with, else the status. A higher minor version is answered as 1.1 (RFC 9110 2.5), for which
// it is written over.
int check_version(char* line, std::size_t size) noexcept {
    constexpr std::string_view shape = " HTTP/";
    if (size < shape.size() + 3) return 400;
    auto* const version = line + size - 3;
    if (std::string_view(version - shape.size(), shape.size()) != shape || !ascii::is_digit(version[0]) ||
        version[1] != '.' || !ascii::is_digit(version[2])) {
        return 400;
    }
    if (version[0] != '1') return 505;
    if (version[2] > '1') version[2] = '1';
    return 0;
}

} // namespace

void HeadParser::reset() noexcept {
    start_ = line_ = seen_ = fields_at_ = fields_ = end_ = 0;
    framing_ = {};
}

HeadParser::Result HeadParser::fail(int status, std::string_view reason) noexcept {
    status_ = status;
    reason_ = reason;
    return Result::Failed;
}

HeadParser::Result HeadParser::scan_request_line(char* data, std::size_t size) {
    // RFC 9112 2.2: an empty line before the request line is skipped; some clients end a body with one too many.
    while (seen_ == 0 && start_ < 4 && size >= start_ + 2 && data[start_] == '\r' && data[start_ + 1] == '\n')
        start_ += 2;
    if (size == start_ || (size == start_ + 1 && data[start_] == '\r')) return Result::NeedMore;
    // A TLS handshake or other noise is answered now, not when the time for the head is over.
    if (!is_token({data + start_, 1})) return fail(400, "this is no HTTP request");

    auto const from = start_ + seen_;
    auto const* const end = static_cast<char const*>(std::memchr(data + from, '\n', size - from));
    auto const length = end ? static_cast<std::size_t>(end - data) - start_ + 1 : size - start_;
    if (length > limits_->request_line) return fail(414, "the request line is too long");
    if (end == nullptr) {
        seen_ = length;
        return Result::NeedMore;
    }
    if (length < 2 || data[start_ + length - 2] != '\r') return fail(400, "the request line does not end with CR LF");
    if (int const status = check_version(data + start_, length - 2); status != 0) {
        return fail(status, status == 505 ? "this server speaks HTTP/1.1" : "the request line is malformed");
    }
    fields_at_ = line_ = start_ + length;
    seen_ = 0;
    return Result::Done;
}

// Finds the end of the head, applies the limits, and refuses what Beast would let pass: folded lines.
HeadParser::Result HeadParser::scan(char* data, std::size_t size) {
    if (fields_at_ == 0) {
        if (auto const result = scan_request_line(data, size); result != Result::Done) return result;
    }
    for (;;) {
        auto const from = line_ + seen_;
        auto const* const end = static_cast<char const*>(std::memchr(data + from, '\n', size - from));
        auto const next = end ? static_cast<std::size_t>(end - data) + 1 : size;
        if (next - fields_at_ > limits_->header_bytes + 2) return fail(431, "the header fields are too long");
        if (end == nullptr) {
            seen_ = size - line_;
            return Result::NeedMore;
        }
        auto const length = next - line_;
        if (length < 2 || data[next - 2] != '\r') return fail(400, "a header line does not end with CR LF");
        if (length == 2) {
            end_ = next;
            return Result::Done;
        }
        if (data[line_] == ' ' || data[line_] == '\t') return fail(400, "a header line begins with a space");
        if (++fields_ > limits_->header_fields) return fail(431, "there are too many header fields");
        line_ = next;
        seen_ = 0;
    }
}

HeadParser::Result HeadParser::parse(char* data, std::size_t size, Request& request) {
    if (auto const result = scan(data, size); result != Result::Done) return result;
    Reader reader(request, framing_, end_ - start_ + 1);
    beast::error_code error;
    auto const used = reader.put(boost::asio::const_buffer(data + start_, end_ - start_), error);
    if (reader.status() != 0) return fail(reader.status(), reader.reason());
    if (error) return fail(400, explain(error));
    if (used != end_ - start_ || !reader.is_header_done()) return fail(400, "the request is malformed");
    return Result::Done;
}

} // namespace hxx::http
