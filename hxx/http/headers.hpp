// Header fields in the order they came, in one flat buffer (RFC 9110 section 5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::http {

/// True for a token (RFC 9110 5.6.2): a field name, a method, a cookie's name.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// True if the text may be a field's value (RFC 9110 5.5): no control character but tab.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

struct Header {
    std::string_view name, value;
};

/// A multimap from field name (compared without case) to value. Views stay valid until the next change.
class Headers {
  public:
    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
    [[nodiscard]] std::string_view get_or(std::string_view name, std::string_view fallback) const noexcept;
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
    [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const;

    /// Adds a field beside others of its name. Throws std::invalid_argument if the name is no token (RFC 9110 5.6.2) or
    /// the value holds CR, LF, NUL or another control character but tab (5.5): nothing a handler sets can split a
    /// response.
    void add(std::string_view name, std::string_view value);
    /// Replaces every field of that name. Throws as add does.
    void set(std::string_view name, std::string_view value);
    /// Adds an element to a comma-separated list field (Vary, Allow) unless it is there already, compared without case.
    void add_to_list(std::string_view name, std::string_view element);
    void remove(std::string_view name) noexcept;
    void clear() noexcept;

    /// For a parser that has checked the field itself.
    void add_unchecked(std::string_view name, std::string_view value);

    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
    /// Bytes of all names and values; more after fields have been replaced or removed.
    [[nodiscard]] std::size_t text_size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] Header operator[](std::size_t index) const noexcept {
        auto const& field = fields_[index];
        return {{bytes_.data() + field.start, field.name_size},
                {bytes_.data() + field.start + field.name_size, field.value_size}};
    }

    class const_iterator {
      public:
        using value_type = Header;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        const_iterator() = default;
        const_iterator(Headers const* headers, std::size_t index) : headers_(headers), index_(index) {}
        Header operator*() const noexcept { return (*headers_)[index_]; }
        const_iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        const_iterator operator++(int) noexcept { return {headers_, index_++}; }
        bool operator==(const_iterator const& other) const noexcept { return index_ == other.index_; }

      private:
        Headers const* headers_ = nullptr;
        std::size_t index_ = 0;
    };
    [[nodiscard]] const_iterator begin() const noexcept { return {this, 0}; }
    [[nodiscard]] const_iterator end() const noexcept { return {this, size()}; }

  private:
    struct Field {
        std::uint32_t start, name_size, value_size;
    };
    std::string bytes_; // name and value of each field, one after the other
    std::vector<Field> fields_;
};

} // namespace hxx::http
