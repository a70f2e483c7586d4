#include "hxx/jinja/compiler.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/analysis.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <limits>

namespace hxx::jinja {

using namespace ast;

namespace {

// May the expression be computed straight into a variable that it reads itself? Not if parts of it are written first.
bool writes_once(Expr const& node) noexcept {
    return node.kind != NodeKind::Logical && node.kind != NodeKind::Compare && node.kind != NodeKind::Conditional;
}

} // namespace

void Compiler::statements(Body const& body, Frame& frame) {
    for (auto* node : body) {
        auto const mark = builder_->next_register;
        statement(*node, frame);
        builder_->next_register = mark;
        if (exit_) return;
    }
}

void Compiler::statement(Stmt& node, Frame& frame) {
    if (writes_nothing(frame) && !has_effects(node)) return;
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
        at(node.position);
        expression(node.as<ExprStatement>().value, frame);
        break;
    }
    case NodeKind::Autoescape: return autoescape(node.as<ast::Autoescape>(), frame);
    case NodeKind::Break: return break_or_continue(true, node.position);
    case NodeKind::Continue: return break_or_continue(false, node.position);
    default: fail("this is no statement", node.position);
    }
}

void Compiler::into(Expr*& node, Frame& frame, Operand reg) {
    if (!volatile_) node = fold(node);
    if (writes_once(*node))
        compile(*node, frame, reg);
    else
        emit(Op::Move, reg, compile(*node, frame, no_register));
}

// ── Output ──────────────────────────────────────────────────────────────────────────────────────────────────────

void Compiler::write_text(std::string_view text) {
    if (text.empty()) return;
    auto& code = builder_->function->code;
    auto& pool = compiled_.text;
    // Neighbouring texts are one, unless something jumps between them.
    if (!code.empty() && code.back().op == Op::Text && text_end_ == here() &&
        static_cast<std::size_t>(code.back().a + code.back().b) == pool.size()) {
        code.back().b += static_cast<std::int32_t>(text.size());
        pool += text;
        return;
    }
    emit(Op::Text, static_cast<std::int32_t>(pool.size()), static_cast<std::int32_t>(text.size()));
    text_end_ = here();
    pool += text;
}

// The text behind the last part of an output: the instruction that wrote this part writes it too, if it can.
void Compiler::write_rest(std::string& text) {
    auto& code = builder_->function->code;
    auto const piece = compiled_.pieces.size();
    bool const last_is_value = last_output_ == here() && !code.empty() && code.back().count == 0 &&
                               (code.back().op == Op::Emit || code.back().op == Op::EmitAttr);
    if (text.empty() || !last_is_value || piece > std::numeric_limits<std::uint16_t>::max()) return write_text(text);
    code.back().count = static_cast<std::uint16_t>(piece);
    static_cast<void>(text_piece(text));
}

// Text that the instruction after it writes, as its operand.
std::int32_t Compiler::text_piece(std::string& text) {
    if (text.empty()) return 0;
    auto& pool = compiled_.text;
    compiled_.pieces.emplace_back(static_cast<std::uint32_t>(pool.size()), static_cast<std::uint32_t>(text.size()));
    pool += text;
    text.clear();
    return static_cast<std::int32_t>(compiled_.pieces.size()) - 1;
}

// What is constant is written as text, escaped now. False for what cannot be written (an integer of too many digits):
// it fails when it is rendered, if it ever is, and then says where.
bool Compiler::append_constant(std::string& text, Value const& value) const {
    std::string written;
    try {
        if (autoescape_)
            append_escaped(written, value);
        else
            append_str(written, value);
    } catch (Error const&) {
        return false;
    }
    text += written;
    return true;
}

