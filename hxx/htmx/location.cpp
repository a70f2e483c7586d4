#include "hxx/htmx/location.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/htmx/object.hpp"
#include "hxx/htmx/swap.hpp"
#include "hxx/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace hxx::htmx {
namespace {

[[noreturn]] void refuse_url(std::string_view url, std::string_view why) {
    throw std::invalid_argument(fmt::format("htmx: the URL '{}' {}", utf8::truncate(url, 80), why));
}

} // namespace

std::string checked_url(std::string_view url, Destination destination) {
    for (char const c : url)
        if (ascii::is_control(c)) refuse_url("", "holds a control character");
    auto const scheme = http::url_scheme(url);
    if (scheme == "javascript" || scheme == "data" || scheme == "vbscript") refuse_url(url, "would run as a script");
    if (destination == Destination::ThisServer) {
        bool const elsewhere = !scheme.empty() || ascii::trim(url).starts_with("//") || url.find('\\') != url.npos;
        if (elsewhere)
            refuse_url(url, "leads to another server; give a path, or Destination::Anywhere where that is intended");
    }
    return http::to_uri(url);
}

std::string checked_selector(std::string_view selector) {
    if (selector.empty()) throw std::invalid_argument("htmx: an empty CSS selector");
    std::string result;
    while (!selector.empty()) {
        auto const next = utf8::decode(selector);
        if (next.code_point < 0x20 || next.code_point == 0x7F)
            throw std::invalid_argument("htmx: a CSS selector with a control character");
        if (next.code_point < 0x80)
            result += static_cast<char>(next.code_point);
        else
            result += fmt::format("\\{:x} ", static_cast<unsigned>(next.code_point));
        selector.remove_prefix(next.size);
    }
    return result;
}

Location::Location(std::string_view path) : path_(checked_url(path, Destination::ThisServer)) {}

Location& Location::target(std::string_view selector) {
    return options_.emplace_back("target", checked_selector(selector)), *this;
}
Location& Location::source(std::string_view selector) {
    return options_.emplace_back("source", checked_selector(selector)), *this;
}
Location& Location::select(std::string_view selector) {
    return options_.emplace_back("select", checked_selector(selector)), *this;
}
Location& Location::swap(std::string_view style) {
    static_cast<void>(swap_for(4, style));
    return swap_ = style, *this;
}
Location& Location::values(std::initializer_list<Detail> values) {
    auto const object = json_object({values.begin(), values.size()});
    return options_.emplace_back("values", RawJson{object}), *this;
}
Location& Location::headers(std::initializer_list<Detail> headers) {
    auto const object = json_object({headers.begin(), headers.size()});
    return options_.emplace_back("headers", RawJson{object}), *this;
}
Location& Location::push_url(std::string_view path) {
    return options_.emplace_back("push", checked_url(path, Destination::ThisServer)), *this;
}
Location& Location::replace_url(std::string_view path) {
    // htmx 2 pushes as well unless push is there and empty; htmx 4 takes that for no push.
    options_.emplace_back("push", "");
    return options_.emplace_back("replace", checked_url(path, Destination::ThisServer)), *this;
}
Location& Location::no_history() { return options_.emplace_back("push", "false"), *this; }

std::string Location::header_value(int version) const {
    // A plain path with a colon in it could be read by htmx 4 as its own notation ("path:/elsewhere").
    if (options_.empty() && swap_.empty() && path_.find(':') == path_.npos && !path_.empty()) return path_;
    std::vector<Detail> all{Detail("path", path_)};
    if (!swap_.empty()) all.emplace_back("swap", swap_for(version, swap_));
    all.insert(all.end(), options_.begin(), options_.end());
    return json_object(all);
}

} // namespace hxx::htmx
