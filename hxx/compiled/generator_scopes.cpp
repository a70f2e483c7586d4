// Functions, scopes and variables.
//
// A variable is a C++ variable of the same scope. It has the type of what it is given if it is given that once, where
// it is declared; else it is a Value. What functions inside use is a Value in the function's registers, which live as
// long as those functions do.
#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/error.hpp"

#include <algorithm>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;
using jinja::Load;

namespace {

// What a macro cannot have if it is a plain function: what runs in a context of its own, or lives longer.
bool needs_a_rendering(Node const& node) noexcept {
    switch (node.kind) {
    case NodeKind::Macro:
    case NodeKind::CallBlock:
    case NodeKind::Include:
    case NodeKind::Import:
    case NodeKind::FromImport:
    case NodeKind::Block:
    case NodeKind::Autoescape: return true;
    case NodeKind::For: return node.as<For>().recursive;
    default: return false;
    }
}

} // namespace

std::size_t Generator::begin(FunctionCode& code, std::string kind, std::string_view name, Position position) {
    code.parent = code_;
    code_ = &code;
    auto const row = functions_.size();
    std::string symbol = kind == "Body" ? std::string(name) : "f" + std::to_string(row);
    functions_.push_back({std::move(kind), std::string(name), std::move(symbol), position});
    return row;
}

void Generator::end(FunctionCode& code, std::size_t row) {
    functions_[row].registers = code.registers;
    functions_[row].has_closures = code.has_closures;
    if (second_ && direct_.contains(row))
        functions_code_ += direct_function(functions_[row], code);
    else {
        auto const place = directive(std::max(functions_[row].position.line, 1U));
        std::string types = "class C";
        for (std::size_t i = 0; i < code.types.size(); ++i) types += ", class T" + std::to_string(i) + " = Value";
        functions_code_ += place + "    template <" + types + "> static void " + functions_[row].symbol +
                           "([[maybe_unused]] C& c) {\n";
        for (auto const& [name, variable] : code.names)
            functions_code_ += place + "        auto&& " + variable + " = find<" + quoted(name) + ">(c);\n";
        functions_code_ += code.code + place + "    }\n";
    }
    code_ = code.parent;
}

std::string Generator::typed_function(std::size_t row, std::vector<std::string> const& types) const {
    std::string code = "&" + symbol_ + "::" + functions_[row].symbol + "<C";
    for (auto const& type : types) code += ", " + type;
    return code + ">";
}

Symbols* Generator::new_symbols(Symbols* parent) { return &scopes_.emplace_back(parent, variables_); }

Generator::Frame Generator::inner(Frame const& frame) {
    Frame result{new_symbols(frame.symbols)};
    result.output_check = frame.output_check;
    result.buffered = frame.buffered;
    return result;
}

// ── Variables ───────────────────────────────────────────────────────────────────────────────────────────────────

// Both passes make the same variables in the same order.
std::size_t Generator::index_of(Variable* variable) {
    for (std::size_t i = indexes_.size(); i < variables_.size(); ++i) indexes_.emplace(&variables_[i], i);
    return indexes_.at(variable);
}

std::string Generator::identifier(Variable* variable) {
    return "v" + std::to_string(index_of(variable)) + "_" + symbol_of(variable->name).substr(2);
}

std::string Generator::context_name(std::string_view name) {
    return code_->names.try_emplace(name, "n_" + symbol_of(name).substr(2)).first->second;
}

std::string Generator::read(Variable* variable) {
    if (variable->reg == shared) return context_name(variable->name);
    if (!assigned_.contains(variable)) read_early_.insert(index_of(variable));
    if (variable->function == code_->id) return identifier(variable);
    captured_.insert(index_of(variable));
    int up = 0;
    for (auto* level = code_; level && level->id != variable->function; level = level->parent) {
        level->reads_outer = true;
        if (level->parent) level->parent->has_closures = true;
        ++up;
    }
    auto const known = register_of_.find(variable);
    auto const value =
        "c.up(" + std::to_string(up) + ", " + std::to_string(known == register_of_.end() ? 0 : known->second) + ")";
    return up == 1 ? read_outer(variable, value) : value;
}

// The body of a call block sees the variables of the loops around it by their types.
std::string Generator::read_outer(Variable* variable, std::string const& value) {
    auto const seen = seen_.find(variable);
    if (!code_->call_body || seen == seen_.end()) return value;
    auto& types = code_->types;
    auto found = std::find(types.begin(), types.end(), seen->second);
    if (found == types.end()) found = types.insert(found, seen->second);
    return "seen_as<T" + std::to_string(found - types.begin()) + ">(" + value + ")";
}

void Generator::declare_value(Variable* variable, std::string const& initial) {
    variable->function = code_->id;
    variable->reg = local;
    declared_.insert(variable);
    if (!captured(variable)) return line("[[maybe_unused]] Value " + identifier(variable) + " = " + initial + ";");
    auto const reg = register_of_[variable] = code_->registers++;
    line("[[maybe_unused]] Value& " + identifier(variable) + " = c.registers(" + std::to_string(reg) + "); " +
         identifier(variable) + " = " + initial + ";");
}

