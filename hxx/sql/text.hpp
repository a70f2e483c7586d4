// The text of a statement: a literal, so that a value can reach the database as a parameter only.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hxx::sql {

/// SQL that was put together while the program runs. Never with something that a client sent: that is a parameter.
/// Its placeholders are counted when it is run.
struct Unchecked {
    std::shared_ptr<std::string const> text;
};
[[nodiscard]] inline Unchecked unchecked(std::string text) {
    return Unchecked{std::make_shared<std::string const>(std::move(text))};
}

namespace detail {

// These are called, and are not constexpr, to make a compiler name the mistake.
void sql_has_a_placeholder_without_a_parameter();
void sql_does_not_use_every_parameter();
void sql_placeholders_are_written_dollar_1_dollar_2();

/// The position after the quoted text or comment that starts at i, or i if none does. A doubled quote is a quote.
constexpr std::size_t skip_quoted(std::string_view text, std::size_t i) {
    auto after = [&](std::string_view end, std::size_t from) {
        auto found = text.find(end, from);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    switch (text[i]) {
    case '\'':
    case '"':
    case '`': return after(text.substr(i, 1), i + 1);
    case '[': return after("]", i + 1);
    case '-': return text.substr(i, 2) == "--" ? after("\n", i + 2) : i;
    case '/': return text.substr(i, 2) == "/*" ? after("*/", i + 2) : i;
    default: return i;
    }
}

/// Checks that $1 … $count, and no other placeholder, are used.
constexpr void check_placeholders(std::string_view text, std::size_t count) {
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    auto word = [&](char c) { return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    std::uint64_t used = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (auto const after = skip_quoted(text, i); after != i) {
            i = after;
        } else if (text[i] == '?') {
            sql_placeholders_are_written_dollar_1_dollar_2();
        } else if (text[i] == '$' && (i == 0 || !word(text[i - 1]))) {
            std::size_t number = 0;
            for (++i; i < text.size() && digit(text[i]) && number < 10000; ++i)
                number = number * 10 + static_cast<std::size_t>(text[i] - '0');
            if (number == 0) sql_placeholders_are_written_dollar_1_dollar_2();
            if (number > count) sql_has_a_placeholder_without_a_parameter();
            if (number <= 64) used |= std::uint64_t{1} << (number - 1);
        } else {
            ++i;
        }
    }
    auto const all = count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    if ((used & all) != all) sql_does_not_use_every_parameter();
}

} // namespace detail

/// A statement for that many parameters, written $1, $2 …. Made of a literal (or another constant), and checked while
/// compiling.
template <std::size_t Count>
class Text {
  public:
    template <class Constant>
        requires(std::convertible_to<Constant const&, std::string_view> && !std::derived_from<Constant, std::string>)
    consteval Text(Constant const& text) : text_(text) {
        detail::check_placeholders(text_, Count);
    }
    Text(std::string const&) = delete; // SQL is a literal: pass values as $1, $2 …; or say sql::unchecked(text)
    Text(Unchecked dynamic) noexcept : owned_(std::move(dynamic.text)), text_(*owned_) {}

    [[nodiscard]] std::string_view view() const noexcept { return text_; }

  private:
    std::shared_ptr<std::string const> owned_;
    std::string_view text_;
};

} // namespace hxx::sql
