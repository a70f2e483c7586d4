// The constraints of Annotated, carried out. The work is in functions that are no templates; what is left here picks
// the function by type. Internal: hxx/model's parsers call apply_constraints().
#pragma once

#include "hxx/model/field_context.hpp"
#include "hxx/reflect/annotated.hpp"
#include "hxx/reflect/reflect.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx::model {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A container that grows: vector, list, deque, set. Not a string, not a map.
template <class T>
concept Sequence = requires(T& container, typename T::value_type item) {
    container.begin();
    container.end();
    container.size();
    container.insert(container.end(), std::move(item));
} && !std::convertible_to<T const&, std::string_view> && !requires { typename T::mapped_type; };

// ── Work that is the same for all types. ────────────────────────────────────────────────────────────────────────────

void trim(std::string& text);
void to_lower(std::string& text);
void to_upper(std::string& text);
bool check_text_length(std::string_view text, std::size_t min, std::size_t max, FieldContext const& context);
bool check_item_count(std::size_t count, std::size_t min, std::size_t max, FieldContext const& context);
bool check_email(std::string_view text, FieldContext const& context);
bool check_url(std::string_view text, FieldContext const& context);
/// joined: the choices, each ended by NUL.
bool check_choice(std::string_view text, std::string_view joined, FieldContext const& context);
bool is_multiple(double value, double of) noexcept;

std::string number_text(long long value);
std::string number_text(unsigned long long value);
std::string number_text(double value);
template <class N>
std::string to_number_text(N value) {
    if constexpr (std::is_floating_point_v<N>)
        return number_text(static_cast<double>(value));
    else if constexpr (std::is_unsigned_v<N>)
        return number_text(static_cast<unsigned long long>(value));
    else
        return number_text(static_cast<long long>(value));
}

/// An RE2 expression that is compiled at its first use, once, and shared by all threads.
class CompiledPattern {
  public:
    constexpr explicit CompiledPattern(std::string_view expression) noexcept : expression_(expression) {}
    CompiledPattern(CompiledPattern const&) = delete;
    CompiledPattern& operator=(CompiledPattern const&) = delete;
    ~CompiledPattern();
    /// Throws std::logic_error for an expression that RE2 does not take; it names the expression.
    bool check(std::string_view text, FieldContext const& context) const;

  private:
    std::string_view expression_;
    mutable std::atomic<void const*> regex_ = nullptr;
};
template <auto Constraint>
inline constinit CompiledPattern compiled_pattern{Constraint.text.view()};

// ── Constraints by type. ────────────────────────────────────────────────────────────────────────────────────────────

