#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/analysis.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;

namespace {

std::string export_flag(std::string_view name) { return name.starts_with('_') ? "0" : "jinja::flag_export"; }

} // namespace

void Generator::statements(Body const& body, Frame& frame) {
    for (auto* node : body) {
        statement(*node, frame);
        if (exit_) return;
    }
}

void Generator::statement(Stmt& node, Frame& frame) {
    if (writes_nothing(frame) && !jinja::has_effects(node)) return;
    switch (node.kind) {
    case NodeKind::Output: return output(node.as<Output>(), frame);
    case NodeKind::For: return for_loop(node.as<For>(), frame);
    case NodeKind::If: return if_statement(node.as<If>(), frame);
    case NodeKind::Macro: return macro(node.as<Macro>(), frame);
    case NodeKind::CallBlock: return call_block(node.as<CallBlock>(), frame);
    case NodeKind::FilterBlock: return filter_block(node.as<FilterBlock>(), frame);
    case NodeKind::With: return with(node.as<With>(), frame);
    case NodeKind::Block: return block(node.as<Block>(), frame);
    case NodeKind::Extends: return extends(node.as<Extends>(), frame);
    case NodeKind::Include: return include(node.as<Include>(), frame);
    case NodeKind::Import: return import(node.as<Import>(), frame);
    case NodeKind::FromImport: return from_import(node.as<FromImport>(), frame);
    case NodeKind::Assign: return assign_statement(node.as<Assign>(), frame);
    case NodeKind::AssignBlock: return assign_block(node.as<AssignBlock>(), frame);
    case NodeKind::ExprStatement: {
        open();
        at(node.position);
        expression(node.as<ExprStatement>().value, frame);
        return close();
    }
    case NodeKind::Autoescape: return autoescape(node.as<ast::Autoescape>(), frame);
    case NodeKind::Break:
        exit_ = true;
        return loops_.empty() ? fail(ErrorKind::TemplateSyntaxError, "'break' outside loop", node.position)
                              : line("break;");
    case NodeKind::Continue:
        exit_ = true;
        return loops_.empty() ? fail(ErrorKind::TemplateSyntaxError, "'continue' not properly in loop", node.position)
                              : line("continue;");
    default: fail(ErrorKind::TemplateAssertionError, "this is no statement", node.position);
    }
}

// ── Output ──────────────────────────────────────────────────────────────────────────────────────────────────────

// Text as an argument.
std::string Generator::piece(std::string& text) {
    if (text.empty()) return "{}";
    std::string code = "{text + " + std::to_string(text_.size()) + ", " + std::to_string(text.size()) + "}";
    text_ += text;
    text.clear();
    return code;
}

void Generator::write_text(std::string& text, std::uint32_t number) {
    if (text.empty()) return;
    line("write(c, text + " + std::to_string(text_.size()) + ", " + std::to_string(text.size()) + ");", number);
    text_ += text;
    text.clear();
}

// Lines before the first character that can be seen.
static std::uint32_t blank_lines(std::string_view text) {
    auto const blank = text.substr(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return blank.size() == text.size() ? 0 : static_cast<std::uint32_t>(std::ranges::count(blank, '\n'));
}

void Generator::output(Output& node, Frame& frame) {
    if (writes_nothing(frame)) return;
    bool const checked = frame.output_check;
    if (checked && has_known_extends_) return;
    bool const guarded = checked && extends_so_far_ > 0;
    if (guarded) open("if (!extended(c))");
    std::string text; // not yet written
    std::uint32_t text_line = node.position.line;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
        auto*& part = node.parts[i];
        if (part->kind == NodeKind::TemplateData) {
            if (volatile_) at(part->position); // where Jinja2 does not know yet how it is written
            auto const& data = part->as<TemplateData>().text;
            if (text.empty()) text_line = part->position.line + blank_lines(data);
            text += data;
            continue;
        }
        part = fold(part);
        if (part->kind == NodeKind::Const && append_constant(text, part->as<Const>().value)) continue;
        at(part->position);
        bool const filtered = part->kind == NodeKind::Filter && part->as<Filter>().subject &&
                              environment_.find_filter(part->as<Filter>().name);
        std::string before;
        if (part->kind == NodeKind::Call || filtered)
            write_text(text, text_line);
        else
            before = piece(text);
        open();
        if (part->kind == NodeKind::Call)
            call(part->as<Call>(), frame, true);
        else if (filtered)
            filter(part->as<Filter>(), frame, nullptr, true);
        else {
            auto const value = compile(*part, frame);
            // The text at the end goes with the value before it.
            bool const last =
                i + 2 == node.parts.size() && node.parts[i + 1]->kind == NodeKind::TemplateData && !volatile_;
            if (last) text = node.parts[++i]->as<TemplateData>().text;
            step("emit<" + escape() + ">(c, " + before + ", " + value.code + ", " + piece(text) + ");");
        }
        close();
    }
    write_text(text, text_line);
    if (guarded) close();
}