void Generator::declare_parameter(Variable* variable, Operand const& value) {
    assigned_.insert(variable);
    variable->function = code_->id;
    variable->reg = local;
    bool const stored = stores_[index_of(variable)] > 0;
    if (captured(variable) && !stored && value.code.starts_with("item_")) seen_[variable] = seen_as(value.code);
    if (captured(variable) || stored) return declare_value(variable, "value(" + passed(value) + ")");
    declared_.insert(variable);
    step("[[maybe_unused]] auto&& " + identifier(variable) + " = " + value.code + ";");
}

void Generator::store(Variable* variable, Operand const& value) {
    if (!second_) ++stores_[index_of(variable)];
    assigned_.insert(variable);
    if (declared_.contains(variable)) return line(identifier(variable) + " = value(" + passed(value) + ");");
    if (captured(variable) || stores_[index_of(variable)] > 1)
        return declare_value(variable, "value(" + passed(value) + ")");
    declared_.insert(variable);
    variable->function = code_->id;
    variable->reg = local;
    step("[[maybe_unused]] decltype(auto) " + identifier(variable) + " = hold(" + passed(value) + ");");
}

// Gives each variable of the scope its first value, but those that get it where they are assigned to.
void Generator::enter(Frame& frame) {
    for (auto const& [name, variable] : frame.symbols->refs()) {
        auto const& load = frame.symbols->loads().at(variable);
        if (declared_.contains(variable) || load.action == Load::Action::Parameter) continue;
        variable->function = code_->id;
        variable->reg = local;
        switch (load.action) {
        case Load::Action::Parameter: break;
        case Load::Action::Resolve:
            if (frame.symbols->stored(name))
                declare_value(variable, "value(" + context_name(name) + ")");
            else
                variable->reg = shared;
            break;
        case Load::Action::Alias: declare_value(variable, "value(" + read(load.source) + ")"); break;
        case Load::Action::Undefined:
            if (captured(variable) || stores_[index_of(variable)] != 1 || read_early_.contains(index_of(variable)))
                declare_value(variable, "missing<" + quoted(name) + ">(c)");
            break;
        }
    }
}

// What an include or a scoped block sees beside the context.
std::map<std::string_view, std::string> Generator::visible(Frame const& frame) {
    std::map<std::string_view, std::string> result;
    for (auto const& [name, variable] : frame.symbols->visible_stores()) {
        bool const own = variable->function == code_->id;
        if (variable->reg >= 0 && (!own || declared_.contains(variable))) result.emplace(name, read(variable));
    }
    return result;
}

std::string Generator::locals(Frame const& frame) {
    std::string code;
    for (auto const& [name, variable] : visible(frame))
        code += (code.empty() ? "" : ", ") + std::string("{") + quoted(name) + ", value(" + variable + ")}";
    return "locals({" + code + "})";
}

std::string Generator::named_locals(Frame const& frame) {
    std::string code;
    for (auto const& [name, variable] : visible(frame)) code += ", named<" + quoted(name) + ">(" + variable + ")";
    return code;
}

// ── Macros ──────────────────────────────────────────────────────────────────────────────────────────────────────

// Parameters are the first registers.
void Generator::macro_parameters(MacroParts const& parts, Frame& frame, FunctionRow& row) {
    auto declare = [&](Variable* variable) {
        variable->function = code_->id;
        variable->reg = local;
        declared_.insert(variable);
        assigned_.insert(variable);
        auto const reg = register_of_[variable] = code_->registers++;
        line("[[maybe_unused]] Value& " + identifier(variable) + " = c.registers(" + std::to_string(reg) + ");");
        return reg;
    };
    for (auto const* parameter : parts.signature.parameters) {
        row.parameters.emplace_back(parameter->name);
        if (parameter->name == "caller") row.explicit_caller = true;
        declare(frame.symbols->find(parameter->name));
    }
    auto named = [&](std::string_view name) {
        return std::any_of(parts.signature.parameters.begin(), parts.signature.parameters.end(),
                           [name](Name const* parameter) { return parameter->name == name; });
    };
    auto const special = jinja::find_undeclared(parts.body, {"caller", "kwargs", "varargs"});
    if (special.contains("caller")) {
        if (row.explicit_caller) {
            std::size_t index = 0;
            while (parts.signature.parameters[index]->name != "caller") ++index;
            if (index + parts.signature.defaults.size() < parts.signature.parameters.size())
                fail(ErrorKind::TemplateAssertionError,
                     "When defining macros or call blocks the special \"caller\" argument must be omitted or be given "
                     "a default.",
                     row.position);
        } else
            row.caller = declare(frame.symbols->declare_parameter("caller"));
    }
    if (special.contains("kwargs") && !named("kwargs"))
        row.kwargs = declare(frame.symbols->declare_parameter("kwargs"));
    if (special.contains("varargs") && !named("varargs"))
        row.varargs = declare(frame.symbols->declare_parameter("varargs"));
}

