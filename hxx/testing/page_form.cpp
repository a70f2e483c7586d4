#include "hxx/testing/page_form.hpp"

#include "hxx/base/ascii.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace hxx::testing_detail {

namespace {

using http::Method;

std::string_view attr_or(dom::Node const& node, std::string_view name, std::string_view fallback) {
    return node.attr(name).value_or(fallback);
}

/// A control's value, if it has one that is sent.
std::optional<std::string> value_of(dom::Node const& control) {
    if (control.attr("disabled")) return std::nullopt;
    if (control.tag() == "textarea") return control.text();
    if (control.tag() == "select") {
        auto chosen = control.select("option[selected]");
        if (chosen.empty()) chosen = control.select("option");
        if (chosen.empty()) return std::nullopt;
        auto const value = chosen.front().attr("value");
        return value ? std::string(*value) : chosen.front().text();
    }
    auto const type = ascii::lowered(attr_or(control, "type", "text"));
    if (type == "submit" || type == "button" || type == "image" || type == "reset" || type == "file")
        return std::nullopt;
    bool const box = type == "checkbox" || type == "radio";
    if (box && !control.attr("checked")) return std::nullopt;
    return std::string(attr_or(control, "value", box ? "on" : ""));
}

std::vector<FormField> fields_of(dom::Node const& form, std::initializer_list<FormField> typed) {
    std::vector<FormField> fields;
    std::vector<std::string> names;
    for (auto const& control : form.select("input, textarea, select")) {
        auto const name = attr_or(control, "name", "");
        if (name.empty()) continue;
        names.emplace_back(name);
        auto const is_it = [name](FormField const& field) { return field.name == name; };
        if (std::ranges::any_of(typed, is_it)) {
            if (std::ranges::none_of(fields, is_it))
                for (auto const& field : typed)
                    if (field.name == name) fields.push_back(field);
        } else if (auto const value = value_of(control)) {
            fields.emplace_back(name, *value);
        }
    }
    for (auto const& field : typed)
        if (std::ranges::find(names, field.name) == names.end())
            throw std::invalid_argument(
                fmt::format("the form has no control named '{}'; it has {}", field.name, fmt::join(names, ", ")));
    return fields;
}

PageForm with_fields(dom::Node const& form, std::initializer_list<FormField> typed) {
    if (form.tag() != "form")
        throw std::invalid_argument(fmt::format("submit() wants a form, and this is a <{}>", form.tag()));
    PageForm made;
    made.body = form_of(fields_of(form, typed));
    if (ascii::iequals(attr_or(form, "enctype", ""), "multipart/form-data")) made.body.multipart();
    return made;
}

void add_headers(std::string_view json, std::vector<std::pair<std::string, std::string>>& headers) {
    auto const parsed = boost::json::parse(json);
    for (auto const& [name, value] : parsed.as_object()) {
        auto const is_it = [&name = name](auto const& header) { return ascii::iequals(header.first, name); };
        if (std::ranges::none_of(headers, is_it)) headers.emplace_back(name, value.as_string());
    }
}

/// htmx 2 takes hx-headers of the element and of all around it, the nearest first; htmx 4 those of the element, or else
/// of what is marked to be inherited.
std::vector<std::pair<std::string, std::string>> htmx_headers(dom::Node const& form, int version) {
    std::vector<std::pair<std::string, std::string>> headers;
    auto const own = form.attr("hx-headers");
    if (own) add_headers(*own, headers);
    if (own && version == 4) return headers;
    for (auto node = form.parent(); node; node = node->parent()) {
        auto const inherited = node->attr(version == 4 ? "hx-headers:inherited" : "hx-headers");
        if (!inherited) continue;
        add_headers(*inherited, headers);
        if (version == 4) break;
    }
    return headers;
}

} // namespace

PageForm browser_form(dom::Node const& form, std::initializer_list<FormField> typed) {
    auto made = with_fields(form, typed);
    made.url = attr_or(form, "action", "");
    if (ascii::iequals(attr_or(form, "method", "get"), "post")) made.method = Method::Post;
    return made;
}

PageForm htmx_form(dom::Node const& form, std::initializer_list<FormField> typed, int version) {
    constexpr std::pair<std::string_view, Method> verbs[] = {{"hx-post", Method::Post},
                                                             {"hx-put", Method::Put},
                                                             {"hx-patch", Method::Patch},
                                                             {"hx-delete", Method::Delete},
                                                             {"hx-get", Method::Get}};
    auto made = with_fields(form, typed);
    made.headers = htmx_headers(form, version);
    for (auto const& [name, method] : verbs) {
        auto const url = form.attr(name);
        if (!url) continue;
        made.method = method;
        made.url = *url;
        return made;
    }
    throw std::invalid_argument("the form has no hx-post, hx-put, hx-patch, hx-delete or hx-get");
}

} // namespace hxx::testing_detail
