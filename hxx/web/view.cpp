#include "hxx/web/view.hpp"
#include "hxx/model/form_state.hpp"

#include "hxx/htmx/request.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/view_globals.hpp"

namespace hxx {

namespace {

/// The handler's context over what the context processors and the framework add.
std::string render(Request& request, std::string_view name, std::string_view block, jinja::Context const& context) {
    auto const request_view = view_of_request(request);
    auto const htmx_view = view_of_htmx(request);
    jinja::Context below{{"request", request_view}, {"htmx", htmx_view}};
    for (auto const processor : request.app().context_processors()) processor(request, below);
    jinja::Context all(context);
    all.parent(&below);
    std::string out;
    auto const& templates = request.app().templates();
    if (block.empty())
        templates.render(name, all, out);
    else
        templates.render_block(name, block, all, out);
    return out;
}

/// text/html unless the template's name says text or JSON.
Response rendered(std::string_view name, std::string body) {
    auto const file = name.substr(0, name.find('#'));
    if (file.ends_with(".txt")) return text(std::move(body));
    if (file.ends_with(".json")) return json_text(std::move(body));
    return html(std::move(body));
}

} // namespace

Response View::operator()(std::string_view name, jinja::Context const& context) const {
    return rendered(name, render(*request_, name, {}, context));
}

Response View::page(std::string_view name, PageOptions const& options, jinja::Context const& context) const {
    bool const fragment = !options.block.empty() && request_->htmx().wants_fragment();
    auto response = rendered(name, render(*request_, name, fragment ? options.block : std::string_view(), context));
    // Whichever of the two this is, a cache must not give it to the other kind of client.
    if (!options.block.empty()) htmx::add_vary(response.headers());
    return response;
}

std::string View::text(std::string_view name, jinja::Context const& context) const {
    return render(*request_, name, {}, context);
}

Response View::invalid_form(std::string_view name, PageOptions const& options, FormState const& state,
                            jinja::Context const& context) const {
    jinja::Context all(context);
    all.add("form", state);
    return page(name, options, all).status(422);
}

} // namespace hxx
