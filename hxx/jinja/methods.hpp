// Python's methods of strings, lists, tuples, dicts and numbers, as templates call them: "x".upper(), d.items().
#pragma once

#include "hxx/jinja/function.hpp"
#include "hxx/jinja/object.hpp"

namespace hxx::jinja {

using MethodFunction = Value (*)(Value const& self, Args const& args);

/// The functions of one method name, by the kind of the object; null where that kind has no such method.
struct MethodSet {
    MethodFunction text = nullptr;
    MethodFunction list = nullptr;
    MethodFunction tuple = nullptr;
    MethodFunction dict = nullptr;
    MethodFunction integer = nullptr;
    MethodFunction real = nullptr;
    bool changes_list = false, changes_dict = false;

    [[nodiscard]] MethodFunction of(Value const& object) const noexcept;
    /// Does the object's method of that name change it?
    [[nodiscard]] bool changes(Value const& object) const noexcept;
};

/// Null for a name that no kind has as a method. The result lives forever.
[[nodiscard]] MethodSet const* find_methods(std::string_view name);

/// obj.method without a call.
class BoundMethod final : public Object {
  public:
    BoundMethod(Value self, std::string_view name, MethodFunction function)
        : self_(std::move(self)), name_(name), function_(function) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "builtin_function_or_method"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    Value call(Args const& args) const override { return function_(self_, args); }
    void str(std::string& out) const override;

  private:
    Value self_;
    std::string name_;
    MethodFunction function_;
};

/// The rows of the table that each source of methods gives.
struct MethodRow {
    std::string_view name;
    MethodFunction function;
    bool changes = false; // the object
};
[[nodiscard]] std::span<MethodRow const> text_methods() noexcept;
[[nodiscard]] std::span<MethodRow const> list_methods() noexcept;
[[nodiscard]] std::span<MethodRow const> tuple_methods() noexcept;
[[nodiscard]] std::span<MethodRow const> dict_methods() noexcept;
[[nodiscard]] std::span<MethodRow const> integer_methods() noexcept;
[[nodiscard]] std::span<MethodRow const> float_methods() noexcept;

} // namespace hxx::jinja
