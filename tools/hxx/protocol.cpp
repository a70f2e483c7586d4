#include "tools/hxx/protocol.hpp"

#include "hxx/jinja/environment.hpp"
#include "tools/hxx/json_values.hpp"
#include "tools/hxx/options.hpp"

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <iostream>

namespace hxx::tool {
namespace {

namespace json = boost::json;

json::object const& object_at(json::object const& request, std::string_view key) {
    static json::object const empty;
    auto const* found = request.if_contains(key);
    return found ? found->as_object() : empty;
}

} // namespace

jinja::Environment environment_of(json::object const& request, Compiled compiled) {
    auto options = read_options(object_at(request, "options"));
    std::vector<std::pair<std::string, std::string>> templates;
    for (auto const& [name, source] : object_at(request, "templates"))
        templates.emplace_back(std::string(name), std::string(source.as_string()));
    options.loader = jinja::dict_loader(std::move(templates));
    options.compiled = compiled;
    jinja::Environment::Builder builder(std::move(options));
    for (auto const& [name, value] : object_at(request, "globals")) builder.global(name, to_value(value));
    return builder.build();
}

namespace {

json::object rendered(json::object const& request, Compiled compiled) {
    std::string_view const name = request.at("name").as_string();
    auto const* action = request.if_contains("action");
    auto const environment = environment_of(request, compiled);
    if (action && *action == "compile") {
        static_cast<void>(environment.get_template(name));
        return {{"ok", true}};
    }
    if (action && *action != "render") throw std::invalid_argument("unknown action " + json::serialize(*action));
    jinja::Context context;
    for (auto const& [key, value] : object_at(request, "context")) context.add(std::string(key), to_value(value));
    return {{"ok", true}, {"output", environment.render(name, context)}};
}

json::object failure(std::string_view kind, std::string_view message) {
    return {{"ok", false}, {"kind", kind}, {"message", message}};
}

json::object failure(jinja::Error const& error) {
    auto reply = failure(error_name(error.kind()), error.message());
    if (error.has_place()) {
        reply["line"] = error.line();
        reply["template"] = error.template_name();
    }
    auto const& missing = error.missing_templates();
    if (error.kind() == jinja::ErrorKind::TemplatesNotFound)
        reply["templates"] = json::array(missing.begin(), missing.end());
    if (error.kind() == jinja::ErrorKind::TemplateNotFound && !missing.empty()) reply["missing"] = missing.front();
    return reply;
}

} // namespace

std::string answer(std::string_view request, Compiled compiled) noexcept {
    json::object reply;
    try {
        reply = rendered(parse_json(request).as_object(), compiled);
    } catch (jinja::Error const& error) {
        reply = failure(error);
    } catch (std::bad_alloc const&) {
        reply = failure("MemoryError", "out of memory");
    } catch (std::exception const& error) {
        reply = failure("ValueError", std::string("bad request: ") + error.what());
    }
    return json::serialize(reply);
}

void serve_json_lines() {
    for (std::string line; std::getline(std::cin, line);) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        line = answer(line) + '\n';
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fflush(stdout);
    }
}

} // namespace hxx::tool
