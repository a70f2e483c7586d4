// Loops, assignments, macros, and templates that use each other.
#pragma once

#include "hxx/compiled/values.hpp"
#include "hxx/jinja/error.hpp"

namespace hxx::compiled {

// ── Functions for a context's types that the engine calls ───────────────────────────────────────────────────────

/// Values of it are views of a T: a struct, or a sequence of structs.
template <class T>
inline constexpr bool is_seen =
    jinja::detail::Seen<T> && !jinja::detail::HasToValue<T> && !Wrapper<T> && !jinja::detail::OptionalLike<T> &&
    !jinja::detail::PointerLike<T> && !jinja::detail::Callable<T> && (Struct<T> || Struct<Item<T>>);
template <class T>
using SeenAs = std::conditional_t<is_seen<std::remove_cvref_t<T>>, std::remove_cvref_t<T>, Value>;

/// A Value that was made of a T, as the T that it borrows or has.
template <class T>
[[nodiscard]] decltype(auto) seen_as(Value const& x) noexcept {
    if constexpr (is_seen<T>)
        return *static_cast<T const*>(x.raw_data());
    else
        return (x);
}

/// The function in place of that which runs with Values. The compiler looks at it in any case; but what an including
/// template has is gone when a loop or a call's body is called later.
template <auto function, class T, class C>
[[nodiscard]] jinja::NativeEntry entry_of([[maybe_unused]] C& c) noexcept {
    if constexpr (HasNames<C>) {
        constexpr jinja::NativeFunction typed = &enter<function, C>;
        if constexpr (C::Names::lasting) {
            if constexpr (is_seen<T>)
                return {typed, c.call.model, &jinja::detail::type_info<T>};
            else
                return {typed, c.call.model};
        }
    }
    return {};
}

// ── Loops ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// Goes through a Value. What is named as `loop`'s attributes gives them.
template <class C>
class ValueLoop {
  public:
    ValueLoop(C& c, Value const& iterable) : c_(c) { state_.start(iterable, 0); }
    bool next() {
        if (!state_.next(item_)) return false;
        c_.call.state.count_iteration();
        return true;
    }
    [[nodiscard]] Value const& item() const noexcept { return item_; }
    void complete() noexcept { state_.complete(); }
    [[nodiscard]] bool completed() const noexcept { return state_.completed(); }

    [[nodiscard]] std::int64_t index() const noexcept { return state_.index0() + 1; }
    [[nodiscard]] std::int64_t index0() const noexcept { return state_.index0(); }
    [[nodiscard]] bool first() const noexcept { return state_.index0() == 0; }
    [[nodiscard]] Value revindex() { return get(jinja::LoopAttribute::RevIndex); }
    [[nodiscard]] Value revindex0() { return get(jinja::LoopAttribute::RevIndex0); }
    [[nodiscard]] Value last() { return get(jinja::LoopAttribute::Last); }
    [[nodiscard]] Value length() { return get(jinja::LoopAttribute::Length); }
    [[nodiscard]] Value depth() { return get(jinja::LoopAttribute::Depth); }
    [[nodiscard]] Value depth0() { return get(jinja::LoopAttribute::Depth0); }
    [[nodiscard]] Value previtem() { return get(jinja::LoopAttribute::PrevItem); }
    [[nodiscard]] Value nextitem() { return get(jinja::LoopAttribute::NextItem); }

  private:
    Value get(jinja::LoopAttribute attribute) {
        return jinja::loop_attribute_value(state_, attribute, c_.call.state.undefined_mode());
    }
    C& c_;
    jinja::LoopState state_;
    Value item_;
};

/// Goes through a C++ sequence in place.
template <class C, class T>
class SequenceLoop {
  public:
    SequenceLoop(C& c, T const& sequence) : c_(c), next_(std::begin(sequence)), sequence_(sequence) {}
    bool next() {
        if (at_ + 1 == static_cast<std::int64_t>(std::size(sequence_))) return false;
        if (at_ >= 0) ++next_;
        ++at_;
        c_.call.state.count_iteration();
        return true;
    }
    [[nodiscard]] decltype(auto) item() const { return unwrap(*next_); }
    void complete() noexcept { completed_ = true; }
    [[nodiscard]] bool completed() const noexcept { return completed_; }

