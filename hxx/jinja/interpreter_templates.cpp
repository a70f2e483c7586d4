// Templates that use each other: include, import, extends.
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter_detail.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::jinja {
namespace {

[[noreturn]] void fail_not_found(std::string name) {
    Error error(ErrorKind::TemplateNotFound, name);
    error.set_missing({std::move(name)});
    throw error;
}

} // namespace

std::pair<std::string_view, std::string_view> split_block(std::string_view name) noexcept {
    auto const hash = name.rfind('#');
    if (hash == std::string_view::npos || hash == 0) return {name, {}};
    return {name.substr(0, hash), name.substr(hash + 1)};
}

std::string_view template_name(Value const& source) {
    if (source.is_undefined()) fail_undefined(source);
    if (!source.is_string()) {
        static_cast<void>(hash_value(source)); // a list is not even looked for
        fail_not_found(text_of(source));
    }
    return source.raw_text();
}

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

Value State::make_module(Template::Compiled const& compiled, Ref<RenderContext> context) {
    std::size_t const start = output_.start_capture();
    run_body(compiled, *context, false, {});
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

Value State::import_name(Template::Compiled const& compiled, ast::Position at, std::string_view name,
                         Value const& module) const {
    auto const& object = static_cast<ModuleObject const&>(*module.raw_object());
    Value result;
    if (object.attribute(name, result)) return result;
    return undefined_hint("the template " + quote(object.name) + " (imported on line " + std::to_string(at.line) +
                              " in " + quote(compiled.name) + ") does not export the requested name " + quote(name),
                          undefined_mode(), std::string(name));
}

void State::extend(RenderContext& context, Value const& source) {
    auto const& compiled = load(template_name(source));
    context.parent = &compiled;
    context.add_blocks(compiled);
}

void State::run_parent(RenderContext& context, bool setup, TypedFunctions const& typed) {
    if (auto const* parent = std::exchange(context.parent, nullptr)) run_body(*parent, context, setup, typed);
}

} // namespace hxx::jinja
