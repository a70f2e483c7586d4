// What every template of an application sees without being given it.
#pragma once

#include "hxx/jinja/environment.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hxx {

class Dispatcher;
class Request;

/// The variable `request`. Views into the request.
struct RequestView {
    std::string_view method, path, query, id, host;
    bool secure = false;
};

/// The variable `htmx`: what htmx said about the request (hxx/htmx/request.hpp).
struct HtmxView {
    bool is_htmx = false, boosted = false, history_restore = false, wants_fragment = false;
    int version = 0;
    std::string_view source, target, current_url, current_path, prompt; // source and target: the element's id
};

/// Where url_for finds the routes: filled in once the dispatcher has been built.
using DispatcherCell = std::shared_ptr<Dispatcher const*>;

RequestView view_of_request(Request const& request);
HtmxView view_of_htmx(Request const& request);

/// Adds url_for(name, key=value, …), which leaves out a key whose value is none, and htmx_config() to what an
/// environment is made of.
void add_template_globals(jinja::Environment::Builder& templates, DispatcherCell app);

/// <meta name="htmx-config">, to stand before the htmx script: it lets htmx 2 show the bodies of 422 and of other
/// errors, as htmx 4 does by itself; and has it ask the server for a page that Back leads to, as for the full page that
/// it is, instead of keeping copies of pages in the browser's storage, which show fields as they were loaded and
/// outlive a log-out.
std::string_view htmx_config_meta() noexcept;

} // namespace hxx
