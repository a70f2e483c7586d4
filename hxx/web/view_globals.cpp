#include "hxx/web/view_globals.hpp"

#include "hxx/htmx/request.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/url_for.hpp"

#include <stdexcept>

namespace hxx {

RequestView view_of_request(Request const& request) {
    RequestView view;
    view.method = http::to_string(request.method());
    view.path = request.path();
    view.query = request.query();
    view.id = request.id();
    view.host = request.host();
    view.secure = request.secure();
    return view;
}

HtmxView view_of_htmx(Request const& request) {
    auto const& details = request.htmx();
    HtmxView view;
    view.is_htmx = details.is_htmx();
    view.boosted = details.boosted();
    view.history_restore = details.history_restore();
    view.wants_fragment = details.wants_fragment();
    view.version = details.version();
    view.source = details.source().id;
    view.target = details.target().id;
    view.current_url = details.current_url();
    view.current_path = details.current_path();
    view.prompt = details.prompt();
    return view;
}

namespace {

jinja::Value template_url_for(Dispatcher const* app, jinja::Args const& args) {
    using enum jinja::ErrorKind;
    if (!app) throw jinja::Error(TemplateRuntimeError, "url_for: the application has not been built yet");
    if (args.size() != 1) throw jinja::Error(TypeError, "url_for takes a route's name and then keyword arguments");
    std::vector<UrlParameter> parameters;
    for (auto const& [name, value] : args.keywords())
        if (!value.is_none()) parameters.emplace_back(name, std::string_view(value.str()));
    try {
        return url_for(*app, args[0].as_string(), parameters);
    } catch (std::invalid_argument const& error) {
        throw jinja::Error(ValueError, error.what()); // to which the engine adds the template and the line
    }
}

} // namespace

void add_template_globals(jinja::Environment::Builder& templates, DispatcherCell app) {
    templates.function("url_for",
                       [app = std::move(app)](jinja::Args const& args) { return template_url_for(*app, args); });
    templates.function("htmx_config", [] { return jinja::Value::markup_view(htmx_config_meta()); });
}

std::string_view htmx_config_meta() noexcept {
    return R"(<meta name="htmx-config" content='{"historyCacheSize":0,"historyRestoreAsHxRequest":false,"responseHandling":[)"
           R"({"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"[45]..","swap":true,"error":true}]}'>)";
}

} // namespace hxx
