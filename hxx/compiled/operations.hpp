// Operators, literals, calls, filters and tests.
#pragma once

#include "hxx/compiled/values.hpp"
#include "hxx/jinja/number.hpp"

namespace hxx::compiled {

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────

template <BinaryOp op, class C, class A, class B>
[[nodiscard]] Value binary(C&, A const& left, B const& right) {
    return jinja::binary(op, operand(left), operand(right));
}
template <class C, class T>
[[nodiscard]] bool negation(C& c, T const& x) {
    return !truthy(c, x);
}
template <class C, class T>
[[nodiscard]] Value negative(C&, T const& x) {
    return jinja::unary(jinja::ast::UnaryOp::Neg, operand(x));
}
template <class C, class T>
[[nodiscard]] Value positive(C&, T const& x) {
    return jinja::unary(jinja::ast::UnaryOp::Pos, operand(x));
}

template <CompareOp op, class T>
[[nodiscard]] bool ordered(T const& left, T const& right) noexcept {
    if constexpr (op == CompareOp::Eq)
        return left == right;
    else if constexpr (op == CompareOp::Ne)
        return left != right;
    else if constexpr (op == CompareOp::Lt)
        return left < right;
    else if constexpr (op == CompareOp::LtEq)
        return left <= right;
    else if constexpr (op == CompareOp::Gt)
        return left > right;
    else
        return left >= right;
}

template <CompareOp op, class C, class A, class B>
[[nodiscard]] bool compare(C&, A const& left, B const& right) {
    constexpr bool membership = op == CompareOp::In || op == CompareOp::NotIn;
    if constexpr (!membership && Whole<A> && Whole<B>)
        return ordered<op>(std::int64_t{left}, std::int64_t{right});
    else if constexpr ((op == CompareOp::Eq || op == CompareOp::Ne) && Textual<A> && Textual<B>)
        return ordered<op>(std::string_view(left), std::string_view(right));
    else
        return jinja::compare(op, operand(left), operand(right));
}

template <int escape, class C, class... T>
[[nodiscard]] Value concat(C& c, T&&... parts) {
    Value const values[] = {value(std::forward<T>(parts))...};
    return jinja::concat(values, sizeof...(T), escapes<escape>(c));
}

// ── Literals ────────────────────────────────────────────────────────────────────────────────────────────────────

[[nodiscard]] inline Value big_integer(std::string_view digits) { return *jinja::int_from_text(digits, 10); }

template <class... T>
[[nodiscard]] std::vector<Value> collected(T&&... items) {
    std::vector<Value> values;
    values.reserve(sizeof...(T));
    (values.push_back(value(std::forward<T>(items))), ...);
    return values;
}
template <class C, class... T>
[[nodiscard]] Value list(C&, T&&... items) {
    return Value::list(collected(std::forward<T>(items)...));
}
template <class C, class... T>
[[nodiscard]] Value tuple(C&, T&&... items) {
    return Value::tuple(collected(std::forward<T>(items)...));
}
/// Keys and values in turn.
template <class C, class... T>
[[nodiscard]] Value dict(C&, T&&... items) {
    auto values = collected(std::forward<T>(items)...);
    std::vector<std::pair<Value, Value>> entries;
    for (std::size_t i = 0; i < values.size(); i += 2)
        entries.emplace_back(std::move(values[i]), std::move(values[i + 1]));
    return Value::dict(std::move(entries));
}
template <class C>
[[nodiscard]] Value no_else(C& c) {
    return Native::no_else(c.call);
}

// ── Calls, filters, tests ───────────────────────────────────────────────────────────────────────────────────────

template <class C>
[[nodiscard]] jinja::CallSite const& site(C& c, std::size_t index) noexcept {
    return c.call.compiled.sites[index];
}

/// The arguments of a call as Values, in the site's order.
template <std::size_t count>
struct Arguments {
    Value values[count];
    [[nodiscard]] Value const* data() const noexcept { return values; }
};
template <>
struct Arguments<0> {
    [[nodiscard]] static Value const* data() noexcept { return nullptr; }
};
template <class... T>
[[nodiscard]] Arguments<sizeof...(T)> arguments(T&&... items) {
    return {value(std::forward<T>(items))...};
}
[[nodiscard]] inline Arguments<0> arguments() { return {}; }

template <class C, class F, class... T>
[[nodiscard]] Value call(C& c, jinja::CallSite const& at, F const& callee, T&&... items) {
    return Native::call(c.call, at, operand(callee), arguments(std::forward<T>(items)...).data());
}
template <int escape, class C, class F, class... T>
void write_call(C& c, jinja::CallSite const& at, F const& callee, T&&... items) {
    Native::write_call(c.call, at, operand(callee), arguments(std::forward<T>(items)...).data(), escapes<escape>(c));
}
template <class C, class O, class... T>
[[nodiscard]] Value call_method(C& c, jinja::CallSite const& at, O const& object, T&&... items) {
    return Native::call_method(c.call, at, operand(object), arguments(std::forward<T>(items)...).data());
}
template <int escape, class C, class O, class... T>
void write_call_method(C& c, jinja::CallSite const& at, O const& object, T&&... items) {
    Native::write_method(c.call, at, operand(object), arguments(std::forward<T>(items)...).data(), escapes<escape>(c));
}
// ── Macros that are called as functions ─────────────────────────────────────────────────────────────────────────

/// A parameter that is not given.
struct Absent {};

/// A Value that is given counts as given even if it is undefined.
template <class T>
[[nodiscard]] decltype(auto) argument(T const& x) {
    if constexpr (Dynamically<T>) {
        Value given = x;
        if (given.is_undefined()) given.set_flag(static_cast<unsigned char>(given.flag() & ~jinja::missing_flag));
        return given;
    } else if constexpr (std::is_same_v<T, std::nullptr_t>)
        return hold(x);
    else
        return static_cast<T const&>(x);
}
template <class T, class F>
[[nodiscard]] decltype(auto) given_or(auto&, T const& x, F&& fallback) {
    if constexpr (std::is_same_v<T, Absent>)
        return fallback();
    else if constexpr (Dynamically<T>)
        return is_missing(x) ? Value(fallback()) : x;
    else
        return static_cast<T const&>(x);
}
template <FixedString name, class C, class T>
[[nodiscard]] decltype(auto) given(C& c, T const& x) {
    return given_or(c, x, [&] { return missing_parameter<name>(c); });
}

[[nodiscard]] inline bool is_static(Value const& callee, jinja::Object const& object) noexcept {
    return callee.kind() == jinja::Kind::Object && callee.raw_object() == &object;
}
/// Is it the macro of the template that calls it?
template <class Direct, class C>
[[nodiscard]] bool is_own(C& c, Value const& callee) noexcept {
    if (!jinja::is_instance<jinja::MacroObject>(callee)) return false;
    auto const& macro = static_cast<jinja::MacroObject const&>(*callee.raw_object());
    return &macro.compiled == &c.call.compiled && macro.function.native == Direct::native();
}

inline constexpr std::size_t own_template = std::size_t(-1);

template <class Direct, class C, class... A>
[[nodiscard]] bool run_macro(C& c, std::size_t link, A const&... items) {
    auto const& compiled = link == own_template ? c.call.compiled : Native::linked(c.call, link, Direct::template_name);
    return Native::direct(c.call, compiled, Direct::function, Direct::native(), [&](jinja::NativeCall& inner) {
        std::conditional_t<unchecked<C>, Dynamic, Checked> frame{{inner, c.out}};
        Direct::run(frame, items...);
    });
}
/// Writes what the macro writes if the callee `is` that macro, else what `otherwise` writes.
template <class Direct, class C, class F, class... A>
void write_macro(C& c, bool is, std::size_t link, F&& otherwise, A const&... items) {
    if (!is || !run_macro<Direct>(c, link, items...)) otherwise();
}
template <class Direct, int escape, class C, class F, class... A>
[[nodiscard]] Value macro_value(C& c, bool is, std::size_t link, F&& otherwise, A const&... items) {
    if (is) {
        Capture<C> capture(c);
        if (run_macro<Direct>(c, link, items...)) return capture.template end<escape>();
    }
    return otherwise();
}

} // namespace hxx::compiled
