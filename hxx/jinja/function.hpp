// C++ callables as functions, filters and tests of templates: arguments are converted by the callable's signature.
// Included by value.hpp.
#pragma once

#include "hxx/jinja/value.hpp"

#include <memory>
#include <optional>
#include <span>
#include <tuple>

namespace hxx::jinja {

class State; // the rendering that a call belongs to; opaque

struct Keyword {
    std::string_view name;
    Value value;
};

/// A parameter's name for keyword arguments, and its default; a parameter without one is required (unless it is a
/// std::optional, or a Value or bool, which have their empty values).
struct Param {
    std::string_view name;
    Value fallback{};
    bool has_fallback = false;

    Param(char const* n) noexcept : name(n) {}
    Param(char const* n, Value value) : name(n), fallback(std::move(value)), has_fallback(true) {}
};

/// The arguments of a call. Valid during the call only; a filter's or test's subject comes first.
class Args {
  public:
    Args(State* state, std::span<Value const> positional, std::span<Keyword const> keywords) noexcept
        : state_(state), positional_(positional), keywords_(keywords) {}

    /// Positional arguments.
    [[nodiscard]] std::size_t size() const noexcept { return positional_.size(); }
    [[nodiscard]] Value const& operator[](std::size_t index) const noexcept { return positional_[index]; }
    [[nodiscard]] std::span<Value const> positional() const noexcept { return positional_; }
    [[nodiscard]] std::span<Keyword const> keywords() const noexcept { return keywords_; }
    /// The keyword argument of that name, or null.
    [[nodiscard]] Value const* keyword(std::string_view name) const noexcept {
        for (auto const& entry : keywords_)
            if (entry.name == name) return &entry.value;
        return nullptr;
    }
    /// The variable of that name in the context of the template that calls; undefined if there is none.
    [[nodiscard]] Value variable(std::string_view name) const;
    /// The variable of that name in the Context that is rendered, or else the global: the same for all templates of a
    /// rendering, also those that are imported without context. For what a whole page shares, such as its language.
    [[nodiscard]] Value rendering_variable(std::string_view name) const;
    /// Is the calling template escaping what it prints?
    [[nodiscard]] bool autoescape() const noexcept;
    [[nodiscard]] State* state() const noexcept { return state_; }

  private:
    State* state_;
    std::span<Value const> positional_;
    std::span<Keyword const> keywords_;
};

namespace detail {

using Invoke = Value (*)(void const* callable, std::span<Param const> params, Args const& args);
using Destroy = void (*)(void* callable);

/// Takes over `callable`, a heap object that `destroy` frees.
Value make_function(void* callable, Invoke invoke, Destroy destroy, std::span<Param const> params);

/// The argument for parameter `index`: positional, by keyword, its default, or null if there is none.
Value const* find_argument(std::span<Param const> params, Args const& args, std::size_t index);
/// Throws TypeError if there are more arguments than parameters or keywords that no parameter has.
void check_arguments(std::span<Param const> params, Args const& args, std::size_t parameters);
[[noreturn]] void missing_argument(std::span<Param const> params, std::size_t index);
std::int64_t int_argument(Value const& value, std::int64_t lowest, std::uint64_t highest);
std::uint64_t unsigned_argument(Value const& value, std::uint64_t highest);
[[noreturn]] void wrong_view(Value const& value);
bool is_view_of(Value const& value, TypeInfo const& type) noexcept;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T, class A>
struct IsVector<std::vector<T, A>> : std::true_type {};

/// A C++ value from a template's value: what a parameter of type T is given.
template <class T>
T convert_argument(Value const& value) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Plain, Value>)
        return value;
    else if constexpr (std::is_same_v<Plain, bool>)
        return value.truthy();
    else if constexpr (std::is_floating_point_v<Plain>)
        return static_cast<Plain>(value.as_double());
    else if constexpr (std::is_unsigned_v<Plain>)
        return static_cast<Plain>(unsigned_argument(value, static_cast<Plain>(-1)));
    else if constexpr (std::is_integral_v<Plain>)
        return static_cast<Plain>(int_argument(value, std::int64_t(Plain(std::uint64_t(1) << (sizeof(Plain) * 8 - 1))),
                                               std::uint64_t(-1) >> (65 - sizeof(Plain) * 8)));
    else if constexpr (std::is_same_v<Plain, std::string_view>)
        return value.as_string();
    else if constexpr (std::is_same_v<Plain, std::string>)
        return std::string(value.as_string());
    else if constexpr (IsOptional<Plain>::value)
        return value.is_none() || value.is_undefined() ? Plain()
                                                       : Plain(convert_argument<typename Plain::value_type>(value));
    else if constexpr (IsVector<Plain>::value) {
        Plain result;
        for (auto const& item : value.items()) result.push_back(convert_argument<typename Plain::value_type>(item));
        return result;
    } else {
        static_assert(std::is_reference_v<T> && std::is_const_v<std::remove_reference_t<T>>,
                      "a template function takes C++ objects of its own types by const reference");
        if (!is_view_of(value, Builder<Plain>::type())) wrong_view(value);
        return *static_cast<Plain const*>(value.raw_data());
    }
}

