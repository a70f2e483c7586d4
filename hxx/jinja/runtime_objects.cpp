#include "hxx/jinja/runtime_objects.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

/// A method of one of these objects, as a value.
template <class F>
class Method final : public Object {
  public:
    Method(Value self, F function) : self_(std::move(self)), function_(std::move(function)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "method"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    Value call(Args const& args) const override { return function_(args); }

  private:
    Value self_; // keeps the object alive
    F function_;
};

template <class F>
Value method(Object const& self, F function) {
    auto* object = const_cast<Object*>(&self);
    detail::retain(object);
    return make_object<Method<F>>(Value::object(object), std::move(function));
}

template <class T>
Ref<T> share(T const& object) {
    return Ref<T>(const_cast<T*>(&object));
}

} // namespace

// ── Macros ──────────────────────────────────────────────────────────────────────────────────────────────────────

bool MacroObject::attribute(std::string_view name, Value& out) const {
    if (name == "name")
        out = function.name.empty() ? Value(nullptr) : Value(function.name);
    else if (name == "arguments") {
        std::vector<Value> names(function.parameters.begin(), function.parameters.end());
        out = Value::tuple(std::move(names));
    } else if (name == "caller")
        out = function.caller_register >= 0 || function.explicit_caller;
    else if (name == "catch_kwargs")
        out = function.kwargs_register >= 0;
    else if (name == "catch_varargs")
        out = function.varargs_register >= 0;
    else
        return false;
    return true;
}

Value MacroObject::call(Args const& args) const { return args.state()->call_macro(*this, args, true); }

void MacroObject::repr(std::string& out) const {
    out += "<Macro ";
    out += function.name.empty() ? "anonymous" : quote(function.name);
    out += '>';
}

// ── Loops ───────────────────────────────────────────────────────────────────────────────────────────────────────

Value loop_attribute_value(LoopState& loop, LoopAttribute attribute, UndefinedMode mode) {
    auto const index0 = loop.index0();
    Value item;
    switch (attribute) {
    case LoopAttribute::Index: return index0 + 1;
    case LoopAttribute::Index0: return index0;
    case LoopAttribute::RevIndex: return static_cast<std::int64_t>(loop.length()) - index0;
    case LoopAttribute::RevIndex0: return static_cast<std::int64_t>(loop.length()) - index0 - 1;
    case LoopAttribute::First: return index0 == 0;
    case LoopAttribute::Last: return loop.last();
    case LoopAttribute::Length: return loop.length();
    case LoopAttribute::Depth: return loop.depth0() + 1;
    case LoopAttribute::Depth0: return loop.depth0();
    case LoopAttribute::PrevItem:
        if (loop.previous(item)) return item;
        return undefined_hint("there is no previous item", mode);
    case LoopAttribute::NextItem:
        if (loop.following(item)) return item;
        return undefined_hint("there is no next item", mode);
    }
    return {};
}

bool LoopObject::attribute(std::string_view name, Value& out) const {
    LoopAttribute known{};
    if (find_loop_attribute(name, known)) {
        out = loop_attribute_value(mutable_state(), known, undefined);
        return true;
    }
    if (name == "cycle")
        out = method(*this, [this](Args const& args) { return cycle(args); });
    else if (name == "changed")
        out = method(*this, [this](Args const& args) { return changed(args); });
    else
        return false;
    return true;
}

Value LoopObject::cycle(Args const& args) const {
    if (args.size() == 0) throw Error(ErrorKind::TypeError, "no items for cycling given");
    return args[static_cast<std::size_t>(state.index0()) % args.size()];
}

Value LoopObject::changed(Args const& args) const {
    bool const same = changed_before_ && std::equal(args.positional().begin(), args.positional().end(),
                                                    last_changed_.begin(), last_changed_.end(), equal);
    if (same) return false;
    changed_before_ = true;
    last_changed_.assign(args.positional().begin(), args.positional().end());
    return true;
}

Value LoopObject::call(Args const& args) const {
    if (!recursive)
        throw Error(ErrorKind::TypeError, "The loop must have the 'recursive' marker to be called recursively.");
    if (args.size() != 1 || !args.keywords().empty())
        throw Error(ErrorKind::TypeError, "loop() takes one argument: what to iterate over");
    return args.state()->call_loop(*compiled, *recursive, parent.get(), *context, args[0], state.depth0() + 1, true,
                                   entry);
}

bool LoopObject::length(std::size_t& out) const {
    out = mutable_state().length();
    return true;
}

void LoopObject::repr(std::string& out) const {
    out += "<LoopContext " + std::to_string(state.index0() + 1) + "/" + std::to_string(mutable_state().length()) + ">";
}