void Compiler::output(Output& node, Frame& frame) {
    if (writes_nothing(frame)) return;
    std::size_t skip = 0;
    bool const checked = frame.output_check;
    if (checked) {
        if (has_known_extends_) return;
        if (extends_so_far_ > 0) skip = emit(Op::JumpIfExtended);
    }
    std::string text; // not yet written
    last_output_ = 0;
    for (auto*& part : node.parts) {
        auto const mark = builder_->next_register;
        if (part->kind == NodeKind::TemplateData) {
            if (volatile_) at(part->position); // where Jinja2 does not know yet how it is written
            text += part->as<TemplateData>().text;
            continue;
        }
        part = fold(part);
        if (part->kind == NodeKind::Const && append_constant(text, part->as<Const>().value)) continue;
        at(part->position);
        if (part->kind == NodeKind::Call) {
            write_text(text);
            text.clear();
            call(part->as<Call>(), frame, no_register, static_cast<std::uint8_t>(escape_flag() | flag_write));
        } else if (part->kind == NodeKind::Getattr && !environment_.options.sandbox &&
                   !is_loop_attribute(part->as<Getattr>(), frame)) {
            auto& attribute = part->as<Getattr>();
            Operand const object = compile(*attribute.object, frame, no_register);
            emit(Op::EmitAttr, object, name_index(attribute.name), text_piece(text), escape_flag());
            last_output_ = here();
        } else if (part->kind == NodeKind::Filter && part->as<Filter>().subject &&
                   environment_.find_filter(part->as<Filter>().name)) {
            write_filter(part->as<Filter>(), frame, text);
        } else {
            Operand const value = compile(*part, frame, no_register);
            emit(Op::Emit, value, 0, text_piece(text), escape_flag());
            last_output_ = here();
        }
        builder_->next_register = mark;
    }
    write_rest(text);
    if (checked && extends_so_far_ > 0) land(skip);
}

// ── Conditions and scopes ───────────────────────────────────────────────────────────────────────────────────────

void Compiler::if_statement(If& node, Frame& outer) {
    Frame frame = outer;
    frame.rootlevel = false;
    frame.soft = true;
    std::vector<std::size_t> ends;
    auto test = [&](If& part) {
        at(part.position);
        if (!volatile_) part.test = fold(part.test);
        std::vector<std::size_t> otherwise;
        branch(*part.test, frame, false, otherwise);
        statements(part.body, frame);
        exit_ = false;
        return otherwise;
    };
    auto otherwise = test(node);
    for (auto* elif : node.elifs) {
        ends.push_back(emit(Op::Jump));
        for (std::size_t jump : otherwise) land(jump);
        otherwise = test(*elif);
    }
    if (!node.otherwise.empty()) ends.push_back(emit(Op::Jump));
    for (std::size_t jump : otherwise) land(jump);
    statements(node.otherwise, frame);
    exit_ = false;
    for (std::size_t jump : ends) land(jump);
}

void Compiler::with(With& node, Frame& outer) {
    Frame frame = inner(outer);
    frame.symbols->analyze(node);
    enter(frame);
    // A tuple of targets takes its values one after the other; they see the outer scope.
    for (std::size_t i = 0; i < node.targets.size(); ++i) {
        auto const mark = builder_->next_register;
        assign(*node.targets[i], expression(node.values[i], outer), frame);
        builder_->next_register = mark;
    }
    statements(node.body, frame);
}

void Compiler::autoescape(ast::Autoescape& node, Frame& outer) {
    Frame frame = inner(outer);
    frame.symbols->analyze(node);
    enter(frame);
    Operand const former = allocate();
    bool const saved_autoescape = autoescape_, saved_volatile = volatile_;
    Operand const mode = expression(node.mode, frame);
    emit(Op::PushEscaping, mode, former);
    builder_->cleanups.push_back({Cleanup::Kind::Escaping, former});
    if (node.mode->kind == NodeKind::Const)
        autoescape_ = node.mode->as<Const>().value.truthy();
    else
        volatile_ = true;
    statements(node.body, frame);
    autoescape_ = saved_autoescape;
    volatile_ = saved_volatile;
    builder_->cleanups.pop_back();
    emit(Op::PopEscaping, former);
}

