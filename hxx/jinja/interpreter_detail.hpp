// What the interpreter's sources share.
#pragma once

#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <memory>
#include <typeinfo>

namespace hxx::jinja {

/// Is it exactly a T, a final class?
template <class T>
[[nodiscard]] bool is_instance(Value const& value) noexcept {
    if (value.kind() != Kind::Object) return false;
    Object const& object = *value.raw_object();
    return typeid(object) == typeid(T);
}

/// A loop that is running: `active` is its own state or that of the `loop` object.
struct State::LoopFrame {
    LoopState own;
    LoopState* active = &own;
};

struct State::Running {
    Template::Compiled const& compiled;
    Function const& function;
    Value* registers;
    Activation* own;    // if functions inside use the registers
    Activation* parent; // of the enclosing function
    RenderContext& context;
    std::size_t depth; // of a recursive loop
    LoopFrame* loops = nullptr;
    Instruction const* at = function.code.data(); // the instruction that runs

    [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(at - function.code.data()); }
    [[nodiscard]] Value const& operand(std::int32_t index) const noexcept {
        return index >= 0 ? registers[index] : compiled.constants[static_cast<std::size_t>(~index)];
    }
};

/// Registers of one function: from the state's own, or from an Activation that outlives the call.
class State::Registers {
  public:
    Registers(State& state, Function const& function, Activation* parent)
        : state_(state), count_(static_cast<std::size_t>(function.registers)) {
        if (function.has_closures) {
            activation_ = Ref<Activation>::make(count_, Ref<Activation>(parent));
            first_ = activation_->registers.data();
        } else if (static_cast<std::size_t>(state.registers_end_ - state.registers_) >= count_) {
            first_ = state.registers_;
            std::uninitialized_value_construct_n(first_, count_);
            state.registers_ += count_;
            on_stack_ = true;
        } else {
            own_ = std::make_unique<Value[]>(count_);
            first_ = own_.get();
        }
    }
    Registers(Registers const&) = delete;
    Registers& operator=(Registers const&) = delete;
    ~Registers() {
        if (on_stack_) {
            std::destroy_n(first_, count_);
            state_.registers_ = first_;
        }
        // A macro in a register holds the registers: the state breaks the circle when the rendering ends. Most often
        // nobody else knows the macros, and it can be broken now.
        if (!activation_) return;
        if (only_own_macros())
            activation_->registers.clear();
        else
            state_.retained_.push_back(std::move(activation_));
    }
    [[nodiscard]] Value* first() const noexcept { return first_; }
    [[nodiscard]] Activation* activation() const noexcept { return activation_.get(); }

  private:
    // Are all references to the activation those of macros that only its registers hold?
    [[nodiscard]] bool only_own_macros() const {
        std::uint32_t own = 1;
        for (auto const& value : activation_->registers)
            if (is_instance<MacroObject>(value) && value.raw_object()->references() == 1 &&
                static_cast<MacroObject const&>(*value.raw_object()).parent.get() == activation_.get())
                ++own;
        return activation_->references() == own;
    }

    State& state_;
    std::size_t count_;
    bool on_stack_ = false;
    Value* first_ = nullptr;
    Ref<Activation> activation_;
    std::unique_ptr<Value[]> own_;
};

/// Counts the depth of calls and remembers whose context it was.
class State::Invocation {
  public:
    Invocation(State& state, RenderContext& context) : state_(state), former_(std::exchange(state.context_, &context)) {
        if (++state_.depth_ > state_.environment_.options.limits.recursion) {
            leave();
            throw Error(ErrorKind::LimitError, "macros, includes and blocks are nested more than " +
                                                   std::to_string(state_.environment_.options.limits.recursion) +
                                                   " deep");
        }
    }
    Invocation(Invocation const&) = delete;
    Invocation& operator=(Invocation const&) = delete;
    ~Invocation() { leave(); }

