// Not Beast's: in 1.81 it lets a line feed pass inside a quoted extension, takes trailer fields for header fields, and
// wants all trailers in one buffer.
#include "hxx/http/chunked.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/headers.hpp"

#include <algorithm>

namespace hxx::http {
namespace {

// Many small chunks with long extensions cost much more than they carry; beyond this they may weigh as much as the
// data.
constexpr std::uint64_t free_overhead = 16 * 1024;

bool is_text(char c) noexcept { return c == '\t' || !ascii::is_control(c); }

} // namespace

void ChunkDecoder::reset() noexcept {
    auto const* const limits = limits_;
    *this = ChunkDecoder(*limits);
}

bool ChunkDecoder::fail(int status, std::string_view reason) noexcept {
    status_ = status;
    reason_ = reason;
    return false;
}

ChunkDecoder::Result ChunkDecoder::next(std::string_view& input, std::string_view& piece) noexcept {
    if (status_ != 0) return Result::Failed;
    while (state_ != State::End) {
        if (input.empty()) return Result::NeedMore;
        if (state_ == State::Data) {
            auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
            piece = input.substr(0, size);
            input.remove_prefix(size);
            left_ -= size;
            data_ += size;
            if (left_ == 0) state_ = State::DataReturn;
            return Result::Data;
        }
        if (!take(input.front())) return Result::Failed;
        input.remove_prefix(1);
    }
    return Result::End;
}

bool ChunkDecoder::take(char c) noexcept {
    switch (state_) {
    case State::DataReturn:
        if (c != '\r') return fail(400, "a chunk is longer than its size says");
        state_ = State::DataLineFeed;
        return true;
    case State::DataLineFeed:
        if (c != '\n') return fail(400, "a chunk does not end with CR LF");
        state_ = State::FirstDigit;
        return true;
    case State::FirstDigit:
    case State::Digits:
    case State::SpaceBeforeExtension:
    case State::Extension:
    case State::SizeLineFeed: return take_size(c);
    default: return take_trailer(c);
    }
}

bool ChunkDecoder::take_size(char c) noexcept {
    if (state_ == State::SizeLineFeed) {
        if (c != '\n') return fail(400, "a chunk's size does not end with CR LF");
        state_ = left_ == 0 ? State::LineStart : State::Data;
        return true;
    }
    if (state_ == State::FirstDigit || state_ == State::Digits) {
        if (int const digit = ascii::hex_digit(c); digit >= 0) {
            if (state_ == State::FirstDigit) left_ = extension_ = 0;
            if (left_ >> 60 != 0) return fail(400, "a chunk's size is out of range");
            left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
            state_ = State::Digits;
            return true;
        }
        if (state_ == State::FirstDigit) return fail(400, "a chunk's size is malformed");
    }
    if (c == '\r' && state_ != State::SpaceBeforeExtension) {
        state_ = State::SizeLineFeed;
        return true;
    }
    if (++extension_ > limits_->chunk_extension || ++overhead_ > free_overhead + data_) {
        return fail(400, "the chunk extensions are too long");
    }
    if (state_ == State::Extension) return is_text(c) || fail(400, "a chunk extension is malformed");
    if (c == ';') {
        state_ = State::Extension;
    } else if (c == ' ' || c == '\t') {
        state_ = State::SpaceBeforeExtension;
    } else {
        return fail(400, "a chunk's size is malformed");
    }
    return true;
}

bool ChunkDecoder::take_trailer(char c) noexcept {
    if (++trailer_ > limits_->header_bytes + 2) return fail(431, "the trailer fields are too long");
    switch (state_) {
    case State::LineStart:
        if (c == '\r') {
            state_ = State::EndLineFeed;
            return true;
        }
        if (++trailer_fields_ > limits_->header_fields) return fail(431, "there are too many trailer fields");
        state_ = State::Name;
        return is_token({&c, 1}) || fail(400, "a trailer field's name is malformed");
    case State::Name:
        if (c == ':') {
            state_ = State::Value;
            return true;
        }
        return is_token({&c, 1}) || fail(400, "a trailer field's name is malformed");
    case State::Value:
        if (c == '\r') {
            state_ = State::TrailerLineFeed;
            return true;
        }
        return is_text(c) || fail(400, "a trailer field's value is malformed");
    case State::TrailerLineFeed:
        state_ = State::LineStart;
        return c == '\n' || fail(400, "a trailer field does not end with CR LF");
    default: state_ = State::End; return c == '\n' || fail(400, "the body does not end with CR LF");
    }
}

} // namespace hxx::http