// ── Assignments ─────────────────────────────────────────────────────────────────────────────────────────────────

void Compiler::assign(Expr const& target, Operand value, Frame& frame) {
    switch (target.kind) {
    case NodeKind::Name: {
        Variable* variable = frame.symbols->find(target.as<Name>().name);
        if (variable->reg != value) emit(Op::Move, variable->reg, value);
        break;
    }
    case NodeKind::NamespaceRef: {
        auto const& reference = target.as<NamespaceRef>();
        emit(Op::SetNamespace, variable(frame.symbols->find(reference.name)), value, name_index(reference.attribute));
        break;
    }
    default: {
        auto const& items = target.as<Tuple>().items;
        Operand const first = allocate(items.size());
        emit(Op::Unpack, value, first, static_cast<std::int32_t>(items.size()));
        for (std::size_t i = 0; i < items.size(); ++i) assign(*items[i], first + static_cast<Operand>(i), frame);
    }
    }
}

// What the template's body sets is seen by its blocks, by what it includes, and by those who import it.
void Compiler::export_names(Expr const& target, Frame& frame) {
    if (!frame.toplevel) return;
    if (target.kind == NodeKind::Name) {
        auto const name = target.as<Name>().name;
        emit(Op::SetVariable, frame.symbols->find(name)->reg, name_index(name), 0,
             name.starts_with('_') ? std::uint8_t(0) : flag_export);
    } else
        for_each_child(target, [&](Node* child) { export_names(*static_cast<Expr*>(child), frame); });
}

void Compiler::assign_statement(Assign& node, Frame& frame) {
    at(node.position);
    bool const to_namespace =
        any_node(*node.target, [](Node const& inner) { return inner.kind == NodeKind::NamespaceRef; });
    if (to_namespace) {
        auto check = [&](Node const& inner) {
            if (inner.kind == NodeKind::NamespaceRef)
                emit(Op::CheckNamespace, variable(frame.symbols->find(inner.as<NamespaceRef>().name)));
            return false;
        };
        static_cast<void>(any_node(*node.target, check));
    }
    if (node.target->kind == NodeKind::Name) {
        into(node.value, frame, frame.symbols->find(node.target->as<Name>().name)->reg);
    } else
        assign(*node.target, expression(node.value, frame), frame);
    export_names(*node.target, frame);
}

void Compiler::assign_block(AssignBlock& node, Frame& outer) {
    Frame frame = inner(outer);
    frame.output_check = false;
    frame.buffered = true;
    frame.symbols->analyze(node);
    enter(frame);
    Operand const text = allocate();
    capture(node.body, frame, text);
    at(node.position);
    Operand value = text;
    if (node.filter) value = filter(*node.filter, frame, no_register, text);
    emit(Op::MarkIfEscaping, text, value);
    assign(*node.target, text, outer);
    export_names(*node.target, outer);
}

// What the body writes becomes the value of a register.
void Compiler::capture(Body const& body, Frame& frame, Operand reg) {
    emit(Op::CaptureStart);
    builder_->cleanups.push_back({Cleanup::Kind::Capture});
    statements(body, frame);
    exit_ = false;
    builder_->cleanups.pop_back();
    emit(Op::CaptureEnd, reg, 0, 0, escape_flag());
}

// ── Macros, calls, filters ──────────────────────────────────────────────────────────────────────────────────────

void Compiler::macro(Macro& node, Frame& frame) {
    std::int32_t const function = compile_macro(node, {node.signature, node.body, node.name}, frame);
    Operand const reg = frame.symbols->find(node.name)->reg;
    emit(Op::MakeMacro, reg, function);
    if (frame.toplevel)
        emit(Op::SetVariable, reg, name_index(node.name), 0,
             node.name.starts_with('_') ? std::uint8_t(0) : flag_export);
}

