// Templates and blocks that use each other.
#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;

namespace {

std::string include_flags(bool with_context, bool ignore_missing) {
    return std::to_string((ignore_missing ? jinja::flag_ignore_missing : 0) |
                          (with_context ? jinja::flag_with_context : 0));
}

} // namespace

void Generator::block(Block& node, Frame& frame) {
    if (setup_) return;
    bool guarded = false;
    if (frame.toplevel) {
        if (has_known_extends_) return;
        guarded = extends_so_far_ > 0;
        if (guarded) open("if (!extended(c))");
    }
    at(node.position);
    if (node.scoped)
        for (auto const& [name, variable] : visible(frame)) sets_.emplace(name);
    auto const flags = (node.scoped ? jinja::flag_scoped : 0) | (node.required ? jinja::flag_required : 0);
    step("block(c, " + quoted(node.name) + ", " + quoted("in block " + jinja::quote(node.name)) + ", " +
         (node.scoped ? locals(frame) : "locals({})") + ", " + std::to_string(flags) + ");");
    if (guarded) close();
}

void Generator::extends(Extends& node, Frame& frame) {
    if (!frame.toplevel)
        fail(ErrorKind::TemplateAssertionError, "cannot use extend from a non top-level scope", node.position);
    if (extends_so_far_ > 0) {
        if (has_known_extends_) {
            step("fail_extended();");
            exit_ = true;
            return;
        }
        step("if (extended(c)) fail_extended();");
    }
    at(node.position);
    extends_position_ = node.position;
    open();
    auto const source = expression(node.source, frame);
    step("extend(c, value(" + source.code + "));");
    close();
    if (frame.rootlevel) {
        has_known_extends_ = true;
        if (node.source->kind == NodeKind::Const && node.source->as<Const>().value.is_string())
            parent_ = node.source->as<Const>().value.raw_text();
        if (!parent_.empty() && source_.compiled(parent_)) uses_.insert(parent_);
    }
    ++extends_so_far_;
}

void Generator::include(Include& node, Frame& frame) {
    if (writes_nothing(frame)) return;
    open();
    at(node.position);
    auto const source = expression(node.source, frame);
    std::string const included = node.source->kind == NodeKind::Const && node.source->as<Const>().value.is_string()
                                     ? std::string(node.source->as<Const>().value.raw_text())
                                     : "";
    std::string code = "value(" + source.code + "), " + (node.with_context ? locals(frame) : "locals({})") + ", " +
                       include_flags(node.with_context, node.ignore_missing);
    if (node.with_context && !included.empty() && source_.compiled(included)) {
        uses_.insert(included);
        step("include_template<" + symbol_of(included) + ">(c, " + code + named_locals(frame) + ");");
    } else
        step("include(c, " + code + ");");
    close();
}

Generator::Operand Generator::import_code(Expr*& node, bool with_context, Frame& frame) {
    auto const source = expression(node, frame);
    return temporary("import_module(c, value(" + source.code + "), " + (with_context ? locals(frame) : "locals({})") +
                     ", " + include_flags(with_context, false) + ")");
}

void Generator::import(Import& node, Frame& frame) {
    at(node.position);
    Operand module;
    if (auto const* known = imported(node.source, node.with_context)) {
        uses_.insert(known->name);
        module = temporary("Value::unowned(static_" + known->symbol + ")");
    } else
        module = import_code(node.source, node.with_context, frame);
    Variable* variable = frame.symbols->find(node.target);
    store(variable, module);
    if (frame.toplevel) set_context(node.target, read(variable), "jinja::flag_hide");
}

void Generator::from_import(FromImport& node, Frame& frame) {
    at(node.position);
    auto const* known = imported(node.source, node.with_context);
    for (auto const& [name, alias] : node.names)
        if (known && std::find(known->exported.begin(), known->exported.end(), name) == known->exported.end())
            known = nullptr;
    if (known) uses_.insert(known->name);
    auto const module = known ? temporary("Value::unowned(static_" + known->symbol + ")")
                              : import_code(node.source, node.with_context, frame);
    for (auto const& [name, alias] : node.names) {
        auto const imported = temporary(known ? "getattr<" + quoted(name) + ">(c, " + module.code + ")"
                                              : "import_name(c, " + quoted(name) + ", " + module.code + ")");
        Variable* variable = frame.symbols->find(alias);
        store(variable, imported);
        if (frame.toplevel) set_context(alias, read(variable), "jinja::flag_hide");
    }
}

} // namespace hxx::compiled
