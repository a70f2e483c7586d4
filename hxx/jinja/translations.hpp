// Translations: what {% trans %} and gettext() say in the reader's language. The statement and the functions are those
// of Jinja2's i18n extension: https://jinja.palletsprojects.com/en/3.1.x/extensions/#i18n-extension
//
//     options.translations = jinja::Translations{
//         .translate = [&catalog](jinja::Translations::Message const& message) {
//             return catalog.find(message.locale, message.context, message.text, message.count);
//         }};
//     env.render("cart.html", {{"locale", "de"}, {"items", items}});
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hxx::jinja {

struct Translations {
    /// What is to be translated; valid during the call.
    struct Message {
        std::string_view locale;  // the reader's language, see `locale_variable`; empty if the rendering has none
        std::string_view context; // tells equal texts apart (pgettext); empty if the template gives none
        std::string_view text;    // as the template has it; of one thing, if there is a plural
        std::string_view plural;  // of several things (ngettext); empty if there is none
        std::optional<std::int64_t> count; // of how many things; only with a plural
    };

    /// The text in that language, or nullopt for the template's own: `plural` unless `count` is 1. Threads that render
    /// at the same time call it at the same time. None: nothing is translated. Placeholders are as in the message:
    /// %(name)s, and %% for a percent sign.
    std::function<std::optional<std::string>(Message const&)> translate{};
    /// The variable that names the language. It is one of the Context that is rendered, or else a global: an
    /// environment serves all languages at once, and macros that are imported without context speak the reader's too.
    std::string locale_variable = "locale";
    /// gettext() and its kin fill in the placeholders themselves, from their keyword arguments, and escape them where
    /// the template does. False: they give the bare text, as with Jinja2's newstyle_gettext off.
    bool newstyle = true;
    /// Lines of {% trans %} are joined with a blank, as if all said {% trans trimmed %}. Jinja2: ext.i18n.trimmed.
    bool trimmed = false;
};

} // namespace hxx::jinja