void Compiler::call_block(CallBlock& node, Frame& frame) {
    std::int32_t const function = compile_macro(node, {node.signature, node.body, {}}, frame);
    Operand const caller = allocate();
    emit(Op::MakeMacro, caller, function);
    at(node.position);
    // The call's text is written as it is.
    if (writes_nothing(frame)) return;
    call(*node.call, frame, no_register, flag_write, caller);
}

void Compiler::filter_block(FilterBlock& node, Frame& outer) {
    if (writes_nothing(outer)) return;
    Frame frame = inner(outer);
    frame.buffered = true;
    frame.symbols->analyze(node);
    enter(frame);
    Operand const text = allocate();
    capture(node.body, frame, text);
    at(node.position);
    emit(Op::Emit, filter(*node.filter, frame, no_register, text), 0, 0, 0);
}

// ── Templates and blocks ────────────────────────────────────────────────────────────────────────────────────────

void Compiler::block(Block& node, Frame& frame) {
    if (setup_) return;
    std::size_t skip = 0;
    bool check = false;
    if (frame.toplevel) {
        if (has_known_extends_) return;
        check = extends_so_far_ > 0;
        if (check) skip = emit(Op::JumpIfExtended);
    }
    at(node.position);
    auto const flags = static_cast<std::uint8_t>((node.scoped ? flag_scoped : 0) | (node.required ? flag_required : 0));
    emit(Op::CallBlock, name_index(node.name), node.scoped ? locals_table(frame) : -1, 0, flags);
    if (check) land(skip);
}

void Compiler::extends(Extends& node, Frame& frame) {
    if (!frame.toplevel) fail("cannot use extend from a non top-level scope", node.position);
    if (extends_so_far_ > 0) {
        if (has_known_extends_) {
            emit(Op::Raise, constant("extended multiple times"));
            exit_ = true;
            return;
        }
        std::size_t const again = emit(Op::JumpIfExtended);
        std::size_t const first = emit(Op::Jump);
        land(again);
        emit(Op::Raise, constant("extended multiple times"));
        land(first);
    }
    at(node.position);
    extends_position_ = node.position;
    Operand const source = expression(node.source, frame);
    emit(Op::Extends, source);
    if (frame.rootlevel) {
        has_known_extends_ = true;
        if (node.source->kind == NodeKind::Const && node.source->as<Const>().value.is_string())
            compiled_.parent = node.source->as<Const>().value.raw_text();
    }
    ++extends_so_far_;
}

void Compiler::include(Include& node, Frame& frame) {
    if (writes_nothing(frame)) return;
    at(node.position);
    Operand const source = expression(node.source, frame);
    auto const flags = static_cast<std::uint8_t>((node.ignore_missing ? flag_ignore_missing : 0) |
                                                 (node.with_context ? flag_with_context : 0));
    emit(Op::Include, source, node.with_context ? locals_table(frame) : -1, 0, flags);
}

void Compiler::import(Import& node, Frame& frame) {
    at(node.position);
    Operand const reg = frame.symbols->find(node.target)->reg;
    Operand const source = expression(node.source, frame);
    emit(Op::Import, reg, source, node.with_context ? locals_table(frame) : -1,
         node.with_context ? flag_with_context : std::uint8_t(0));
    if (frame.toplevel) emit(Op::SetVariable, reg, name_index(node.target), 0, flag_hide);
}

void Compiler::from_import(FromImport& node, Frame& frame) {
    at(node.position);
    Operand const module = allocate();
    Operand const source = expression(node.source, frame);
    emit(Op::Import, module, source, node.with_context ? locals_table(frame) : -1,
         node.with_context ? flag_with_context : std::uint8_t(0));
    for (auto const& [name, alias] : node.names) {
        Operand const reg = frame.symbols->find(alias)->reg;
        emit(Op::ImportName, reg, module, name_index(name));
        if (frame.toplevel) emit(Op::SetVariable, reg, name_index(alias), 0, flag_hide);
    }
}

} // namespace hxx::jinja
