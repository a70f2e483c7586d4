// What goes wrong in a template, told as a compiler would: kind, template, line and column, the source line with a
// caret, and the chain of includes and macros that led there.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::jinja {

enum class ErrorKind : unsigned char {
    TemplateSyntaxError,
    TemplateAssertionError, // an unknown filter or test, a block defined twice: found while compiling
    TemplateNotFound,
    TemplatesNotFound, // none of several names
    TemplateRuntimeError,
    UndefinedError,
    FilterArgumentError,
    SecurityError,
    LimitError, // one of Limits was reached
    // Python's
    TypeError,
    ValueError,
    ZeroDivisionError,
    OverflowError,
    KeyError,
    IndexError,
    AttributeError
};

/// The kind's name in Jinja2 or Python; "TemplateRuntimeError" for LimitError's kin.
[[nodiscard]] std::string_view error_name(ErrorKind kind) noexcept;

class Error : public std::exception {
  public:
    /// A place in a template; line and column count from 1, 0 is unknown.
    struct Place {
        std::string template_name;
        std::size_t line = 0;
        std::size_t column = 0;
        std::string what; // how it came there: "included here", "macro 'field' called here"
    };

    Error(ErrorKind kind, std::string message);

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    /// What is wrong, without the place.
    [[nodiscard]] std::string const& message() const noexcept { return message_; }
    /// A suggestion such as "did you mean 'upper'?"; empty if there is none.
    [[nodiscard]] std::string const& hint() const noexcept { return hint_; }
    [[nodiscard]] std::string const& template_name() const noexcept { return place_.template_name; }
    [[nodiscard]] std::size_t line() const noexcept { return place_.line; }
    [[nodiscard]] std::size_t column() const noexcept { return place_.column; }
    [[nodiscard]] std::string const& source_line() const noexcept { return source_line_; }
    /// From the innermost caller outwards.
    [[nodiscard]] std::vector<Place> const& chain() const noexcept { return chain_; }
    /// Names that were looked for: one for TemplateNotFound, all for TemplatesNotFound.
    [[nodiscard]] std::vector<std::string> const& missing_templates() const noexcept { return missing_; }
    /// The whole report, over several lines.
    [[nodiscard]] char const* what() const noexcept override { return report_.c_str(); }

    // Set by the engine while the error travels outwards.
    [[nodiscard]] bool has_place() const noexcept { return placed_; }
    void set_place(std::string_view template_name, std::size_t line, std::size_t column, std::string_view source_line);
    void add_caller(Place place);
    void set_hint(std::string hint);
    void set_missing(std::vector<std::string> names);

  private:
    void write_report();

    ErrorKind kind_;
    bool placed_ = false;
    std::string message_, hint_, source_line_, report_;
    Place place_;
    std::vector<Place> chain_;
    std::vector<std::string> missing_;
};

} // namespace hxx::jinja
