// Expressions: one line a step, so that a compiler's message and a debugger lead to the part of the template.
#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/containers.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <cmath>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;
using jinja::Kind;

namespace {

// A literal that is shown and not evaluated: it may have UTF-8, and no numbers of characters.
std::string message(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + '"';
}

} // namespace

// What the compiler must find out: where it stands in the template, and what is wrong. A step reports the line of its
// statement, as Jinja2 does; a check can be at the very place.
void Generator::check(std::string const& condition, std::string const& literal, Position position) {
    auto const column = jinja::place_in(tree_.source, position.offset).column;
    code_->code += "static_assert(\n";
    code_->next_line = 0;
    place(position.line);
    code_->code.append(column > 0 ? column - 1 : 0, ' ');
    code_->code += condition + ", " + message(literal) + ");\n";
}

std::string Generator::plain(Operand const& operand) {
    return operand.doubted ? "Value" : "Seen<C, decltype(" + operand.code + ")>";
}

// A temporary is handed on: what it owns may be moved from.
std::string Generator::passed(Operand const& operand) {
    bool const identifier = operand.code.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                           "0123456789_") == std::string::npos;
    return operand.temporary && identifier ? "std::forward<decltype(" + operand.code + ")>(" + operand.code + ")"
                                           : operand.code;
}

Generator::Operand Generator::expression(Expr*& node, Frame& frame) {
    if (!volatile_) node = fold(node);
    return compile(*node, frame);
}

Expr* Generator::fold(Expr* node) { return folder_.fold(node, autoescape_, !volatile_); }

Generator::Operand Generator::compile(Expr& node, Frame& frame) {
    // Errors are attributed to the statement's line, and to the exact place within that line.
    Position const saved = statement_;
    if (node.position.line == statement_.line) statement_ = node.position;
    auto result = compile_at(node, frame);
    statement_ = saved;
    result.doubted = !doubted_.empty() && doubted_.contains(path_of(node));
    return result;
}

Generator::Operand Generator::compile_at(Expr& node, Frame& frame) {
    switch (node.kind) {
    case NodeKind::Const: return constant(node.as<Const>().value);
    case NodeKind::TemplateData: return {literal(Value(node.as<TemplateData>().text)), false};
    case NodeKind::Name: return name(node.as<Name>(), frame);
    case NodeKind::Tuple: return sequence("tuple", node.as<Tuple>().items, frame);
    case NodeKind::List: return sequence("list", node.as<List>().items, frame);
    case NodeKind::Dict: {
        std::vector<Expr*> items;
        for (auto const& [key, value] : node.as<Dict>().items) {
            items.push_back(key);
            items.push_back(value);
        }
        return sequence("dict", items, frame);
    }
    case NodeKind::Concat:
        return sequence(volatile_ ? "concat<false>" : "concat<" + escape() + ">", node.as<Concat>().parts, frame);
    case NodeKind::Unary: {
        auto const operand = compile(*node.as<Unary>().operand, frame);
        static constexpr std::string_view functions[] = {"negation", "negative", "positive"};
        static constexpr std::string_view signs[] = {"", "-", "+"};
        auto const op = static_cast<std::size_t>(node.as<Unary>().op);
        if (node.as<Unary>().op != UnaryOp::Not)
            check("can_be_negated<" + plain(operand) + ">", "this cannot be computed by " + std::string(signs[op]),
                  node.position);
        return temporary(std::string(functions[op]) + "(c, " + operand.code + ")");
    }
    case NodeKind::Binary: {
        auto const left = compile(*node.as<Binary>().left, frame);
        auto const right = compile(*node.as<Binary>().right, frame);
        static constexpr std::string_view operators[] = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"};
        static constexpr std::string_view signs[] = {"+", "-", "*", "/", "//", "%", "**"};
        auto const op = static_cast<std::size_t>(node.as<Binary>().op);
        check("can_be_computed<BinaryOp::" + std::string(operators[op]) + ", " + plain(left) + ", " + plain(right) +
                  ">",
              "these cannot be computed by " + std::string(signs[op]), node.position);
        return temporary("binary<BinaryOp::" + std::string(operators[op]) + ">(c, " + left.code + ", " + right.code +
                         ")");
    }
    case NodeKind::Logical: return logical(node.as<Logical>(), frame);
    case NodeKind::Compare: return comparison(node.as<Compare>(), frame);
    case NodeKind::Conditional: return conditional(node.as<Conditional>(), frame);
    case NodeKind::Getattr: return getattr(node.as<Getattr>(), frame);
    case NodeKind::Getitem: return getitem(node.as<Getitem>(), frame);
    case NodeKind::Call: return call(node.as<Call>(), frame);
    case NodeKind::Filter: return filter(node.as<Filter>(), frame);
    case NodeKind::Test: return test(node.as<Test>(), frame);
    default: fail(ErrorKind::TemplateAssertionError, "this is no expression", node.position);
    }
}