template <class A, class B>
constexpr bool less(A const& a, B const& b) {
    if constexpr (std::integral<A> && std::integral<B>)
        return std::cmp_less(a, b);
    else if constexpr (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
        return static_cast<double>(a) < static_cast<double>(b);
    else if constexpr (std::is_arithmetic_v<B>)
        return a < A(b);
    else
        return B(a) < b;
}

/// Sorts the pointers by what they point to, and looks for two that are equal.
bool has_duplicates(std::vector<void const*> items, bool (*less)(void const*, void const*));

template <class T>
bool has_duplicates(T const& container) {
    using Item = typename T::value_type;
    static_assert(!std::same_as<Item, bool>, "hxx: UniqueItems is not for bools");
    std::vector<void const*> items;
    items.reserve(container.size());
    for (Item const& item : container) items.push_back(&item);
    return has_duplicates(std::move(items), [](void const* a, void const* b) {
        return unwrap(*static_cast<Item const*>(a)) < unwrap(*static_cast<Item const*>(b));
    });
}

template <class T, class N, std::size_t Size>
bool check_choice(T const& value, OneOf<N, Size> const& choices, FieldContext const& context) {
    std::string expected;
    for (auto const& choice : choices.values) {
        if constexpr (std::is_arithmetic_v<T>) {
            if (!less(value, choice) && !less(choice, value)) return true;
        } else if (value == static_cast<T>(choice)) {
            return true;
        }
        if (!expected.empty()) expected += ", ";
        if constexpr (reflect::Enum<N>)
            expected += reflect::enum_name(choice);
        else
            expected += to_number_text(choice);
    }
    return context.fail("literal_error", {{"expected", expected}});
}

template <class T, class N>
bool check_multiple(T const& value, N of) {
    if constexpr (std::integral<T> && std::integral<N>)
        return of != 0 && (std::cmp_equal(of, -1) || value % static_cast<T>(of) == 0); // x % -1 can overflow
    else if constexpr (std::is_arithmetic_v<T>)
        return is_multiple(static_cast<double>(value), static_cast<double>(of));
    else
        return value.is_multiple_of(T(of));
}

template <class Kind>
inline constexpr bool is_pattern = false;
template <std::size_t N>
inline constexpr bool is_pattern<Pattern<N>> = true;

// One overload a check; a constraint that says nothing about values (Alias, Secret …) ends in the last one.
template <class T>
bool check(T const& value, MinLength limit, FieldContext const& context) {
    if constexpr (std::convertible_to<T const&, std::string_view>)
        return check_text_length(value, limit.value, static_cast<std::size_t>(-1), context);
    else
        return check_item_count(value.size(), limit.value, static_cast<std::size_t>(-1), context);
}
template <class T>
bool check(T const& value, MaxLength limit, FieldContext const& context) {
    if constexpr (std::convertible_to<T const&, std::string_view>)
        return check_text_length(value, 0, limit.value, context);
    else
        return check_item_count(value.size(), 0, limit.value, context);
}
template <class T, class N>
bool check(T const& value, Gt<N> bound, FieldContext const& context) {
    return less(bound.value, value) || context.fail("greater_than", {{"gt", to_number_text(bound.value)}});
}
template <class T, class N>
bool check(T const& value, Ge<N> bound, FieldContext const& context) {
    return !less(value, bound.value) || context.fail("greater_than_equal", {{"ge", to_number_text(bound.value)}});
}
template <class T, class N>
bool check(T const& value, Lt<N> bound, FieldContext const& context) {
    return less(value, bound.value) || context.fail("less_than", {{"lt", to_number_text(bound.value)}});
}
template <class T, class N>
bool check(T const& value, Le<N> bound, FieldContext const& context) {
    return !less(bound.value, value) || context.fail("less_than_equal", {{"le", to_number_text(bound.value)}});
}
template <class T, class N>
bool check(T const& value, MultipleOf<N> step, FieldContext const& context) {
    return check_multiple(value, step.value) ||
           context.fail("multiple_of", {{"multiple_of", to_number_text(step.value)}});
}
inline bool check(std::string_view value, Email, FieldContext const& context) { return check_email(value, context); }
inline bool check(std::string_view value, Url, FieldContext const& context) { return check_url(value, context); }
template <std::size_t N>
bool check(std::string_view value, OneOf<char, N> const& choices, FieldContext const& context) {
    return check_choice(value, choices.joined(), context);
}
template <class T, class N, std::size_t Size>
    requires(!std::same_as<N, char>)
bool check(T const& value, OneOf<N, Size> const& choices, FieldContext const& context) {
    return check_choice(value, choices, context);
}
template <class T>
bool check(T const& value, UniqueItems, FieldContext const& context) {
    return !has_duplicates(value) || context.fail("unique_items");
}

template <class Kind>
concept Transformation = std::same_as<Kind, Trim> || std::same_as<Kind, ToLower> || std::same_as<Kind, ToUpper>;

inline void transform(std::string& value, Trim) { trim(value); }
inline void transform(std::string& value, ToLower) { to_lower(value); }
inline void transform(std::string& value, ToUpper) { to_upper(value); }

template <class Kind>
inline constexpr bool is_note = false;
template <>
inline constexpr bool is_note<EmptyIsMissing> = true;
template <>
inline constexpr bool is_note<EmptyIsKept> = true;
template <>
inline constexpr bool is_note<EmptyIsNull> = true;
template <>
inline constexpr bool is_note<Secret> = true;
template <>
inline constexpr bool is_note<NotRequired> = true;
template <std::size_t N>
inline constexpr bool is_note<Alias<N>> = true;
template <std::size_t N>
inline constexpr bool is_note<Title<N>> = true;
template <std::size_t N>
inline constexpr bool is_note<Description<N>> = true;

template <auto Constraint, class T>
void transform_with(T& value) {
    if constexpr (Transformation<std::remove_const_t<decltype(Constraint)>>) {
        if constexpr (is_optional<T>) {
            if (value) transform_with<Constraint>(*value);
        } else if constexpr (Wrapper<T>) {
            transform_with<Constraint>(value.get());
        } else {
            static_assert(std::same_as<T, std::string>, "hxx: Trim, ToLower and ToUpper are for std::string");
            transform(value, Constraint);
        }
    }
}

template <auto Constraint, class T>
bool check_with(T const& value, FieldContext const& context) {
    using Kind = std::remove_const_t<decltype(Constraint)>;
    if constexpr (Transformation<Kind> || is_note<Kind>)
        return true;
    else if constexpr (is_optional<T>)
        return !value || check_with<Constraint>(*value, context);
    else if constexpr (Wrapper<T>)
        return check_with<Constraint>(value.get(), context);
    else if constexpr (is_pattern<Kind>)
        return compiled_pattern<Constraint>.check(value, context);
    else {
        static_assert(
            requires { check(value, Constraint, context); },
            "hxx: this constraint of Annotated is not one for this type");
        return check(value, Constraint, context);
    }
}

/// Transformations in order, then checks in order until one fails.
template <class T, auto... Constraints>
bool apply_constraints(Annotated<T, Constraints...>& value, FieldContext const& context) {
    (transform_with<Constraints>(value.get()), ...);
    return (check_with<Constraints>(value.get(), context) && ...);
}

} // namespace hxx::model