// What is constant is text, escaped now. False for what cannot be written: it fails when it is rendered.
bool Generator::append_constant(std::string& text, Value const& value) const {
    std::string written;
    try {
        if (autoescape_)
            jinja::append_escaped(written, value);
        else
            jinja::append_str(written, value);
    } catch (jinja::Error const&) {
        return false;
    }
    text += written;
    return true;
}

// ── Conditions and scopes ───────────────────────────────────────────────────────────────────────────────────────

void Generator::if_statement(If& node, Frame& outer) {
    Frame frame = outer;
    frame.rootlevel = false;
    frame.soft = true;
    int opened = 0;
    std::deque<Doubt> doubts;
    auto part = [&](If& branch) {
        doubts.emplace_back(*this, *branch.test);
        open();
        ++opened;
        at(branch.position);
        if (!volatile_) branch.test = fold(branch.test);
        auto const test = condition(*branch.test, frame);
        open("if (" + test + ")");
        statements(branch.body, frame);
        exit_ = false;
        otherwise();
        ++opened;
    };
    part(node);
    for (auto* elif : node.elifs) part(*elif);
    statements(node.otherwise, frame);
    exit_ = false;
    for (; opened > 0; --opened) close();
}

void Generator::with(With& node, Frame& outer) {
    open();
    Frame frame = inner(outer);
    frame.symbols->analyze(node);
    // A tuple of targets takes its values one after the other; they see the outer scope.
    std::vector<Operand> values;
    for (std::size_t i = 0; i < node.targets.size(); ++i) values.push_back(expression(node.values[i], outer));
    enter(frame);
    for (std::size_t i = 0; i < node.targets.size(); ++i) assign(*node.targets[i], values[i], frame);
    statements(node.body, frame);
    close();
}

void Generator::autoescape(ast::Autoescape& node, Frame& outer) {
    open();
    Frame frame = inner(outer);
    frame.symbols->analyze(node);
    enter(frame);
    auto const mode = expression(node.mode, frame);
    step("Escaping const escaping(c, truthy(c, " + mode.code + "));");
    bool const saved_autoescape = autoescape_, saved_volatile = volatile_;
    if (node.mode->kind == NodeKind::Const)
        autoescape_ = node.mode->as<Const>().value.truthy();
    else
        volatile_ = true;
    statements(node.body, frame);
    autoescape_ = saved_autoescape;
    volatile_ = saved_volatile;
    close();
}

// ── Assignments ─────────────────────────────────────────────────────────────────────────────────────────────────

void Generator::assign(Expr const& target, Operand const& value, Frame& frame, bool parameter) {
    switch (target.kind) {
    case NodeKind::Name: {
        Variable* variable = frame.symbols->find(target.as<Name>().name);
        return parameter ? declare_parameter(variable, value) : store(variable, value);
    }
    case NodeKind::NamespaceRef: {
        auto const& reference = target.as<NamespaceRef>();
        return step("set_namespace(c, " + read(frame.symbols->find(reference.name)) + ", " +
                    quoted(reference.attribute) + ", value(" + passed(value) + "));");
    }
    default: {
        auto const& items = target.as<Tuple>().items;
        auto const parts = fresh("parts");
        step("auto&& " + parts + " = unpack<" + std::to_string(items.size()) + ">(c, " + value.code + ");");
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto const part = fresh("x");
            line("auto&& " + part + " = part<" + std::to_string(i) + ">(" + parts + ");");
            assign(*items[i], {part, true}, frame, parameter);
        }
    }
    }
}