// ── Constants and names ─────────────────────────────────────────────────────────────────────────────────────────

std::string Generator::literal(Value const& value) {
    switch (value.kind()) {
    case Kind::None: return "nullptr";
    case Kind::Bool: return value.raw_bool() ? "true" : "false";
    case Kind::Int:
        if (value.raw_int() == std::numeric_limits<std::int64_t>::min())
            return "std::numeric_limits<std::int64_t>::min()";
        return "std::int64_t{" + std::to_string(value.raw_int()) + "}";
    case Kind::BigInt: return "big_integer(" + quoted(value.str()) + ")";
    case Kind::Float: {
        double const number = value.raw_double();
        if (std::isnan(number)) return "std::numeric_limits<double>::quiet_NaN()";
        if (std::isinf(number)) return std::string(number < 0 ? "-" : "") + "std::numeric_limits<double>::infinity()";
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%a", number);
        return buffer;
    }
    case Kind::String: {
        std::string const text =
            "std::string_view(" + quoted(value.raw_text()) + ", " + std::to_string(value.raw_text().size()) + ")";
        return value.is_markup() ? "Value::markup_view(" + text + ")" : text;
    }
    case Kind::List:
    case Kind::Tuple: {
        std::string items;
        for (auto const& item : jinja::sequence_of(value).items) items += ", " + literal(item);
        return (value.kind() == Kind::List ? "list(c" : "tuple(c") + items + ")";
    }
    case Kind::Dict: {
        std::string items;
        for (auto const& [key, mapped] : jinja::dict_of(value).entries())
            items += ", " + literal(key) + ", " + literal(mapped);
        return "dict(c" + items + ")";
    }
    default: return "Value()";
    }
}

Generator::Operand Generator::constant(Value const& value) {
    if (value.kind() == Kind::List || value.kind() == Kind::Tuple || value.kind() == Kind::Dict)
        return temporary(literal(value));
    return {literal(value), false};
}

Generator::Operand Generator::name(Name const& node, Frame& frame) {
    Variable* found = frame.symbols->find(node.name);
    if (!found || found->reg == shared) check_variable(node);
    if (!found) return {context_name(node.name), false}; // a name in an assignment's own filter
    return {read(found), false};
}

// Whether anything gives the template that variable, if it is known what the application gives it.
void Generator::check_variable(Name const& node) {
    if (!source_.globals || source_.globals->contains(node.name) || may_be_absent_.contains(node.name)) return;
    open();
    // By a name of its own, or the compiler would show all of C.
    line("constexpr bool known = knows<C, " + quoted(node.name) + ">();");
    check("is_variable<ContextOf<C>, " + quoted(node.name) + ", fields_of<ContextOf<C>>, known>",
          "there is no variable " + jinja::quote(node.name), node.position);
    close();
}

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────

Generator::Operand Generator::logical(Logical& node, Frame& frame) {
    Doubt const doubt(*this, *node.left);
    auto const result = fresh("x");
    auto const left = compile(*node.left, frame);
    step("Value " + result + " = value(" + passed(left) + ");");
    open(std::string("if (") + (node.conjunction ? "" : "!") + "truthy(c, " + result + "))");
    auto const right = compile(*node.right, frame);
    line(result + " = value(" + passed(right) + ");");
    close();
    return {result, true};
}

