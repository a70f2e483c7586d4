#include "hxx/jinja/interpreter.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/static_module.hpp"
#include "hxx/jinja/text.hpp"

#include <utility>

namespace hxx::jinja {

// ── A rendering ─────────────────────────────────────────────────────────────────────────────────────────────────

State::State(Environment::Impl const& environment, std::string& out, Sink const* sink)
    : environment_(environment), output_(out, environment.options.limits.output, sink) {}

State::~State() {
    // Values that hold each other in a circle are let go here.
    for (auto& activation : retained_) activation->registers.clear();
    for (auto& context : macro_contexts_) context->clear();
    for (auto& value : tracked_) {
        if (value.kind() == Kind::Dict)
            dict_of(value).clear();
        else if (value.kind() == Kind::List)
            sequence_of(value).items.clear();
        else if (auto* space = dynamic_cast<NamespaceObject*>(value.raw_object()))
            space->values.clear();
    }
}

void State::track(Value const& container) { tracked_.push_back(container); }

void State::fail_iterations() const {
    throw Error(ErrorKind::LimitError, "the template went through more than " +
                                           std::to_string(environment_.options.limits.iterations) + " rounds");
}

Value State::variable(std::string_view name) const {
    Value result;
    if (context_ && context_->find(name, result)) return result;
    return Value::undefined(std::string(name), undefined_mode());
}

Value State::rendering_variable(std::string_view name) const {
    Value result;
    if (rendered_ && rendered_->find(name, result)) return result;
    auto const* global = environment_.find_global(name);
    return global ? *global : Value::undefined(std::string(name), undefined_mode());
}

Value State::all_variables() const { return context_ ? context_->all() : Value::dict({}); }

void State::render(CompiledPtr const& compiled, Context const& context, std::string_view block) {
    std::size_t const hint = compiled->last_size.load(std::memory_order_relaxed);
    if (block.empty()) output_.expect(hint + hint / 8 + 64);
    rendered_ = &context;
    auto const running = Ref<RenderContext>::make(environment_, *compiled, &context);
    TypedFunctions typed;
    if (auto const* model = context.typed_model())
        for (auto const& spec : compiled->typed)
            if (spec.type == &model->raw_type()) typed = {spec.typed, model->raw_data()};
    run_template(*compiled, *running, block, typed);
    output_.finish();
    std::size_t const size = output_.written();
    if (block.empty() && size != hint) compiled->last_size.store(size, std::memory_order_relaxed);
}

void State::run_template(Template::Compiled const& compiled, RenderContext& context, std::string_view block,
                         TypedFunctions const& typed) {
    if (block.empty())
        run_body(compiled, context, false, typed);
    else
        render_block_alone(context, block, typed);
}

// The setup of the template and of all that it extends, then only the block.
void State::render_block_alone(RenderContext& context, std::string_view block, TypedFunctions const& typed) {
    std::size_t const start = output_.start_capture();
    run_body(context.compiled(), context, true, typed);
    output_.end_capture(start);
    auto const* chain = context.find_block(block);
    if (!chain) {
        std::vector<std::string_view> names;
        std::string all;
        for (auto const& known : context.blocks()) {
            names.push_back(known->name);
            all += (all.empty() ? "" : ", ") + std::string(known->name);
        }
        Error error(ErrorKind::TemplateRuntimeError,
                    "the template has no block " + quote(block) + (all.empty() ? "" : "; its blocks are: " + all));
        if (auto const closest = closest_name(block, names); !closest.empty())
            error.set_hint("did you mean " + quote(closest) + "?");
        error.set_place(context.compiled().name, 1, 0, {});
        throw error;
    }
    auto const& [compiled, function] = chain->definitions.front();
    invoke(*compiled, *function, nullptr, context, 0, [](Value*) {}, typed(*function));
}

void State::run_body(Template::Compiled const& compiled, RenderContext& context, bool setup,
                     TypedFunctions const& typed) {
    auto const& function = setup ? *compiled.setup : *compiled.body;
    invoke(compiled, function, nullptr, context, 0, [](Value*) {}, typed(function));
}

// Where the error happened, or through what it came.
void State::locate(Error& error, Template::Compiled const& compiled, ast::Position at, std::string what) {
    auto const place = place_in(compiled.tree.source, at.offset);
    if (error.has_place())
        error.add_caller({compiled.name, at.line, place.column, std::move(what)});
    else
        error.set_place(compiled.name, at.line, place.column, place.text);
}

void State::locate(Error& error, Running const& running, std::size_t at) const {
    auto const& instruction = running.function.code[at];
    auto what = [&]() -> std::string {
        switch (instruction.op) {
        case Op::Include: return "included";
        case Op::Import: return "imported";
        case Op::Extends:
        case Op::RunParent: return "extended";
        case Op::CallBlock:
            return "in block " + quote(running.compiled.names[static_cast<std::size_t>(instruction.a)].text);
        case Op::CallLoop: return "in the recursive loop";
        default: return "called";
        }
    };
    locate(error, running.compiled, running.function.positions[at], what());
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

bool State::escapes(std::uint8_t flag) const noexcept {
    return (flag & flag_escape) != 0 || ((flag & flag_dynamic) != 0 && escaping());
}

[[gnu::always_inline]] inline void State::emit(Value const& value, bool escape, Piece before, Piece after) {
    switch (value.kind()) {
    case Kind::String:
        if (escape && !value.is_markup())
            output_.append_escaped(before, value.raw_text(), after);
        else
            output_.append(before, value.raw_text(), after);
        break;
    case Kind::Int: output_.append_int(before, value.raw_int(), after); break;
    default:
        output_.append(before);
        emit_other(value, escape);
        output_.append(after);
    }
}

void State::emit_other(Value const& value, bool escape) {
    std::string text;
    append_str(text, value);
    // Numbers, none and modules that wrote safe text have nothing to escape.
    bool const safe =
        is_number(value) || value.is_none() || is_instance<ModuleObject>(value) || is_instance<StaticModule>(value);
    if (escape && !safe)
        output_.append_escaped(text);
    else
        output_.append(text);
}

void State::write(Value const& value, bool escape) { emit(value, escape); }

// The member of that name of a struct of that type, as the instruction found it the last time; null if there is none.
inline Member const* State::find_member(Running const& running, TypeInfo const& type, std::int32_t name) {
    auto& cache = running.function.caches[running.position()];
    auto const* member = cache.load(std::memory_order_acquire);
    if (member && member->owner == &type) [[likely]]
        return member;
    member = type.find_member(running.compiled.names[static_cast<std::size_t>(name)].text);
    if (member) cache.store(member, std::memory_order_release);
    return member;
}

// As emit(get_attribute(…)), but the text of a struct's member is not kept alive: the struct is, while this writes.
void State::emit_attribute(Running& running, Value const& object, Instruction const& instruction) {
    Member const* member = nullptr;
    if (object.kind() == Kind::View) member = find_member(running, object.raw_type(), instruction.b);
    auto const before = running.compiled.piece(instruction.c), after = running.compiled.piece(instruction.count);
    bool const escape = escapes(instruction.flag);
    if (member && member->text) {
        auto const text = member->text(object.raw_data());
        return escape ? output_.append_escaped(before, text, after) : output_.append(before, text, after);
    }
    if (member && member->integer) return output_.append_int(before, member->integer(object.raw_data()), after);
    emit(member ? member->get(object.raw_data()) : get_attribute(running, object, instruction.b), escape, before,
         after);
}

Value State::get_attribute(Running& running, Value const& object, std::int32_t name) {
    auto const& wanted = running.compiled.names[static_cast<std::size_t>(name)];
    if (object.kind() == Kind::View) {
        if (auto const* member = find_member(running, object.raw_type(), name)) {
            Value result = member->get(object.raw_data());
            if (object.owner()) result.keep_alive(object.owner());
            return result;
        }
    } else if (object.kind() == Kind::Dict && !wanted.methods) {
        if (auto const* found = dict_of(object).find(wanted.text)) return *found;
        return undefined_item(object, Value(wanted.text), undefined_mode());
    }
    return jinja::get_attribute(object, wanted.text, lookup());
}

void State::unpack(Value const& value, Value* first, std::size_t count) const {
    if (!is_iterable(value)) {
        if (value.is_undefined()) fail_undefined(value);
        throw Error(ErrorKind::TypeError, "cannot unpack non-iterable " + std::string(value.type_name()) + " object");
    }
    Items items(value);
    for (std::size_t i = 0; i < count; ++i)
        if (!items.next(first[i]))
            throw Error(ErrorKind::ValueError, "not enough values to unpack (expected " + std::to_string(count) +
                                                   ", got " + std::to_string(i) + ")");
    if (items.next())
        throw Error(ErrorKind::ValueError, "too many values to unpack (expected " + std::to_string(count) + ")");
}

// ── The instructions ────────────────────────────────────────────────────────────────────────────────────────────

void State::run(Running& running) {
    std::size_t const captures = captures_.size();
    try {
        execute(running);
    } catch (Error& error) {
        captures_.resize(captures);
        locate(error, running, running.position());
        throw;
    } catch (...) {
        captures_.resize(captures);
        throw;
    }
}

void State::run_native(NativeCall& call, NativeFunction function) {
    std::size_t const captures = captures_.size();
    try {
        function(call);
    } catch (Error& error) {
        captures_.resize(captures);
        locate(error, call.compiled, call.at, std::string(call.what));
        throw;
    } catch (...) {
        captures_.resize(captures);
        throw;
    }
}

Value State::no_else(Template::Compiled const& compiled, ast::Position at) const {
    return undefined_hint("the inline if-expression on line " + std::to_string(at.line) + " in " +
                              quote(compiled.name) + " evaluated to false and no else section was defined.",
                          UndefinedMode::Default);
}

void State::start_loop(Running& running, Instruction const& instruction) {
    auto& frame = running.loops[instruction.a];
    auto const& iterable = running.operand(instruction.b);
    bool const recursive = instruction.flag == flag_recursive;
    std::size_t const depth = recursive ? running.depth : 0;
    if (instruction.c < 0) {
        frame.active = &frame.own;
        frame.own.start(iterable, depth);
        return;
    }
    auto object = std::make_unique<LoopObject>();
    object->state.start(iterable, depth);
    object->undefined = undefined_mode();
    if (recursive) {
        object->recursive = &running.function;
        object->compiled = &running.compiled;
        object->parent = Ref<Activation>(running.parent);
        object->context = Ref<RenderContext>(&running.context);
    }
    frame.active = &object->state;
    running.registers[instruction.c] = Value::object(object.release());
}

void State::execute(Running& running) {
    Function const& function = running.function;
    Instruction const* const code = function.code.data();
    Instruction const* next = code;
    Value* const r = running.registers;
    Value const* const constants = running.compiled.constants.data();
    auto const& names = running.compiled.names;
    auto operand = [r, constants](std::int32_t index) -> Value const& {
        return index >= 0 ? r[index] : constants[~index];
    };
    auto name = [&names](std::int32_t index) { return names[static_cast<std::size_t>(index)].text; };
    auto locals_of = [this](Running& from, std::int32_t table) {
        return [this, &from, table](RenderContext& context) { add_locals(from, table, context); };
    };

    for (;;) {
        Instruction const& in = *next;
        running.at = next++;
        switch (in.op) {
        case Op::Text:
            output_.append(Piece{running.compiled.text.data() + in.a, static_cast<std::size_t>(in.b)});
            break;
        case Op::Emit:
            emit(operand(in.a), escapes(in.flag), running.compiled.piece(in.c), running.compiled.piece(in.count));
            break;
        case Op::EmitAttr: emit_attribute(running, operand(in.a), in); break;
        case Op::Move: r[in.a] = operand(in.b); break;
        case Op::SetMissing: r[in.a] = undefined_name(name(in.b), undefined_mode()); break;
        case Op::Copy: r[in.a] = copy_container(operand(in.b)); break;
        case Op::LoadUp: {
            auto* activation = running.parent;
            for (std::int32_t up = 1; up < in.b; ++up) activation = activation->parent.get();
            r[in.a] = activation->registers[static_cast<std::size_t>(in.c)];
            break;
        }
        case Op::GetAttr: r[in.a] = get_attribute(running, operand(in.b), in.c); break;
        case Op::GetSafeAttr: r[in.a] = jinja::get_attribute(operand(in.b), name(in.c), lookup()); break;
        case Op::GetItem: r[in.a] = get_item(operand(in.b), operand(in.c), lookup()); break;
        case Op::GetSlice: r[in.a] = get_slice(operand(in.b), r[in.c], r[in.c + 1], r[in.c + 2]); break;
        case Op::Add:
        case Op::Sub:
        case Op::Mul:
        case Op::Div:
        case Op::FloorDiv:
        case Op::Mod:
        case Op::Pow:
            r[in.a] = binary(static_cast<ast::BinaryOp>(static_cast<int>(in.op) - static_cast<int>(Op::Add)),
                             operand(in.b), operand(in.c));
            break;
        case Op::Eq:
        case Op::Ne:
        case Op::Lt:
        case Op::LtEq:
        case Op::Gt:
        case Op::GtEq:
        case Op::In:
        case Op::NotIn:
            r[in.a] = compare(static_cast<ast::CompareOp>(static_cast<int>(in.op) - static_cast<int>(Op::Eq)),
                              operand(in.b), operand(in.c));
            break;
        case Op::Not: r[in.a] = !truthy(operand(in.b)); break;
        case Op::Neg: r[in.a] = unary(ast::UnaryOp::Neg, operand(in.b)); break;
        case Op::Pos: r[in.a] = unary(ast::UnaryOp::Pos, operand(in.b)); break;
        case Op::Concat: r[in.a] = concat(r + in.b, static_cast<std::size_t>(in.c), escapes(in.flag)); break;
        case Op::MakeList: r[in.a] = Value::list(std::vector<Value>(r + in.b, r + in.b + in.c)); break;
        case Op::MakeTuple: r[in.a] = Value::tuple(std::vector<Value>(r + in.b, r + in.b + in.c)); break;
        case Op::MakeDict: {
            std::vector<std::pair<Value, Value>> entries;
            for (std::int32_t i = 0; i < in.c; i += 2) entries.emplace_back(r[in.b + i], r[in.b + i + 1]);
            r[in.a] = Value::dict(std::move(entries));
            break;
        }
        case Op::Jump: next = code + in.b; break;
        case Op::JumpIfFalse:
            if (!truthy(operand(in.a))) next = code + in.b;
            break;
        case Op::JumpIfTrue:
            if (truthy(operand(in.a))) next = code + in.b;
            break;
        case Op::JumpIfGiven:
            if (!is_missing(r[in.a])) next = code + in.b;
            break;
        case Op::ParamMissing:
            r[in.a] = undefined_hint("parameter " + quote(name(in.b)) + " was not provided", undefined_mode(),
                                     std::string(name(in.b)));
            break;
        case Op::NoElse: r[in.a] = no_else(running.compiled, function.positions[running.position()]); break;
        case Op::Call: run_call(running, in); break;
        case Op::CallMethod: run_method(running, in); break;
        case Op::Filter:
            if ((in.flag & flag_write) != 0) {
                output_.append(running.compiled.piece(in.b));
                write_builtin(running.compiled.sites[in.count], r + in.c, escapes(in.flag));
            } else
                r[in.a] = run_builtin(running.compiled.sites[in.count], r + in.c, false);
            break;
        case Op::Test: r[in.a] = run_builtin(running.compiled.sites[in.count], r + in.c, true); break;
        case Op::LoopStart: start_loop(running, in); break;
        case Op::LoopNext:
            if (running.loops[in.a].active->next(r[in.b]))
                count_iteration();
            else
                next = code + in.c;
            break;
        case Op::LoopAgain:
            if (running.loops[in.a].active->next(r[in.b])) {
                count_iteration();
                next = code + in.c;
            }
            break;
        case Op::LoopDone: running.loops[in.a].active->complete(); break;
        case Op::LoopElse:
            if (running.loops[in.a].active->completed()) next = code + in.b;
            break;
        case Op::LoopEnd: running.loops[in.a].active->finish(); break;
        case Op::LoopAttr: {
            auto& loop = *running.loops[in.b].active;
            auto const attribute = static_cast<LoopAttribute>(in.c);
            if (attribute == LoopAttribute::Index)
                r[in.a] = loop.index0() + 1;
            else
                r[in.a] = loop_attribute_value(loop, attribute, undefined_mode());
            break;
        }
        case Op::Append: sequence_of(r[in.a]).items.push_back(operand(in.b)); break;
        case Op::Unpack: {
            Value const value = operand(in.a); // what is unpacked may be among the targets
            unpack(value, r + in.b, static_cast<std::size_t>(in.c));
            break;
        }
        case Op::CaptureStart: captures_.push_back(output_.start_capture()); break;
        case Op::CaptureEnd: {
            std::string text = output_.end_capture(captures_.back());
            captures_.pop_back();
            r[in.a] = escapes(in.flag) ? Value::markup(std::move(text)) : Value(std::move(text));
            break;
        }
        case Op::MarkIfEscaping: {
            Value const& value = operand(in.b);
            if (!escaping())
                r[in.a] = value;
            else if (!value.is_markup())
                r[in.a] = Value::markup(text_of(value));
            else
                r[in.a] = Value(value);
            break;
        }
        case Op::PushEscaping: {
            bool const escape = truthy(operand(in.a));
            r[in.b] = running.context.escaping();
            running.context.set_escaping(escape);
            break;
        }
        case Op::PopEscaping: running.context.set_escaping(truthy(r[in.a])); break;
        case Op::SetVariable:
            running.context.set(name(in.b), operand(in.a));
            if (in.flag != 0) running.context.export_name(name(in.b), in.flag == flag_export);
            break;
        case Op::CheckNamespace: static_cast<void>(namespace_of(operand(in.a))); break;
        case Op::SetNamespace: {
            auto& space = namespace_of(operand(in.a));
            if (operand(in.b).kind() >= Kind::List) track(operand(in.a));
            space.values.set(Value(std::string(name(in.c))), operand(in.b));
            break;
        }
        case Op::Include: include(running.context, operand(in.a), in.flag, locals_of(running, in.b)); break;
        case Op::Import: r[in.a] = import(running.context, operand(in.b), in.flag, locals_of(running, in.c)); break;
        case Op::ImportName:
            r[in.a] = import_name(running.compiled, function.positions[running.position()], name(in.c), operand(in.b));
            break;
        case Op::Extends: extend(running.context, operand(in.a)); break;
        case Op::JumpIfExtended:
            if (running.context.parent) next = code + in.b;
            break;
        case Op::RunParent: run_parent(running.context, &function == running.compiled.setup); break;
        case Op::CallBlock: run_block(running.context, name(in.a), in.flag, locals_of(running, in.b)); break;
        case Op::Super: r[in.a] = super_of(running.context, name(in.b), function); break;
        case Op::Self: r[in.a] = make_object<SelfObject>(Ref<RenderContext>(&running.context), undefined_mode()); break;
        case Op::MakeMacro: {
            auto const& body = *running.compiled.functions[static_cast<std::size_t>(in.b)];
            r[in.a] = make_macro(running.compiled, body, running.own, running.context);
            break;
        }
        case Op::CallLoop: {
            auto const& body = *running.compiled.functions[static_cast<std::size_t>(in.a)];
            static_cast<void>(call_loop(running.compiled, body, running.own, running.context, operand(in.b), 0, false));
            break;
        }
        case Op::Raise: throw Error(ErrorKind::TemplateRuntimeError, std::string(operand(in.a).raw_text()));
        case Op::Return: return;
        default: __builtin_unreachable(); // there are no others: no range check
        }
    }
}

} // namespace hxx::jinja