  private:
    void leave() noexcept {
        --state_.depth_;
        state_.context_ = former_;
    }
    State& state_;
    RenderContext* former_;
};

template <class Init>
void State::invoke(Template::Compiled const& compiled, Function const& function, Activation* parent,
                   RenderContext& context, std::size_t depth, Init&& init, NativeEntry entry) {
    count_iteration(); // or macros that call themselves twice would end at no limit
    Invocation const invocation(*this, context);
    Registers const registers(*this, function, parent);
    Value* const r = registers.first();
    for (auto const& [reg, name] : function.resolves) {
        auto const text = compiled.names[name].text;
        if (!context.find(text, r[reg])) r[reg] = undefined_name(text, undefined_mode());
    }
    init(r);
    if (function.native) {
        NativeCall call{*this, context, compiled, function, r, registers.activation(), parent, depth, entry.model};
        return run_native(call, entry.function ? entry.function : function.native);
    }
    Running running{compiled, function, r, registers.activation(), parent, context, depth};
    if (function.loops == 0) return run(running);
    constexpr std::int32_t few = 2;
    if (function.loops <= few) {
        LoopFrame loops[few];
        running.loops = loops;
        return run(running);
    }
    auto const loops = std::make_unique<LoopFrame[]>(static_cast<std::size_t>(function.loops));
    running.loops = loops.get();
    run(running);
}

// Calls `call` with the arguments that lie in the site's order.
template <class F>
Value State::with_arguments(Value const* first, CallSite const& site, F&& call) {
    if (site.plain()) return call(Args(this, {first, site.positional}, {}));
    std::vector<Value> positional(first, first + site.positional);
    std::vector<Keyword> keywords;
    Value const* next = first + site.positional;
    for (auto name : site.keywords) keywords.push_back({name, *next++});
    if (site.star) {
        Value const& more = *next++;
        if (!is_iterable(more) && !more.is_undefined())
            throw Error(ErrorKind::TypeError,
                        "argument after * must be an iterable, not " + std::string(more.type_name()));
        for (Items items(more); auto const* item = items.next();) positional.push_back(*item);
    }
    if (site.double_star) {
        Value const& more = *next++;
        if (more.is_undefined()) fail_undefined(more);
        bool const mapping = for_each_entry(more, [&](Value const& key, Value const& value) {
            if (!key.is_string()) throw Error(ErrorKind::TypeError, "keywords must be strings");
            for (auto const& known : keywords)
                if (known.name == key.raw_text())
                    throw Error(ErrorKind::TypeError, "got multiple values for keyword argument " + quote(known.name));
            keywords.push_back({key.raw_text(), value});
        });
        if (!mapping)
            throw Error(ErrorKind::TypeError,
                        "argument after ** must be a mapping, not " + std::string(more.type_name()));
    }
    if (site.caller) keywords.push_back({"caller", *next});
    return call(Args(this, positional, keywords));
}

// ── Templates that use each other ───────────────────────────────────────────────────────────────────────────────

/// "page.html#block": the template's name and the block's.
[[nodiscard]] std::pair<std::string_view, std::string_view> split_block(std::string_view name) noexcept;
/// No template has a name that is no text.
[[nodiscard]] std::string_view template_name(Value const& source);

template <class AddLocals>
void State::include(RenderContext& from, Value const& source, std::uint8_t flags, AddLocals&& add_locals,
                    TypedFunctions const& typed) {
    auto const* compiled = select_template(source, (flags & flag_ignore_missing) != 0);
    if (!compiled) return;
    auto const block = split_block(source.is_string() ? source.raw_text() : std::string_view(selected_)).second;
    bool const with_context = (flags & flag_with_context) != 0;
    if (!with_context && block.empty()) {
        Value const module = default_module(*compiled);
        return write(static_cast<ModuleObject const&>(*module.raw_object()).text, false);
    }
    auto const context = with_context
                             ? Ref<RenderContext>::make(environment_, *compiled, Ref<RenderContext>(&from))
                             : Ref<RenderContext>::make(environment_, *compiled, static_cast<Context const*>(nullptr));
    if (with_context) add_locals(*context);
    std::string const wanted(block);
    run_template(*compiled, *context, wanted, typed);
}

template <class AddLocals>
Value State::import(RenderContext& from, Value const& source, std::uint8_t flags, AddLocals&& add_locals) {
    auto const& compiled = load(template_name(source));
    if ((flags & flag_with_context) == 0) return default_module(compiled);
    auto context = Ref<RenderContext>::make(environment_, compiled, static_cast<Context const*>(nullptr));
    add_locals(*context);
    context->snapshot(from);
    return make_module(compiled, std::move(context));
}

template <class AddLocals>
void State::run_block(RenderContext& from, std::string_view name, std::uint8_t flags, AddLocals&& add_locals,
                      TypedFunctions const& typed) {
    auto const* chain = from.find_block(name);
    if ((flags & flag_required) != 0 && chain->definitions.size() <= 1)
        throw Error(ErrorKind::TemplateRuntimeError, "Required block " + quote(name) + " not found");
    auto const& [compiled, function] = chain->definitions.front();
    if ((flags & flag_scoped) == 0)
        return invoke(*compiled, *function, nullptr, from, 0, [](Value*) {}, typed(*function));
    auto const context = Ref<RenderContext>::make(Ref<RenderContext>(&from));
    add_locals(*context);
    invoke(*compiled, *function, nullptr, *context, 0, [](Value*) {}, typed(*function));
}

[[nodiscard]] NamespaceObject& namespace_of(Value const& value);
/// A list, dict or tuple with copies of the containers in it: what a literal means each time it is evaluated.
[[nodiscard]] Value copy_container(Value const& value);

} // namespace hxx::jinja