Generator::Operand Generator::comparison(Compare& node, Frame& frame) {
    static constexpr std::string_view operators[] = {"Eq", "Ne", "Lt", "LtEq", "Gt", "GtEq", "In", "NotIn"};
    auto const result = fresh("b");
    auto left = compile(*node.first, frame);
    line("bool " + result + " = false;");
    for (std::size_t i = 0; i < node.rest.size(); ++i) {
        auto const& [op, operand] = node.rest[i];
        auto const right = compile(*operand, frame);
        if (op == CompareOp::In || op == CompareOp::NotIn)
            check("can_contain<" + plain(right) + ", " + plain(left) + ">", "this cannot contain what is looked for",
                  operand->position);
        else
            check("can_be_compared<" + plain(left) + ", " + plain(right) + ">", "a text is compared with a number",
                  operand->position);
        step(result + " = compare<CompareOp::" + std::string(operators[static_cast<int>(op)]) + ">(c, " + left.code +
             ", " + right.code + ");");
        if (i + 1 < node.rest.size()) open("if (" + result + ")");
        left = right;
    }
    for (std::size_t i = 0; i + 1 < node.rest.size(); ++i) close();
    return {result, false};
}

std::string Generator::condition(Expr& node, Frame& frame) {
    if (node.kind == NodeKind::Unary && node.as<Unary>().op == UnaryOp::Not)
        return "!" + condition(*node.as<Unary>().operand, frame);
    if (node.kind == NodeKind::Logical) {
        auto& logical = node.as<Logical>();
        Doubt const doubt(*this, *logical.left);
        auto const result = fresh("b");
        line("bool " + result + " = " + condition(*logical.left, frame) + ";");
        open(std::string("if (") + (logical.conjunction ? "" : "!") + result + ")");
        line(result + " = " + condition(*logical.right, frame) + ";");
        close();
        return result;
    }
    auto const value = compile(node, frame);
    auto const result = fresh("b");
    step("bool const " + result + " = truthy(c, " + value.code + ");");
    return result;
}

Generator::Operand Generator::conditional(Conditional& node, Frame& outer) {
    Frame frame = outer;
    frame.soft = true;
    Doubt const doubt(*this, *node.test);
    auto const result = fresh("x");
    line("Value " + result + ";");
    open("if (" + condition(*node.test, frame) + ")");
    auto const yes = compile(*node.yes, frame);
    line(result + " = value(" + passed(yes) + ");");
    otherwise();
    if (node.no) {
        auto const no = compile(*node.no, frame);
        line(result + " = value(" + passed(no) + ");");
    } else
        step(result + " = no_else(c);");
    close();
    return {result, true};
}

Generator::Operand Generator::sequence(std::string_view function, std::vector<Expr*> const& items, Frame& frame) {
    std::string arguments;
    for (auto* item : items) arguments += ", " + passed(compile(*item, frame));
    return temporary(std::string(function) + "(c" + arguments + ")");
}

// loop.index and its like, of a loop of this function: its state.
std::string const* Generator::loop_attribute(Getattr const& node, Frame const& frame) {
    jinja::LoopAttribute attribute{};
    if (node.object->kind != NodeKind::Name || !jinja::find_loop_attribute(node.name, attribute)) return nullptr;
    auto const found = code_->loop_states.find(frame.symbols->find(node.object->as<Name>().name));
    return found == code_->loop_states.end() ? nullptr : &found->second;
}

Generator::Operand Generator::getattr(Getattr& node, Frame& frame) {
    if (auto const* loop = loop_attribute(node, frame)) return temporary(*loop + "." + std::string(node.name) + "()");
    auto const object = compile(*node.object, frame);
    check("is_field_of<" + plain(object) + ", " + quoted(node.name) + ", fields_of<" + plain(object) + ">>",
          "there is no field " + jinja::quote(node.name), node.position);
    return temporary("getattr<" + quoted(node.name) + ">(c, " + object.code + ")");
}

