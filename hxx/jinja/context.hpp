// Context: the variables that a template is rendered with.
#pragma once

#include "hxx/jinja/value.hpp"

namespace hxx::jinja {

/// Names and values, in layers: later additions hide earlier ones, all hide the parent's. Names given as literals or
/// string_views are borrowed, as are values given as lvalues: both must outlive the rendering.
class Context {
  public:
    Context();
    /// {{"users", users}, {"q", q}}
    Context(std::initializer_list<Binding> bindings);
    Context(Context const&);
    Context(Context&&) noexcept;
    Context& operator=(Context const&);
    Context& operator=(Context&&) noexcept;
    ~Context();
    /// A struct's members, or a mapping's items, are the variables. An rvalue is moved into the context.
    template <class T>
        requires(detail::StructLike<unwrapped_t<std::remove_cvref_t<T>>> ||
                 detail::MapLike<unwrapped_t<std::remove_cvref_t<T>>>)
    Context(T&& model) : model_(std::forward<T>(model)) {}

    Context& add(std::string_view name, Value value);
    Context& add(char const* name, Value value) { return add(std::string_view(name), std::move(value)); }
    /// Owns the name.
    Context& add(std::string&& name, Value value);
    /// Members of a struct or items of a mapping below what was added by name.
    Context& model(Value model) {
        model_ = std::move(model);
        return *this;
    }
    /// Where names are looked up first, before this context's own. Borrowed; null for none.
    Context& front(Context const* front) {
        front_ = front;
        return *this;
    }
    /// Where names are looked up that this context lacks. Borrowed; null for none.
    Context& parent(Context const* parent) {
        parent_ = parent;
        return *this;
    }

    /// False if there is no variable of that name.
    bool find(std::string_view name, Value& out) const;
    /// The model, a C++ struct, unless a binding hides one of its members; else null.
    [[nodiscard]] Value const* typed_model() const;
    /// All names that find() knows, own ones first, without repetition.
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::vector<Binding> bindings_;
    std::vector<Value> names_; // owns names that were given as rvalues; a Value's text does not move
    Value model_;
    Context const* front_ = nullptr;
    Context const* parent_ = nullptr;
};

} // namespace hxx::jinja
