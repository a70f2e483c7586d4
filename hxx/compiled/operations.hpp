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
/// The subject is the first of the items.
template <FixedString name, class C, class... T>
[[nodiscard]] Value filter(C& c, jinja::CallSite const& at, T&&... items) {
    return Native::filter(c.call, at, arguments(std::forward<T>(items)...).data());
}
template <FixedString name, int escape, class C, class... T>
void write_filter(C& c, jinja::CallSite const& at, T&&... items) {
    Native::write_filter(c.call, at, arguments(std::forward<T>(items)...).data(), escapes<escape>(c));
}
template <FixedString name, class C, class... T>
[[nodiscard]] Value test(C& c, jinja::CallSite const& at, T&&... items) {
    return Native::test(c.call, at, arguments(std::forward<T>(items)...).data());
}

} // namespace hxx::compiled