Generator::Operand Generator::getitem(Getitem& node, Frame& frame) {
    auto const object = compile(*node.object, frame);
    if (node.key->kind != NodeKind::Slice) {
        auto const key = compile(*node.key, frame);
        return temporary("getitem(c, " + object.code + ", " + key.code + ")");
    }
    auto& slice = node.key->as<Slice>();
    std::string bounds;
    for (Expr* bound : {slice.start, slice.stop, slice.step})
        bounds += ", " + (bound ? passed(compile(*bound, frame)) : "nullptr");
    return temporary("slice(c, " + object.code + bounds + ")");
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────────────────────

std::size_t Generator::site(std::string_view kind, std::string_view name, Arguments const& arguments, bool subject,
                            bool caller, bool soft) {
    std::string keywords;
    std::set<std::string_view> known;
    for (auto const& [keyword, argument] : arguments.keywords) {
        if (!known.insert(keyword).second)
            fail(ErrorKind::TemplateAssertionError, "keyword argument repeated: " + std::string(keyword),
                 argument->position);
        keywords += (keywords.empty() ? "" : " ") + std::string(keyword);
    }
    auto flag = [](bool value) { return value ? "true" : "false"; };
    sites_.push_back("{jinja::SiteSpec::Kind::" + std::string(kind) + ", " + quoted(name) + ", " +
                     std::to_string(arguments.positional.size() + (subject ? 1 : 0)) + ", " + quoted(keywords) + ", " +
                     flag(arguments.star) + ", " + flag(arguments.double_star) + ", " + flag(caller) + ", " +
                     flag(soft) + ", {" + std::to_string(statement_.line) + ", " + std::to_string(statement_.offset) +
                     "}}");
    return sites_.size() - 1;
}

std::vector<Generator::Operand> Generator::arguments(Arguments const& arguments, Frame& frame) {
    std::vector<Operand> result;
    for (auto* argument : arguments.positional) result.push_back(compile(*argument, frame));
    for (auto const& [keyword, argument] : arguments.keywords) result.push_back(compile(*argument, frame));
    if (arguments.star) result.push_back(compile(*arguments.star, frame));
    if (arguments.double_star) result.push_back(compile(*arguments.double_star, frame));
    return result;
}

Generator::Operand Generator::call(Call& node, Frame& frame, bool write, std::string_view caller) {
    // In a sandbox a method is an attribute like any, which may be refused.
    bool const method = node.callee->kind == NodeKind::Getattr && !environment_.options.sandbox;
    std::string_view const name = method ? node.callee->as<Getattr>().name : std::string_view();
    auto const callee = compile(method ? *node.callee->as<Getattr>().object : *node.callee, frame);
    auto const values = arguments(node.arguments, frame);
    auto const index = site(method ? "Method" : "Call", name, node.arguments, false, !caller.empty(), false);
    if (method) {
        auto const field = plain(callee) + ", " + quoted(name);
        check("is_field_of<" + field + ", fields_of<" + plain(callee) + ">>", "there is no field " + jinja::quote(name),
              node.callee->position);
        check("can_call_field<" + field + ">", "the field " + jinja::quote(name) + " is no function", node.position);
    } else
        check("can_be_called<" + plain(callee) + ">", "what is called here is no function", node.position);
    std::string code = method ? "call_method" : "call";
    if (write) code = "write_" + code + "<" + escape() + ">";
    code += "(c, site(c, " + std::to_string(index) + "), " + callee.code;
    for (auto const& value : values) code += ", " + passed(value);
    if (!caller.empty()) (code += ", ") += caller;
    code += ")";
    if (auto const likely = target(node, callee); likely.macro && caller.empty())
        if (auto const given = bound(*likely.macro, node.arguments, values)) {
            bool const own = likely.symbol == symbol_;
            if (!own) uses_.insert(likely.template_name);
            code = std::string(write ? "write_macro<" : "macro_value<") + "direct_" + likely.symbol + "_" +
                   std::to_string(likely.macro->function) + (write ? "" : ", " + escape()) + ">(c, " + likely.check +
                   ", " + (own ? "own_template" : link(likely.symbol)) + ", [&] { return " + code + "; }" + *given +
                   ")";
        }
    if (!write) return temporary(code);
    step(code + ";");
    return {};
}

} // namespace hxx::compiled
