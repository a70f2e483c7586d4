// Output: the one growing buffer that a rendering appends to.
#pragma once

#include "hxx/jinja/escape.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

namespace hxx::jinja {

/// Writes behind what `target` holds. finish() gives the text its size; until then the string has room to spare.
class Output {
  public:
    Output(std::string& target, std::size_t limit) : target_(target), start_(target.size()), limit_(limit) {
        refresh(start_);
    }
    Output(Output const&) = delete;
    Output& operator=(Output const&) = delete;
    ~Output() { target_.resize(size()); }

    void reserve(std::size_t bytes) {
        if (room() < bytes) grow(bytes);
    }
    void append(std::string_view text) { append(text.data(), text.size()); }
    void append(char const* text, std::size_t size) {
        reserve(size);
        std::memcpy(next_, text, size);
        next_ += size;
    }
    /// Text behind which at least 32 bytes may be read: short pieces are copied as wide ones.
    void append_padded(char const* text, std::size_t size) {
        if (size <= 32 && room() >= 32) {
            std::memcpy(next_, text, 16);
            std::memcpy(next_ + 16, text + 16, 16);
            next_ += size;
        } else
            append(text, size);
    }
    void append_escaped(std::string_view text) {
        std::size_t const bound = escaped_bound(text.size());
        if (room() < bound) [[unlikely]] {
            // What it really takes, before the buffer is made five times the text's size.
            if (first_special(text) == text.size()) return append(text);
            grow(bound);
        }
        next_ = escape_into(next_, text);
    }
    void append_int(std::int64_t value) {
        reserve(24);
        next_ = std::to_chars(next_, next_ + 24, value).ptr;
    }

    /// Position in the target; text behind an earlier position can be taken back.
    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(next_ - target_.data()); }
    [[nodiscard]] std::size_t start() const noexcept { return start_; }
    [[nodiscard]] std::string take_from(std::size_t position) {
        std::string text(target_.data() + position, size() - position);
        next_ = target_.data() + position;
        return text;
    }
    void cut(std::size_t position) noexcept { next_ = target_.data() + position; }

  private:
    [[nodiscard]] std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - next_); }
    void refresh(std::size_t used) {
        next_ = target_.data() + used;
        end_ = target_.data() + target_.size();
    }
    void grow(std::size_t bytes);

    std::string& target_;
    std::size_t start_;
    std::size_t limit_;
    char* next_ = nullptr;
    char* end_ = nullptr;
};

} // namespace hxx::jinja
