// Objects that templates get from the engine: macros, loop, self, modules, namespaces, ranges, generators.
#pragma once

#include "hxx/jinja/interpreter.hpp"

namespace hxx::jinja {

class MacroObject final : public Object {
  public:
    MacroObject(Template::Compiled const& owner, Function const& its_function, Ref<Activation> its_parent,
                Ref<RenderContext> its_context, bool escapes, NativeEntry its_entry = {})
        : compiled(owner),
          function(its_function),
          parent(std::move(its_parent)),
          context(std::move(its_context)),
          escaping(escapes),
          entry(its_entry) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Macro"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    bool attribute(std::string_view name, Value& out) const override;
    Value call(Args const& args) const override;
    void repr(std::string& out) const override;

    Template::Compiled const& compiled;
    Function const& function;
    Ref<Activation> parent;
    Ref<RenderContext> context;
    bool escaping; // where it was defined
    NativeEntry entry;
};

/// `loop`, for uses that the compiler does not resolve.
class LoopObject final : public Object {
  public:
    LoopState state;
    Function const* recursive = nullptr; // the loop's own function
    NativeEntry entry;                   // in its place
    Template::Compiled const* compiled = nullptr;
    Ref<Activation> parent;
    Ref<RenderContext> context;
    UndefinedMode undefined = UndefinedMode::Default;

    [[nodiscard]] std::string_view type_name() const noexcept override { return "LoopContext"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    bool attribute(std::string_view name, Value& out) const override;
    Value call(Args const& args) const override;
    bool length(std::size_t& out) const override;
    void repr(std::string& out) const override;
    Value cycle(Args const& args) const;
    Value changed(Args const& args) const;

  private:
    // The loop that a template goes through is not constant; its object is reached by const calls.
    [[nodiscard]] LoopState& mutable_state() const noexcept { return const_cast<LoopState&>(state); }
    mutable bool changed_before_ = false;
    mutable std::vector<Value> last_changed_;
};
[[nodiscard]] Value loop_attribute_value(LoopState& loop, LoopAttribute attribute, UndefinedMode mode);

/// What {% import %} gives: the names that a template exports; prints what it wrote.
class ModuleObject final : public Object {
  public:
    std::string name;
    std::vector<Binding> exported;
    Value text;
    Ref<RenderContext> context; // keeps names and values alive

    [[nodiscard]] std::string_view type_name() const noexcept override { return "TemplateModule"; }
    bool attribute(std::string_view wanted, Value& out) const override;
    void str(std::string& out) const override;
    void repr(std::string& out) const override;
};

/// One definition of a block, as super() and self.name() call it.
class BlockReference final : public Object {
  public:
    BlockReference(BlockChain const& its_chain, std::size_t its_depth, Ref<RenderContext> its_context,
                   UndefinedMode mode, TypedFunctions const& functions = {})
        : chain(its_chain), depth(its_depth), context(std::move(its_context)), undefined(mode), typed(functions) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "BlockReference"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    bool attribute(std::string_view name, Value& out) const override;
    Value call(Args const& args) const override;

    BlockChain const& chain;
    std::size_t depth;
    Ref<RenderContext> context;
    UndefinedMode undefined;
    TypedFunctions typed;
};
/// super() of the definition `depth` of a block; undefined if there is none below it.
[[nodiscard]] Value make_super(BlockChain const* chain, std::string_view name, std::size_t depth,
                               RenderContext& context, UndefinedMode mode, TypedFunctions const& typed);

/// `self`: the template's blocks by name.
class SelfObject final : public Object {
  public:
    SelfObject(Ref<RenderContext> context, UndefinedMode mode) : context_(std::move(context)), undefined_(mode) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "TemplateReference"; }
    bool attribute(std::string_view name, Value& out) const override;
    bool item(Value const& key, Value& out) const override;
    void repr(std::string& out) const override;

