// The chunked transfer coding of a request's body (RFC 9112 section 7.1), strictly.
#pragma once

#include "hxx/http/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hxx::http {

/// Takes the coded bytes as they come, in pieces of any size, and gives the data between them. Extensions and trailer
/// fields are checked, counted against the limits and dropped.
class ChunkDecoder {
  public:
    enum class Result : std::uint8_t {
        NeedMore, // input is used up
        Data,     // piece holds some of the body
        End,      // the body is complete; what is left of input belongs to the next request
        Failed,
    };

    explicit ChunkDecoder(Limits const& limits) noexcept : limits_(&limits) {}

    /// Takes bytes from the front of input. piece is a view into input.
    Result next(std::string_view& input, std::string_view& piece) noexcept;
    void reset() noexcept;

    [[nodiscard]] bool ended() const noexcept { return state_ == State::End; }
    /// After Failed.
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

  private:
    enum class State : std::uint8_t {
        FirstDigit,
        Digits,
        SpaceBeforeExtension,
        Extension,
        SizeLineFeed, // the line before a chunk
        Data,
        DataReturn,
        DataLineFeed, // the chunk
        LineStart,
        Name,
        Value,
        TrailerLineFeed,
        EndLineFeed,
        End, // after the last chunk
    };

    bool take(char c) noexcept;
    bool take_size(char c) noexcept;
    bool take_trailer(char c) noexcept;
    bool fail(int status, std::string_view reason) noexcept;

    Limits const* limits_;
    State state_ = State::FirstDigit;
    std::uint64_t left_ = 0;     // of the chunk's data
    std::size_t extension_ = 0;  // bytes of this chunk's extensions
    std::uint64_t overhead_ = 0; // bytes of all extensions so far
    std::uint64_t data_ = 0;     // bytes of all chunks so far
    std::size_t trailer_ = 0;
    std::size_t trailer_fields_ = 0;
    int status_ = 0;
    std::string_view reason_;
};

} // namespace hxx::http
