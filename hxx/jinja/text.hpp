// Values as text: Python's str() and repr().
#pragma once

#include "hxx/jinja/value.hpp"

namespace hxx::jinja {

/// The longest text that one operation makes; check_text_size() throws a LimitError for more.
inline constexpr std::size_t max_text_size = 32U * 1024 * 1024;
void check_text_size(std::size_t bytes);

void append_str(std::string& out, Value const& value);
void append_repr(std::string& out, Value const& value);
/// Python's repr of a string: 'it''s' with the quotes that need fewer escapes.
void append_quoted(std::string& out, std::string_view text);
[[nodiscard]] std::string quote(std::string_view text);
/// Shortest text that reads back as the same number, as Python writes it: 1.0, 1e+16, nan.
void append_float(std::string& out, double value);
/// str(value), or its text as it is.
[[nodiscard]] std::string text_of(Value const& value);
/// Whether value counts as safe HTML: Markup, or an object that renders itself.
[[nodiscard]] bool has_html(Value const& value) noexcept;
/// escape(value): Markup as it is, everything else as escaped text.
void append_escaped(std::string& out, Value const& value);
/// The closest of `candidates` to a misspelt name; empty if none is close.
[[nodiscard]] std::string_view closest_name(std::string_view name, std::vector<std::string_view> const& candidates);

} // namespace hxx::jinja
