#include "hxx/http/response_head.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/message.hpp"

#include <charconv>

namespace hxx::http {
namespace {

bool is_servers_own(std::string_view name) noexcept {
    switch (name.size()) {
    case 4: return ascii::iequals(name, "date");
    case 10: return ascii::iequals(name, "connection") || ascii::iequals(name, "keep-alive");
    case 14: return ascii::iequals(name, "content-length");
    case 17: return ascii::iequals(name, "transfer-encoding");
    default: return false;
    }
}

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_status_line(std::string& out, int status) {
    if (status == 200) {
        out.append("HTTP/1.1 200 OK\r\n");
        return;
    }
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(status));
    out.append(" ").append(reason_phrase(status)).append("\r\n");
}

} // namespace

void append_head(std::string& out, int status, Headers const& headers, ResponseFraming const& framing,
                 std::string_view date) {
    append_status_line(out, status);
    out.append("Date: ").append(date).append("\r\n");
    for (auto const header : headers) {
        if (is_servers_own(header.name)) continue;
        out.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    if (!framing.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (framing.version < 11) {
        out.append("Connection: keep-alive\r\n");
    }
    if (framing.kind == ResponseFraming::Kind::Chunked) {
        out.append("Transfer-Encoding: chunked\r\n");
    } else if (framing.kind == ResponseFraming::Kind::Length) {
        out.append("Content-Length: ");
        append_number(out, framing.length);
        out.append("\r\n");
    }
    out.append("\r\n");
}

} // namespace hxx::http
