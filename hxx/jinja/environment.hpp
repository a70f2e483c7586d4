// Environment: templates, filters, tests, globals and options; immutable once built, so that any number of threads may
// render from one at the same time.
//
//     auto env = jinja::Environment::Builder({.directories = {"templates"}, .auto_reload = true})
//                    .filter("shout", [](std::string_view text) { return std::string(text) + "!"; })
//                    .global("site", "Example")
//                    .build();
//     std::string page = env.render("users.html", {{"users", users}, {"q", q}});
#pragma once

#include "hxx/jinja/context.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/loader.hpp"
#include "hxx/jinja/translations.hpp"

#include <functional>
#include <span>

namespace hxx::jinja {

struct TemplateSpec;

/// Bounds on what a rendering may take; reaching one is a LimitError.
struct Limits {
    std::size_t recursion = 200;            // macros, recursive loops, includes, blocks and super() inside one another
    std::size_t iterations = 100'000'000;   // loop rounds and calls of macros and blocks of one rendering
    std::size_t output = 256 * 1024 * 1024; // bytes of output
    std::size_t range = 10'000'000;         // items of range() and repeated sequences, bytes of repeated text
};

/// Are a template's expressions escaped? ByName: all but names that end in .txt, .json, .md and the like.
enum class Autoescape : unsigned char { ByName, On, Off };

/// Defaults of some filters.
struct Policies {
    std::int64_t truncate_leeway = 5;
    bool json_sort_keys = true;
    std::string urlize_rel = "noopener", urlize_target{};
    std::vector<std::string> urlize_extra_schemes{};
};

struct Options {
    std::vector<std::string> directories{}; // searched in this order, before `loader`
    LoaderPtr loader{};
    Autoescape autoescape = Autoescape::ByName;
    bool (*autoescape_for)(std::string_view template_name) = nullptr; // decides instead of `autoescape`
    UndefinedMode undefined = UndefinedMode::Default;
    bool trim_blocks = false;           // the first newline after a block tag is removed
    bool lstrip_blocks = false;         // blanks before a block tag at a line's start are removed
    bool keep_trailing_newline = false; // else a template's last newline is removed
    std::string newline_sequence = "\n";
    std::string block_start = "{%", block_end = "%}";
    std::string variable_start = "{{", variable_end = "}}";
    std::string comment_start = "{#", comment_end = "#}";
    std::string line_statement_prefix{}, line_comment_prefix{}; // none if empty
    bool auto_reload = false; // look at each template's source again when it is asked for
    bool do_statement = true;
    bool loop_controls = true;    // break and continue
    bool debug_statement = false; // {% debug %} writes all variables, and the names of filters and tests
    /// Gives templates {% trans %}, gettext() and its kin; Translations{} leaves all texts as they are.
    std::optional<Translations> translations{};
    /// For templates of people who are not to be trusted, as Jinja2's ImmutableSandboxedEnvironment: no attribute that
    /// begins with an underscore, no method that changes a list or mapping, no function that is a struct's member, and
    /// ranges of at most 100,000 items. `limits` bounds the rest.
    /// https://jinja.palletsprojects.com/en/3.1.x/sandbox/
    bool sandbox = false;
    Policies policies{};
    Limits limits{};
    /// Templates that were compiled to C++: taken before those of the loaders, unless auto_reload is on.
    std::span<TemplateSpec const* const> compiled{};
};

class Environment;
class EnvironmentBuilder;
struct TemplateInfo;

/// Takes a rendering in pieces, in their order, each valid during the call. What it throws ends the rendering.
using Sink = std::function<void(std::string_view)>;

/// A compiled template. Cheap to copy, safe to share.
class Template {
  public:
    [[nodiscard]] std::string_view name() const noexcept;
    [[nodiscard]] std::string render(Context const& context) const;
    void render(Context const& context, std::string& out) const;
    /// Gives the sink what is rendered, in pieces of about 16 KiB, as it is made: a large page needs no memory of its
    /// size. What a block set, call, filter block or macro captures is held back until it is whole. The pieces before
    /// an error have been given away by then. Jinja2: Template.generate().
    void stream(Context const& context, Sink const& sink) const;
    /// Names of the blocks in this template's own source.
    [[nodiscard]] std::vector<std::string> block_names() const;
    /// What its source refers to (hxx/jinja/template_info.hpp). Parses it anew.
    [[nodiscard]] TemplateInfo inspect() const;

