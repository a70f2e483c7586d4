// What is wrong with an input: all of it, with the place, a stable code, and a sentence for people.
#pragma once

#include "hxx/model/messages.hpp"

#include <cstddef>
#include <exception>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

struct FieldError {
    std::string where;   // "form.age", "body.items.0.name"; just the source, "form", for what concerns all of it
    std::string code;    // "greater_than"; never changes
    std::string message; // "must be greater than 0", to be read after the field's label
    std::optional<std::string> input = std::nullopt; // what was sent, shortened if it is long; "***" for a secret
    std::vector<MessageParameter> parameters = {};   // what a translation of the message needs

    /// The field without its source: "age", "items.0.name"; empty for what concerns all of the input.
    [[nodiscard]] std::string_view field() const noexcept;
};

class ErrorReport {
  public:
    /// What comes after so many errors is dropped: nobody reads it, and a client should not be able to fill the memory.
    static constexpr std::size_t max_errors = 100;

    void add(FieldError error);
    /// With the message that Messages::english() has for the code.
    void add_standard(std::string where, std::string code, std::vector<MessageParameter> parameters = {},
                      std::optional<std::string> input = std::nullopt);
    /// With a message of the caller's: add("form.email", "taken", "is already in use").
    void add(std::string where, std::string code, std::string message);

    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return errors_.size(); }
    [[nodiscard]] FieldError const* begin() const noexcept { return errors_.data(); }
    [[nodiscard]] FieldError const* end() const noexcept { return errors_.data() + errors_.size(); }
    [[nodiscard]] FieldError const& operator[](std::size_t index) const noexcept { return errors_[index]; }
    [[nodiscard]] std::vector<FieldError> const& all() const noexcept { return errors_; }
    void append(ErrorReport const& other);
    void clear() noexcept;

    /// The errors of one field in any source, by its name without the source: for_field("items.0.name").
    [[nodiscard]] std::vector<FieldError const*> for_field(std::string_view field) const;

    /// Rewords all errors whose code is in `messages`.
    void translate(Messages const& messages);

    /// A list as FastAPI clients know it: [{"type":"greater_than","loc":["form","age"],"msg":"must be greater than 0",
    /// "input":"-1","ctx":{"gt":0}}].
    [[nodiscard]] std::string to_json() const;
    /// One line an error, "form.age must be greater than 0", for a log or a terminal.
    [[nodiscard]] std::string to_text() const;

  private:
    std::vector<FieldError> errors_;
};

/// Thrown with a report that is not empty; answered with 422.
class ValidationError : public std::exception {
  public:
    explicit ValidationError(ErrorReport report);
    [[nodiscard]] static constexpr int status() noexcept { return 422; }
    [[nodiscard]] ErrorReport const& report() const noexcept { return report_; }
    /// The report's to_text().
    [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

  private:
    ErrorReport report_;
    std::string text_;
};

} // namespace hxx