// ── Modules and blocks ──────────────────────────────────────────────────────────────────────────────────────────

bool ModuleObject::attribute(std::string_view wanted, Value& out) const {
    for (auto const& [exported_name, value] : exported)
        if (exported_name == wanted) {
            out = value;
            return true;
        }
    if (wanted != "__name__") return false;
    out = Value(std::string(name));
    return true;
}

void ModuleObject::str(std::string& out) const { append_str(out, text); }

void ModuleObject::repr(std::string& out) const { out += "<TemplateModule " + quote(name) + ">"; }

Value make_super(BlockChain const* chain, std::string_view name, std::size_t depth, RenderContext& context,
                 UndefinedMode mode, TypedFunctions const& typed) {
    if (!chain || depth + 1 >= chain->definitions.size())
        return undefined_hint("there is no parent block called " + quote(name) + ".", mode, "super");
    return make_object<BlockReference>(*chain, depth + 1, Ref<RenderContext>(&context), mode, typed);
}

bool BlockReference::attribute(std::string_view name, Value& out) const {
    if (name != "super") return false;
    out = make_super(&chain, chain.name, depth, *context, undefined, typed);
    return true;
}

Value BlockReference::call(Args const& args) const { return args.state()->call_block(chain, depth, *context, typed); }

bool SelfObject::attribute(std::string_view name, Value& out) const {
    auto const* chain = context_->find_block(name);
    if (!chain) return false;
    out = make_object<BlockReference>(*chain, std::size_t(0), context_, undefined_);
    return true;
}

bool SelfObject::item(Value const& key, Value& out) const { return key.is_string() && attribute(key.raw_text(), out); }

void SelfObject::repr(std::string& out) const { out += "<TemplateReference " + quote(context_->compiled().name) + ">"; }

// ── Namespaces, cyclers, joiners ────────────────────────────────────────────────────────────────────────────────

bool NamespaceObject::attribute(std::string_view name, Value& out) const {
    auto const* found = values.find(name);
    if (found) out = *found;
    return found != nullptr;
}

void NamespaceObject::repr(std::string& out) const {
    out += "<Namespace {";
    bool first = true;
    for (auto const& [key, value] : values.entries()) {
        if (!std::exchange(first, false)) out += ", ";
        append_repr(out, key);
        out += ": ";
        if (value.kind() == Kind::Object && value.raw_object() == this)
            out += "...";
        else
            append_repr(out, value);
    }
    out += "}>";
}

bool CyclerObject::attribute(std::string_view name, Value& out) const {
    if (name == "current")
        out = items_[position_];
    else if (name == "next")
        out = method(*this, [this](Args const&) {
            Value const result = items_[position_];
            position_ = (position_ + 1) % items_.size();
            return result;
        });
    else if (name == "reset")
        out = method(*this, [this](Args const&) {
            position_ = 0;
            return Value(nullptr);
        });
    else if (name == "items")
        out = Value::tuple(items_);
    else if (name == "pos")
        out = position_;
    else
        return false;
    return true;
}

Value JoinerObject::call(Args const&) const { return std::exchange(used_, true) ? separator_ : Value(""); }

// ── Ranges ──────────────────────────────────────────────────────────────────────────────────────────────────────

RangeObject::RangeObject(std::int64_t start, std::int64_t stop, std::int64_t step)
    : start_(start), stop_(stop), step_(step) {
    size_ = 0;
    // In unsigned arithmetic the distance of any two integers fits.
    if (step > 0 && start < stop)
        size_ = (static_cast<std::uint64_t>(stop) - static_cast<std::uint64_t>(start) - 1) /
                    static_cast<std::uint64_t>(step) +
                1;
    if (step < 0 && start > stop)
        size_ = (static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(stop) - 1) /
                    (0 - static_cast<std::uint64_t>(step)) +
                1;
}

bool RangeObject::item(Value const& key, Value& out) const {
    if (key.kind() != Kind::Int && key.kind() != Kind::Bool) return false;
    auto index = key.raw_int();
    if (index < 0) index += static_cast<std::int64_t>(size_);
    if (index < 0 || static_cast<std::size_t>(index) >= size_) return false;
    out = start_ + index * step_;
    return true;
}

bool RangeObject::attribute(std::string_view name, Value& out) const {
    if (name == "start")
        out = start_;
    else if (name == "stop")
        out = stop_;
    else if (name == "step")
        out = step_;
    else
        return false;
    return true;
}

bool RangeObject::length(std::size_t& out) const {
    out = size_;
    return true;
}

