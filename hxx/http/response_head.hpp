// Status line and header fields of a response as bytes (RFC 9112 sections 4 and 6).
#pragma once

#include "hxx/http/headers.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hxx::http {

struct ResponseFraming {
    enum class Kind : std::uint8_t { NoBody, Length, Chunked, UntilClose };
    Kind kind = Kind::Length;
    bool keep_alive = true;
    int version = 11; // of the request
    std::uint64_t length = 0;
};

/// Appends the head with its empty line. Fields of `headers` that are the server's to write are left out.
void append_head(std::string& out, int status, Headers const& headers, ResponseFraming const& framing,
                 std::string_view date);

} // namespace hxx::http
