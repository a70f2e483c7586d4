// How names are got: the compiler writes them into __PRETTY_FUNCTION__ of a template, and they are cut out of it.
#pragma once

#include <array>
#include <boost/pfr/core.hpp>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hxx::reflect::detail {

/// Converts to a base class of T and to nothing else: T can be initialized from it only if T has bases.
template <class T>
struct AnyBaseOf {
    template <class U>
        requires std::is_base_of_v<U, T> && (!std::is_same_v<U, T>)
    operator U() const;
};

// `char const*` as the result keeps g++ from adding "; std::string_view = …" to the text.
template <class T>
constexpr char const* pretty_type() noexcept {
    return __PRETTY_FUNCTION__;
}

template <class T>
constexpr std::string_view type_name_text() noexcept {
    constexpr std::string_view sample = pretty_type<double>();
    constexpr std::size_t before = sample.rfind("double");
    constexpr std::size_t after = sample.size() - before - std::string_view("double").size();
    constexpr std::string_view text = pretty_type<T>();
    return text.substr(before, text.size() - before - after);
}

constexpr bool in_identifier(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The last identifier of a text: "… [Pointer = &object<User>.name]" gives "name".
constexpr std::string_view last_identifier(std::string_view text) noexcept {
    std::size_t end = text.size();
    while (end > 0 && !in_identifier(text[end - 1])) --end;
    std::size_t begin = end;
    while (begin > 0 && in_identifier(text[begin - 1])) --begin;
    return text.substr(begin, end - begin);
}

// The object that the pointers point into: its member is never constructed and never read. Pointers to the member's
// parts are constant expressions all the same, which is all that is needed. (An undefined `extern T const` would do for
// clang, but g++ refuses one for a struct inside a function.)
template <class T>
union Phantom {
    char nothing;
    T object;
    constexpr Phantom() noexcept : nothing() {}
    constexpr ~Phantom() {}
};
template <class T>
inline constexpr Phantom<T> phantom{};

template <class T>
struct PointerTo {
    T const* value;
};
template <class T>
PointerTo(T const*) -> PointerTo<T>;

template <PointerTo Pointer>
constexpr char const* pretty_member() noexcept {
    return __PRETTY_FUNCTION__;
}

template <class T, std::size_t I>
struct MemberName {
    static constexpr auto pointer = PointerTo{&boost::pfr::get<I>(phantom<T>.object)};
    static constexpr std::string_view text = last_identifier(pretty_member<pointer>());
    // A copy, so that only the name and not the whole signature ends up in the program.
    static constexpr auto stored = [] {
        std::array<char, text.size() + 1> copy{};
        for (std::size_t i = 0; i < text.size(); ++i) copy[i] = text[i];
        return copy;
    }();
    static constexpr std::string_view value{stored.data(), text.size()};
};

template <class T, std::size_t... I>
constexpr std::array<std::string_view, sizeof...(I)> make_member_names(std::index_sequence<I...>) noexcept {
    return {MemberName<T, I>::value...};
}

// ── Enums: one instantiation whose text lists all candidates: "… = <Color::Red, Color::Green, (Color)2, …>]". ───────

// Compilers differ in whether a cast beyond an old-style enum's own range is an error, a warning or fine.
#pragma GCC diagnostic push
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
#else
#pragma GCC diagnostic ignored "-Wconversion"
#endif
/// Whether any value of the underlying type may be cast to the enum (for other enums it is undefined behaviour).
template <class E>
concept FixedUnderlying = requires { E{0}; };

template <auto>
struct Constant {};

template <class E, int V>
concept Castable = requires { Constant<static_cast<E>(V)>(); };

template <class E>
consteval int default_enum_min() noexcept {
    if constexpr (std::is_unsigned_v<std::underlying_type_t<E>>)
        return 0;
    else if constexpr (FixedUnderlying<E> || Castable<E, -128>)
        return -128;
    else if constexpr (Castable<E, -1>)
        return -1;
    else
        return 0;
}

template <class E>
consteval int default_enum_max() noexcept {
    if constexpr (std::is_same_v<std::underlying_type_t<E>, bool>)
        return 1;
    else if constexpr (FixedUnderlying<E>)
        return std::is_unsigned_v<std::underlying_type_t<E>> ? 255 : 127;
    else {
        // The values of an enum without a fixed type are those of the smallest bit-field that holds its enumerators.
        int max = 0;
        [&]<int... Bits>(std::integer_sequence<int, Bits...>) {
            ((Castable<E, (1 << Bits) - 1> ? void(max = (1 << Bits) - 1) : void()), ...);
        }(std::make_integer_sequence<int, 9>());
        return max;
    }
}

template <class E, E... Values>
constexpr char const* pretty_values() noexcept {
    return __PRETTY_FUNCTION__;
}

template <class E, int Min, int... Offsets>
constexpr std::string_view pretty_range(std::integer_sequence<int, Offsets...>) noexcept {
    return pretty_values<E, static_cast<E>(Min + Offsets)...>();
}
#pragma GCC diagnostic pop

template <class E, int Min, int Max>
struct EnumTable {
    struct Entry {
        int value = 0;
        std::size_t begin = 0, size = 0;
    };
    // Looking a name up makes clang instantiate an enum class of a class template, whose names it would not know yet.
    static constexpr std::string_view text = requires {
        E::hxx_looks_this_up;
    } ? std::string_view() : pretty_range<E, Min>(std::make_integer_sequence<int, Max - Min + 1>());

    /// Calls found(value, begin, size) for each candidate that has a name.
    template <class F>
    static constexpr void scan(F found) noexcept {
        // The list is the text's last bracketed part; walk it backwards, since the enum's name may hold anything.
        std::size_t end = text.size();
        while (end > 0 && text[end - 1] != '>' && text[end - 1] != '}') --end;
        --end;
        for (int value = Max; value >= Min; --value) {
            std::size_t begin = end;
            while (in_identifier(text[begin - 1])) --begin;
            // An unnamed value is printed as a cast: "(Color)5", "(Color)-5".
            char before = text[begin - 1];
            std::size_t const size = end - begin;
            bool const named =
                before != ')' && before != '-' && size > 0 && !(text[begin] >= '0' && text[begin] <= '9');
            if (named) found(value, begin, size);
            if (value > Min) {
                end = previous_separator(begin);
            }
        }
    }
    static constexpr std::size_t previous_separator(std::size_t at) noexcept {
        int depth = 0;
        for (;; --at) {
            char const c = text[at - 1];
            if (c == '\'') // a character as a template argument: '>'
                for (at -= 2; text[at - 1] != '\'';) --at;
            if (c == ')' || c == '>' || c == '}') ++depth;
            if (c == '(' || c == '<' || c == '{') --depth;
            if (c == ',' && depth == 0) return at - 1;
        }
    }

    static constexpr std::size_t count = [] {
        std::size_t n = 0;
        scan([&](int, std::size_t, std::size_t) { ++n; });
        return n;
    }();
    static constexpr std::size_t characters = [] {
        std::size_t n = 0;
        scan([&](int, std::size_t, std::size_t size) { n += size; });
        return n;
    }();
    static constexpr std::array<Entry, count> entries = [] {
        std::array<Entry, count> result{};
        std::size_t i = count;
        scan([&](int value, std::size_t begin, std::size_t size) { result[--i] = Entry{value, begin, size}; });
        return result;
    }();
    // A copy of the names alone: the text with its hundreds of candidates does not end up in the program.
    static constexpr std::array<char, characters + 1> stored = [] {
        std::array<char, characters + 1> result{};
        std::size_t at = 0;
        for (Entry const& entry : entries)
            for (std::size_t i = 0; i < entry.size; ++i) result[at++] = text[entry.begin + i];
        return result;
    }();
    static constexpr std::array<std::string_view, count> names = [] {
        std::array<std::string_view, count> result{};
        std::size_t at = 0;
        for (std::size_t i = 0; i < count; ++i) {
            result[i] = std::string_view(stored.data() + at, entries[i].size);
            at += entries[i].size;
        }
        return result;
    }();
    static constexpr std::array<E, count> values = [] {
        std::array<E, count> result{};
        for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<E>(entries[i].value);
        return result;
    }();
};

} // namespace hxx::reflect::detail
