// Interpreter: runs compiled templates. A State is one rendering; it belongs to one thread.
#pragma once

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/loop.hpp"
#include "hxx/jinja/output.hpp"
#include "hxx/jinja/program.hpp"

#include <span>

namespace hxx::jinja {

/// A counted pointer to an Object of the engine.
template <class T>
class Ref {
  public:
    Ref() noexcept = default;
    explicit Ref(T* object) noexcept : object_(object) {
        if (object_) detail::retain(object_);
    }
    Ref(Ref const& other) noexcept : Ref(other.object_) {}
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() {
        if (object_) detail::release(object_);
    }
    template <class... A>
    [[nodiscard]] static Ref make(A&&... arguments) {
        Ref result;
        result.object_ = std::make_unique<T>(std::forward<A>(arguments)...).release();
        return result;
    }
    [[nodiscard]] T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

  private:
    T* object_ = nullptr;
};

/// The definitions of one block, the most derived first.
struct BlockChain {
    struct Definition {
        Template::Compiled const* compiled;
        Function const* function;
    };
    std::string_view name;
    std::vector<Definition> definitions;
};

/// The variables that one template runs with, what it sets itself, and its blocks.
class RenderContext final : public Object {
  public:
    /// The context of a template that was asked for.
    RenderContext(Environment::Impl const& environment, Template::Compiled const& compiled, Context const* user);
    /// Of an included or imported template, which sees `outer` and its locals; null: globals only.
    RenderContext(Environment::Impl const& environment, Template::Compiled const& compiled, Ref<RenderContext> outer);
    /// The same template with more variables, for a scoped block.
    explicit RenderContext(Ref<RenderContext> outer);

    bool find(std::string_view name, Value& out) const;
    /// Everything that find() finds, as a dict.
    [[nodiscard]] Value all() const;
    void set(std::string_view name, Value value);
    void add_local(std::string_view name, Value value) { locals_.push_back({name, std::move(value)}); }
    void export_name(std::string_view name, bool exported);
    [[nodiscard]] std::vector<Binding> exported() const;
    /// Lets go of all values. For the end of a rendering: macros among them hold this context.
    void clear() noexcept;
    /// Takes over what `outer` holds now, so that later changes to it are not seen.
    void snapshot(RenderContext const& outer);

    [[nodiscard]] Template::Compiled const& compiled() const noexcept { return *compiled_; }
    [[nodiscard]] bool escaping() const noexcept { return root().escaping_; }
    void set_escaping(bool escaping) noexcept { root().escaping_ = escaping; }
    [[nodiscard]] BlockChain const* find_block(std::string_view name) const noexcept;
    void add_blocks(Template::Compiled const& compiled);
    [[nodiscard]] std::vector<std::unique_ptr<BlockChain>> const& blocks() const noexcept { return root().blocks_; }

    Template::Compiled const* parent = nullptr; // the template that this one extends, once it has said so
    bool retained = false;                      // by the state, since a macro holds it

  private:
    // Scoped blocks share the blocks and the autoescape mode of the context that they were made from.
    [[nodiscard]] RenderContext& root() const noexcept {
        return derived_ ? outer_->root() : const_cast<RenderContext&>(*this);
    }

    Environment::Impl const& environment_;
    Template::Compiled const* compiled_;
    Context const* user_ = nullptr;
    Ref<RenderContext> outer_;
    bool derived_ = false;
    bool escaping_ = false;
    std::vector<Binding> locals_;
    std::vector<Binding> variables_; // set at the top of the template
    std::vector<std::string_view> exported_;
    std::vector<std::unique_ptr<BlockChain>> blocks_; // references to them stay valid
};

/// The registers of a function that functions inside it use.
class Activation final : public Object {
  public:
    Activation(std::size_t registers, Ref<Activation> parent) : registers(registers), parent(std::move(parent)) {}
    std::vector<Value> registers;
    Ref<Activation> parent;
};

class MacroObject;

class State {
  public:
    State(Environment::Impl const& environment, std::string& out, Sink const* sink = nullptr);
    State(State const&) = delete;
    State& operator=(State const&) = delete;
    ~State();

    /// Renders a template, which the caller keeps; `block` empty for all of it.
    void render(CompiledPtr const& compiled, Context const& context, std::string_view block);

    [[nodiscard]] Environment::Impl const& environment() const noexcept { return environment_; }
    [[nodiscard]] UndefinedMode undefined_mode() const noexcept { return environment_.options.undefined; }
    [[nodiscard]] Lookup lookup() const noexcept {
        return {environment_.options.undefined, environment_.options.sandbox};
    }
    [[nodiscard]] bool escaping() const noexcept { return context_ ? context_->escaping() : escaping_; }
    void set_escaping(bool escaping) noexcept { escaping_ = escaping; }
    [[nodiscard]] Value variable(std::string_view name) const;
    [[nodiscard]] Value rendering_variable(std::string_view name) const;
    /// All variables that the running template sees in its context, as a dict.
    [[nodiscard]] Value all_variables() const;
    [[nodiscard]] Value call(Value const& callee, Args const& args);
    [[nodiscard]] Value call(Value const& callee, std::span<Value const> positional) {
        return call(callee, Args(this, positional, {}));
    }
    /// Writes a value as {{ }} does.
    void write(Value const& value, bool escape);
    [[nodiscard]] Output& output() noexcept { return output_; }
    /// For text that is made to be written at once.
    [[nodiscard]] std::string& scratch() noexcept { return scratch_; }

