// Calls: macros, functions, methods, filters, tests, blocks, recursive loops.
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::jinja {

Value Args::variable(std::string_view name) const { return state_ ? state_->variable(name) : Value(); }
Value Args::rendering_variable(std::string_view name) const {
    return state_ ? state_->rendering_variable(name) : Value();
}
bool Args::autoescape() const noexcept { return state_ && state_->escaping(); }

Value Builtin::call(State& state, Args const& args) const {
    return function ? function(state, args) : state.call(callable, args);
}

NamespaceObject& namespace_of(Value const& value) {
    auto* space = value.kind() == Kind::Object ? dynamic_cast<NamespaceObject*>(value.raw_object()) : nullptr;
    if (!space) throw Error(ErrorKind::TemplateRuntimeError, "cannot assign attribute on non-namespace object");
    return *space;
}

Value copy_container(Value const& value) {
    switch (value.kind()) {
    case Kind::List:
    case Kind::Tuple: {
        std::vector<Value> items;
        items.reserve(sequence_of(value).items.size());
        for (auto const& item : sequence_of(value).items) items.push_back(copy_container(item));
        return value.kind() == Kind::List ? Value::list(std::move(items)) : Value::tuple(std::move(items));
    }
    case Kind::Dict: {
        std::vector<std::pair<Value, Value>> entries;
        for (auto const& [key, mapped] : dict_of(value).entries())
            entries.emplace_back(copy_container(key), copy_container(mapped));
        return Value::dict(std::move(entries));
    }
    default: return value;
    }
}

Value State::call(Value const& callee, Args const& args) {
    if (callee.kind() == Kind::Object) {
        if (callee.raw_object()->callable()) return callee.raw_object()->call(args);
    } else if (callee.is_undefined())
        fail_undefined(callee);
    throw Error(ErrorKind::TypeError, "'" + std::string(callee.type_name()) + "' object is not callable");
}

Value State::run_builtin(CallSite const& site, Value const* arguments, bool is_test) {
    if (!site.builtin)
        throw Error(ErrorKind::TemplateRuntimeError,
                    std::string("No ") + (is_test ? "test" : "filter") + " named " + quote(site.name) + " found.");
    return with_arguments(arguments, site, [&](Args const& args) {
        Value result =
            site.builtin->function ? site.builtin->function(*this, args) : call(site.builtin->callable, args);
        return is_test && !site.builtin->function ? Value(truthy(result)) : std::move(result);
    });
}

// {{ subject|filter }}: some filters need not make a value for it.
void State::write_builtin(CallSite const& site, Value const* arguments, bool escape) {
    if (!site.builtin || !site.builtin->write || escape != escaping())
        return write(run_builtin(site, arguments, false), escape);
    static_cast<void>(with_arguments(arguments, site, [&](Args const& args) {
        site.builtin->write(*this, args, escape);
        return Value();
    }));
}

// A macro whose text needs no change writes by itself.
void State::write_result(Value const& callee, Args const& args, bool escape) {
    if (is_instance<MacroObject>(callee) && (!escape || escaping()))
        static_cast<void>(call_macro(static_cast<MacroObject const&>(*callee.raw_object()), args, false));
    else
        write(call(callee, args), escape);
}

// To the instruction's register, or written.
void State::call_and_place(Running& running, Instruction const& instruction, Value const& callee, Args const& args) {
    if ((instruction.flag & flag_write) != 0)
        write_result(callee, args, escapes(instruction.flag));
    else
        running.registers[instruction.a] = call(callee, args);
}

void State::run_call(Running& running, Instruction const& instruction) {
    auto const& site = running.compiled.sites[instruction.count];
    Value const callee = running.operand(instruction.b);
    static_cast<void>(with_arguments(running.registers + instruction.c, site, [&](Args const& args) {
        call_and_place(running, instruction, callee, args);
        return Value();
    }));
}

void State::run_method(Running& running, Instruction const& instruction) {
    auto const& site = running.compiled.sites[instruction.count];
    Value const& object = running.operand(instruction.b);
    auto const function = site.methods ? site.methods->of(object) : nullptr;
    static_cast<void>(with_arguments(running.registers + instruction.c, site, [&](Args const& args) {
        if (!function) {
            call_and_place(running, instruction, jinja::get_attribute(object, site.name, lookup()), args);
        } else if ((instruction.flag & flag_write) != 0)
            write(function(object, args), escapes(instruction.flag));
        else
            running.registers[instruction.a] = function(object, args);
        return Value();
    }));
}

// ── Macros ──────────────────────────────────────────────────────────────────────────────────────────────────────

Value State::make_macro(Template::Compiled const& compiled, Function const& function, Activation* own,
                        RenderContext& context, NativeEntry const& entry) {
    if (!std::exchange(context.retained, true)) macro_contexts_.emplace_back(&context);
    return make_object<MacroObject>(compiled, function, Ref<Activation>(own), Ref<RenderContext>(&context),
                                    context.escaping(), entry);
}

namespace {

[[noreturn]] void refuse_keyword(std::string_view macro, std::string_view keyword) {
    std::string const name = macro.empty() ? "None" : quote(macro);
    if (keyword == "caller")
        throw Error(ErrorKind::TypeError,
                    "macro " + name +
                        " was invoked with two values for the special caller argument. This is most "
                        "likely a bug.");
    throw Error(ErrorKind::TypeError, "macro " + name + " takes no keyword argument " + quote(keyword));
}

// An argument's value, which counts as given even if it is undefined.
void give(Value& parameter, Value const& argument) {
    parameter = argument;
    if (parameter.is_undefined()) parameter.set_flag(static_cast<unsigned char>(parameter.flag() & ~missing_flag));
}

[[noreturn]] void refuse_count(Function const& function) {
    throw Error(ErrorKind::TypeError, "macro " + (function.name.empty() ? "None" : quote(function.name)) +
                                          " takes not more than " + std::to_string(function.parameters.size()) +
                                          " argument(s)");
}

// What comes by name, the caller of a call block, and what is left over.
void bind_more(Function const& function, Args const& args, Value* r, UndefinedMode mode, std::size_t given) {
    std::size_t const count = function.parameters.size();
    std::vector<bool> used(args.keywords().size());
    auto take = [&](std::string_view name) -> Value const* {
        for (std::size_t k = 0; k < used.size(); ++k)
            if (args.keywords()[k].name == name) {
                used[k] = true;
                return &args.keywords()[k].value;
            }
        return nullptr;
    };
    for (std::size_t i = given; i < count; ++i) {
        if (Value const* value = take(function.parameters[i]))
            give(r[i], *value);
        else
            r[i] = undefined_name(function.parameters[i], mode);
    }
    if (function.caller_register >= 0) {
        Value const* caller = take("caller");
        r[function.caller_register] = caller ? *caller : undefined_hint("No caller defined", mode, "caller");
    }
    if (function.kwargs_register >= 0) {
        std::vector<std::pair<Value, Value>> rest;
        for (std::size_t k = 0; k < used.size(); ++k)
            if (!used[k]) rest.emplace_back(Value(std::string(args.keywords()[k].name)), args.keywords()[k].value);
        r[function.kwargs_register] = Value::dict(std::move(rest));
    } else {
        for (std::size_t k = 0; k < used.size(); ++k)
            if (!used[k]) refuse_keyword(function.name, args.keywords()[k].name);
    }
    if (function.varargs_register >= 0) {
        auto const rest = args.positional().subspan(given);
        r[function.varargs_register] = Value::tuple({rest.begin(), rest.end()});
    } else if (args.size() > count)
        refuse_count(function);
}

// Gives the parameters their values; what is not given stays missing.
void bind_arguments(Function const& function, Args const& args, Value* r, UndefinedMode mode) {
    std::size_t const count = function.parameters.size();
    std::size_t const given = std::min(args.size(), count);
    for (std::size_t i = 0; i < given; ++i) give(r[i], args[i]);
    if (function.plain() && args.keywords().empty()) { // most are
        if (args.size() > count) refuse_count(function);
        for (std::size_t i = given; i < count; ++i) r[i] = undefined_name(function.parameters[i], mode);
        return;
    }
    bind_more(function, args, r, mode, given);
}

} // namespace

Value State::call_macro(MacroObject const& macro, Args const& args, bool capture) {
    bool const escape = escaping();
    std::size_t const start = capture ? output_.start_capture() : 0;
    invoke(
        macro.compiled, macro.function, macro.parent.get(), *macro.context, 0,
        [&](Value* r) { bind_arguments(macro.function, args, r, undefined_mode()); }, macro.entry);
    if (!capture) return {};
    std::string text = output_.end_capture(start);
    return escape ? Value::markup(std::move(text)) : Value(std::move(text));
}

Value State::call_loop(Template::Compiled const& compiled, Function const& function, Activation* parent,
                       RenderContext& context, Value const& iterable, std::size_t depth, bool capture,
                       NativeEntry const& entry) {
    std::size_t const start = capture ? output_.start_capture() : 0;
    bool const fits = !entry.items || (iterable.kind() == Kind::View && &iterable.raw_type() == entry.items);
    invoke(
        compiled, function, parent, context, depth, [&](Value* r) { r[0] = iterable; }, fits ? entry : NativeEntry());
    if (!capture) return {};
    std::string text = output_.end_capture(start);
    return context.escaping() ? Value::markup(std::move(text)) : Value(std::move(text));
}

// ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

Value State::super_of(RenderContext& context, std::string_view block, Function const& function,
                      TypedFunctions const& typed) const {
    auto const* chain = context.find_block(block);
    std::size_t depth = 0;
    while (chain && depth < chain->definitions.size() && chain->definitions[depth].function != &function) ++depth;
    return make_super(chain, block, depth, context, undefined_mode(), typed);
}

Value State::call_block(BlockChain const& chain, std::size_t depth, RenderContext& context,
                        TypedFunctions const& typed) {
    std::size_t const start = output_.start_capture();
    auto const& [compiled, function] = chain.definitions[depth];
    invoke(*compiled, *function, nullptr, context, 0, [](Value*) {}, typed(*function));
    std::string text = output_.end_capture(start);
    return context.escaping() ? Value::markup(std::move(text)) : Value(std::move(text));
}

void State::add_locals(Running const& running, std::int32_t table, RenderContext& context) const {
    if (table < 0) return;
    for (auto const& local : running.compiled.locals[static_cast<std::size_t>(table)]) {
        Value const* value = nullptr;
        if (local.up == 0)
            value = &running.registers[local.reg];
        else {
            auto* activation = running.parent;
            for (std::int32_t up = 1; up < local.up; ++up) activation = activation->parent.get();
            value = &activation->registers[static_cast<std::size_t>(local.reg)];
        }
        if (!is_missing(*value)) context.add_local(local.name, *value);
    }
}

} // namespace hxx::jinja
