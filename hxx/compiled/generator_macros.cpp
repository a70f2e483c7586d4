// Macros that are called as C++ functions. Whether a callee is the macro that its name says is looked at when it is
// called, which is cheaper than to prove it: a name may be set to anything on the way.
#include "hxx/compiled/generator_detail.hpp"

#include <algorithm>

namespace hxx::compiled {

using namespace ast;

namespace {

std::string direct_name(std::string const& symbol, std::size_t function) {
    return "direct_" + symbol + "_" + std::to_string(function);
}
std::string static_name(std::string const& symbol, std::size_t function) {
    return "static_" + symbol + "_" + std::to_string(function);
}

bool is_text(Stmt const& statement) {
    if (statement.kind != NodeKind::Output) return false;
    auto const& parts = statement.as<Output>().parts;
    return std::all_of(parts.begin(), parts.end(),
                       [](Expr const* part) { return part->kind == NodeKind::TemplateData; });
}

} // namespace

Module const* Generator::imported(Expr const* source, bool with_context) const {
    if (with_context || source->kind != NodeKind::Const || !source->as<Const>().value.is_string()) return nullptr;
    return source_.module(source->as<Const>().value.raw_text());
}

// By which names the template knows macros of others. A name that two have is left out.
void Generator::find_imports() {
    std::set<std::string_view> twice;
    auto note = [&](Node& node) {
        if (node.kind == NodeKind::Import) {
            auto const& import = node.as<Import>();
            if (auto const* module = imported(import.source, import.with_context))
                if (!imported_modules_.emplace(import.target, module).second) twice.insert(import.target);
        } else if (node.kind == NodeKind::FromImport) {
            auto const& import = node.as<FromImport>();
            if (auto const* module = imported(import.source, import.with_context))
                for (auto const& [name, alias] : import.names)
                    if (!imported_macros_.emplace(alias, std::pair(module, std::string(name))).second)
                        twice.insert(alias);
        }
    };
    for (auto* statement : tree_.body) {
        note(*statement);
        for_each_node(*statement, note);
    }
    for (auto name : twice) {
        imported_modules_.erase(name);
        imported_macros_.erase(name);
    }
}

std::optional<Module> Generator::module() const {
    Module result{source_.name, symbol_, {}, {}, template_autoescape_};
    std::set<std::string_view> names;
    for (auto const* statement : tree_.body) {
        if (is_text(*statement)) continue;
        if (statement->kind != NodeKind::Macro || !names.insert(statement->as<ast::Macro>().name).second)
            return std::nullopt;
    }
    result.macros = own_macros_;
    for (auto name : names)
        if (!name.starts_with('_')) result.exported.emplace_back(name);
    return result;
}

// The macros as objects, and those that can be called directly as types that say how.
std::string Generator::module_code() const {
    std::string code;
    auto const module = this->module();
    std::string text, macros;
    for (auto const* statement : tree_.body)
        if (module && statement->kind == NodeKind::Output)
            for (auto const* part : statement->as<Output>().parts) text += part->as<TemplateData>().text;
    for (std::size_t row = 0; row < functions_.size(); ++row) {
        auto const& function = functions_[row];
        auto const number = std::to_string(row);
        if (module && function.kind == "Macro" &&
            std::find(module->exported.begin(), module->exported.end(), function.name) != module->exported.end()) {
            code += "inline jinja::StaticMacro " + static_name(symbol_, row) + "(" + symbol_ + "::name, functions_" +
                    symbol_ + "[" + number + "]);\n";
            macros += (macros.empty() ? "&" : ", &") + static_name(symbol_, row);
        }
        if (direct_.contains(row))
            code += "struct " + direct_name(symbol_, row) +
                    " {\n    static constexpr std::size_t function = " + number +
                    ";\n    static constexpr std::string_view template_name = " + symbol_ +
                    "::name;\n    static jinja::NativeFunction native() noexcept { return &enter<&" + symbol_ +
                    "::" + function.symbol + "<Dynamic>, Dynamic>; }\n    template <class C, class... A>\n" +
                    "    static void run(C& c, A const&... a) {\n        " + symbol_ + "::direct_" + function.symbol +
                    "(c, a...);\n    }\n};\n";
    }
    if (module)
        code += "inline jinja::StaticModule static_" + symbol_ + "(" + symbol_ + "::name, std::string_view(" +
                quoted(text) + ", " + std::to_string(text.size()) + "), {" + macros + "});\n";
    return code;
}

std::string Generator::link(std::string const& symbol) {
    auto const found = std::find(links_.begin(), links_.end(), symbol);
    if (found == links_.end()) links_.push_back(symbol);
    return std::to_string(found - links_.begin());
}

Generator::Target Generator::target(Call const& call, Operand const& callee) const {
    if (volatile_ || autoescape_ != template_autoescape_) return {};
    Module const* module = nullptr;
    std::string_view name;
    std::string check;
    if (call.callee->kind == NodeKind::Name) {
        name = call.callee->as<Name>().name;
        auto const own = std::find_if(own_macros_.begin(), own_macros_.end(),
                                      [&](DirectMacro const& macro) { return macro.name == name; });
        if (own != own_macros_.end())
            return {symbol_, &*own, "is_own<" + direct_name(symbol_, own->function) + ">(c, " + callee.code + ")"};
        auto const found = imported_macros_.find(name);
        if (found == imported_macros_.end()) return {};
        module = found->second.first;
        name = found->second.second;
    } else if (call.callee->kind == NodeKind::Getattr && call.callee->as<Getattr>().object->kind == NodeKind::Name) {
        auto const found = imported_modules_.find(call.callee->as<Getattr>().object->as<Name>().name);
        if (found == imported_modules_.end()) return {};
        module = found->second;
        name = call.callee->as<Getattr>().name;
        check = "is_static(" + callee.code + ", static_" + module->symbol + ")";
    }
    if (!module || module->autoescape != autoescape_) return {};
    auto const* macro = module->find(name);
    if (!macro) return {};
    if (check.empty()) check = "is_static(" + callee.code + ", " + static_name(module->symbol, macro->function) + ")";
    return {module->symbol, macro, std::move(check), module->name};
}

std::optional<std::string> Generator::bound(DirectMacro const& macro, Arguments const& arguments,
                                            std::vector<Operand> const& values) const {
    if (arguments.star || arguments.double_star || arguments.positional.size() > macro.parameters.size())
        return std::nullopt;
    std::vector<std::string> given(macro.parameters.size(), "Absent{}");
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::size_t at = i;
        if (i >= arguments.positional.size()) {
            auto const name = arguments.keywords[i - arguments.positional.size()].first;
            at = static_cast<std::size_t>(std::find(macro.parameters.begin(), macro.parameters.end(), name) -
                                          macro.parameters.begin());
            if (at == macro.parameters.size() || given[at] != "Absent{}") return std::nullopt;
        }
        given[at] = "argument(" + values[i].code + ")";
    }
    std::string code;
    for (auto const& one : given) code += ", " + one;
    return code;
}

} // namespace hxx::compiled
