// The sentences of validation errors by code, so that an application can word or translate them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

/// A number or text that belongs in a message: {"gt", "0"}.
struct MessageParameter {
    std::string name, value;
    bool operator==(MessageParameter const&) const = default;
};

class Messages {
  public:
    /// What reports are written with: a message is read after its field's label, "Age must be greater than 0".
    [[nodiscard]] static Messages const& english();

    /// The text for a code, with its parameters in braces: set("greater_than", "muss größer als {gt} sein"). A code
    /// with
    /// ".one" at its end is taken when the first parameter is 1: set("string_too_long.one", "…").
    Messages& set(std::string code, std::string text);

    /// Empty for a code that has no text here.
    [[nodiscard]] std::string format(std::string_view code, std::span<MessageParameter const> parameters) const;

    /// All codes and their texts, ordered by code.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> const& entries() const noexcept { return texts_; }

  private:
    [[nodiscard]] std::string const* find(std::string_view code) const noexcept;

    std::vector<std::pair<std::string, std::string>> texts_; // ordered by code
};

} // namespace hxx
