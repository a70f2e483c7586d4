#include "hxx/jinja/static_module.hpp"

#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::jinja {

bool StaticMacro::attribute(std::string_view name, Value& out) const {
    if (name == "name")
        out = Value(function_.name);
    else if (name == "arguments")
        out = Value::tuple({function_.parameters.begin(), function_.parameters.end()});
    else if (name == "caller")
        out = function_.caller >= 0 || function_.explicit_caller;
    else if (name == "catch_kwargs")
        out = function_.kwargs >= 0;
    else if (name == "catch_varargs")
        out = function_.varargs >= 0;
    else
        return false;
    return true;
}

Value StaticMacro::call(Args const& args) const {
    auto& state = *args.state();
    return state.call(state.module(template_).attribute(function_.name), args);
}

void StaticMacro::repr(std::string& out) const { out += "<Macro " + quote(function_.name) + ">"; }

bool StaticModule::attribute(std::string_view name, Value& out) const {
    for (auto* macro : macros_)
        if (macro->name() == name) {
            out = Value::unowned(*macro);
            return true;
        }
    if (name != "__name__") return false;
    out = Value(template_);
    return true;
}

void StaticModule::repr(std::string& out) const { out += "<TemplateModule " + quote(template_) + ">"; }

} // namespace hxx::jinja
