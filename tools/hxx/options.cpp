#include "tools/hxx/options.hpp"

#include <boost/json/value.hpp>
#include <map>
#include <stdexcept>

namespace hxx::tool {
namespace {

namespace json = boost::json;
using jinja::Options;

std::string text_or_empty(json::value const& value) { return value.is_null() ? "" : std::string(value.as_string()); }

// Those that are not known have no effect.
void read_policies(json::object const& source, jinja::Policies& policies) {
    for (auto const& [name, value] : source) {
        if (name == "truncate.leeway") policies.truncate_leeway = value.as_int64();
        if (name == "urlize.rel") policies.urlize_rel = text_or_empty(value);
        if (name == "urlize.target") policies.urlize_target = text_or_empty(value);
        if (name == "urlize.extra_schemes" && value.is_array())
            for (auto const& scheme : value.get_array()) policies.urlize_extra_schemes.emplace_back(scheme.as_string());
        if (name == "json.dumps_kwargs" && value.is_object()) {
            auto const* sort = value.get_object().if_contains("sort_keys");
            policies.json_sort_keys = sort && sort->as_bool();
        }
    }
}

// The names for which autoescape is on: Options asks a plain function, which cannot carry them.
thread_local json::object const* escaped_names = nullptr;
bool escapes(std::string_view name) {
    auto const* found = escaped_names->if_contains(name);
    return found && found->as_bool();
}

void read_autoescape(json::value const& value, Options& options) {
    if (value.is_object()) {
        escaped_names = &value.get_object();
        options.autoescape_for = &escapes;
    } else
        options.autoescape = value.as_bool() ? jinja::Autoescape::On : jinja::Autoescape::Off;
}

void read_extensions(json::array const& names, Options& options) {
    for (auto const& name : names) {
        if (name == "do" || name == "jinja2.ext.do")
            options.do_statement = true;
        else if (name == "loopcontrols" || name == "jinja2.ext.loopcontrols")
            options.loop_controls = true;
        else if (name == "debug" || name == "jinja2.ext.debug")
            options.debug_statement = true;
        else if (name == "i18n" || name == "jinja2.ext.i18n")
            options.translations = jinja::Translations{.newstyle = false};
        else
            throw std::invalid_argument("unknown extension " + text_or_empty(name));
    }
}

// What applies to translation, once all options have said whether there is any.
void read_translation(json::object const& source, jinja::Translations& translations) {
    if (auto const* newstyle = source.if_contains("newstyle_gettext")) translations.newstyle = newstyle->as_bool();
    auto const* policies = source.if_contains("policies");
    auto const* trimmed = policies ? policies->as_object().if_contains("ext.i18n.trimmed") : nullptr;
    if (trimmed) translations.trimmed = trimmed->as_bool();
}

jinja::UndefinedMode undefined_mode(json::value const& name) {
    if (name == "default") return jinja::UndefinedMode::Default;
    if (name == "strict") return jinja::UndefinedMode::Strict;
    if (name == "chainable") return jinja::UndefinedMode::Chainable;
    if (name == "debug") return jinja::UndefinedMode::Debug;
    throw std::invalid_argument("unknown kind of undefined " + text_or_empty(name));
}

std::map<std::string_view, std::string Options::*> const texts{
    {"block_start_string", &Options::block_start},
    {"block_end_string", &Options::block_end},
    {"variable_start_string", &Options::variable_start},
    {"variable_end_string", &Options::variable_end},
    {"comment_start_string", &Options::comment_start},
    {"comment_end_string", &Options::comment_end},
    {"line_statement_prefix", &Options::line_statement_prefix},
    {"line_comment_prefix", &Options::line_comment_prefix},
    {"newline_sequence", &Options::newline_sequence},
};
std::map<std::string_view, bool Options::*> const switches{
    {"trim_blocks", &Options::trim_blocks},
    {"lstrip_blocks", &Options::lstrip_blocks},
    {"keep_trailing_newline", &Options::keep_trailing_newline},
    {"sandbox", &Options::sandbox},
};

} // namespace

Options read_options(json::object const& source) {
    Options options;
    options.autoescape = jinja::Autoescape::Off;
    options.do_statement = options.loop_controls = false;
    for (auto const& [key, value] : source) {
        if (auto const text = texts.find(key); text != texts.end())
            options.*text->second = text_or_empty(value);
        else if (auto const flag = switches.find(key); flag != switches.end())
            options.*flag->second = value.as_bool();
        else if (key == "autoescape")
            read_autoescape(value, options);
        else if (key == "undefined")
            options.undefined = undefined_mode(value);
        else if (key == "extensions")
            read_extensions(value.as_array(), options);
        else if (key == "policies")
            read_policies(value.as_object(), options.policies);
        else if (key != "newstyle_gettext")
            throw std::invalid_argument("unknown option " + std::string(key));
    }
    if (options.translations) read_translation(source, *options.translations);
    return options;
}

} // namespace hxx::tool
