#include "hxx/jinja/native.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/operators.hpp"

namespace hxx::jinja {
namespace {

auto adding(Native::Locals locals) {
    return [locals](RenderContext& context) {
        for (auto const& [name, value] : locals)
            if (!is_missing(value)) context.add_local(name, value);
    };
}

} // namespace

Value Native::missing_parameter(NativeCall const& call, std::string_view name) {
    return undefined_hint("parameter " + quote(name) + " was not provided", call.state.undefined_mode(),
                          std::string(name));
}

void Native::start_capture(NativeCall const& call) {
    call.state.captures_.push_back(call.state.output_.start_capture());
}

std::string Native::end_capture(NativeCall const& call) {
    std::string text = call.state.output_.end_capture(call.state.captures_.back());
    call.state.captures_.pop_back();
    return text;
}

Value Native::attribute(NativeCall const& call, Value const& object, std::string_view name) {
    return get_attribute(object, name, call.state.lookup());
}

Value Native::call(NativeCall const& call, CallSite const& site, Value const& callee, Value const* arguments) {
    return call.state.with_arguments(arguments, site, [&](Args const& args) { return call.state.call(callee, args); });
}

void Native::write_call(NativeCall const& call, CallSite const& site, Value const& callee, Value const* arguments,
                        bool escape) {
    static_cast<void>(call.state.with_arguments(arguments, site, [&](Args const& args) {
        call.state.write_result(callee, args, escape);
        return Value();
    }));
}

Value Native::call_method(NativeCall const& call, CallSite const& site, Value const& object, Value const* arguments) {
    auto const function = site.methods ? site.methods->of(object) : nullptr;
    return call.state.with_arguments(arguments, site, [&](Args const& args) {
        return function ? function(object, args)
                        : call.state.call(get_attribute(object, site.name, call.state.lookup()), args);
    });
}

void Native::write_method(NativeCall const& call, CallSite const& site, Value const& object, Value const* arguments,
                          bool escape) {
    auto const function = site.methods ? site.methods->of(object) : nullptr;
    static_cast<void>(call.state.with_arguments(arguments, site, [&](Args const& args) {
        if (function)
            call.state.write(function(object, args), escape);
        else
            call.state.write_result(get_attribute(object, site.name, call.state.lookup()), args, escape);
        return Value();
    }));
}

Value Native::filter(NativeCall const& call, CallSite const& site, Value const* arguments) {
    return call.state.run_builtin(site, arguments, false);
}

void Native::write_filter(NativeCall const& call, CallSite const& site, Value const* arguments, bool escape) {
    call.state.write_builtin(site, arguments, escape);
}

Value Native::test(NativeCall const& call, CallSite const& site, Value const* arguments) {
    return call.state.run_builtin(site, arguments, true);
}

void Native::include(NativeCall const& call, Value const& source, Locals locals, std::uint8_t flags,
                     TypedFunction typed, void const* model) {
    call.state.include(call.context, source, flags, adding(locals), {typed, model});
}

Value Native::import(NativeCall const& call, Value const& source, Locals locals, std::uint8_t flags) {
    return call.state.import(call.context, source, flags, adding(locals));
}

void Native::block(NativeCall const& call, std::string_view name, Locals locals, std::uint8_t flags,
                   TypedFunction typed) {
    call.state.run_block(call.context, name, flags, adding(locals), {typed, call.model});
}

Value Native::self(NativeCall const& call) {
    return make_object<SelfObject>(Ref<RenderContext>(&call.context), call.state.undefined_mode());
}

void Native::set(NativeCall const& call, std::string_view name, Value const& value, std::uint8_t flag) {
    call.context.set(name, value);
    if (flag != 0) call.context.export_name(name, flag == flag_export);
}

void Native::check_namespace(Value const& value) { static_cast<void>(namespace_of(value)); }

void Native::set_namespace(NativeCall const& call, Value const& space, std::string_view name, Value const& value) {
    auto& target = namespace_of(space);
    if (value.kind() >= Kind::List) call.state.track(space);
    target.values.set(Value(std::string(name)), value);
}

Value Native::loop_object(NativeCall const& call, Value const& iterable, Function const* function,
                          NativeEntry const& entry) {
    auto object = std::make_unique<LoopObject>();
    object->state.start(iterable, function ? call.depth : 0);
    object->undefined = call.state.undefined_mode();
    if (function) {
        object->recursive = function;
        object->entry = entry;
        object->compiled = &call.compiled;
        object->parent = Ref<Activation>(call.parent);
        object->context = Ref<RenderContext>(&call.context);
    }
    return Value::object(object.release());
}

void Native::call_loop(NativeCall const& call, std::size_t function, Value const& iterable, NativeEntry const& entry) {
    static_cast<void>(call.state.call_loop(call.compiled, *call.compiled.functions[function], call.own, call.context,
                                           iterable, 0, false, entry));
}

} // namespace hxx::jinja
