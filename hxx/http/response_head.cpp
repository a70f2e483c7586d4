#include "hxx/http/response_head.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/message.hpp"

#include <charconv>
#include <cstring>

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

// All that a head has beside its fields takes less: the status line, Date, Connection, Content-Length.
constexpr std::size_t head_room = 256;
constexpr std::size_t field_room = 4; // ": " and the line's end

// Writes to where there is room enough.
class Writer {
  public:
    explicit Writer(char* start) noexcept : at_(start) {}

    void put(std::string_view text) noexcept {
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void put(std::uint64_t number) noexcept { at_ = std::to_chars(at_, at_ + 20, number).ptr; }
    void put_status_line(int status) noexcept {
        if (status == 200) return put("HTTP/1.1 200 OK\r\n");
        put("HTTP/1.1 ");
        put(static_cast<std::uint64_t>(status));
        put(" ");
        put(reason_phrase(status));
        put("\r\n");
    }
    void put_field(std::string_view name, std::string_view value) noexcept {
        put(name);
        put(": ");
        put(value);
        put("\r\n");
    }
    [[nodiscard]] char* end() const noexcept { return at_; }

  private:
    char* at_;
};

} // namespace

void append_head(std::string& out, int status, Headers const& headers, ResponseFraming const& framing,
                 std::string_view date) {
    auto const start = out.size();
    out.resize(start + head_room + date.size() + headers.text_size() + field_room * headers.size());
    Writer head(out.data() + start);
    head.put_status_line(status);
    head.put_field("Date", date);
    for (auto const header : headers) {
        if (!is_servers_own(header.name)) head.put_field(header.name, header.value);
    }
    if (!framing.keep_alive) {
        head.put("Connection: close\r\n");
    } else if (framing.version < 11) {
        head.put("Connection: keep-alive\r\n");
    }
    if (framing.kind == ResponseFraming::Kind::Chunked) {
        head.put("Transfer-Encoding: chunked\r\n");
    } else if (framing.kind == ResponseFraming::Kind::Length) {
        head.put("Content-Length: ");
        head.put(framing.length);
        head.put("\r\n");
    }
    head.put("\r\n");
    out.resize(static_cast<std::size_t>(head.end() - out.data()));
}

} // namespace hxx::http
