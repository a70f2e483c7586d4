// Output: the one growing buffer that a rendering appends to.
#pragma once

#include "hxx/jinja/escape.hpp"
#include "hxx/jinja/program.hpp"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

namespace hxx::jinja {

/// Writes behind what `target` holds. Until its destruction, the string has room to spare at its end. With a sink,
/// the string is a buffer that the sink is given whenever it is full.
class Output {
  public:
    Output(std::string& target, std::size_t limit, Sink const* sink = nullptr)
        : target_(target), start_(target.size()), limit_(limit), sink_(sink) {
        refresh(start_);
    }
    Output(Output const&) = delete;
    Output& operator=(Output const&) = delete;
    ~Output() { target_.resize(size()); }

    /// Room for so many bytes. Throws LimitError if they would make the output larger than it may be.
    void reserve(std::size_t bytes) {
        if (room() < bytes) [[unlikely]]
            grow(bytes);
    }
    /// A guess at how much will be written.
    void expect(std::size_t bytes) { reserve(sink_ ? sink_bytes : bytes); }
    void append(std::string_view text) {
        reserve(text.size());
        next_ = copy(next_, text.data(), text.size());
    }
    void append(Piece piece) {
        if (!piece.data) return;
        if (piece.size > 32 || room() < 32) return append(std::string_view(piece.data, piece.size));
        next_ = put(next_, piece);
    }
    void append_int(std::int64_t value) { append_int({}, value, {}); }
    void append_escaped(std::string_view text) { append_escaped({}, text, {}); }

    // A value between two pieces: room is looked for once, and the end is kept in a register. The pieces come by
    // reference so that the text comes in registers: copying it by a load wider than its stores stalls.
    void append(Piece const& before, std::string_view text, Piece const& after) {
        frame(before, text.size(), after, [text](char* out) { return copy(out, text.data(), text.size()); });
    }
    void append_int(Piece const& before, std::int64_t value, Piece const& after) {
        frame(before, 24, after, [value](char* out) { return put_integer(out, value); });
    }
    void append_escaped(Piece const& before, std::string_view text, Piece const& after) {
        if (room() < escaped_bound(text.size()) + before.size + after.size + slack) [[unlikely]]
            return append_escaped_slowly(before, text, after);
        frame(before, 0, after, [text](char* out) { return escape_into(out, text); });
    }

    /// What is written from here on is taken back by end_capture(), which is given the result.
    [[nodiscard]] std::size_t start_capture() noexcept {
        ++captures_;
        return size();
    }
    std::string end_capture(std::size_t start) {
        --captures_;
        std::string text(target_.data() + start, size() - start);
        next_ = target_.data() + start;
        return text;
    }

    /// Throws LimitError if there is too much; gives the sink what it does not have yet.
    void finish();
    /// How much was written, the sink's part included.
    [[nodiscard]] std::size_t written() const noexcept { return flushed_ + size() - start_; }

  private:
    static constexpr std::size_t sink_bytes = 16 * 1024;
    static constexpr std::size_t slack = 64; // of two pieces that are copied as wide ones

    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(next_ - target_.data()); }
    [[nodiscard]] std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - next_); }
    void refresh(std::size_t used) {
        next_ = target_.data() + used;
        end_ = target_.data() + target_.size();
    }
    void grow(std::size_t bytes);
    void flush();
    void append_escaped_slowly(Piece const& before, std::string_view text, Piece const& after);

    // An empty text may be nowhere, which memcpy does not allow.
    static char* copy(char* out, char const* text, std::size_t size) noexcept {
        if (size > 0) std::memcpy(out, text, size);
        return out + size;
    }
    static char* put(char* out, Piece const& piece) noexcept {
        if (piece.size <= 32) {
            std::memcpy(out, piece.data, 16);
            std::memcpy(out + 16, piece.data + 16, 16);
        } else
            std::memcpy(out, piece.data, piece.size);
        return out + piece.size;
    }
    // Up to eight digits are made side by side in one word and without a branch, which what comes next would have to
    // wait for: halves of four, two and one digits, the highest in the lowest byte.
    static char* put_integer(char* out, std::int64_t value) noexcept {
        auto const number = static_cast<std::uint64_t>(value);
        if (number >= 100'000'000 || std::endian::native != std::endian::little)
            return std::to_chars(out, out + 24, value).ptr;
        std::uint64_t const fours = number / 10'000 | number % 10'000 << 32;
        std::uint64_t const hundreds = (fours * 10'486 >> 20) & 0x0000'007f'0000'007f;
        std::uint64_t const twos = hundreds | (fours - hundreds * 100) << 16;
        std::uint64_t const tens = (twos * 103 >> 10) & 0x000f'000f'000f'000f;
        std::uint64_t const digits = tens | (twos - tens * 10) << 8;
        auto const zeros = static_cast<unsigned>(std::countr_zero(digits | std::uint64_t{1} << 56)) / 8;
        std::uint64_t const text = (digits | 0x3030'3030'3030'3030) >> zeros * 8;
        std::memcpy(out, &text, sizeof text);
        return out + 8 - zeros;
    }
    template <class Put>
    void frame(Piece const& before, std::size_t bytes, Piece const& after, Put put_value) {
        reserve(bytes + before.size + after.size + slack);
        char* out = next_;
        if (before.data) out = put(out, before);
        out = put_value(out);
        if (after.data) out = put(out, after);
        next_ = out;
    }

    std::string& target_;
    std::size_t start_;
    std::size_t limit_;
    Sink const* sink_;
    std::size_t flushed_ = 0;
    std::size_t captures_ = 0; // while there are some, nothing goes to the sink
    char* next_ = nullptr;
    char* end_ = nullptr;
};

} // namespace hxx::jinja
