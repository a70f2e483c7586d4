// Values and C++ types side by side: conversion, truth, writing, attributes.
#pragma once

#include "hxx/compiled/frame.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <array>
#include <concepts>

namespace hxx::compiled {

template <class T>
concept Dynamically = std::same_as<std::remove_cvref_t<T>, Value>;
template <class T>
concept Textual = !Dynamically<T> && jinja::detail::Text<std::remove_cvref_t<T>> &&
                  !std::same_as<std::remove_cvref_t<T>, std::nullptr_t>;
template <class T>
concept Truth = std::same_as<std::remove_cvref_t<T>, bool>;
template <class T>
concept Whole = std::integral<std::remove_cvref_t<T>> && !Truth<T> && !std::same_as<std::remove_cvref_t<T>, char> &&
                (std::is_signed_v<std::remove_cvref_t<T>> || sizeof(std::remove_cvref_t<T>) < 8);
template <class T>
concept Struct = jinja::detail::StructLike<std::remove_cvref_t<T>> && !Wrapper<std::remove_cvref_t<T>> &&
                 !jinja::detail::HasToValue<std::remove_cvref_t<T>>;

template <class T>
struct ItemOf {
    using type = Value;
};
template <class T>
    requires(jinja::detail::Range<T> && !jinja::detail::MapLike<T>)
struct ItemOf<T> {
    using type = std::remove_cvref_t<decltype(unwrap(*std::begin(std::declval<T const&>())))>;
};
/// What a loop over it gives; a Value where that is not known.
template <class T>
using Item = typename ItemOf<T>::type;

/// A Value of anything: what is an lvalue is borrowed, what is not is moved into the Value.
template <class T>
[[nodiscard]] Value value(T&& x) {
    return Value(std::forward<T>(x));
}

// As an operand: a Value is not copied.
[[nodiscard]] inline Value const& operand(Value const& x) noexcept { return x; }
template <class T>
    requires(!Dynamically<T>)
[[nodiscard]] Value operand(T const& x) {
    return Value(x);
}

/// What a variable is declared with. A Value may be assigned to later, so it is copied; C++ values are seen in place.
[[nodiscard]] inline Value hold(Value const& x) { return x; }
[[nodiscard]] inline Value hold(Value& x) { return x; }
[[nodiscard]] inline Value hold(Value&& x) { return std::move(x); }
[[nodiscard]] inline Value hold(std::nullptr_t) { return Value(nullptr); } // none stands for what might be there
template <class T>
[[nodiscard]] T hold(T&& x) {
    return std::forward<T>(x);
}

using jinja::is_missing;

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

template <class C, FixedString name>
[[nodiscard]] consteval bool has_name() {
    if constexpr (HasNames<C>)
        return C::Names::template has<name> && !may_set<typename C::Template>(name.view());
    else
        return false;
}
template <FixedString name, class C>
[[nodiscard]] decltype(auto) find(C& c) {
    if constexpr (has_name<C, name>())
        return C::Names::template get<name>(c.call.model);
    else
        return Native::variable(c.call, name.view());
}
template <FixedString name, class C>
[[nodiscard]] Value missing(C& c) {
    return Native::missing(c.call, name.view());
}
template <FixedString name, class C>
[[nodiscard]] Value missing_parameter(C& c) {
    return Native::missing_parameter(c.call, name.view());
}

// ── Truth ───────────────────────────────────────────────────────────────────────────────────────────────────────

template <class C, class T>
[[nodiscard]] bool truthy(C&, T const& x) {
    if constexpr (Dynamically<T>)
        return jinja::truthy(x);
    else if constexpr (std::is_arithmetic_v<T> && !std::same_as<T, char>) // which is a text
        return static_cast<bool>(x);
    else if constexpr (Textual<T>)
        return !std::string_view(x).empty();
    else
        return jinja::truthy(Value(x));
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// In place of true and false where only the rendering knows whether it escapes.
inline constexpr int dynamic = 2;

template <int escape, class C>
[[nodiscard]] bool escapes(C& c) noexcept {
    if constexpr (escape == dynamic)
        return c.call.state.escaping();
    else
        return escape != 0;
}

template <class C>
void write(C& c, char const* text, std::size_t size) {
    c.out.append(jinja::Piece{text, size});
}

/// The value between two texts of the template, which may be empty.
template <int escape, class C, class T>
void emit(C& c, jinja::Piece before, T const& x, jinja::Piece after) {
    if constexpr (Dynamically<T>) {
        if (x.kind() == jinja::Kind::String && (x.is_markup() || !escapes<escape>(c)))
            c.out.append(before, x.raw_text(), after);
        else if (x.kind() == jinja::Kind::String)
            c.out.append_escaped(before, x.raw_text(), after);
        else if (x.kind() == jinja::Kind::Int)
            c.out.append_int(before, x.raw_int(), after);
        else {
            c.out.append(before);
            c.call.state.write(x, escapes<escape>(c));
            c.out.append(after);
        }
    } else if constexpr (Textual<T>) {
        if (escapes<escape>(c))
            c.out.append_escaped(before, std::string_view(x), after);
        else
            c.out.append(before, std::string_view(x), after);
    } else if constexpr (Whole<T>)
        c.out.append_int(before, static_cast<std::int64_t>(x), after);
    else
        emit<escape>(c, before, Value(x), after);
}
template <int escape, class C, class T>
void emit(C& c, T const& x) {
    emit<escape>(c, {}, x, {});
}

/// What is written while it is there becomes a value.
template <class C>
class Capture {
  public:
    explicit Capture(C& c) : c_(c) { Native::start_capture(c.call); }
    Capture(Capture const&) = delete;
    Capture& operator=(Capture const&) = delete;
    ~Capture() {
        if (open_ && std::uncaught_exceptions() == exceptions_) static_cast<void>(Native::end_capture(c_.call));
    }
    template <int escape>
    [[nodiscard]] Value end() {
        open_ = false;
        auto text = Native::end_capture(c_.call);
        return escapes<escape>(c_) ? Value::markup(std::move(text)) : Value(std::move(text));
    }

  private:
    C& c_;
    bool open_ = true;
    int exceptions_ = std::uncaught_exceptions();
};

/// {% autoescape %}
template <class C>
class Escaping {
  public:
    Escaping(C& c, bool escaping) : context_(c.call.context), former_(context_.escaping()) {
        context_.set_escaping(escaping);
    }
    Escaping(Escaping const&) = delete;
    Escaping& operator=(Escaping const&) = delete;
    ~Escaping() { context_.set_escaping(former_); }

  private:
    jinja::RenderContext& context_;
    bool former_;
};

template <class C>
[[nodiscard]] Value mark_if_escaping(C& c, Value x) {
    if (!c.call.state.escaping() || x.is_markup()) return x;
    return Value::markup(jinja::text_of(x));
}

// ── Attributes and items ────────────────────────────────────────────────────────────────────────────────────────

// The member that an attribute was the last time: objects at one place of a template most often have one type.
template <FixedString name>
[[nodiscard]] jinja::Member const* cached_member(jinja::TypeInfo const& type) noexcept {
    static constinit std::atomic<jinja::Member const*> cache{nullptr};
    auto const* member = cache.load(std::memory_order_acquire);
    if (member && member->owner == &type) [[likely]]
        return member;
    member = type.find_member(name.view());
    if (member) cache.store(member, std::memory_order_release);
    return member;
}

template <FixedString name, class C, class T>
[[nodiscard]] decltype(auto) getattr(C& c, T const& x) {
    if constexpr (Struct<T>) {
        if constexpr (has_field<T, name>)
            return unwrap(reflect::get<reflect::member_index<T>(name.view())>(x));
        else
            return Native::attribute(c.call, Value(x), name.view());
    } else if constexpr (Dynamically<T>) {
        if (x.kind() == jinja::Kind::View && !c.call.state.lookup().sandbox)
            if (auto const* member = cached_member<name>(x.raw_type())) {
                Value result = member->get(x.raw_data());
                if (x.owner()) result.keep_alive(x.owner());
                return result;
            }
        return Native::attribute(c.call, x, name.view());
    } else
        return Native::attribute(c.call, Value(x), name.view());
}

template <class C, class T, class K>
[[nodiscard]] Value getitem(C& c, T const& x, K const& key) {
    return jinja::get_item(operand(x), operand(key), c.call.state.lookup());
}

template <class C, class T, class A, class B, class S>
[[nodiscard]] Value slice(C&, T const& x, A const& start, B const& stop, S const& step) {
    return jinja::get_slice(operand(x), operand(start), operand(stop), operand(step));
}

} // namespace hxx::compiled
