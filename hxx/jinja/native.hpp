// Native: what templates that were compiled to C++ ask of the engine. Each function is one step of the interpreter.
#pragma once

#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/runtime_objects.hpp"

#include <span>

namespace hxx::jinja {

struct Native {
    using Locals = std::span<Binding const>; // what an including template's own variables are; missing ones are skipped

    /// The context's variable or the global; undefined if there is none. The name is borrowed.
    [[nodiscard]] static Value variable(NativeCall const& call, std::string_view name) {
        Value value;
        if (!call.context.find(name, value)) value = undefined_name(name, call.state.undefined_mode());
        return value;
    }
    [[nodiscard]] static Value missing(NativeCall const& call, std::string_view name) {
        return undefined_name(name, call.state.undefined_mode());
    }
    /// A parameter without a default that was not given.
    [[nodiscard]] static Value missing_parameter(NativeCall const& call, std::string_view name);
    /// An inline if without else.
    [[nodiscard]] static Value no_else(NativeCall const& call) { return call.state.no_else(call.compiled, call.at); }

    // ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────
    [[nodiscard]] static Output& output(NativeCall const& call) noexcept { return call.state.output_; }
    static void start_capture(NativeCall const& call);
    [[nodiscard]] static std::string end_capture(NativeCall const& call);

    // ── Expressions ──────────────────────────────────────────────────────────────────────────────────────────────
    [[nodiscard]] static Value attribute(NativeCall const& call, Value const& object, std::string_view name);
    static void unpack(NativeCall const& call, Value const& value, Value* first, std::size_t count) {
        call.state.unpack(value, first, count);
    }
    /// Arguments lie in the site's order. With `write`, the result is written.
    [[nodiscard]] static Value call(NativeCall const& call, CallSite const& site, Value const& callee,
                                    Value const* arguments);
    static void write_call(NativeCall const& call, CallSite const& site, Value const& callee, Value const* arguments,
                           bool escape);
    [[nodiscard]] static Value call_method(NativeCall const& call, CallSite const& site, Value const& object,
                                           Value const* arguments);
    static void write_method(NativeCall const& call, CallSite const& site, Value const& object, Value const* arguments,
                             bool escape);
    [[nodiscard]] static Value filter(NativeCall const& call, CallSite const& site, Value const* arguments);
    static void write_filter(NativeCall const& call, CallSite const& site, Value const* arguments, bool escape);
    [[nodiscard]] static Value test(NativeCall const& call, CallSite const& site, Value const* arguments);

    using TypedFunction = NativeFunction (*)(NativeFunction function); // as TypedSpec::typed
    // ── Statements ───────────────────────────────────────────────────────────────────────────────────────────────
    static void include(NativeCall const& call, Value const& source, Locals locals, std::uint8_t flags,
                        TypedFunction typed = nullptr, void const* model = nullptr);
    [[nodiscard]] static Value import(NativeCall const& call, Value const& source, Locals locals, std::uint8_t flags);
    [[nodiscard]] static Value import_name(NativeCall const& call, std::string_view name, Value const& module) {
        return call.state.import_name(call.compiled, call.at, name, module);
    }
    static void extend(NativeCall const& call, Value const& source) { call.state.extend(call.context, source); }
    static void run_parent(NativeCall const& call, TypedFunction typed = nullptr) {
        call.state.run_parent(call.context, &call.function == call.compiled.setup, {typed, call.model});
    }
    static void block(NativeCall const& call, std::string_view name, Locals locals, std::uint8_t flags,
                      TypedFunction typed = nullptr);
    [[nodiscard]] static Value super(NativeCall const& call, std::string_view block, TypedFunction typed = nullptr) {
        return call.state.super_of(call.context, block, call.function, {typed, call.model});
    }
    [[nodiscard]] static Value self(NativeCall const& call);
    [[nodiscard]] static Value macro(NativeCall const& call, std::size_t function, NativeEntry const& entry = {}) {
        return call.state.make_macro(call.compiled, *call.compiled.functions[function], call.own, call.context, entry);
    }
    /// As {% set %} at a template's top; what it sets is exported, hidden from those who import it, or neither.
    static void set(NativeCall const& call, std::string_view name, Value const& value, std::uint8_t flag);
    static void check_namespace(Value const& value);
    static void set_namespace(NativeCall const& call, Value const& space, std::string_view name, Value const& value);

    /// Calls run(NativeCall&) as the macro that is that function of the compiled template. False, and nothing happens,
    /// if the template's function is not `native`: the environment took another template of that name.
    template <class Run>
    static bool direct(NativeCall const& call, Template::Compiled const& compiled, std::size_t function,
                       NativeFunction native, Run&& run) {
        if (function >= compiled.functions.size() || compiled.functions[function]->native != native) return false;
        call.state.count_iteration();
        State::Invocation const invocation(call.state, call.context);
        NativeCall inner{call.state, call.context, compiled, *compiled.functions[function], nullptr, nullptr, nullptr,
                         0,          nullptr};
        std::size_t const captures = call.state.captures_.size();
        try {
            run(inner);
        } catch (Error& error) {
            call.state.captures_.resize(captures);
            State::locate(error, compiled, inner.at, std::string(inner.what));
            throw;
        }
        return true;
    }
    /// The template of that name, the calling template's link of that number.
    [[nodiscard]] static Template::Compiled const& linked(NativeCall const& call, std::size_t number,
                                                          std::string_view name) {
        auto& link = call.compiled.linked[number];
        auto const* compiled = link.load(std::memory_order_acquire);
        if (!compiled) [[unlikely]] {
            compiled = &call.state.load(name);
            link.store(compiled, std::memory_order_release);
        }
        return *compiled;
    }

    // ── Loops ────────────────────────────────────────────────────────────────────────────────────────────────────
    /// The `loop` of a loop that uses it as a value. With a `function`, the loop is recursive.
    [[nodiscard]] static Value loop_object(NativeCall const& call, Value const& iterable, Function const* function,
                                           NativeEntry const& entry = {});
    [[nodiscard]] static LoopState& state_of(Value const& loop) {
        return static_cast<LoopObject*>(loop.raw_object())->state;
    }
    static void call_loop(NativeCall const& call, std::size_t function, Value const& iterable,
                          NativeEntry const& entry = {});
};

} // namespace hxx::jinja