    /// Runs a macro; with `capture`, its text is the result, else it is written.
    Value call_macro(MacroObject const& macro, Args const& args, bool capture);
    Value call_block(BlockChain const& chain, std::size_t depth, RenderContext& context, TypedFunctions const& typed);
    Value call_loop(Template::Compiled const& compiled, Function const& function, Activation* parent,
                    RenderContext& context, Value const& iterable, std::size_t depth, bool capture,
                    NativeEntry const& entry = {});

    /// What an import without context of that template gives.
    [[nodiscard]] Value module(std::string_view name) { return default_module(load(name)); }

    /// Containers that may hold themselves are emptied when the rendering ends, so that they are freed.
    void track(Value const& container);
    void count_iteration() {
        if (++iterations_ > environment_.options.limits.iterations) fail_iterations();
    }

  private:
    friend struct Native; // hxx/jinja/native.hpp
    struct LoopFrame;
    struct Running; // one activation of a function
    class Registers;
    class Invocation;

    Template::Compiled const& load(std::string_view name);
    Template::Compiled const* select_template(Value const& source, bool ignore_missing);
    void run_template(Template::Compiled const& compiled, RenderContext& context, std::string_view block,
                      TypedFunctions const& typed);
    void render_block_alone(RenderContext& context, std::string_view block, TypedFunctions const& typed);
    void run_body(Template::Compiled const& compiled, RenderContext& context, bool setup, TypedFunctions const& typed);
    template <class Init>
    void invoke(Template::Compiled const& compiled, Function const& function, Activation* parent,
                RenderContext& context, std::size_t depth, Init&& init, NativeEntry entry = {});
    void run(Running& running);
    void run_native(NativeCall& call, NativeFunction function);
    void execute(Running& running);

    void emit(Value const& value, bool escape, Piece before = {}, Piece after = {});
    void emit_other(Value const& value, bool escape);
    void emit_attribute(Running& running, Value const& object, Instruction const& instruction);
    [[nodiscard]] static Member const* find_member(Running const& running, TypeInfo const& type, std::int32_t name);
    [[nodiscard]] bool escapes(std::uint8_t flag) const noexcept;
    [[nodiscard]] Value get_attribute(Running& running, Value const& object, std::int32_t name);
    void unpack(Value const& value, Value* first, std::size_t count) const;
    void start_loop(Running& running, Instruction const& instruction);
    void run_call(Running& running, Instruction const& instruction);
    void run_method(Running& running, Instruction const& instruction);
    // Filters and tests, whose arguments lie in the site's order.
    void write_builtin(CallSite const& site, Value const* arguments, bool escape);
    [[nodiscard]] Value run_builtin(CallSite const& site, Value const* arguments, bool is_test);
    template <class F>
    Value with_arguments(Value const* first, CallSite const& site, F&& call);
    void call_and_place(Running& running, Instruction const& instruction, Value const& callee, Args const& args);
    void write_result(Value const& callee, Args const& args, bool escape);
    // These take what adds an including template's locals to a context.
    template <class AddLocals>
    void include(RenderContext& from, Value const& source, std::uint8_t flags, AddLocals&& add_locals,
                 TypedFunctions const& typed = {});
    template <class AddLocals>
    [[nodiscard]] Value import(RenderContext& from, Value const& source, std::uint8_t flags, AddLocals&& add_locals);
    template <class AddLocals>
    void run_block(RenderContext& from, std::string_view name, std::uint8_t flags, AddLocals&& add_locals,
                   TypedFunctions const& typed = {});
    [[nodiscard]] Value import_name(Template::Compiled const& compiled, ast::Position at, std::string_view name,
                                    Value const& module) const;
    void extend(RenderContext& context, Value const& source);
    void run_parent(RenderContext& context, bool setup, TypedFunctions const& typed = {});
    [[nodiscard]] Value super_of(RenderContext& context, std::string_view block, Function const& function,
                                 TypedFunctions const& typed = {}) const;
    [[nodiscard]] Value make_macro(Template::Compiled const& compiled, Function const& function, Activation* own,
                                   RenderContext& context, NativeEntry const& entry = {});
    [[nodiscard]] Value no_else(Template::Compiled const& compiled, ast::Position at) const;
    void add_locals(Running const& running, std::int32_t table, RenderContext& context) const;
    [[nodiscard]] Value make_module(Template::Compiled const& compiled, Ref<RenderContext> context);
    [[nodiscard]] Value default_module(Template::Compiled const& compiled);
    [[noreturn]] void fail_iterations() const;
    void locate(Error& error, Running const& running, std::size_t at) const;
    static void locate(Error& error, Template::Compiled const& compiled, ast::Position at, std::string what);

    Environment::Impl const& environment_;
    Output output_;
    RenderContext* context_ = nullptr;
    Context const* rendered_ = nullptr; // what the rendering was given
    bool escaping_ = false;
    std::size_t iterations_ = 0;
    std::size_t depth_ = 0;
    std::vector<std::size_t> captures_;
    static constexpr std::size_t first_registers = 48;
    alignas(Value) std::byte register_memory_[first_registers * sizeof(Value)]; // values are made as they are needed
    Value* registers_ = reinterpret_cast<Value*>(register_memory_);             // the next free one
    Value* registers_end_ = registers_ + first_registers;
    std::vector<CompiledPtr> templates_; // that were included, imported or extended: kept alive while they run
    std::vector<std::pair<Template::Compiled const*, Value>> modules_; // imported without context
    std::vector<Ref<Activation>> retained_;                            // may be part of a cycle
    std::vector<Ref<RenderContext>> macro_contexts_;                   // and so may these
    std::vector<Value> tracked_;
    std::string scratch_;
    std::string selected_; // which of several names an include has found
};

} // namespace hxx::jinja
