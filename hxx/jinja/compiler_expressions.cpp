#include "hxx/jinja/compiler.hpp"

#include "hxx/jinja/containers.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::jinja {

using namespace ast;

namespace {

Op operation(BinaryOp op) noexcept { return static_cast<Op>(static_cast<int>(Op::Add) + static_cast<int>(op)); }
Op operation(CompareOp op) noexcept { return static_cast<Op>(static_cast<int>(Op::Eq) + static_cast<int>(op)); }

// Is or has the value a list or dict, which a template could change?
bool is_changeable(Value const& value) {
    if (value.kind() != Kind::Tuple) return value.kind() == Kind::List || value.kind() == Kind::Dict;
    auto const& items = sequence_of(value).items;
    return std::any_of(items.begin(), items.end(), is_changeable);
}

// Are all its items unchangeable, so that it may be shared by those who only look into it?
bool is_flat(Value const& value) {
    if (value.kind() == Kind::Dict)
        return std::none_of(dict_of(value).entries().begin(), dict_of(value).entries().end(),
                            [](auto const& entry) { return is_changeable(entry.second); });
    if (value.kind() != Kind::List && value.kind() != Kind::Tuple) return true;
    auto const& items = sequence_of(value).items;
    return std::none_of(items.begin(), items.end(), is_changeable);
}

} // namespace

// The operand that holds the expression's value: `want` if given, else a constant, a variable or a new register.
Compiler::Operand Compiler::expression(Expr*& node, Frame& frame, Operand want) {
    if (!volatile_) node = fold(node);
    return compile(*node, frame, want);
}

// For a use that neither keeps nor changes the value: a constant container need not be copied.
Compiler::Operand Compiler::read_only(Expr*& node, Frame& frame) {
    if (!volatile_) node = fold(node);
    if (node->kind == NodeKind::Const && is_flat(node->as<Const>().value)) return constant(node->as<Const>().value);
    return compile(*node, frame, no_register);
}

Compiler::Operand Compiler::place(Operand value, Operand want) {
    if (want == no_register || value == want) return value;
    emit(Op::Move, want, value);
    return want;
}