bool RangeObject::slice(Value const& start, Value const& stop, Value const& step, Value& out) const {
    auto const range = slice_range(size_, start, stop, step);
    auto const first = start_ + range.start * step_;
    auto const stride = step_ * range.step;
    out = make_object<RangeObject>(first, first + stride * static_cast<std::int64_t>(range.count), stride);
    return true;
}

std::unique_ptr<Iterator> RangeObject::iterate() const {
    class RangeIterator final : public Iterator {
      public:
        RangeIterator(std::int64_t start, std::int64_t step, std::size_t left)
            : now_(start), step_(step), left_(left) {}
        bool next(Value& out) override {
            if (left_ == 0) return false;
            out = now_;
            // The item after the last need not fit.
            if (--left_ > 0) now_ += step_;
            return true;
        }

      private:
        std::int64_t now_, step_;
        std::size_t left_;
    };
    return std::make_unique<RangeIterator>(start_, step_, size_);
}

void RangeObject::repr(std::string& out) const {
    out += "range(" + std::to_string(start_) + ", " + std::to_string(stop_);
    if (step_ != 1) out += ", " + std::to_string(step_);
    out += ')';
}

bool RangeObject::equals(Object const& other) const {
    auto const* range = dynamic_cast<RangeObject const*>(&other);
    return range && size_ == range->size_ &&
           (size_ == 0 || (start_ == range->start_ && (size_ == 1 || step_ == range->step_)));
}

// ── Generators and views of dicts ───────────────────────────────────────────────────────────────────────────────

void GeneratorDepth::fail() { throw Error(ErrorKind::LimitError, "too many generators are made of each other"); }

std::unique_ptr<Iterator> GeneratorObject::iterate() const {
    class Shared final : public Iterator {
      public:
        explicit Shared(Ref<GeneratorObject> generator) : generator_(std::move(generator)) {}
        bool next(Value& out) override { return generator_->next(out); }

      private:
        Ref<GeneratorObject> generator_;
    };
    return std::make_unique<Shared>(share(*this));
}

Value make_generator(std::unique_ptr<Iterator> iterator, std::string_view type) {
    return make_object<GeneratorObject>(std::move(iterator), type);
}

Value make_group(Value grouper, Value list) {
    static constexpr std::string_view fields[] = {"grouper", "list"};
    Value group = Value::tuple({std::move(grouper), std::move(list)});
    sequence_of(group).fields = fields;
    return group;
}

std::string_view DictView::type_name() const noexcept {
    return part_ == Part::Keys ? "dict_keys" : part_ == Part::Values ? "dict_values" : "dict_items";
}

bool DictView::length(std::size_t& out) const { return find_length(dict_, out); }

std::unique_ptr<Iterator> DictView::iterate() const {
    class Entries final : public Iterator {
      public:
        Entries(Value dict, Part part) : dict_(std::move(dict)), part_(part) {
            if (dict_.kind() == Kind::View) dict_.raw_type().start(dict_.raw_data(), cursor_);
        }
        bool next(Value& out) override {
            Value key, value;
            if (dict_.kind() == Kind::Dict) {
                auto const& entries = dict_of(dict_).entries();
                if (position_ >= entries.size()) return false;
                std::tie(key, value) = entries[position_++];
            } else {
                if (!dict_.raw_type().next(cursor_, key, &value)) return false;
                key.keep_alive(dict_.owner());
                value.keep_alive(dict_.owner());
            }
            if (part_ == Part::Keys)
                out = std::move(key);
            else if (part_ == Part::Values)
                out = std::move(value);
            else {
                std::vector<Value> pair;
                pair.reserve(2);
                pair.push_back(std::move(key));
                pair.push_back(std::move(value));
                out = Value::tuple(std::move(pair));
            }
            return true;
        }

      private:
        Value dict_;
        Part part_;
        std::size_t position_ = 0;
        Cursor cursor_{};
    };
    return std::make_unique<Entries>(dict_, part_);
}

void DictView::repr(std::string& out) const {
    out += type_name();
    out += '(';
    std::vector<Value> items;
    auto const iterator = iterate();
    for (Value item; iterator->next(item);) items.push_back(std::move(item));
    append_repr(out, Value::list(std::move(items)));
    out += ')';
}

bool DictView::equals(Object const& other) const {
    auto const* view = dynamic_cast<DictView const*>(&other);
    if (!view || view->part_ != part_ || part_ == Part::Values) return false;
    if (part_ == Part::Items) return equal(dict_, view->dict_);
    std::size_t a = 0, b = 0;
    bool same = find_length(dict_, a) && find_length(view->dict_, b) && a == b;
    for_each_entry(dict_, [&](Value const& key, Value const&) { same = same && contains(view->dict_, key); });
    return same;
}

} // namespace hxx::jinja
