// Templates that use each other: include, import, extends.
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::jinja {
namespace {

// "page.html#block": the template's name and the block's.
std::pair<std::string_view, std::string_view> split_block(std::string_view name) noexcept {
    auto const hash = name.rfind('#');
    if (hash == std::string_view::npos || hash == 0) return {name, {}};
    return {name.substr(0, hash), name.substr(hash + 1)};
}

[[noreturn]] void fail_not_found(std::string name) {
    Error error(ErrorKind::TemplateNotFound, name);
    error.set_missing({std::move(name)});
    throw error;
}

// No template has a name that is no text.
std::string_view template_name(Value const& source) {
    if (source.is_undefined()) fail_undefined(source);
    if (!source.is_string()) {
        static_cast<void>(hash_value(source)); // a list is not even looked for
        fail_not_found(text_of(source));
    }
    return source.raw_text();
}

} // namespace

Template::Compiled const& State::load(std::string_view name) {
    auto compiled = environment_.load(name);
    auto const& result = *compiled;
    templates_.push_back(std::move(compiled));
    return result;
}

// The template of that name, or the first that exists of a list of names.
Template::Compiled const* State::select_template(Value const& source, bool ignore_missing) {
    auto try_one = [&](Value const& name) -> Template::Compiled const* {
        if (!name.is_string()) {
            if (!name.is_undefined()) static_cast<void>(hash_value(name));
            return nullptr;
        }
        auto compiled = environment_.try_load(split_block(name.raw_text()).first);
        if (!compiled) return nullptr;
        templates_.push_back(std::move(compiled));
        return templates_.back().get();
    };
    if (source.is_undefined()) fail_undefined(source);
    if (source.is_string()) {
        auto const* found = try_one(source);
        if (!found && !ignore_missing) fail_not_found(std::string(source.raw_text()));
        return found;
    }
    std::vector<std::string> tried;
    auto const names = truthy(source) ? list_of(source) : std::vector<Value>();
    for (auto const& name : names) {
        if (auto const* found = try_one(name)) {
            selected_ = std::string(name.raw_text());
            return found;
        }
        tried.push_back(name.is_undefined() ? undefined_message(name) : text_of(name));
    }
    if (ignore_missing) return nullptr;
    std::string message = "none of the templates given were found: ";
    for (std::size_t i = 0; i < tried.size(); ++i) message += (i > 0 ? ", " : "") + tried[i];
    if (tried.empty()) message = "Tried to select from an empty list of templates.";
    Error error(ErrorKind::TemplatesNotFound, std::move(message));
    error.set_missing(std::move(tried));
    throw error;
}

void State::include(Running& running, Instruction const& instruction) {
    Value const& source = running.operand(instruction.a);
    auto const* compiled = select_template(source, (instruction.flag & flag_ignore_missing) != 0);
    if (!compiled) return;
    auto const block = split_block(source.is_string() ? source.raw_text() : std::string_view(selected_)).second;
    if ((instruction.flag & flag_with_context) == 0 && block.empty()) {
        Value const module = default_module(*compiled);
        return write(static_cast<ModuleObject const&>(*module.raw_object()).text, false);
    }
    auto const context = (instruction.flag & flag_with_context) != 0
                             ? Ref<RenderContext>::make(environment_, *compiled, Ref<RenderContext>(&running.context))
                             : Ref<RenderContext>::make(environment_, *compiled, static_cast<Context const*>(nullptr));
    if ((instruction.flag & flag_with_context) != 0) add_locals(running, instruction.b, *context);
    std::string const wanted(block);
    run_template(*compiled, *context, wanted);
}

Value State::make_module(Template::Compiled const& compiled, Ref<RenderContext> context) {
    std::size_t const start = output_.start_capture();
    run_body(compiled, *context, false);
    std::string text = output_.end_capture(start);
    auto module = std::make_unique<ModuleObject>();
    module->name = compiled.name;
    module->text = Value::markup(std::move(text));
    module->exported = context->exported();
    module->context = std::move(context);
    return Value::object(module.release());
}

// Without context a module is the same for all that import it in this rendering.
Value State::default_module(Template::Compiled const& compiled) {
    for (auto const& [known, module] : modules_)
        if (known == &compiled) return module;
    auto module =
        make_module(compiled, Ref<RenderContext>::make(environment_, compiled, static_cast<Context const*>(nullptr)));
    modules_.emplace_back(&compiled, module);
    return module;
}

Value State::import(Running& running, Instruction const& instruction) {
    auto const& compiled = load(template_name(running.operand(instruction.b)));
    if ((instruction.flag & flag_with_context) == 0) return default_module(compiled);
    auto context = Ref<RenderContext>::make(environment_, compiled, static_cast<Context const*>(nullptr));
    add_locals(running, instruction.c, *context);
    context->snapshot(running.context);
    return make_module(compiled, std::move(context));
}

Value State::import_name(Running const& running, Instruction const& instruction, Value const& module) {
    auto const name = running.compiled.names[static_cast<std::size_t>(instruction.c)].text;
    auto const& object = static_cast<ModuleObject const&>(*module.raw_object());
    Value result;
    if (object.attribute(name, result)) return result;
    auto const line = std::to_string(running.function.positions[running.position()].line);
    return undefined_hint("the template " + quote(object.name) + " (imported on line " + line + " in " +
                              quote(running.compiled.name) + ") does not export the requested name " + quote(name),
                          undefined_mode(), std::string(name));
}

void State::extend(Running& running, Value const& source) {
    auto const& compiled = load(template_name(source));
    running.context.parent = &compiled;
    running.context.add_blocks(compiled);
}

} // namespace hxx::jinja
