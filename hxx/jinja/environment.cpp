#include "hxx/jinja/environment.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/compiler.hpp"
#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/inspect.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/native_template.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

// The part of a name before and after '#'.
std::pair<std::string_view, std::string_view> split_block(std::string_view name) noexcept {
    auto const hash = name.rfind('#');
    if (hash == std::string_view::npos || hash == 0) return {name, {}};
    return {name.substr(0, hash), name.substr(hash + 1)};
}

// What is appended to `out` by a rendering that fails is taken back.
void render_into(Environment::Impl const& environment, CompiledPtr const& compiled, Context const& context,
                 std::string_view block, std::string& out) {
    std::size_t const before = out.size();
    try {
        State state(environment, out);
        state.render(compiled, context, block);
    } catch (...) {
        out.resize(before);
        throw;
    }
}

void stream_into(Environment::Impl const& environment, CompiledPtr const& compiled, Context const& context,
                 std::string_view block, Sink const& sink) {
    std::string buffer;
    State(environment, buffer, &sink).render(compiled, context, block);
}

} // namespace

/// Reaches into templates and environments, for this file only.
struct Template::Access {
    static std::shared_ptr<Template const> make(Environment const& environment, CompiledPtr compiled,
                                                std::string_view block) {
        auto result = std::make_shared<Template>(Key());
        result->environment_ = std::make_shared<Environment const>(environment);
        result->compiled_ = std::move(compiled);
        result->block_ = block;
        return result;
    }
    static Environment::Impl const& impl(Template const& self) { return *self.environment_->impl_; }
};

// ── Impl ────────────────────────────────────────────────────────────────────────────────────────────────────────

bool Environment::Impl::escapes(std::string_view name) const {
    if (options.autoescape_for) return options.autoescape_for(name);
    if (options.autoescape != Autoescape::ByName) return options.autoescape == Autoescape::On;
    // Plain formats, with or without the suffix of a template. Everything else may end up in a browser.
    for (std::string_view suffix : {".j2", ".jinja", ".jinja2"})
        if (name.size() > suffix.size() && ascii::iequals(name.substr(name.size() - suffix.size()), suffix)) {
            name.remove_suffix(suffix.size());
            break;
        }
    for (std::string_view plain :
         {".txt",  ".text", ".json", ".md", ".csv", ".js",  ".css", ".yaml", ".yml", ".toml", ".ini",
          ".conf", ".sql",  ".sh",   ".py", ".cpp", ".hpp", ".c",   ".h",    ".eml", ".rst",  ".tex"})
        if (name.size() >= plain.size() && ascii::iequals(name.substr(name.size() - plain.size()), plain)) return false;
    return true;
}

CompiledPtr Environment::Impl::compile(std::string source, std::string_view name, std::string path) const {
    auto compiled = std::make_shared<Template::Compiled>();
    compiled->name = name;
    compiled->path = std::move(path);
    compiled->autoescape = escapes(name);
    compiled->tree.source = normalise_source(source, options.keep_trailing_newline);
    if (options.auto_reload) compiled->original = std::move(source);
    compile_template(*this, *compiled);
    return compiled;
}

CompiledPtr Environment::Impl::try_load(std::string_view name) const {
    auto known = templates->find(name);
    if (known && !options.auto_reload) return known;
    if (!options.auto_reload)
        for (auto const* spec : options.compiled)
            if (spec->name == name)
                if (auto native = make_native(*this, *spec)) return templates->put(std::move(native));
    if (!loader) return nullptr;
    auto source = loader->load(name);
    if (!source) return nullptr;
    if (known && known->original == source->text) return known;
    return templates->put(compile(std::move(source->text), name, std::move(source->path)));
}

CompiledPtr Environment::Impl::load(std::string_view name) const {
    if (auto compiled = try_load(name)) return compiled;
    Error error(ErrorKind::TemplateNotFound, std::string(name));
    error.set_missing({std::string(name)});
    if (loader || !options.compiled.empty()) {
        auto const known = loader ? loader->names() : std::vector<std::string>();
        std::vector<std::string_view> names(known.begin(), known.end());
        for (auto const* spec : options.compiled) names.push_back(spec->name);
        if (auto const closest = closest_name(name, names); !closest.empty())
            error.set_hint("did you mean " + quote(closest) + "?");
    } else
        error.set_hint("the environment has no loader");
    throw error;
}

// ── Environment ─────────────────────────────────────────────────────────────────────────────────────────────────

Environment::Environment(Options options) : Environment(Builder(std::move(options)).build()) {}

std::shared_ptr<Template const> Environment::get_template(std::string_view name) const {
    auto const [file, block] = split_block(name);
    return Template::Access::make(*this, impl_->load(file), block);
}

std::shared_ptr<Template const> Environment::from_string(std::string source, std::string_view name) const {
    return Template::Access::make(*this, impl_->compile(std::move(source), name, {}), {});
}