    struct Compiled;
    struct Access;
    class Key {
        friend struct Access;
        Key() = default;
    };
    explicit Template(Key) {} // templates come from an Environment

  private:
    friend struct Access;
    std::shared_ptr<Environment const> environment_;
    std::shared_ptr<Compiled const> compiled_;
    std::string block_; // "page.html#block" names a block
};

/// A handle; copies share the same templates.
class Environment {
  public:
    using Builder = EnvironmentBuilder;
    struct Impl;

    explicit Environment(Options options = {});

    /// Loads and compiles once; TemplateNotFound and TemplateSyntaxError are thrown here. "page.html#block" is a block.
    [[nodiscard]] std::shared_ptr<Template const> get_template(std::string_view name) const;
    /// Compiles a source that no loader knows; autoescape goes by `name`.
    [[nodiscard]] std::shared_ptr<Template const> from_string(std::string source,
                                                              std::string_view name = "<string>") const;

    /// "page.html#block" renders the block alone.
    [[nodiscard]] std::string render(std::string_view name, Context const& context = {}) const;
    /// Appends to `out`; what was appended before an error is taken back.
    void render(std::string_view name, Context const& context, std::string& out) const;
    /// As Template::stream().
    void stream(std::string_view name, Context const& context, Sink const& sink) const;
    [[nodiscard]] std::string render_string(std::string source, Context const& context = {}) const;
    /// The block alone, as the most derived template defines it: the module's sets, imports and macros run first, and
    /// super() works. A missing block is a TemplateRuntimeError that lists the blocks there are.
    void render_block(std::string_view name, std::string_view block, Context const& context, std::string& out) const;
    [[nodiscard]] std::string render_block(std::string_view name, std::string_view block, Context const& context) const;
    /// Has the template, or one that it extends by a constant name, that block?
    [[nodiscard]] bool has_block(std::string_view name, std::string_view block) const;
    [[nodiscard]] bool has_template(std::string_view name) const;
    /// All names that the loaders know.
    [[nodiscard]] std::vector<std::string> template_names() const;
    [[nodiscard]] Options const& options() const noexcept;

  private:
    explicit Environment(std::shared_ptr<Impl const> impl) noexcept : impl_(std::move(impl)) {}
    friend Impl const& impl_of(Environment const& environment) noexcept;
    friend EnvironmentBuilder;
    friend struct Template::Access;
    std::shared_ptr<Impl const> impl_;
};

/// Collects what an environment is made of; Environment::Builder.
class EnvironmentBuilder {
  public:
    explicit EnvironmentBuilder(Options options = {});
    EnvironmentBuilder(EnvironmentBuilder&&) noexcept;
    EnvironmentBuilder& operator=(EnvironmentBuilder&&) noexcept;
    ~EnvironmentBuilder();

    /// A filter's first parameter is its subject: {{ subject|name(more) }}. Replaces a built-in one of that name.
    template <class F>
    EnvironmentBuilder& filter(std::string_view name, F&& callable, std::initializer_list<Param> params = {}) {
        return add_filter(name, Value::function(std::forward<F>(callable), params));
    }
    /// {% if subject is name %}; the callable's result is taken as bool.
    template <class F>
    EnvironmentBuilder& test(std::string_view name, F&& callable, std::initializer_list<Param> params = {}) {
        return add_test(name, Value::function(std::forward<F>(callable), params));
    }
    /// A variable that every template sees, imported ones too; a callable becomes a function.
    EnvironmentBuilder& global(std::string_view name, Value value);
    template <class F>
    EnvironmentBuilder& function(std::string_view name, F&& callable, std::initializer_list<Param> params = {}) {
        return global(name, Value::function(std::forward<F>(callable), params));
    }
    [[nodiscard]] Options& options() noexcept;
    /// The builder is empty afterwards. Throws std::invalid_argument if options.compiled were compiled with others.
    [[nodiscard]] Environment build();

  private:
    EnvironmentBuilder& add_filter(std::string_view name, Value function);
    EnvironmentBuilder& add_test(std::string_view name, Value function);
    std::unique_ptr<Environment::Impl> impl_;
};

/// Escapes &, <, >, " and ' for HTML, as {{ }} does.
void escape_html(std::string_view text, std::string& out);

} // namespace hxx::jinja
