// For loops: a recursive one is a function, any other is a C++ loop around its body.
#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/analysis.hpp"
#include "hxx/jinja/error.hpp"

#include <algorithm>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;

void Generator::for_loop(For& node, Frame& frame) {
    auto refuse_loop = [this](Node& inner) {
        if (inner.kind == NodeKind::Name && inner.as<Name>().name == "loop" && inner.as<Name>().use == Use::Store)
            fail(ErrorKind::TemplateAssertionError, "Can't assign to special loop variable in for-loop target",
                 inner.position);
    };
    for_each_node(node, refuse_loop);
    if (!node.recursive) {
        open();
        at(node.position);
        auto const iterable = expression(node.iterable, frame);
        check_iterable(iterable, *node.iterable);
        loop(node, iterable, frame, false);
        return close();
    }
    FunctionCode code{static_cast<std::int32_t>(functions_.size()), nullptr};
    auto const row = begin(code, "Loop", {}, node.position);
    auto const saved = statement_;
    auto const loops = std::exchange(loops_, {});
    int const indent = std::exchange(indent_, 2);
    at(node.position);
    ++code.registers; // what it goes through
    code.types = {"Value"};
    Frame inside = frame;
    inside.buffered = true;
    bool const setup = std::exchange(setup_, false);
    loop(node, {"c.registers(0)", false}, inside, true);
    setup_ = setup;
    end(code, row);
    loops_ = loops;
    indent_ = indent;
    statement_ = saved;
    open();
    at(node.position);
    auto const items = expression(node.iterable, frame);
    check_iterable(items, *node.iterable);
    auto const type = seen_as(items.code);
    if (!writes_nothing(frame))
        step("call_loop<" + typed_function(row, {type}) + ", " + type + ">(c, " + std::to_string(row) + ", value(" +
             passed(items) + "));");
    close();
}

// What the loop goes through now. That of a `loop` object is a Value, seen as what is in the `items`.
Generator::Operand Generator::loop_item(std::string const& state, std::string const& items) {
    Operand item{"item_" + state, false};
    line("[[maybe_unused]] decltype(auto) " + item.code + " = " +
         (items.empty() ? state + ".item();" : "seen_as<Item<" + items + ">>(" + state + ".item());"));
    return item;
}

void Generator::check_iterable(Operand const& iterable, Expr const& node) {
    check("can_be_iterated_over<" + plain(iterable) + ">", "this cannot be iterated over", node.position);
}

void Generator::loop(For& node, Operand iterable, Frame& outer, bool recursive) {
    Frame frame = inner(outer);
    bool const scoped_block =
        any_node(node, [](Node const& inside) { return inside.kind == NodeKind::Block && inside.as<Block>().scoped; });
    bool const extended = recursive || scoped_block || !jinja::find_undeclared(node.body, {"loop"}).empty();
    Variable* loop_variable = extended ? frame.symbols->declare_parameter("loop") : nullptr;
    bool const object = recursive || (extended && std::any_of(node.body.begin(), node.body.end(), [](Stmt* inside) {
                                          return jinja::needs_loop_object(*inside);
                                      }));
    frame.symbols->analyze(node, Symbols::Branch::Body);
    std::string const type = recursive ? "T0" : seen_as(iterable.code);
    if (node.test && extended) iterable = filtered_items(node, iterable, outer, recursive);

    auto const position = node.test && !extended ? node.test->position : node.position;
    at(position);
    auto const state = fresh("loop");
    if (object) {
        auto const value = fresh("x");
        auto const function = static_cast<std::size_t>(code_->id);
        step("Value " + value + " = " +
             (recursive ? "recursive_loop_object<" + typed_function(function, {"T0"}) + ", T0>" : "loop_object") +
             "(c, value(" + passed(iterable) + "));");
        line("ObjectLoop " + state + "(c, " + value + ");");
        declare_parameter(loop_variable, {value, false});
    } else {
        step("auto " + state + " = loop_over(c, " + passed(iterable) + ");");
        if (loop_variable) {
            code_->loop_states[loop_variable] = state;
            loop_variable->function = code_->id;
            loop_variable->reg = local;
        }
    }
    open("while (" + state + ".next())");
    loops_.push_back(state);
    auto const item = loop_item(state, object ? type : "");
    if (node.test && !extended) loop_test(node, item, outer);
    at(node.position);
    enter(frame);
    assign(*node.target, item, frame, true);
    statements(node.body, frame);
    bool const left = std::exchange(exit_, false);
    if (!node.otherwise.empty() && !left) line(state + ".complete();");
    auto const last = statement_;
    at(position);
    if (!left) step("");
    loops_.pop_back();
    close();
    at(last);
    if (!node.otherwise.empty()) {
        open("if (!" + state + ".completed())");
        Frame otherwise = inner(outer);
        otherwise.symbols->analyze(node, Symbols::Branch::Else);
        enter(otherwise);
        statements(node.otherwise, otherwise);
        exit_ = false;
        close();
    }
    if (loop_variable) code_->loop_states.erase(loop_variable);
}

// Rounds for which the loop's test fails are skipped.
void Generator::loop_test(For& node, Operand const& item, Frame& outer) {
    auto const rejected = fresh("rejected");
    line("bool " + rejected + " = false;");
    open();
    Frame frame = inner(outer);
    frame.symbols->analyze(node, Symbols::Branch::Test);
    auto const position = statement_;
    enter(frame);
    assign(*node.target, item, frame, true);
    at(node.test->position);
    if (!volatile_) node.test = fold(node.test);
    line(rejected + " = !" + condition(*node.test, frame) + ";");
    at(position);
    close();
    line("if (" + rejected + ") continue;");
}

// With loop.length and its like, what passes the test is collected first.
Generator::Operand Generator::filtered_items(For& node, Operand const& iterable, Frame& outer, bool recursive) {
    auto const list = fresh("list"), state = fresh("loop");
    line("std::vector<Value> " + list + ";");
    open();
    at(node.test->position);
    step("auto " + state + " = loop_over(c, " + passed(iterable) + ");");
    open("while (" + state + ".next())");
    auto const item = loop_item(state, recursive ? "T0" : "");
    loop_test(node, item, outer);
    line(list + ".push_back(value(" + state + ".item()));");
    close();
    close();
    return {"Value::list(std::move(" + list + "))", true};
}

} // namespace hxx::compiled
