// The details of an event, as typed name-value pairs: {{"id", 7}, {"name", "Ada"}}.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace hxx::htmx {

/// A value that is JSON text already: {"rows", RawJson{"[1,2]"}}. It is parsed, so that it cannot break the header.
struct RawJson {
    std::string_view text;
};

class Detail {
  public:
    Detail(std::string_view name, std::string_view value);
    Detail(std::string_view name, std::string const& value) : Detail(name, std::string_view(value)) {}
    Detail(std::string_view name, char const* value) : Detail(name, std::string_view(value)) {}
    Detail(std::string_view name, bool value) : name_(name), json_(value ? "true" : "false") {}
    Detail(std::string_view name, std::nullptr_t) : name_(name), json_("null") {}
    template <std::integral N>
    Detail(std::string_view name, N value) : name_(name), json_(std::to_string(value)) {}
    /// NaN and infinities, which JSON lacks, become null.
    Detail(std::string_view name, double value);
    Detail(std::string_view name, float value) : Detail(name, static_cast<double>(value)) {}
    /// Throws std::invalid_argument for text that is no JSON.
    Detail(std::string_view name, RawJson json);

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// The value as JSON in pure ASCII: browsers read header bytes as Latin-1.
    [[nodiscard]] std::string const& json() const noexcept { return json_; }

  private:
    std::string name_, json_;
};

} // namespace hxx::htmx
