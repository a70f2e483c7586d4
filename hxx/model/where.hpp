// The place of a value in an input, "form.items.0.name", as a chain on the stack: it becomes text only for an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hxx {

class Where {
  public:
    /// A source ("form", "query.page"); empty for none. The text and every parent must outlive this object.
    Where(std::string_view source) noexcept : name_(source) {}
    Where(char const* source) noexcept : name_(source) {}
    Where(std::string const& source) noexcept : name_(source) {}
    Where(Where const& parent, std::string_view name) noexcept : parent_(&parent), name_(name) {}
    Where(Where const& parent, std::size_t index) noexcept : parent_(&parent), index_(index), is_index_(true) {}

    /// "form.items.0.name"
    [[nodiscard]] std::string text() const;
    /// The same without the source: "items.0.name".
    [[nodiscard]] std::string path() const;

  private:
    void append_to(std::string& out, bool with_source) const;

    Where const* parent_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
    bool is_index_ = false;
};

} // namespace hxx
