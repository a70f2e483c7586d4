#include "hxx/web/url_for.hpp"

#include "hxx/http/url.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/route.hpp"

#include <algorithm>
#include <stdexcept>

namespace hxx {

namespace {

std::string known_names(Dispatcher const& app) {
    std::string names;
    for (auto const& route : app.routes()) {
        if (route->options.name.empty()) continue;
        if (!names.empty()) names += ", ";
        names += route->options.name;
    }
    return names.empty() ? "no route has a name" : "the names are: " + names;
}

/// A path parameter keeps its slashes; everywhere else they are data.
std::string encode(std::string_view value, Converter converter) {
    if (converter != Converter::Path) return url_quote(value);
    std::string encoded;
    for (std::size_t start = 0; start <= value.size();) {
        auto const slash = std::min(value.find('/', start), value.size());
        encoded += url_quote(value.substr(start, slash - start));
        if (slash < value.size()) encoded += '/';
        start = slash + 1;
    }
    return encoded;
}

UrlParameter const& value_of(std::span<UrlParameter const> parameters, Route const& route, std::string_view name) {
    auto const found = std::ranges::find(parameters, name, &UrlParameter::name);
    if (found == parameters.end())
        throw std::invalid_argument("url_for('" + route.options.name + "'): the pattern " + route.pattern +
                                    " needs a parameter '" + std::string(name) + "'");
    return *found;
}

} // namespace

std::string url_for(Dispatcher const& app, std::string_view name, std::span<UrlParameter const> parameters) {
    auto const* route = app.find_route(name);
    if (!route)
        throw std::invalid_argument("url_for('" + std::string(name) + "'): there is no route of that name; " +
                                    known_names(app));
    std::string url;
    std::string_view rest = route->pattern;
    for (int i = 0; i < route->parsed.count; ++i) {
        auto const& parameter = route->parsed.parameters[i];
        auto const open = rest.find('{');
        auto const& given = value_of(parameters, *route, parameter.name);
        if (!RouteTree::converts(parameter.converter, given.value))
            throw std::invalid_argument("url_for('" + route->options.name + "'): '" + given.value +
                                        "' does not fit the parameter '" + std::string(parameter.name) + "' of " +
                                        route->pattern);
        url.append(rest.substr(0, open)).append(encode(given.value, parameter.converter));
        rest.remove_prefix(rest.find('}') + 1);
    }
    url.append(rest);
    char separator = '?';
    for (auto const& given : parameters) {
        if (route->parsed.has(given.name)) continue;
        url.append(1, separator).append(url_quote(given.name)).append(1, '=').append(url_quote(given.value));
        separator = '&';
    }
    return url;
}

} // namespace hxx