void Generator::set_context(std::string_view name, std::string_view value, std::string_view flag) {
    sets_.emplace(name);
    line("set(c, " + quoted(name) + ", value(" + std::string(value) + "), " + std::string(flag) + ");");
}

// What the template's body sets is seen by its blocks, by what it includes, and by those who import it.
void Generator::export_names(Expr const& target, Frame& frame) {
    if (!frame.toplevel) return;
    if (target.kind == NodeKind::Name) {
        auto const name = target.as<Name>().name;
        set_context(name, read(frame.symbols->find(name)), export_flag(name));
    } else if (target.kind != NodeKind::NamespaceRef)
        for_each_child(target, [&](Node* child) { export_names(*static_cast<Expr*>(child), frame); });
}

void Generator::assign_statement(Assign& node, Frame& frame) {
    at(node.position);
    auto check = [&](Node const& inner) {
        if (inner.kind == NodeKind::NamespaceRef)
            step("check_namespace(" + read(frame.symbols->find(inner.as<NamespaceRef>().name)) + ");");
        return false;
    };
    static_cast<void>(any_node(*node.target, check));
    auto const value = expression(node.value, frame);
    assign(*node.target, value, frame);
    export_names(*node.target, frame);
}

void Generator::assign_block(AssignBlock& node, Frame& outer) {
    auto const result = fresh("x");
    line("Value " + result + ";");
    open();
    Frame frame = inner(outer);
    frame.output_check = false;
    frame.buffered = true;
    frame.symbols->analyze(node);
    enter(frame);
    auto value = capture(node.body, frame);
    at(node.position);
    if (node.filter) value = filter(*node.filter, frame, &value);
    line(result + " = mark_if_escaping(c, value(" + passed(value) + "));");
    close();
    assign(*node.target, {result, true}, outer);
    export_names(*node.target, outer);
}

// What the body writes, as a value.
Generator::Operand Generator::capture(Body const& body, Frame& frame) {
    auto const capture = fresh("capture"), text = fresh("x");
    line("Value " + text + ";");
    open();
    line("Capture " + capture + "(c);");
    statements(body, frame);
    exit_ = false;
    line(text + " = " + capture + ".template end<" + escape() + ">();");
    close();
    return {text, true};
}

// ── Macros, calls, filters ──────────────────────────────────────────────────────────────────────────────────────

std::string Generator::macro_object(std::size_t function) {
    auto const arguments = "(c, " + std::to_string(function) + ")";
    if (direct_.contains(function)) return "macro" + arguments;
    return "typed_macro<" + typed_function(function, types_of_[function]) + ">" + arguments;
}

void Generator::macro(Macro& node, Frame& frame) {
    auto const function = macro_function(node, {node.signature, node.body, node.name}, frame);
    Variable* variable = frame.symbols->find(node.name);
    store(variable, {macro_object(function), true});
    if (frame.toplevel) set_context(node.name, read(variable), export_flag(node.name));
}

void Generator::call_block(CallBlock& node, Frame& frame) {
    open();
    auto const function = macro_function(node, {node.signature, node.body, {}}, frame);
    auto const caller = fresh("caller");
    line("auto const " + caller + " = " + macro_object(function) + ";");
    at(node.position);
    // The call's text is written as it is.
    if (!writes_nothing(frame)) call(*node.call, frame, true, caller);
    close();
}

void Generator::filter_block(FilterBlock& node, Frame& outer) {
    if (writes_nothing(outer)) return;
    open();
    Frame frame = inner(outer);
    frame.buffered = true;
    frame.symbols->analyze(node);
    enter(frame);
    auto const text = capture(node.body, frame);
    at(node.position);
    auto const value = filter(*node.filter, frame, &text);
    step("emit<false>(c, {}, " + value.code + ", {});");
    close();
}

} // namespace hxx::compiled
