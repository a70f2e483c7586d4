// Frame: what a function of a compiled template runs with. Dynamic is that of a context whose variables are Values.
#pragma once

#include "hxx/base/fixed_string.hpp"
#include "hxx/jinja/native.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <tuple>

namespace hxx::compiled {

using jinja::Binding;
using jinja::Native;
using jinja::Value;
using jinja::ast::BinaryOp;
using jinja::ast::CompareOp;

/// What both kinds have.
struct Frame {
    jinja::NativeCall& call;
    jinja::Output& out;

    /// What follows is the template's at this line and offset: where a run-time error is reported.
    void at(std::uint32_t line, std::uint32_t offset) noexcept { call.at = {line, offset}; }
    [[nodiscard]] Value& registers(std::size_t index) noexcept { return call.registers[index]; }
    /// A variable of an enclosing function, so many levels up.
    [[nodiscard]] Value& up(int levels, std::size_t index) noexcept {
        auto* activation = call.parent;
        for (; levels > 1; --levels) activation = activation->parent.get();
        return activation->registers[index];
    }
};

/// All variables are Values, and what is wrong with one is found out when it is rendered.
struct Dynamic : Frame {};
/// A macro that is called with C++ values.
struct Checked : Frame {};
template <class C>
inline constexpr bool unchecked = std::is_same_v<C, Dynamic>;

/// Variables are found by Names, whose get<"name">(model) gives a reference to a C++ value. Template is the one that
/// was asked for or included: the first of the chain of those that it extends.
template <class NamesType, class TemplateType>
struct Typed : Frame {
    using Names = NamesType;
    using Template = TemplateType;
};

template <class C>
concept HasNames = requires { typename C::Names; };

/// The function of a compiled template, as the engine calls it.
template <auto function, class C>
void enter(jinja::NativeCall& call) {
    C c{{call, Native::output(call)}};
    function(c);
}

/// What stands for a function of the template, or of one that it extends, where the variables are C's; or null.
template <class T, class C>
[[nodiscard]] jinja::NativeFunction typed_of(jinja::NativeFunction function) {
    if (auto const typed = T::template typed<C>(function)) return typed;
    if constexpr (!std::is_void_v<typename T::parent>)
        return typed_of<typename T::parent, C>(function);
    else
        return nullptr;
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

template <class T, FixedString name>
inline constexpr bool has_field =
    reflect::member_index<std::remove_cvref_t<T>>(name.view()) < reflect::member_count<std::remove_cvref_t<T>>;

/// May a template of the chain set a variable of that name at its top, or give it to a scoped block?
template <class T>
[[nodiscard]] constexpr bool may_set(std::string_view name) {
    if constexpr (std::is_void_v<T>)
        return false;
    else {
        for (auto const& set : T::sets)
            if (set == name) return true;
        return may_set<typename T::parent>(name);
    }
}

/// Does a template of the chain extend what only the rendering knows?
template <class T>
[[nodiscard]] constexpr bool is_open() {
    if constexpr (std::is_void_v<T>)
        return false;
    else
        return T::open || is_open<typename T::parent>();
}

/// Is there a variable of that name, apart from those that the application gives to every template?
template <class C, FixedString name>
[[nodiscard]] consteval bool knows() {
    if constexpr (HasNames<C>)
        return C::Names::template knows<name>() || may_set<typename C::Template>(name.view()) ||
               is_open<typename C::Template>();
    else
        return true; // which the rendering finds out
}

/// The members of the struct that the context is.
template <class Model>
struct ModelNames {
    using Context = Model;
    static constexpr bool lasting = true; // to the rendering's end
    template <FixedString name>
    static constexpr bool has = has_field<Model, name>;
    template <FixedString name>
    [[nodiscard]] static consteval bool knows() {
        return has<name>;
    }
    template <FixedString name>
    [[nodiscard]] static decltype(auto) get(void const* model) noexcept {
        return unwrap(reflect::get<reflect::member_index<Model>(name.view())>(*static_cast<Model const*>(model)));
    }
    template <class>
    static constexpr bool within = false;
};

/// A variable of a template that includes another.
template <FixedString the_name, class T>
struct Named {
    static constexpr auto name = the_name;
    T const& value;
};
template <FixedString name, class T>
[[nodiscard]] Named<name, T> named(T const& value) noexcept {
    return {value};
}

/// The variables of an including template before those that it finds itself.
template <class Outer, class... N>
struct Locals {
    void const* outer;
    std::tuple<N...> names;

    template <FixedString name>
    static constexpr std::size_t index = [] {
        std::size_t found = sizeof...(N), i = 0;
        ((found = N::name.view() == name.view() ? i : found, ++i), ...);
        return found;
    }();
};
template <class Outer, class... N>
struct LocalNames {
    using Context = typename Outer::Names::Context;
    using Model = Locals<Outer, N...>;
    static constexpr bool lasting = false;
    template <FixedString name>
    static constexpr bool local = Model::template index<name> < sizeof...(N);

    template <FixedString name>
    static constexpr bool known() {
        if constexpr (local<name>) // a Value may be missing, which only the rendering knows
            return !std::is_same_v<decltype(std::get<Model::template index<name>>(std::declval<Model>().names).value),
                                   Value const&>;
        else
            return Outer::Names::template has<name> && !may_set<typename Outer::Template>(name.view());
    }
    template <FixedString name>
    static constexpr bool has = known<name>();
    template <FixedString name>
    [[nodiscard]] static consteval bool knows() {
        return local<name> || compiled::knows<Outer, name>();
    }
    template <FixedString name>
    [[nodiscard]] static decltype(auto) get(void const* model) noexcept {
        auto const& self = *static_cast<Model const*>(model);
        if constexpr (local<name>)
            return (std::get<Model::template index<name>>(self.names).value);
        else
            return Outer::Names::template get<name>(self.outer);
    }
    /// Is the template included by itself?
    template <class T>
    static constexpr bool within = std::is_same_v<T, typename Outer::Template> || Outer::Names::template within<T>;
};

// A step that other functions run in: what it is called in an error's list of callers.
class Doing {
  public:
    Doing(jinja::NativeCall& call, std::string_view what) noexcept : call_(call), former_(call.what) {
        call.what = what;
    }
    void done() noexcept { call_.what = former_; }

  private:
    jinja::NativeCall& call_;
    std::string_view former_;
};

} // namespace hxx::compiled
