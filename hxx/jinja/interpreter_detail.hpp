// What the interpreter's sources share.
#pragma once

#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/runtime_objects.hpp"

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
                   RenderContext& context, std::size_t depth, Init&& init) {
    count_iteration(); // or macros that call themselves twice would end at no limit
    Invocation const invocation(*this, context);
    Registers const registers(*this, function, parent);
    Value* const r = registers.first();
    for (auto const& [reg, name] : function.resolves) {
        auto const text = compiled.names[name].text;
        if (!context.find(text, r[reg])) r[reg] = undefined_name(text, undefined_mode());
    }
    init(r);
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

[[nodiscard]] NamespaceObject& namespace_of(Value const& value);
/// A list, dict or tuple with copies of the containers in it: what a literal means each time it is evaluated.
[[nodiscard]] Value copy_container(Value const& value);

} // namespace hxx::jinja
