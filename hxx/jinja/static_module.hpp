// Modules that need not be run: templates of macros alone, compiled to C++. What an import gives of one is an object
// that is there before any rendering; macros that are called by other compiled templates are plain C++ calls.
#pragma once

#include "hxx/jinja/native_template.hpp"
#include "hxx/jinja/object.hpp"

namespace hxx::jinja {

/// A macro of such a module. What is called through a Value runs in the module, which is made for it then.
class StaticMacro final : public Object {
  public:
    StaticMacro(std::string_view template_name, FunctionSpec const& function) noexcept
        : template_(template_name), function_(function) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "Macro"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    bool attribute(std::string_view name, Value& out) const override;
    Value call(Args const& args) const override;
    void repr(std::string& out) const override;
    [[nodiscard]] std::string_view name() const noexcept { return function_.name; }

  private:
    std::string_view template_;
    FunctionSpec const& function_;
};

class StaticModule final : public Object {
  public:
    StaticModule(std::string_view template_name, std::string_view text, std::vector<StaticMacro*> macros)
        : template_(template_name), text_(text), macros_(std::move(macros)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "TemplateModule"; }
    bool attribute(std::string_view name, Value& out) const override;
    void str(std::string& out) const override { out += text_; }
    void repr(std::string& out) const override;

  private:
    std::string_view template_, text_;
    std::vector<StaticMacro*> macros_;
};

} // namespace hxx::jinja