  private:
    Ref<RenderContext> context_;
    UndefinedMode undefined_;
};

class NamespaceObject final : public Object {
  public:
    DictObject values;
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Namespace"; }
    bool attribute(std::string_view name, Value& out) const override;
    void repr(std::string& out) const override;
};

class CyclerObject final : public Object {
  public:
    explicit CyclerObject(std::vector<Value> items) : items_(std::move(items)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Cycler"; }
    bool attribute(std::string_view name, Value& out) const override;

  private:
    friend class CyclerMethod;
    std::vector<Value> items_;
    mutable std::size_t position_ = 0;
};

class JoinerObject final : public Object {
  public:
    explicit JoinerObject(Value separator) : separator_(std::move(separator)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Joiner"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    Value call(Args const& args) const override;

  private:
    Value separator_;
    mutable bool used_ = false;
};

class RangeObject final : public Object {
  public:
    RangeObject(std::int64_t start, std::int64_t stop, std::int64_t step);
    [[nodiscard]] std::string_view type_name() const noexcept override { return "range"; }
    bool item(Value const& key, Value& out) const override;
    bool attribute(std::string_view name, Value& out) const override;
    bool length(std::size_t& out) const override;
    bool slice(Value const& start, Value const& stop, Value const& step, Value& out) const override;
    [[nodiscard]] std::unique_ptr<Iterator> iterate() const override;
    [[nodiscard]] bool iterable() const noexcept override { return true; }
    [[nodiscard]] bool sequence() const noexcept override { return true; }
    void repr(std::string& out) const override;
    [[nodiscard]] bool equals(Object const& other) const override;

  private:
    std::int64_t start_, stop_, step_;
    std::size_t size_;
};

/// Gives its items once, as they are asked for.
class GeneratorObject final : public Object {
  public:
    GeneratorObject(std::unique_ptr<Iterator> iterator, std::string_view type)
        : iterator_(std::move(iterator)), type_(type) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return type_; }
    [[nodiscard]] std::unique_ptr<Iterator> iterate() const override;
    [[nodiscard]] bool iterable() const noexcept override { return true; }
    bool next(Value& out) const { return iterator_->next(out); }

  private:
    std::unique_ptr<Iterator> iterator_;
    std::string_view type_;
};
[[nodiscard]] Value make_generator(std::unique_ptr<Iterator> iterator, std::string_view type = "generator");
/// Counts the generators that ask each other for an item on this thread: a LimitError if they could exhaust the stack.
class GeneratorDepth {
  public:
    GeneratorDepth() {
        if (depth_ == most) fail();
        ++depth_;
    }
    GeneratorDepth(GeneratorDepth const&) = delete;
    GeneratorDepth& operator=(GeneratorDepth const&) = delete;
    ~GeneratorDepth() { --depth_; }

  private:
    [[noreturn]] static void fail();
    static constexpr int most = 200;
    static inline constinit thread_local int depth_ = 0;
};

/// A generator from a function bool(Value& out).
template <class F>
[[nodiscard]] Value generate(F&& function) {
    class Generated final : public Iterator {
      public:
        explicit Generated(F f) : function_(std::move(f)) {}
        bool next(Value& out) override {
            GeneratorDepth const depth;
            return function_(out);
        }

      private:
        std::decay_t<F> function_;
    };
    return make_generator(std::make_unique<Generated>(std::forward<F>(function)));
}

/// One group of the groupby filter: a tuple with the names grouper and list.
[[nodiscard]] Value make_group(Value grouper, Value list);

/// d.keys(), d.values(), d.items().
class DictView final : public Object {
  public:
    enum class Part : unsigned char { Keys, Values, Items };
    DictView(Value dict, Part part) : dict_(std::move(dict)), part_(part) {}
    [[nodiscard]] std::string_view type_name() const noexcept override;
    bool length(std::size_t& out) const override;
    [[nodiscard]] std::unique_ptr<Iterator> iterate() const override;
    [[nodiscard]] bool iterable() const noexcept override { return true; }
    void repr(std::string& out) const override;
    [[nodiscard]] bool equals(Object const& other) const override;

  private:
    Value dict_;
    Part part_;
};

} // namespace hxx::jinja
