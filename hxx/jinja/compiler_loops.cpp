// For loops: a recursive one is a function, any other is instructions around its body.
#include "hxx/jinja/compiler.hpp"

#include "hxx/jinja/analysis.hpp"
#include "hxx/jinja/parser.hpp"

#include <algorithm>

namespace hxx::jinja {

using namespace ast;

void Compiler::for_loop(For& node, Frame& frame) {
    auto refuse_loop = [this](Node& inner) {
        if (inner.kind == NodeKind::Name && inner.as<Name>().name == "loop" && inner.as<Name>().use == Use::Store)
            fail("Can't assign to special loop variable in for-loop target", inner.position);
    };
    for_each_node(node, refuse_loop);
    if (!node.recursive) {
        at(node.position);
        Operand const iterable = read_only(node.iterable, frame);
        loop(node, iterable, frame, false);
        return;
    }
    FunctionBuilder builder{};
    begin_function(builder, Function::Kind::Loop, {}, node.position);
    at(node.position);
    Operand const iterable = allocate();
    Frame inside = frame;
    inside.buffered = true;
    bool const setup = std::exchange(setup_, false);
    loop(node, iterable, inside, true);
    setup_ = setup;
    end_function(builder);
    at(node.position);
    Operand const items = expression(node.iterable, frame);
    if (!writes_nothing(frame)) emit(Op::CallLoop, builder.id, items);
}

void Compiler::loop(For& node, Operand iterable, Frame& outer, bool recursive) {
    Frame frame = inner(outer);
    frame.loop_frame = true;
    bool const scoped_block =
        any_node(node, [](Node const& inside) { return inside.kind == NodeKind::Block && inside.as<Block>().scoped; });
    bool const extended = recursive || scoped_block || !find_undeclared(node.body, {"loop"}).empty();
    Variable* loop_variable = extended ? frame.symbols->declare_parameter("loop") : nullptr;
    bool const object = recursive || (extended && std::any_of(node.body.begin(), node.body.end(),
                                                              [](Stmt* inside) { return needs_loop_object(*inside); }));
    frame.symbols->analyze(node, Symbols::Branch::Body);
    if (node.test && extended) iterable = filtered_items(node, iterable, outer);

    assign_registers(frame);
    std::int32_t const slot = builder_->open_loops++;
    builder_->function->loops = std::max(builder_->function->loops, builder_->open_loops);
    if (loop_variable && !object) builder_->loop_slots[loop_variable] = slot;
    // With a test, Jinja2 iterates in a function of its own, which stands at the test's line.
    auto const position = node.test && !extended ? node.test->position : node.position;
    at(position);
    emit(Op::LoopStart, slot, iterable, object ? loop_variable->reg : -1, recursive ? flag_recursive : std::uint8_t(0));
    bool const direct = node.target->kind == NodeKind::Name && !(node.test && !extended);
    Operand const item = direct ? frame.symbols->find(node.target->as<Name>().name)->reg : allocate();
    std::size_t const next = emit(Op::LoopNext, slot, item);
    text_end_ = 0;
    builder_->loops.push_back({slot, next, builder_->cleanups.size(), {}});
    if (node.test && !extended) loop_test(node, item, outer, next);
    at(node.position);
    if (!direct) assign(*node.target, item, frame);
    enter(frame);
    statements(node.body, frame);
    exit_ = false;
    if (!node.otherwise.empty()) emit(Op::LoopDone, slot);
    auto const last = statement_; // what follows the loop without a line of its own has this one
    at(position);
    emit(Op::LoopAgain, slot, item, static_cast<std::int32_t>(next) + 1);
    at(last);
    land(next);
    auto const breaks = std::move(builder_->loops.back().breaks);
    builder_->loops.pop_back();
    for (std::size_t jump : breaks) land(jump);
    if (!node.otherwise.empty()) loop_else(node, outer, slot);
    emit(Op::LoopEnd, slot);
    if (loop_variable) builder_->loop_slots.erase(loop_variable);
    --builder_->open_loops;
}

// Rounds for which the loop's test fails are skipped.
void Compiler::loop_test(For& node, Operand item, Frame& outer, std::size_t next) {
    Frame frame = inner(outer);
    frame.symbols->analyze(node, Symbols::Branch::Test);
    assign_registers(frame);
    auto const position = statement_;
    assign(*node.target, item, frame);
    enter(frame);
    at(node.test->position);
    std::vector<std::size_t> rejected;
    if (!volatile_) node.test = fold(node.test);
    branch(*node.test, frame, false, rejected);
    for (std::size_t jump : rejected) patch(jump, next);
    at(position);
}

// With loop.length and its like, what passes the test is collected first.
Compiler::Operand Compiler::filtered_items(For& node, Operand iterable, Frame& outer) {
    Operand const list = allocate();
    emit(Op::MakeList, list, 0, 0);
    std::int32_t const slot = builder_->open_loops++;
    builder_->function->loops = std::max(builder_->function->loops, builder_->open_loops);
    at(node.test->position);
    emit(Op::LoopStart, slot, iterable, -1);
    Operand const item = allocate();
    std::size_t const next = emit(Op::LoopNext, slot, item);
    loop_test(node, item, outer, next);
    emit(Op::Append, list, item);
    emit(Op::LoopAgain, slot, item, static_cast<std::int32_t>(next) + 1);
    land(next);
    emit(Op::LoopEnd, slot);
    --builder_->open_loops;
    return list;
}

void Compiler::loop_else(For& node, Frame& outer, std::int32_t slot) {
    Frame frame = inner(outer);
    frame.symbols->analyze(node, Symbols::Branch::Else);
    std::size_t const done = emit(Op::LoopElse, slot);
    enter(frame);
    statements(node.otherwise, frame);
    exit_ = false;
    land(done);
}

void Compiler::break_or_continue(bool leave, Position position) {
    if (builder_->loops.empty()) {
        Error error(ErrorKind::TemplateSyntaxError, leave ? "'break' outside loop" : "'continue' not properly in loop");
        auto const place = place_in(compiled_.tree.source, position.offset);
        error.set_place(compiled_.name, position.line, place.column, place.text);
        throw error;
    }
    at(position);
    auto& loop = builder_->loops.back();
    for (std::size_t i = builder_->cleanups.size(); i > loop.cleanups; --i) {
        auto const& cleanup = builder_->cleanups[i - 1];
        if (cleanup.kind == Cleanup::Kind::Capture)
            emit(Op::CaptureEnd, allocate());
        else
            emit(Op::PopEscaping, cleanup.reg);
    }
    if (leave)
        loop.breaks.push_back(emit(Op::Jump));
    else
        emit(Op::Jump, 0, static_cast<std::int32_t>(loop.next));
}

} // namespace hxx::jinja
