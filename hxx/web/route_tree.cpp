#include "hxx/web/route_tree.hpp"

#include "hxx/http/url.hpp"
#include "hxx/web/route.hpp"

#include <algorithm>

namespace hxx {

std::string MethodSet::allow() const {
    std::string text;
    auto append = [&](http::Method method) {
        if (!text.empty()) text += ", ";
        text += http::to_string(method);
    };
    for (std::size_t i = 0; i < http::method_count; ++i) {
        auto const method = static_cast<http::Method>(i);
        bool const head_of_get = method == http::Method::Head && has(http::Method::Get);
        if (has(method) || head_of_get) append(method);
    }
    return text;
}

struct RouteTree::Node {
    /// A child behind a parameter: prefix{…}suffix.
    struct Dynamic {
        Converter converter;
        std::string prefix, suffix;
        std::unique_ptr<Node> node;
    };
    struct Static {
        std::string text;
        std::unique_ptr<Node> node;
    };
    std::vector<Static> statics;   // sorted by text
    std::vector<Dynamic> dynamics; // narrow converters first, then long prefixes and suffixes
    std::vector<Route const*> routes;

    Node& static_child(std::string_view text);
    Node& dynamic_child(Converter converter, std::string_view prefix, std::string_view suffix);
    [[nodiscard]] Node const* find_static(std::string_view text) const noexcept;
    [[nodiscard]] Route const* route(http::Method method) const noexcept;
};

RouteTree::RouteTree() : root_(std::make_unique<Node>()) {}
RouteTree::~RouteTree() = default;
RouteTree::RouteTree(RouteTree&&) noexcept = default;
RouteTree& RouteTree::operator=(RouteTree&&) noexcept = default;

RouteTree::Node& RouteTree::Node::static_child(std::string_view text) {
    auto const at =
        std::ranges::lower_bound(statics, text, {}, [](Static const& child) { return std::string_view(child.text); });
    if (at != statics.end() && at->text == text) return *at->node;
    return *statics.insert(at, Static{std::string(text), std::make_unique<Node>()})->node;
}

RouteTree::Node& RouteTree::Node::dynamic_child(Converter converter, std::string_view prefix, std::string_view suffix) {
    for (auto& child : dynamics)
        if (child.converter == converter && child.prefix == prefix && child.suffix == suffix) return *child.node;
    // Text around a parameter narrows more than a converter does: /{name}.csv goes before /{id:int}.
    auto const text = prefix.size() + suffix.size();
    auto const at = std::ranges::find_if(dynamics, [&](Dynamic const& other) {
        auto const other_text = other.prefix.size() + other.suffix.size();
        return text != other_text ? text > other_text : converter < other.converter;
    });
    return *dynamics.insert(at, Dynamic{converter, std::string(prefix), std::string(suffix), std::make_unique<Node>()})
                ->node;
}

RouteTree::Node const* RouteTree::Node::find_static(std::string_view text) const noexcept {
    auto const at =
        std::ranges::lower_bound(statics, text, {}, [](Static const& child) { return std::string_view(child.text); });
    return at != statics.end() && at->text == text ? at->node.get() : nullptr;
}

Route const* RouteTree::Node::route(http::Method method) const noexcept {
    Route const* get = nullptr;
    for (auto const* route : routes) {
        if (route->method == method) return route;
        if (route->method == http::Method::Get) get = route;
    }
    return method == http::Method::Head ? get : nullptr;
}

Route const* RouteTree::insert(Route const& route) {
    auto* node = root_.get();
    int parameter = 0;
    std::string_view rest = std::string_view(route.pattern).substr(1);
    for (;;) {
        auto const slash = rest.find('/');
        auto const segment = rest.substr(0, slash);
        if (auto const open = segment.find('{'); open != std::string_view::npos) {
            auto const close = segment.find('}');
            node = &node->dynamic_child(route.parsed.parameters[parameter++].converter, segment.substr(0, open),
                                        segment.substr(close + 1));
        } else {
            node = &node->static_child(segment);
        }
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    for (auto const* other : node->routes)
        if (other->method == route.method) return other;
    node->routes.push_back(&route);
    return nullptr;
}

namespace {

bool is_digits(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// 8-4-4-4-12 hexadecimal digits, with all dashes or none.
bool is_uuid(std::string_view text) noexcept {
    if (text.size() == 32) return std::ranges::all_of(text, is_hex);
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < 36; ++i) {
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

} // namespace

bool RouteTree::converts(Converter converter, std::string_view value) noexcept {
    switch (converter) {
    case Converter::Integer: return is_digits(value);
    case Converter::Float: {
        auto const dot = value.find('.');
        return is_digits(value.substr(0, dot)) && (dot == std::string_view::npos || is_digits(value.substr(dot + 1)));
    }
    case Converter::Uuid: return is_uuid(value);
    case Converter::String: return !value.empty();
    case Converter::Path: return true;
    }
    return false;
}

/// One search: backtracks over the children that fit, and remembers the methods of every node that fits the path.
struct RouteTree::Search {
    http::Method method;
    PathParameters& parameters;
    MethodSet allowed{};

    Route const* at_end(Node const& node) {
        if (auto const* route = node.route(method)) return route;
        for (auto const* route : node.routes) allowed.add(route->method);
        return nullptr;
    }

    Route const* walk(Node const& node, std::string_view rest) {
        auto const slash = rest.find('/');
        auto const segment = rest.substr(0, slash);
        bool const last = slash == std::string_view::npos;
        auto go_on = [&](Node const& child) { return last ? at_end(child) : walk(child, rest.substr(slash + 1)); };

        if (auto const* child = static_child(node, segment))
            if (auto const* route = go_on(*child)) return route;
        for (auto const& child : node.dynamics) {
            bool const is_path = child.converter == Converter::Path;
            auto value = is_path ? rest : segment;
            if (value.size() < child.prefix.size() + child.suffix.size() || !value.starts_with(child.prefix) ||
                !value.ends_with(child.suffix))
                continue;
            value = value.substr(child.prefix.size(), value.size() - child.prefix.size() - child.suffix.size());
            if (!converts(child.converter, value)) continue;
            if (parameters.size_ == pattern::max_parameters) return nullptr;
            parameters.items_[static_cast<std::size_t>(parameters.size_++)] = {{}, value};
            if (auto const* route = is_path ? at_end(*child.node) : go_on(*child.node)) return route;
            --parameters.size_;
        }
        return nullptr;
    }

    static Node const* static_child(Node const& node, std::string_view segment) {
        if (segment.find('%') == std::string_view::npos) return node.find_static(segment);
        auto const decoded = http::decode_segment(segment);
        return decoded ? node.find_static(*decoded) : nullptr;
    }
};

RouteTree::Found RouteTree::find(std::string_view path, http::Method method, PathParameters& parameters) const {
    parameters.clear();
    if (path.empty() || path[0] != '/') return {};
    Search search{method, parameters};
    auto const* route = search.walk(*root_, path.substr(1));
    if (!route) return {nullptr, search.allowed};
    for (int i = 0; i < route->parsed.count; ++i)
        parameters.items_[static_cast<std::size_t>(i)].name = route->parsed.parameters[i].name;
    return {route, {}};
}

} // namespace hxx
