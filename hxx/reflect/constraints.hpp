// What can be written after the type in Annotated<T, …>: transformations, checks and notes on a field. They are values
// without behaviour; hxx/model carries them out, in the order in which they are written.
#pragma once

#include "hxx/base/fixed_string.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace hxx {

// ── Transformations of strings: done first, before any check. ───────────────────────────────────────────────────────

/// Removes white space (Unicode's too) from both ends.
struct Trim {};
/// Lower case and upper case of any script (Unicode's simple mapping, independent of the locale).
struct ToLower {};
struct ToUpper {};

// ── Checks. The first one that fails is the field's error. ──────────────────────────────────────────────────────────

/// Of strings in code points, of containers in items.
struct MinLength {
    std::size_t value;
};
struct MaxLength {
    std::size_t value;
};

/// An RE2 expression that must be found somewhere in the string; write ^ and $ for the whole of it.
template <std::size_t N>
struct Pattern {
    FixedString<N> text;
    consteval Pattern(char const (&expression)[N]) : text(expression) {}
};

/// Greater than, greater or equal, less than, less or equal.
template <class N>
struct Gt {
    N value;
};
template <class N>
struct Ge {
    N value;
};
template <class N>
struct Lt {
    N value;
};
template <class N>
struct Le {
    N value;
};
template <class N>
Gt(N) -> Gt<N>;
template <class N>
Ge(N) -> Ge<N>;
template <class N>
Lt(N) -> Lt<N>;
template <class N>
Le(N) -> Le<N>;

/// For floating point within a relative error of 1e-9, so that 0.3 is a multiple of 0.1.
template <class N>
struct MultipleOf {
    N value;
};
template <class N>
MultipleOf(N) -> MultipleOf<N>;

/// An address as a browser's <input type=email> takes it, with a dot in the domain.
struct Email {};
/// An absolute http or https URL with a host.
struct Url {};
/// No two items of a container are equal.
struct UniqueItems {};

/// One of some strings, OneOf{"red", "green"}, or of some numbers, OneOf{1, 2, 5}.
template <class T, std::size_t N>
struct OneOf {
    T values[N];
    template <class... V>
    consteval OneOf(V... value) : values{static_cast<T>(value)...} {}
};
/// The strings one after the other, each ended by NUL.
template <std::size_t N>
struct OneOf<char, N> {
    char text[N];
    template <std::size_t... Sizes>
    consteval OneOf(char const (&... value)[Sizes]) : text{} {
        std::size_t at = 0;
        auto append = [&](char const* from, std::size_t size) {
            for (std::size_t i = 0; i < size; ++i) text[at++] = from[i];
        };
        (append(value, Sizes), ...);
    }
    [[nodiscard]] constexpr std::string_view joined() const noexcept { return {text, N}; }
};
template <class T, class... More>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
OneOf(T, More...) -> OneOf<T, 1 + sizeof...(More)>;
template <std::size_t... Sizes>
OneOf(char const (&... value)[Sizes]) -> OneOf<char, (Sizes + ...)>;

// ── What an empty form or query value means. Without one of these: kept for std::string, missing for all else. ──────

/// As if the field had not been sent: its default, or an error if it has none.
struct EmptyIsMissing {};
/// Read as it is: "" for a string, an error for a number.
struct EmptyIsKept {};
/// std::nullopt for an optional, whatever its default is.
struct EmptyIsNull {};

// ── Notes. ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Never echoed: masked in error reports, logs and re-rendered forms.
struct Secret {};
/// The field may be absent although its default is an empty string.
struct NotRequired {};

/// The name outside C++, instead of the member's: Alias{"user-name"}.
template <std::size_t N>
struct Alias {
    FixedString<N> text;
    consteval Alias(char const (&name)[N]) : text(name) {}
};
/// For people: a form's label and help text, an API's documentation.
template <std::size_t N>
struct Title {
    FixedString<N> text;
    consteval Title(char const (&title)[N]) : text(title) {}
};
template <std::size_t N>
struct Description {
    FixedString<N> text;
    consteval Description(char const (&description)[N]) : text(description) {}
};

} // namespace hxx
