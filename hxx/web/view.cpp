#include "hxx/web/view.hpp"
#include "hxx/model/form_state.hpp"

#include "hxx/base/spare_text.hpp"
#include "hxx/htmx/request.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/event.hpp"
#include "hxx/web/view_globals.hpp"

#include <utility>

namespace hxx {

namespace {

/// The framework's variables.
struct Given {
    RequestView request;
    HtmxView htmx;
};

thread_local Request* rendering_request = nullptr;

/// Lets functions of templates find the request; a template may be rendered while another one is.
class Rendering {
  public:
    explicit Rendering(Request& request) noexcept : before_(std::exchange(rendering_request, &request)) {}
    Rendering(Rendering const&) = delete;
    Rendering& operator=(Rendering const&) = delete;
    ~Rendering() { rendering_request = before_; }

  private:
    Request* before_;
};

/// Appends to `out`. The handler's context goes over what the context processors and the framework add.
void render(Request& request, std::string_view name, std::string_view block, jinja::Context const& context,
            std::string& out) {
    Given const given{view_of_request(request), view_of_htmx(request)};
    jinja::Context below(given);
    for (auto const processor : request.app().context_processors()) processor(request, below);
    jinja::Context all;
    all.front(&context).parent(&below);
    auto const& templates = request.app().templates();
    Rendering const rendering(request);
    if (block.empty())
        templates.render(name, all, out);
    else
        templates.render_block(name, block, all, out);
}

/// text/html unless the template's name says text or JSON.
Response rendered(Request& request, std::string_view name, std::string_view block, jinja::Context const& context) {
    auto body = take_spare_text();
    render(request, name, block, context, body);
    auto const file = name.substr(0, name.find('#'));
    if (file.ends_with(".txt")) return text(std::move(body));
    if (file.ends_with(".json")) return json_text(std::move(body));
    return html(std::move(body));
}

} // namespace

Response View::operator()(std::string_view name, jinja::Context const& context) const {
    return rendered(*request_, name, {}, context);
}

Response View::page(std::string_view name, PageOptions const& options, jinja::Context const& context) const {
    bool const fragment = !options.block.empty() && request_->htmx().wants_fragment();
    auto response = rendered(*request_, name, fragment ? options.block : std::string_view(), context);
    // Whichever of the two this is, a cache must not give it to the other kind of client.
    if (!options.block.empty()) htmx::add_vary(response.headers());
    return response;
}

Request* View::rendering() noexcept { return rendering_request; }

std::string View::text(std::string_view name, jinja::Context const& context) const {
    std::string out;
    render(*request_, name, {}, context, out);
    return out;
}

Event View::event(std::string_view event_name, std::string_view name, jinja::Context const& context) const {
    bool const unnamed = request_->htmx().version() == 4;
    return Event(unnamed ? std::string_view() : event_name, text(name, context));
}

Response View::invalid_form(std::string_view name, PageOptions const& options, FormState const& state,
                            jinja::Context const& context) const {
    jinja::Context all(context);
    all.add("form", state);
    return page(name, options, all).status(422);
}

} // namespace hxx
