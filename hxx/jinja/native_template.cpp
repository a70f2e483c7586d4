#include "hxx/jinja/native_template.hpp"

#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <stdexcept>

namespace hxx::jinja {
namespace {

CallSite make_site(Environment::Impl const& environment, Template::Compiled const& compiled, SiteSpec const& spec) {
    CallSite site;
    site.positional = spec.positional;
    for (auto rest = spec.keywords; !rest.empty();) {
        auto const blank = std::min(rest.find(' '), rest.size());
        site.keywords.push_back(rest.substr(0, blank));
        rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    site.star = spec.star;
    site.double_star = spec.double_star;
    site.caller = spec.caller;
    site.name = spec.name;
    if (spec.kind == SiteSpec::Kind::Method) site.methods = find_methods(spec.name);
    if (spec.kind == SiteSpec::Kind::Filter) site.builtin = environment.find_filter(spec.name);
    if (spec.kind == SiteSpec::Kind::Test) site.builtin = environment.find_test(spec.name);
    bool const named = spec.kind == SiteSpec::Kind::Filter || spec.kind == SiteSpec::Kind::Test;
    if (named && !site.builtin && !spec.soft) {
        Error error(ErrorKind::TemplateAssertionError, std::string("No ") +
                                                           (spec.kind == SiteSpec::Kind::Filter ? "filter" : "test") +
                                                           " named " + quote(spec.name) + ".");
        auto const place = place_in(compiled.tree.source, spec.at.offset);
        error.set_place(compiled.name, spec.at.line, place.column, place.text);
        throw error;
    }
    return site;
}

std::unique_ptr<Function> make_function(FunctionSpec const& spec) {
    auto function = std::make_unique<Function>();
    function->kind = spec.kind;
    function->name = spec.name;
    function->position = spec.at;
    function->registers = spec.registers;
    function->has_closures = spec.has_closures;
    function->parameters.assign(spec.parameters.begin(), spec.parameters.end());
    function->caller_register = spec.caller;
    function->kwargs_register = spec.kwargs;
    function->varargs_register = spec.varargs;
    function->explicit_caller = spec.explicit_caller;
    function->native = spec.native;
    return function;
}

// Has the environment a filter or test of its own where the generator evaluated Jinja2's?
bool replaces(Environment::Impl const& environment, std::string_view name) {
    auto const* filter = environment.find_filter(name);
    auto const* test = environment.find_test(name);
    return (filter && !filter->function) || (test && !test->function);
}

// Filled before main() begins, only read afterwards.
std::vector<TemplateSpec const*>& registry() {
    static std::vector<TemplateSpec const*> templates;
    return templates;
}

} // namespace

std::span<TemplateSpec const* const> registered_templates() noexcept { return registry(); }

LoaderPtr registered_sources() {
    std::vector<std::pair<std::string, std::string>> sources;
    for (auto const* spec : registry()) sources.emplace_back(spec->name, spec->source);
    return dict_loader(std::move(sources));
}

RegisteredTemplates::RegisteredTemplates(std::span<TemplateSpec const* const> templates) {
    registry().insert(registry().end(), templates.begin(), templates.end());
}

std::string native_settings(Options const& options) {
    std::string text;
    for (std::string_view part :
         {std::string_view(options.block_start), std::string_view(options.block_end),
          std::string_view(options.variable_start), std::string_view(options.variable_end),
          std::string_view(options.comment_start), std::string_view(options.comment_end),
          std::string_view(options.line_statement_prefix), std::string_view(options.line_comment_prefix),
          std::string_view(options.newline_sequence)})
        (text += part) += ' ';
    for (bool flag :
         {options.trim_blocks, options.lstrip_blocks, options.keep_trailing_newline, options.do_statement,
          options.loop_controls, options.debug_statement, options.translations.has_value(), options.sandbox})
        text += flag ? '1' : '0';
    return text;
}

void check_settings(Environment::Impl const& environment, TemplateSpec const& spec) {
    if (native_settings(environment.options) == spec.settings && environment.escapes(spec.name) == spec.autoescape)
        return;
    throw std::invalid_argument("the template " + quote(spec.name) +
                                " was compiled with other options than those of the environment: give "
                                "hxx_add_templates() the same (OPTIONS --trim-blocks …; docs/compiled.md)");
}

std::shared_ptr<Template::Compiled const> make_native(Environment::Impl const& environment, TemplateSpec const& spec) {
    for (auto name : spec.evaluated)
        if (replaces(environment, name)) return nullptr;
    check_settings(environment, spec);
    auto compiled = std::make_shared<Template::Compiled>();
    compiled->name = spec.name;
    compiled->autoescape = spec.autoescape;
    compiled->tree.source = normalise_source(std::string(spec.source), environment.options.keep_trailing_newline);
    compiled->parent = spec.parent;
    compiled->has_extends = spec.has_extends;
    for (auto const& site : spec.sites) compiled->sites.push_back(make_site(environment, *compiled, site));
    for (auto const& function : spec.functions) compiled->functions.push_back(make_function(function));
    for (auto const& block : spec.blocks)
        compiled->blocks.push_back(
            {block.name, compiled->functions[block.function].get(), block.required, block.scoped, block.at});
    compiled->body = compiled->functions[spec.body].get();
    compiled->setup = compiled->functions[spec.setup].get();
    compiled->typed = spec.typed;
    compiled->linked = std::make_unique<std::atomic<Template::Compiled const*>[]>(spec.links);
    return compiled;
}

} // namespace hxx::jinja