std::string Environment::render(std::string_view name, Context const& context) const {
    std::string out;
    render(name, context, out);
    return out;
}

void Environment::render(std::string_view name, Context const& context, std::string& out) const {
    auto const [file, block] = split_block(name);
    render_into(*impl_, impl_->load(file), context, block, out);
}

void Environment::stream(std::string_view name, Context const& context, Sink const& sink) const {
    auto const [file, block] = split_block(name);
    stream_into(*impl_, impl_->load(file), context, block, sink);
}

std::string Environment::render_string(std::string source, Context const& context) const {
    std::string out;
    render_into(*impl_, impl_->compile(std::move(source), "<string>", {}), context, {}, out);
    return out;
}

void Environment::render_block(std::string_view name, std::string_view block, Context const& context,
                               std::string& out) const {
    render_into(*impl_, impl_->load(name), context, block, out);
}

std::string Environment::render_block(std::string_view name, std::string_view block, Context const& context) const {
    std::string out;
    render_block(name, block, context, out);
    return out;
}

bool Environment::has_block(std::string_view name, std::string_view block) const {
    auto compiled = impl_->load(name);
    constexpr int longest_chain = 100;
    for (int i = 0; i < longest_chain && compiled; ++i) {
        if (compiled->find_block(block)) return true;
        if (compiled->parent.empty()) return false;
        compiled = impl_->try_load(compiled->parent);
    }
    return false;
}

bool Environment::has_template(std::string_view name) const {
    auto const file = split_block(name).first;
    for (auto const* spec : impl_->options.compiled)
        if (spec->name == file) return true;
    return impl_->loader && impl_->loader->load(file).has_value();
}

std::vector<std::string> Environment::template_names() const {
    return impl_->loader ? impl_->loader->names() : std::vector<std::string>();
}

Environment::Impl const& impl_of(Environment const& environment) noexcept { return *environment.impl_; }

Options const& Environment::options() const noexcept { return impl_->options; }

// ── Template ────────────────────────────────────────────────────────────────────────────────────────────────────

std::string_view Template::name() const noexcept { return compiled_->name; }

std::string Template::render(Context const& context) const {
    std::string out;
    render(context, out);
    return out;
}

void Template::render(Context const& context, std::string& out) const {
    render_into(Access::impl(*this), compiled_, context, block_, out);
}

void Template::stream(Context const& context, Sink const& sink) const {
    stream_into(Access::impl(*this), compiled_, context, block_, sink);
}

std::vector<std::string> Template::block_names() const {
    std::vector<std::string> names;
    for (auto const& block : compiled_->blocks) names.emplace_back(block.name);
    return names;
}

TemplateInfo Template::inspect() const { return inspect_template(Access::impl(*this), *compiled_); }

// ── Builder ─────────────────────────────────────────────────────────────────────────────────────────────────────

EnvironmentBuilder::EnvironmentBuilder(Options options) : impl_(std::make_unique<Environment::Impl>()) {
    impl_->options = std::move(options);
    add_builtins(*impl_);
}

EnvironmentBuilder::EnvironmentBuilder(EnvironmentBuilder&&) noexcept = default;
EnvironmentBuilder& EnvironmentBuilder::operator=(EnvironmentBuilder&&) noexcept = default;
EnvironmentBuilder::~EnvironmentBuilder() = default;

Options& EnvironmentBuilder::options() noexcept { return impl_->options; }

EnvironmentBuilder& EnvironmentBuilder::global(std::string_view name, Value value) {
    freeze(value);
    impl_->globals[std::string(name)] = std::move(value);
    return *this;
}

EnvironmentBuilder& EnvironmentBuilder::add_filter(std::string_view name, Value function) {
    impl_->filters[std::string(name)] = Builtin{nullptr, nullptr, std::move(function), false};
    return *this;
}

EnvironmentBuilder& EnvironmentBuilder::add_test(std::string_view name, Value function) {
    impl_->tests[std::string(name)] = Builtin{nullptr, nullptr, std::move(function), false};
    return *this;
}

Environment EnvironmentBuilder::build() {
    auto impl = std::exchange(impl_, nullptr);
    if (impl->options.translations) add_translations(*impl);
    std::vector<LoaderPtr> loaders;
    if (!impl->options.directories.empty()) loaders.push_back(directory_loader(impl->options.directories));
    if (impl->options.loader) loaders.push_back(impl->options.loader);
    if (!loaders.empty()) impl->loader = loaders.size() == 1 ? loaders.front() : choice_loader(std::move(loaders));
    for (auto const* spec : impl->options.compiled) check_settings(*impl, *spec);
    impl->templates = std::make_unique<TemplateCache>(impl->options.auto_reload);
    return Environment(std::shared_ptr<Environment::Impl const>(std::move(impl)));
}

} // namespace hxx::jinja
