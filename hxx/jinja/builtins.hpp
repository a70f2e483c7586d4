// The built-in filters, tests and globals, by subject.
#pragma once

#include "hxx/jinja/environment_impl.hpp"

namespace hxx::jinja {

struct FilterRow {
    std::string_view name;
    Builtin::Function function;
    bool pure = true; // depends on its arguments alone
    Builtin::Writer write = nullptr;
};
[[nodiscard]] std::span<FilterRow const> text_filters() noexcept;
[[nodiscard]] std::span<FilterRow const> html_filters() noexcept;
[[nodiscard]] std::span<FilterRow const> number_filters() noexcept;
[[nodiscard]] std::span<FilterRow const> sequence_filters() noexcept;
[[nodiscard]] std::span<FilterRow const> selection_filters() noexcept;
[[nodiscard]] std::span<FilterRow const> builtin_tests() noexcept;

void add_builtins(Environment::Impl& environment);
/// The functions of options.translations, which are there.
void add_translations(Environment::Impl& environment);
/// What a function of that kind takes, beside a count if it has a plural.
struct GettextForm {
    std::string_view name;
    bool has_context, has_plural;
};
/// gettext, ngettext, pgettext, npgettext or _; null for another name.
[[nodiscard]] GettextForm const* find_gettext(std::string_view name) noexcept;
/// What {% debug %} writes: the variables that the calling template sees, and the filters and tests there are.
[[nodiscard]] Value debug_text(Args const& args);

struct JsonStyle {
    int indent = -1; // < 0: one line
    bool sorted = true;
    bool private_members = true; // of structs: those that begin with an underscore
};
/// JSON as Python's json.dumps writes it.
void append_json(std::string& out, Value const& value, JsonStyle style);
/// How Python's pprint.pformat is called.
struct PrettyStyle {
    int depth = 0;        // containers further inside are "{...}"; 0: all are written
    bool compact = false; // as many items of a list on a line as there is room for
};
/// Python's pprint.pformat.
[[nodiscard]] std::string pretty(Value const& value, PrettyStyle style = {});

/// soft_str: text as it is, with its safety; anything else as plain text.
[[nodiscard]] Value soft_text(Value const& value);
/// Its text, as safe HTML.
[[nodiscard]] Value markup_of(Value const& value);
/// Text of the same safety as `like`.
[[nodiscard]] inline Value text_like(Value const& like, std::string text) {
    return like.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

} // namespace hxx::jinja
