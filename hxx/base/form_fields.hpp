// Names and values in order, names repeated as often as they like: a query string or a submitted form.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

/// Text that is no application/x-www-form-urlencoded data; what() says what is wrong with it, without quoting it.
class FormError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class FormFields {
  public:
    struct Field {
        std::string name, value;
        bool operator==(Field const&) const = default;
    };
    struct Limits {
        std::size_t max_fields = 1000;
    };

    FormFields() noexcept;
    FormFields(FormFields const&);
    FormFields(FormFields&&) noexcept;
    FormFields& operator=(FormFields const&);
    FormFields& operator=(FormFields&&) noexcept;
    ~FormFields();
    /// Fields as they are, not encoded: FormFields{{"name", "Ada"}, {"age", "36"}}.
    FormFields(std::initializer_list<Field> fields);

    /// Reads a query (without its "?") or a form's body: "&" separates, "+" is a space, %XX a byte; a name without "="
    /// has an empty value, and empty pieces ("a=1&&b=2") are skipped. Throws FormError for a "%" without two
    /// hexadecimal digits, for text that is not UTF-8 once decoded, for NUL, and for more than max_fields fields.
    [[nodiscard]] static FormFields parse(std::string_view text, Limits limits);
    [[nodiscard]] static FormFields parse(std::string_view text) { return parse(text, Limits{}); }

    void add(std::string name, std::string value);
    /// Replaces all fields of that name by one, in the place of the first.
    void set(std::string_view name, std::string value);
    /// Removes all fields of that name; how many there were.
    std::size_t erase(std::string_view name);

    [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name) != nullptr; }
    /// The last value of that name (a hidden field before a check box is its default), or null.
    [[nodiscard]] std::string const* get(std::string_view name) const noexcept;
    /// The last value of that name, or the other text.
    [[nodiscard]] std::string_view get_or(std::string_view name, std::string_view otherwise) const noexcept;
    /// All values of that name in order.
    [[nodiscard]] std::vector<std::string> get_all(std::string_view name) const;

    /// As application/x-www-form-urlencoded (WHATWG URL, section 5.2): "name=Ada+L.&age=36".
    [[nodiscard]] std::string encode() const;

    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
    [[nodiscard]] Field const* begin() const noexcept { return fields_.data(); }
    [[nodiscard]] Field const* end() const noexcept { return fields_.data() + fields_.size(); }
    [[nodiscard]] bool operator==(FormFields const& other) const;

  private:
    std::vector<Field> fields_;
};

} // namespace hxx