Compiler::Operand Compiler::compile(Expr& node, Frame& frame, Operand want) {
    // Errors are attributed to the statement's line, and to the exact place within that line.
    Position const saved = statement_;
    if (node.position.line == statement_.line) statement_ = node.position;
    auto finish = [&](Operand result) {
        statement_ = saved;
        return result;
    };
    switch (node.kind) {
    case NodeKind::Const: {
        Value const& value = node.as<Const>().value;
        if (!is_changeable(value)) return finish(place(constant(value), want));
        Operand const result = target(want);
        emit(Op::Copy, result, constant(value));
        return finish(result);
    }
    case NodeKind::TemplateData: return finish(place(constant(Value(node.as<TemplateData>().text)), want));
    case NodeKind::Name: return finish(name(node.as<Name>(), frame, want));
    case NodeKind::Tuple: return finish(sequence(Op::MakeTuple, node.as<Tuple>().items, frame, want));
    case NodeKind::List: return finish(sequence(Op::MakeList, node.as<List>().items, frame, want));
    case NodeKind::Dict: {
        std::vector<Expr*> items;
        for (auto const& [key, value] : node.as<Dict>().items) {
            items.push_back(key);
            items.push_back(value);
        }
        return finish(sequence(Op::MakeDict, items, frame, want));
    }
    case NodeKind::Concat:
        return finish(
            sequence(Op::Concat, node.as<Concat>().parts, frame, want, volatile_ ? std::uint8_t(0) : escape_flag()));
    case NodeKind::Unary: {
        auto& unary = node.as<Unary>();
        Operand const result = target(want);
        Operand const operand = compile(*unary.operand, frame, no_register);
        emit(unary.op == UnaryOp::Not ? Op::Not : unary.op == UnaryOp::Neg ? Op::Neg : Op::Pos, result, operand);
        return finish(result);
    }
    case NodeKind::Binary: {
        auto& binary = node.as<Binary>();
        Operand const result = target(want);
        Operand const left = compile(*binary.left, frame, no_register);
        Operand const right = compile(*binary.right, frame, no_register);
        emit(operation(binary.op), result, left, right);
        return finish(result);
    }
    case NodeKind::Logical: return finish(logical(node.as<Logical>(), frame, want));
    case NodeKind::Compare: return finish(comparison(node.as<Compare>(), frame, want));
    case NodeKind::Conditional: return finish(conditional(node.as<Conditional>(), frame, want));
    case NodeKind::Getattr: return finish(getattr(node.as<Getattr>(), frame, want));
    case NodeKind::Getitem: return finish(getitem(node.as<Getitem>(), frame, want));
    case NodeKind::Call: return finish(call(node.as<Call>(), frame, want));
    case NodeKind::Filter: return finish(filter(node.as<Filter>(), frame, want));
    case NodeKind::Test: return finish(test(node.as<Test>(), frame, want));
    default: fail("this is no expression", node.position);
    }
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

Compiler::Operand Compiler::variable(Variable* variable) {
    if (variable->function == builder_->id) return variable->reg;
    // A name that only the context defines is looked up again rather than taken from the enclosing function.
    if (variable->reg >= first_name_slot) return name_slot(variable->name);
    std::int32_t up = 0;
    for (auto* level = builder_; level && level->id != variable->function; level = level->parent) {
        level->function->needs_parent = true;
        if (level->parent) level->parent->function->has_closures = true;
        ++up;
    }
    Operand const result = allocate();
    emit(Op::LoadUp, result, up, variable->reg);
    return result;
}

Compiler::Operand Compiler::name(Name const& node, Frame& frame, Operand want) {
    Variable* found = frame.symbols->find(node.name);
    if (context_reads_ && !environment_.find_global(node.name) && (!found || frame.symbols->comes_from_context(found)))
        context_reads_->push_back(&node);
    if (!found) return place(name_slot(node.name), want); // a name in an assignment's own filter
    return place(variable(found), want);
}

// ── Operators ───────────────────────────────────────────────────────────────────────────────────────────────────

Compiler::Operand Compiler::logical(Logical& node, Frame& frame, Operand want) {
    Operand const result = target(want);
    compile(*node.left, frame, result);
    std::size_t const decided = emit(node.conjunction ? Op::JumpIfFalse : Op::JumpIfTrue, result);
    compile(*node.right, frame, result);
    patch(decided);
    return result;
}

Compiler::Operand Compiler::comparison(Compare& node, Frame& frame, Operand want) {
    Operand const result = target(want);
    Operand left = compile(*node.first, frame, no_register);
    std::vector<std::size_t> decided;
    for (std::size_t i = 0; i < node.rest.size(); ++i) {
        auto& [op, operand] = node.rest[i];
        bool const membership = op == CompareOp::In || op == CompareOp::NotIn;
        Operand const right = membership ? read_only(operand, frame) : compile(*operand, frame, no_register);
        emit(operation(op), result, left, right);
        if (i + 1 < node.rest.size()) decided.push_back(emit(Op::JumpIfFalse, result));
        left = right;
    }
    patch_all(decided);
    return result;
}

// Jumps are added to `jumps` for where the condition's truth is `when`; otherwise the code goes on.
void Compiler::branch(Expr& node, Frame& frame, bool when, std::vector<std::size_t>& jumps) {
    auto const mark = builder_->next_register;
    if (node.kind == NodeKind::Unary && node.as<Unary>().op == UnaryOp::Not) {
        branch(*node.as<Unary>().operand, frame, !when, jumps);
    } else if (node.kind == NodeKind::Logical) {
        auto& logical = node.as<Logical>();
        if (logical.conjunction != when) {
            // a and b is false as soon as one is; a or b is true as soon as one is.
            branch(*logical.left, frame, when, jumps);
            branch(*logical.right, frame, when, jumps);
        } else {
            std::vector<std::size_t> past;
            branch(*logical.left, frame, !when, past);
            branch(*logical.right, frame, when, jumps);
            patch_all(past);
        }
    } else {
        Operand const value = compile(node, frame, no_register);
        jumps.push_back(emit(when ? Op::JumpIfTrue : Op::JumpIfFalse, value));
    }
    builder_->next_register = mark;
}

Compiler::Operand Compiler::conditional(Conditional& node, Frame& outer, Operand want) {
    Frame frame = outer;
    frame.soft = true;
    Operand const result = target(want);
    std::vector<std::size_t> otherwise;
    branch(*node.test, frame, false, otherwise);
    compile(*node.yes, frame, result);
    std::size_t const end = emit(Op::Jump);
    patch_all(otherwise);
    if (node.no)
        compile(*node.no, frame, result);
    else
        emit(Op::NoElse, result);
    patch(end);
    return result;
}

Compiler::Operand Compiler::sequence(Op op, std::vector<Expr*> const& items, Frame& frame, Operand want,
                                     std::uint8_t flag) {
    Operand const result = target(want);
    Operand const first = allocate(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) compile(*items[i], frame, first + static_cast<Operand>(i));
    emit(op, result, first, static_cast<std::int32_t>(items.size()), flag);
    return result;
}

// loop.index and its like, of a loop of this function: read from its state.
bool Compiler::is_loop_attribute(Getattr const& node, Frame const& frame) const {
    LoopAttribute attribute{};
    if (node.object->kind != NodeKind::Name || !find_loop_attribute(node.name, attribute)) return false;
    Variable* found = frame.symbols->find(node.object->as<Name>().name);
    return found && builder_->loop_slots.contains(found);
}

Compiler::Operand Compiler::getattr(Getattr& node, Frame& frame, Operand want) {
    if (is_loop_attribute(node, frame)) {
        LoopAttribute attribute{};
        static_cast<void>(find_loop_attribute(node.name, attribute));
        Operand const result = target(want);
        auto const slot = builder_->loop_slots.at(frame.symbols->find(node.object->as<Name>().name));
        emit(Op::LoopAttr, result, slot, static_cast<std::int32_t>(attribute));
        return result;
    }
    Operand const result = target(want);
    Operand const object = compile(*node.object, frame, no_register);
    emit(environment_.options.sandbox ? Op::GetSafeAttr : Op::GetAttr, result, object, name_index(node.name));
    return result;
}

Compiler::Operand Compiler::getitem(Getitem& node, Frame& frame, Operand want) {
    Operand const result = target(want);
    Operand const object = read_only(node.object, frame);
    if (node.key->kind != NodeKind::Slice) {
        Operand const key = compile(*node.key, frame, no_register);
        emit(Op::GetItem, result, object, key);
        return result;
    }
    auto& slice = node.key->as<Slice>();
    Operand const bounds = allocate(3);
    Operand at = bounds;
    for (Expr* bound : {slice.start, slice.stop, slice.step}) {
        if (bound)
            compile(*bound, frame, at);
        else
            emit(Op::Move, at, constant(nullptr));
        ++at;
    }
    emit(Op::GetSlice, result, object, bounds);
    return result;
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────────────────────

std::size_t Compiler::register_count(Arguments const& arguments) noexcept {
    return arguments.positional.size() + arguments.keywords.size() + (arguments.star ? 1 : 0) +
           (arguments.double_star ? 1 : 0);
}

void Compiler::arguments(CallSite& site, Arguments const& arguments, Operand first, Frame& frame) {
    site.positional = static_cast<std::uint16_t>(site.positional + arguments.positional.size());
    for (auto* argument : arguments.positional) compile(*argument, frame, first++);
    for (auto const& [keyword, argument] : arguments.keywords) {
        if (std::find(site.keywords.begin(), site.keywords.end(), keyword) != site.keywords.end())
            fail("keyword argument repeated: " + std::string(keyword), argument->position);
        site.keywords.push_back(keyword);
        compile(*argument, frame, first++);
    }
    site.star = arguments.star != nullptr;
    if (site.star) compile(*arguments.star, frame, first++);
    site.double_star = arguments.double_star != nullptr;
    if (site.double_star) compile(*arguments.double_star, frame, first++);
}

// With flag_write the result is written and there is no result register.
Compiler::Operand Compiler::call(Call& node, Frame& frame, Operand want, std::uint8_t flag, Operand caller) {
    Operand const result = (flag & flag_write) != 0 ? 0 : target(want);
    auto const mark = builder_->next_register;
    CallSite site;
    // In a sandbox a method is an attribute like any, which may be refused.
    bool const method = node.callee->kind == NodeKind::Getattr && !environment_.options.sandbox;
    Operand callee = 0;
    if (method) {
        auto& attribute = node.callee->as<Getattr>();
        site.name = attribute.name;
        site.methods = find_methods(attribute.name);
        callee = compile(*attribute.object, frame, no_register);
    } else
        callee = compile(*node.callee, frame, no_register);
    site.caller = caller != no_register;
    Operand const first = allocate(register_count(node.arguments) + (site.caller ? 1 : 0));
    arguments(site, node.arguments, first, frame);
    if (site.caller) emit(Op::Move, first + static_cast<Operand>(register_count(node.arguments)), caller);
    compiled_.sites.push_back(std::move(site));
    if (compiled_.sites.size() > 0xFFFF) fail("the template has too many calls", node.position);
    emit(method ? Op::CallMethod : Op::Call, result, callee, first, flag,
         static_cast<std::uint16_t>(compiled_.sites.size() - 1));
    builder_->next_register = mark;
    return result;
}

Compiler::Operand Compiler::applied(Op op, CallSite site, Arguments& arguments, Operand subject, Expr* subject_node,
                                    Frame& frame, Operand want, std::uint8_t flag, std::int32_t piece) {
    Operand const result = (flag & flag_write) != 0 ? 0 : target(want);
    auto const mark = builder_->next_register;
    Operand const first = allocate(register_count(arguments) + 1);
    if (subject_node)
        compile(*subject_node, frame, first);
    else
        emit(Op::Move, first, subject);
    site.positional = 1;
    this->arguments(site, arguments, first + 1, frame);
    compiled_.sites.push_back(std::move(site));
    if (compiled_.sites.size() > 0xFFFF) fail("the template has too many calls", statement_);
    emit(op, result, piece, first, flag, static_cast<std::uint16_t>(compiled_.sites.size() - 1));
    builder_->next_register = mark;
    return result;
}

namespace {
template <class Map>
std::string suggestion(std::string_view name, Map const& known) {
    std::vector<std::string_view> names;
    for (auto const& [key, value] : known) names.emplace_back(key);
    std::sort(names.begin(), names.end());
    auto const closest = closest_name(name, names);
    return closest.empty() ? "" : "did you mean " + quote(closest) + "?";
}
} // namespace

// {{ subject|filter }} with the text before it.
void Compiler::write_filter(Filter& node, Frame& frame, std::string& text) {
    CallSite site;
    site.name = node.name;
    site.builtin = environment_.find_filter(node.name);
    auto const piece = text_piece(text);
    applied(Op::Filter, std::move(site), node.arguments, no_register, node.subject, frame, no_register,
            static_cast<std::uint8_t>(escape_flag() | flag_write), piece);
}

Compiler::Operand Compiler::filter(Filter& node, Frame& frame, Operand want, Operand subject) {
    CallSite site;
    site.name = node.name;
    site.builtin = environment_.find_filter(node.name);
    if (!site.builtin && !frame.soft)
        fail_unknown("filter", node.name, suggestion(node.name, environment_.filters), node.position);
    // In a chain on a captured text, the innermost filter is applied to it.
    if (!node.subject) return applied(Op::Filter, std::move(site), node.arguments, subject, nullptr, frame, want);
    if (subject != no_register && node.subject->kind == NodeKind::Filter) {
        Operand const inner = filter(node.subject->as<Filter>(), frame, no_register, subject);
        return applied(Op::Filter, std::move(site), node.arguments, inner, nullptr, frame, want);
    }
    return applied(Op::Filter, std::move(site), node.arguments, no_register, node.subject, frame, want);
}

Compiler::Operand Compiler::test(Test& node, Frame& frame, Operand want) {
    CallSite site;
    site.name = node.name;
    site.builtin = environment_.find_test(node.name);
    if (!site.builtin && !frame.soft)
        fail_unknown("test", node.name, suggestion(node.name, environment_.tests), node.position);
    return applied(Op::Test, std::move(site), node.arguments, no_register, node.subject, frame, want);
}

void Compiler::fail_unknown(std::string_view what, std::string_view name, std::string hint, Position position) {
    Error error(ErrorKind::TemplateAssertionError, "No " + std::string(what) + " named " + quote(name) + ".");
    if (!hint.empty()) error.set_hint(std::move(hint));
    auto const place = place_in(compiled_.tree.source, position.offset);
    error.set_place(compiled_.name, position.line, place.column, place.text);
    throw error;
}

} // namespace hxx::jinja
