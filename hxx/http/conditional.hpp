// Conditional and range requests (RFC 9110 sections 13 and 14): what a client has already, and which part it wants.
#pragma once

#include "hxx/http/headers.hpp"
#include "hxx/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::http {

/// What identifies the state of a resource. An empty etag or absent date stands for a resource without one.
struct Validators {
    std::string_view etag;                     // as in the field, with quotes: "\"abc\"" or "W/\"abc\""
    std::optional<std::int64_t> last_modified; // seconds since 1970
};

/// An entity tag of text that is not quoted yet. Throws std::invalid_argument for a quote, a space, a control
/// character.
[[nodiscard]] std::string make_etag(std::string_view opaque, bool weak = false);
/// Both strong and equal (RFC 9110 8.8.3.2).
[[nodiscard]] bool etags_match_strongly(std::string_view a, std::string_view b) noexcept;
/// Equal but for a W/ before either.
[[nodiscard]] bool etags_match_weakly(std::string_view a, std::string_view b) noexcept;

enum class Precondition : unsigned char {
    Proceed,
    NotModified, // 304: the client has it already
    Failed,      // 412: it is not what the client thinks it is
};
/// If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of RFC 9110 13.2.2. `exists` is
/// false where nothing is stored there yet ("If-None-Match: *" on PUT). A date that cannot be read is passed over.
[[nodiscard]] Precondition evaluate_preconditions(Method method, Headers const& request, Validators const& current,
                                                  bool exists = true) noexcept;

/// A part of a body.
struct ByteRange {
    std::uint64_t first = 0, size = 0;
    [[nodiscard]] std::uint64_t last() const noexcept { return first + size - 1; }
    friend bool operator==(ByteRange const&, ByteRange const&) = default;
};
struct RangeRequest {
    enum class Answer : unsigned char {
        Whole,        // 200: no range, one that cannot be read, or more than a client needs
        Partial,      // 206 with these ranges
        Unsatisfiable // 416 with Content-Range: bytes */size
    };
    Answer answer = Answer::Whole;
    /// In the order asked for. Ranges that overlap or touch are joined; all of them are then in ascending order.
    std::vector<ByteRange> ranges;
};
/// Reads the Range field of a GET for a body of `size` bytes, and If-Range (13.1.5). More than max_ranges ranges, a
/// sign of an attack, are answered with the whole body.
[[nodiscard]] RangeRequest requested_ranges(Method method, Headers const& request, Validators const& current,
                                            std::uint64_t size, std::size_t max_ranges = 16);
/// "bytes 0-99/1000".
[[nodiscard]] std::string content_range(ByteRange const& range, std::uint64_t size);

} // namespace hxx::http