    [[nodiscard]] std::int64_t index() const noexcept { return at_ + 1; }
    [[nodiscard]] std::int64_t index0() const noexcept { return at_; }
    [[nodiscard]] bool first() const noexcept { return at_ == 0; }
    [[nodiscard]] std::int64_t length() const { return static_cast<std::int64_t>(std::size(sequence_)); }
    [[nodiscard]] std::int64_t revindex() const { return length() - at_; }
    [[nodiscard]] std::int64_t revindex0() const { return length() - at_ - 1; }
    [[nodiscard]] bool last() const { return at_ + 1 == length(); }
    [[nodiscard]] static std::int64_t depth() noexcept { return 1; }
    [[nodiscard]] static std::int64_t depth0() noexcept { return 0; }
    [[nodiscard]] Value previtem() const {
        return first() ? undefined("there is no previous item") : Value(unwrap(*std::prev(next_)));
    }
    [[nodiscard]] Value nextitem() const {
        return last() ? undefined("there is no next item") : Value(unwrap(*std::next(next_)));
    }

  private:
    [[nodiscard]] Value undefined(std::string hint) const {
        return jinja::undefined_hint(std::move(hint), c_.call.state.undefined_mode());
    }
    C& c_;
    decltype(std::begin(std::declval<T const&>())) next_;
    T const& sequence_;
    std::int64_t at_ = -1;
    bool completed_ = false;
};

template <class T>
concept Sequence = !Dynamically<T> && !Textual<T> && !jinja::detail::MapLike<T> && requires(T const& sequence) {
    std::size(sequence);
    { std::begin(sequence) } -> std::bidirectional_iterator;
    requires std::is_reference_v<decltype(*std::begin(sequence))>; // std::vector<bool> has none
};

template <class C, class T>
[[nodiscard]] auto loop_over(C& c, T const& iterable) {
    if constexpr (Sequence<T>)
        return SequenceLoop<C, T>(c, iterable);
    else
        return ValueLoop<C>(c, operand(iterable));
}

/// Goes through what a `loop` object goes through.
template <class C>
class ObjectLoop {
  public:
    ObjectLoop(C& c, Value const& loop) : c_(c), state_(Native::state_of(loop)) {}
    bool next() {
        if (!state_.next(item_)) return false;
        c_.call.state.count_iteration();
        return true;
    }
    [[nodiscard]] Value const& item() const noexcept { return item_; }
    void complete() noexcept { state_.complete(); }
    [[nodiscard]] bool completed() const noexcept { return state_.completed(); }

