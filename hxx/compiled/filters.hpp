// Filters and tests: those that pay for C++ types of their own, and all others through Values.
#pragma once

#include "hxx/compiled/operations.hpp"
#include "hxx/compiled/statements.hpp"
#include "hxx/jinja/unicode.hpp"

namespace hxx::compiled {

/// Is it Jinja2's own, rather than one that the environment has in its place?
[[nodiscard]] inline bool built_in(jinja::CallSite const& at) noexcept { return at.builtin && at.builtin->function; }

// ── Through Values ──────────────────────────────────────────────────────────────────────────────────────────────

template <class C, class... T>
[[nodiscard]] Value filter_value(C& c, jinja::CallSite const& at, T&&... items) {
    return Native::filter(c.call, at, arguments(std::forward<T>(items)...).data());
}
template <int escape, class C, class... T>
void write_filter_value(C& c, jinja::CallSite const& at, T&&... items) {
    Native::write_filter(c.call, at, arguments(std::forward<T>(items)...).data(), escapes<escape>(c));
}
template <class C, class... T>
[[nodiscard]] Value test_value(C& c, jinja::CallSite const& at, T&&... items) {
    return Native::test(c.call, at, arguments(std::forward<T>(items)...).data());
}

// ── Overloads ───────────────────────────────────────────────────────────────────────────────────────────────────

/// Specialized where a filter has a form of its own for some types: `works<T…>` says for which, call() gives the
/// result, and write() writes it.
template <FixedString name>
struct FilterFor {
    template <class...>
    static constexpr bool works = false;
};
template <FixedString name>
struct TestFor {
    template <class...>
    static constexpr bool works = false;
};

template <class T>
concept Sized = Sequence<T> || (jinja::detail::MapLike<std::remove_cvref_t<T>> && !Dynamically<T>);

template <>
struct FilterFor<"length"> {
    template <class... T>
    static constexpr bool works = sizeof...(T) == 1 && (Sized<T> && ...);
    template <class C, class T>
    [[nodiscard]] static std::int64_t call(C&, T const& x) {
        return static_cast<std::int64_t>(std::size(x));
    }
    template <int, class C, class T>
    static void write(C& c, T const& x) {
        c.out.append_int(call(c, x));
    }
};
template <>
struct FilterFor<"count"> : FilterFor<"length"> {};

/// upper and lower, whose text is written as it is made.
template <void (*convert)(std::string_view, std::string&)>
struct CaseFilter {
    template <class... T>
    static constexpr bool works = sizeof...(T) == 1 && (Textual<T> && ...);
    template <class C>
    [[nodiscard]] static std::string call(C&, std::string_view x) {
        std::string text;
        convert(x, text);
        return text;
    }
    template <int escape, class C>
    static void write(C& c, std::string_view x) {
        auto& text = c.call.state.scratch();
        text.clear();
        convert(x, text);
        emit<escape>(c, std::string_view(text));
    }
};
template <>
struct FilterFor<"upper"> : CaseFilter<&jinja::append_upper> {};
template <>
struct FilterFor<"lower"> : CaseFilter<&jinja::append_lower> {};

/// Of plain texts: each is escaped by itself, which is what escaping the whole comes to.
template <>
struct FilterFor<"join"> {
    template <class T>
    static constexpr bool texts = Sequence<T> && requires(T const& sequence) {
        { unwrap(*std::begin(sequence)) } -> Textual;
    };
    template <class T, class... Separator>
    static constexpr bool fits =
        texts<std::remove_cvref_t<T>> && sizeof...(Separator) <= 1 && (Textual<Separator> && ...);
    template <class... T>
    static constexpr bool works = fits<T...>;

    template <class C, class T>
    [[nodiscard]] static std::string call(C&, T const& sequence, std::string_view separator = {}) {
        std::string text;
        bool first = true;
        for (auto const& item : sequence) {
            if (!std::exchange(first, false)) text += separator;
            text += std::string_view(unwrap(item));
        }
        return text;
    }
    template <int escape, class C, class T>
    static void write(C& c, T const& sequence, std::string_view separator = {}) {
        bool first = true;
        for (auto const& item : sequence) {
            if (!std::exchange(first, false)) emit<escape>(c, separator);
            emit<escape>(c, std::string_view(unwrap(item)));
        }
    }
};

template <int remainder>
struct ParityTest {
    template <class... T>
    static constexpr bool works = sizeof...(T) == 1 && (Whole<T> && ...);
    template <class C, class T>
    [[nodiscard]] static bool call(C&, T const& x) noexcept {
        return std::int64_t{x} % 2 == 0 ? remainder == 0 : remainder == 1;
    }
};
template <>
struct TestFor<"even"> : ParityTest<0> {};
template <>
struct TestFor<"odd"> : ParityTest<1> {};

/// What is of a C++ type is there.
template <>
struct TestFor<"defined"> {
    template <class... T>
    static constexpr bool works = sizeof...(T) == 1 && (!Dynamically<T> && ...);
    template <class C, class T>
    [[nodiscard]] static bool call(C&, T const&) noexcept {
        return true;
    }
};

// ── What templates call ─────────────────────────────────────────────────────────────────────────────────────────

/// The subject is the first of the items.
template <FixedString name, class C, class... T>
[[nodiscard]] auto filter(C& c, jinja::CallSite const& at, T&&... items) {
    if constexpr (FilterFor<name>::template works<T...>) {
        return built_in(at) ? value(FilterFor<name>::call(c, items...))
                            : filter_value(c, at, std::forward<T>(items)...);
    } else
        return filter_value(c, at, std::forward<T>(items)...);
}
template <FixedString name, int escape, class C, class... T>
void write_filter(C& c, jinja::CallSite const& at, T&&... items) {
    if constexpr (FilterFor<name>::template works<T...>) {
        if (built_in(at)) return FilterFor<name>::template write<escape>(c, items...);
    }
    write_filter_value<escape>(c, at, std::forward<T>(items)...);
}
template <FixedString name, class C, class... T>
[[nodiscard]] auto test(C& c, jinja::CallSite const& at, T&&... items) {
    if constexpr (TestFor<name>::template works<T...>)
        return built_in(at) ? TestFor<name>::call(c, items...)
                            : truthy(c, test_value(c, at, std::forward<T>(items)...));
    else
        return test_value(c, at, std::forward<T>(items)...);
}

} // namespace hxx::compiled
