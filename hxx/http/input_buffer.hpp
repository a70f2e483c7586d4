// Bytes that have arrived and wait to be used: filled at the back, used from the front.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace hxx::http {

class InputBuffer {
  public:
    [[nodiscard]] char* data() noexcept { return bytes_.get() + begin_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get() + begin_, size()}; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    [[nodiscard]] char* spare() noexcept { return bytes_.get() + end_; }
    [[nodiscard]] std::size_t spare_size() const noexcept { return capacity_ - end_; }
    /// size bytes have been written to spare().
    void filled(std::size_t size) noexcept { end_ += size; }
    void used(std::size_t size) noexcept { begin_ += size; }

    // What follows moves bytes, so neither a view into the buffer nor a read into spare() may be open.

    void clear() noexcept { begin_ = end_ = 0; }
    /// Makes room for `size` bytes after data(), those that are there included.
    void reserve(std::size_t size) {
        if (begin_ == end_) clear();
        if (capacity_ - begin_ >= size) return;
        if (capacity_ >= size) {
            std::memmove(bytes_.get(), data(), this->size());
        } else {
            auto grown = std::make_unique_for_overwrite<char[]>(size);
            if (!empty()) std::memcpy(grown.get(), data(), this->size());
            bytes_ = std::move(grown);
            capacity_ = size;
        }
        end_ -= begin_;
        begin_ = 0;
    }
    void append(std::string_view bytes) {
        if (spare_size() < bytes.size()) reserve(std::max(size() + bytes.size(), 2 * capacity_));
        if (!bytes.empty()) std::memcpy(spare(), bytes.data(), bytes.size());
        end_ += bytes.size();
    }
    /// Empty, and without memory beyond `size`.
    void shrink(std::size_t size) noexcept {
        clear();
        if (capacity_ <= size) return;
        bytes_.reset();
        capacity_ = 0;
    }

  private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

} // namespace hxx::http