  private:
    C& c_;
    jinja::LoopState& state_;
    Value item_;
};

template <class C>
[[nodiscard]] Value loop_object(C& c, Value const& iterable) {
    return Native::loop_object(c.call, iterable, nullptr);
}
template <auto function, class T, class C>
[[nodiscard]] Value recursive_loop_object(C& c, Value const& iterable) {
    return Native::loop_object(c.call, iterable, &c.call.function, entry_of<function, T>(c));
}
/// `typed` is the function for C, for items that are a T.
template <auto typed, class T, class C>
void call_loop(C& c, std::size_t function, Value const& iterable) {
    Doing doing(c.call, "in the recursive loop");
    Native::call_loop(c.call, function, iterable, entry_of<typed, T>(c));
    doing.done();
}

// ── Assignments and macros ──────────────────────────────────────────────────────────────────────────────────────

template <std::size_t count, class C, class T>
[[nodiscard]] std::array<Value, count> unpack(C& c, T const& x) {
    std::array<Value, count> parts;
    Native::unpack(c.call, operand(x), parts.data(), count);
    return parts;
}
template <std::size_t index, std::size_t count>
[[nodiscard]] Value part(std::array<Value, count> const& parts) {
    return parts[index];
}
template <class C>
void set(C& c, std::string_view name, Value const& x, std::uint8_t flag) {
    Native::set(c.call, name, x, flag);
}
inline void check_namespace(Value const& x) { Native::check_namespace(x); }
template <class C>
void set_namespace(C& c, Value const& space, std::string_view name, Value const& x) {
    Native::set_namespace(c.call, space, name, x);
}
template <class C>
[[nodiscard]] Value macro(C& c, std::size_t function) {
    return Native::macro(c.call, function);
}
/// One that uses the context, or the body of a call block.
template <auto typed, class C>
[[nodiscard]] Value typed_macro(C& c, std::size_t function) {
    return Native::macro(c.call, function, entry_of<typed, Value>(c));
}

// ── Templates and blocks ────────────────────────────────────────────────────────────────────────────────────────

template <class C>
[[nodiscard]] constexpr Native::TypedFunction typed_functions() noexcept {
    if constexpr (HasNames<C>)
        return &typed_of<typename C::Template, C>;
    else
        return nullptr;
}

[[nodiscard]] inline Native::Locals locals(std::initializer_list<Binding> bindings) noexcept {
    return {bindings.begin(), bindings.size()};
}

template <class C>
[[nodiscard]] bool extended(C& c) noexcept {
    return c.call.context.parent != nullptr;
}
[[noreturn]] inline void fail_extended() {
    throw jinja::Error(jinja::ErrorKind::TemplateRuntimeError, "extended multiple times");
}
template <class C>
void extend(C& c, Value const& source) {
    Doing doing(c.call, "extended");
    Native::extend(c.call, source);
    doing.done();
}
template <class C>
void run_parent(C& c) {
    Doing doing(c.call, "extended");
    Native::run_parent(c.call, typed_functions<C>());
    doing.done();
}
template <class C>
void block(C& c, std::string_view name, std::string_view what, Native::Locals locals, std::uint8_t flags) {
    Doing doing(c.call, what);
    Native::block(c.call, name, locals, flags, typed_functions<C>());
    doing.done();
}
template <FixedString name, class C>
[[nodiscard]] Value super_of(C& c) {
    if constexpr (HasNames<C>) // what an including template has may be gone when super() is called
        if constexpr (C::Names::lasting) return Native::super(c.call, name.view(), typed_functions<C>());
    return Native::super(c.call, name.view());
}
template <class C>
[[nodiscard]] Value self_of(C& c) {
    return Native::self(c.call);
}
template <class C>
void include(C& c, Value const& source, Native::Locals locals, std::uint8_t flags) {
    Doing doing(c.call, "included");
    Native::include(c.call, source, locals, flags);
    doing.done();
}
/// The template T is included by its name, with the context; it finds these names before what C finds.
template <class T, class C, class... N>
void include_template(C& c, Value const& source, Native::Locals locals, std::uint8_t flags, N const&... names) {
    if constexpr (HasNames<C>) {
        if constexpr (!C::Names::template within<T> && !std::is_same_v<T, typename C::Template>) {
            using Inner = Typed<LocalNames<C, N...>, T>;
            compiled::Locals<C, N...> const model{c.call.model, {names...}};
            Doing doing(c.call, "included");
            Native::include(c.call, source, locals, flags, &typed_of<T, Inner>, &model);
            return doing.done();
        }
    }
    include(c, source, locals, flags);
}
template <class C>
[[nodiscard]] Value import_module(C& c, Value const& source, Native::Locals locals, std::uint8_t flags) {
    Doing doing(c.call, "imported");
    auto module = Native::import(c.call, source, locals, flags);
    doing.done();
    return module;
}
template <class C>
[[nodiscard]] Value import_name(C& c, std::string_view name, Value const& module) {
    return Native::import_name(c.call, name, module);
}

} // namespace hxx::compiled
