// The functions gettext, ngettext, pgettext, npgettext and _.
#include "hxx/jinja/translations.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <cmath>

namespace hxx::jinja {
namespace {

using Settings = std::shared_ptr<Translations const>;

/// One of the four functions.
struct Form : GettextForm {
    std::array<std::string_view, 4> parameters;
    std::size_t count;
};
constexpr Form forms[] = {{{"gettext", false, false}, {"message"}, 1},
                          {{"ngettext", false, true}, {"msgid1", "msgid2", "n"}, 3},
                          {{"pgettext", true, false}, {"context", "message"}, 2},
                          {{"npgettext", true, true}, {"context", "msgid1", "msgid2", "n"}, 4}};

std::int64_t plural_count(Value const& value) {
    if (value.kind() == Kind::Int || value.kind() == Kind::Bool) return value.raw_int();
    if (value.is_undefined()) fail_undefined(value);
    constexpr double exact = 9007199254740992.0; // beyond it a double is no count
    if (value.kind() == Kind::Float && std::fabs(value.raw_double()) < exact &&
        std::floor(value.raw_double()) == value.raw_double())
        return static_cast<std::int64_t>(value.raw_double());
    throw Error(ErrorKind::TypeError, "Plural value must be an integer, got " + std::string(value.type_name()));
}

std::string locale_of(Translations const& settings, Args const& args) {
    Value const locale = args.rendering_variable(settings.locale_variable);
    return locale.is_undefined() || locale.is_none() ? std::string() : text_of(locale);
}

class Call {
  public:
    Call(Translations const& settings, Form const& form, Args const& args)
        : settings_(settings), form_(form), args_(args) {
        // Keywords are the placeholders' values in the new style, and parameters like any in the old.
        bind_arguments(settings.newstyle ? Args(args.state(), args.positional(), {}) : args, form.name,
                       {form.parameters.data(), form.count}, form.count, given_.data());
    }

    Value result() {
        Value text = translated();
        return settings_.newstyle ? filled(std::move(text)) : text;
    }

  private:
    [[nodiscard]] Value const& context() const { return *given_[0]; }
    [[nodiscard]] Value const& text() const { return *given_[form_.has_context ? 1 : 0]; }
    [[nodiscard]] Value const& plural() const { return *given_[form_.has_context ? 2 : 1]; }
    [[nodiscard]] Value const& number() const { return *given_[form_.has_context ? 3 : 2]; }

    Value translated() {
        if (settings_.translate) {
            std::string const locale = locale_of(settings_, args_);
            Translations::Message message{locale, {}, text_argument(text(), form_.name), {}, {}};
            if (form_.has_context) message.context = text_argument(context(), form_.name);
            if (form_.has_plural) {
                message.plural = text_argument(plural(), form_.name);
                message.count = plural_count(number());
            }
            if (auto found = settings_.translate(message)) return *std::move(found);
        }
        return !form_.has_plural || equal(number(), Value(1)) ? text() : plural();
    }

    Value filled(Value text) {
        if (args_.autoescape()) text = markup_of(text);
        std::vector<std::pair<Value, Value>> values;
        if (form_.has_context) values.emplace_back("context", context());
        if (form_.has_plural) values.emplace_back("num", number());
        // Of equal keys the last counts.
        for (auto const& keyword : args_.keywords()) values.emplace_back(keyword.name, keyword.value);
        return binary(ast::BinaryOp::Mod, text, Value::dict(std::move(values)));
    }

    Translations const& settings_;
    Form const& form_;
    Args const& args_;
    std::array<Value const*, 4> given_{};
};

} // namespace

GettextForm const* find_gettext(std::string_view name) noexcept {
    if (name == "_") return &forms[0];
    for (auto const& form : forms)
        if (form.name == name) return &form;
    return nullptr;
}

void add_translations(Environment::Impl& environment) {
    auto const settings = std::make_shared<Translations const>(*environment.options.translations);
    // An application's own functions of these names stay.
    for (auto const& form : forms)
        environment.globals.try_emplace(std::string(form.name), Value::function([settings, &form](Args const& args) {
                                            return Call(*settings, form, args).result();
                                        }));
    // Whatever gettext is where it is called.
    environment.globals.try_emplace(
        "_", Value::function([](Args const& args) { return args.state()->call(args.variable("gettext"), args); }));
}

} // namespace hxx::jinja