void Generator::macro_defaults(MacroParts const& parts, Frame& frame) {
    std::size_t const without_default = parts.signature.parameters.size() - parts.signature.defaults.size();
    for (std::size_t i = 0; i < parts.signature.parameters.size(); ++i) {
        auto const name = parts.signature.parameters[i]->name;
        auto const variable = identifier(frame.symbols->find(name));
        open("if (is_missing(" + variable + "))");
        if (i < without_default)
            step(variable + " = missing_parameter<" + quoted(name) + ">(c);");
        else {
            Expr*& fallback = const_cast<Expr*&>(parts.signature.defaults[i - without_default]);
            auto const value = expression(fallback, frame);
            line(variable + " = value(" + passed(value) + ");");
        }
        close();
    }
}

// A parameter has the type of what it is given.
void Generator::direct_parameters(MacroParts const& parts, Frame& frame) {
    std::size_t const without_default = parts.signature.parameters.size() - parts.signature.defaults.size();
    for (std::size_t i = 0; i < parts.signature.parameters.size(); ++i) {
        auto const name = parts.signature.parameters[i]->name;
        Variable* variable = frame.symbols->find(name);
        std::string const argument = "a" + std::to_string(i);
        variable->function = code_->id;
        variable->reg = local;
        assigned_.insert(variable);
        bool const assigned = stores_[index_of(variable)] > 0;
        std::string const declared = assigned ? "[[maybe_unused]] Value " + identifier(variable) + " = value("
                                              : "[[maybe_unused]] decltype(auto) " + identifier(variable) + " = ";
        if (i < without_default)
            step(declared + "given<" + quoted(name) + ">(c, " + argument + ")" + (assigned ? ");" : ";"));
        else {
            open(declared + "given_or(c, " + argument + ", [&]() -> Value");
            Expr*& fallback = const_cast<Expr*&>(parts.signature.defaults[i - without_default]);
            line("return value(" + passed(expression(fallback, frame)) + ");");
            close(assigned ? "));" : ");");
        }
        declared_.insert(variable);
    }
}

std::string Generator::direct_function(FunctionRow const& row, FunctionCode const& code) const {
    std::string types = "class C", parameters = "[[maybe_unused]] C& c", registers = "c";
    for (std::size_t i = 0; i < row.parameters.size(); ++i) {
        auto const number = std::to_string(i);
        types += ", class A" + number;
        parameters += ", [[maybe_unused]] A" + number + " const& a" + number;
        registers += ", c.registers(" + number + ")";
    }
    auto const place = directive(row.position.line);
    return place + "    template <" + types + "> static void direct_" + row.symbol + "(" + parameters + ") {\n" +
           code.code + place + "    }\n" + place + "    template <class C> static void " + row.symbol +
           "([[maybe_unused]] C& c) { direct_" + row.symbol + "(" + registers + "); }\n";
}

std::size_t Generator::macro_function(Node const& node, MacroParts const& parts, Frame& outer) {
    // The body and the setup have the same macros. One that reads variables around it finds them in other registers.
    if (auto const done = macro_rows_.find(&node); done != macro_rows_.end()) return done->second;
    FunctionCode code{static_cast<std::int32_t>(functions_.size()), nullptr};
    auto const row = begin(code, "Macro", parts.name, node.position);
    auto const saved = statement_;
    auto const loops = std::exchange(loops_, {});
    int const indent = std::exchange(indent_, 2);
    at(node.position);
    bool const setup = std::exchange(setup_, false);
    code.call_body = node.kind == NodeKind::CallBlock;
    Frame frame = inner(outer);
    frame.output_check = false;
    frame.buffered = true;
    frame.symbols->analyze(node);
    FunctionRow described = functions_[row];
    if (second_ && direct_.contains(row)) {
        for (auto const* parameter : parts.signature.parameters) described.parameters.emplace_back(parameter->name);
        code.registers = static_cast<std::int32_t>(described.parameters.size());
    } else
        macro_parameters(parts, frame, described);
    functions_[row] = described;
    frame.symbols->analyze(node);
    enter(frame);
    if (second_ && direct_.contains(row))
        direct_parameters(parts, frame);
    else
        macro_defaults(parts, frame);
    statements(parts.body, frame);
    exit_ = false;
    setup_ = setup;
    auto const& done = functions_[row];
    bool const plain = done.caller < 0 && done.kwargs < 0 && done.varargs < 0 && !done.explicit_caller;
    if (!second_ && plain && node.kind == NodeKind::Macro && code.names.empty() && !code.reads_outer &&
        !any_node(parts.body, [](Node const& inner) { return needs_a_rendering(inner); }))
        direct_.insert(row);
    if (!code.reads_outer) macro_rows_.emplace(&node, row);
    types_of_[row] = code.types;
    end(code, row);
    loops_ = loops;
    indent_ = indent;
    statement_ = saved;
    return row;
}

} // namespace hxx::compiled
