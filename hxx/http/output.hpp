// Bytes on their way to a client: answers' heads and small bodies in one buffer, then perhaps a large body or a file.
#pragma once

#include "hxx/base/spare_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hxx::http {

class Output {
  public:
    enum class Result : std::uint8_t { All, Blocked, Lost };

    /// What is appended here is sent first.
    [[nodiscard]] std::string& bytes() noexcept {
        if (bytes_.empty() && bytes_.capacity() < 64) bytes_ = take_spare_text();
        return bytes_;
    }
    /// Sent after bytes(); stays valid until it has been.
    void set_tail(std::string_view tail) noexcept { tail_ = tail; }
    void set_file(int descriptor, std::uint64_t offset, std::uint64_t size) noexcept {
        file_ = descriptor;
        file_offset_ = offset;
        file_left_ = size;
    }
    void append_chunk(std::string_view piece);

    [[nodiscard]] bool empty() const noexcept { return at_ == bytes_.size() && tail_.empty() && file_left_ == 0; }
    [[nodiscard]] bool has_tail() const noexcept { return !tail_.empty() || file_left_ != 0; }
    /// Bytes that the kernel has taken, ever.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

    /// Sends as much as the socket takes now, without blocking. Blocked may also mean that it is another's turn: wait
    /// for the socket to be writable and go on.
    [[nodiscard]] Result write(int socket) noexcept;
    void clear() noexcept;

  private:
    [[nodiscard]] Result write_bytes(int socket) noexcept;
    [[nodiscard]] Result write_file(int socket) noexcept;

    std::string bytes_;
    std::size_t at_ = 0;
    std::string_view tail_;
    int file_ = -1;
    std::uint64_t file_offset_ = 0, file_left_ = 0;
    std::uint64_t sent_ = 0;
};

} // namespace hxx::http