// What is stored while the call runs: a reference to a foreign object, else a value.
template <class T>
using ArgumentStorage =
    std::conditional_t<std::is_same_v<std::remove_cvref_t<T>, Value> || std::is_arithmetic_v<std::remove_cvref_t<T>> ||
                           std::is_same_v<std::remove_cvref_t<T>, std::string_view> ||
                           std::is_same_v<std::remove_cvref_t<T>, std::string> ||
                           IsOptional<std::remove_cvref_t<T>>::value || IsVector<std::remove_cvref_t<T>>::value,
                       std::remove_cvref_t<T>, T>;

template <class T>
ArgumentStorage<T> take_argument(std::span<Param const> params, Args const& args, std::size_t index) {
    using Plain = std::remove_cvref_t<T>;
    if (Value const* value = find_argument(params, args, index)) return convert_argument<ArgumentStorage<T>>(*value);
    if constexpr (IsOptional<Plain>::value || std::is_same_v<Plain, Value> || std::is_same_v<Plain, bool>)
        return Plain();
    else
        missing_argument(params, index);
}

template <class R, class... A>
struct Signature {
    template <class F>
    static Value invoke(F const& callable, std::span<Param const> params, Args const& args) {
        check_arguments(params, args, sizeof...(A));
        return [&]<std::size_t... I>(std::index_sequence<I...>) -> Value {
            std::tuple<ArgumentStorage<A>...> values{take_argument<A>(params, args, I)...};
            if constexpr (std::is_void_v<R>) {
                callable(std::get<I>(values)...);
                return nullptr;
            } else
                return Value(callable(std::get<I>(values)...));
        }(std::index_sequence_for<A...>());
    }
};
template <class R>
struct Signature<R, Args const&> {
    template <class F>
    static Value invoke(F const& callable, std::span<Param const>, Args const& args) {
        if constexpr (std::is_void_v<R>) {
            callable(args);
            return nullptr;
        } else
            return Value(callable(args));
    }
};

template <class T>
struct SignatureOf : SignatureOf<decltype(&T::operator())> {};
template <class R, class... A>
struct SignatureOf<R (*)(A...)> : Signature<R, A...> {};
template <class R, class... A>
struct SignatureOf<R (*)(A...) noexcept> : Signature<R, A...> {};
template <class C, class R, class... A>
struct SignatureOf<R (C::*)(A...) const> : Signature<R, A...> {};
template <class C, class R, class... A>
struct SignatureOf<R (C::*)(A...) const noexcept> : Signature<R, A...> {};

template <class F>
Value function_value(F&& callable, std::span<Param const> params) {
    using Plain = std::decay_t<F>;
    static_assert(Callable<Plain>, "a function for templates is a function pointer, or has one const operator()");
    auto stored = std::make_unique<Plain>(std::forward<F>(callable));
    return make_function(
        stored.release(),
        [](void const* self, std::span<Param const> names, Args const& args) {
            return SignatureOf<Plain>::invoke(*static_cast<Plain const*>(self), names, args);
        },
        [](void* self) { std::default_delete<Plain>()(static_cast<Plain*>(self)); }, params);
}

} // namespace detail

template <class F>
Value Value::function(F&& callable) {
    return detail::function_value(std::forward<F>(callable), {});
}

template <class F>
Value Value::function(F&& callable, std::initializer_list<Param> params) {
    return detail::function_value(std::forward<F>(callable), {params.begin(), params.size()});
}

} // namespace hxx::jinja
