// Annotated<T, constraints…>: a T that says what input for it must be like. It reads and is assigned like a T.
//
//     struct SignUp {
//         Annotated<std::string, Trim{}, MinLength{1}, MaxLength{100}> name;
//         Annotated<int, Ge{18}> age;
//     };
//
// The constraints are carried out where input is read (forms, queries, JSON, settings), not on assignment in the
// program.
#pragma once

#include "hxx/reflect/constraints.hpp"

#include <concepts>
#include <type_traits>
#include <utility>

namespace hxx {
namespace detail {

/// Numbers, enums, pointers and final classes are held and converted to.
template <class T>
class HeldValue {
  public:
    constexpr HeldValue() = default;
    template <class... Args>
        requires(sizeof...(Args) > 0)
    explicit constexpr HeldValue(std::in_place_t, Args&&... args) : value_(std::forward<Args>(args)...) {}

    [[nodiscard]] constexpr T const& get() const noexcept { return value_; }
    [[nodiscard]] constexpr T& get() noexcept { return value_; }
    constexpr operator T const&() const noexcept { return value_; }
    constexpr operator T&() noexcept { return value_; }

  private:
    T value_{};
};

/// Other classes are inherited from, so that name.size(), "%" + name and f(std::string_view) work without unwrapping.
template <class T>
class InheritedValue : public T {
  public:
    constexpr InheritedValue() = default;
    template <class... Args>
        requires(sizeof...(Args) > 0)
    explicit constexpr InheritedValue(std::in_place_t, Args&&... args) : T(std::forward<Args>(args)...) {}

    [[nodiscard]] constexpr T const& get() const noexcept { return *this; }
    [[nodiscard]] constexpr T& get() noexcept { return *this; }
};

template <class T>
concept HasArrow = requires(T& value) { value.operator->(); };

template <class T>
class ArrowValue : public InheritedValue<T> {
  public:
    using InheritedValue<T>::InheritedValue;
    constexpr T const* operator->() const noexcept { return this; }
    constexpr T* operator->() noexcept { return this; }
};

template <class T>
struct AnnotatedBase {
    using type = HeldValue<T>;
};
template <class T>
    requires(std::is_class_v<T> && !std::is_final_v<T>)
struct AnnotatedBase<T> {
    using type = std::conditional_t<HasArrow<T>, InheritedValue<T>, ArrowValue<T>>;
};

} // namespace detail

template <class T, auto... Constraints>
class Annotated : public detail::AnnotatedBase<T>::type {
    using Base = typename detail::AnnotatedBase<T>::type;

  public:
    using wrapped_type = T;

    /// T{}: zero, empty.
    constexpr Annotated() = default;

    template <class U = T>
        requires(!std::same_as<std::remove_cvref_t<U>, Annotated> && std::convertible_to<U, T>)
    constexpr Annotated(U&& value) : Base(std::in_place, std::forward<U>(value)) {}

    template <class U = T>
        requires(!std::same_as<std::remove_cvref_t<U>, Annotated> && std::convertible_to<U, T>)
    constexpr Annotated& operator=(U&& value) {
        this->get() = std::forward<U>(value);
        return *this;
    }
};

namespace reflect {

template <class T>
inline constexpr bool is_annotated = false;
template <class T, auto... Constraints>
inline constexpr bool is_annotated<Annotated<T, Constraints...>> = true;

/// Calls f(constraint) for each constraint of an Annotated type in order; does nothing for another type.
template <class T>
struct Constraints {
    template <class F>
    static constexpr void for_each(F&&) {}
    template <class Constraint>
    static constexpr bool has = false;
};
template <class T, auto... All>
struct Constraints<Annotated<T, All...>> {
    template <class F>
    static constexpr void for_each(F&& f) {
        (static_cast<void>(f(All)), ...);
    }
    template <class Constraint>
    static constexpr bool has = (std::same_as<std::remove_const_t<decltype(All)>, Constraint> || ...);
};

/// Whether Annotated type T carries this note or check: has_constraint<M, Secret>.
template <class T, class Constraint>
inline constexpr bool has_constraint = Constraints<T>::template has<Constraint>;

} // namespace reflect
} // namespace hxx
