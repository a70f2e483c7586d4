#include "hxx/htmx/detail.hpp"

#include "hxx/base/escape.hpp"
#include "hxx/htmx/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace hxx::htmx {

Detail::Detail(std::string_view name, std::string_view value) : name_(name) {
    append_json_string(json_, value, JsonCharacters::Ascii);
}

Detail::Detail(std::string_view name, double value)
    : name_(name), json_(std::isfinite(value) ? fmt::format("{}", value) : "null") {}

Detail::Detail(std::string_view name, RawJson json) : name_(name) {
    auto const value = parse_json(json.text);
    if (!value) throw std::invalid_argument("the detail '" + name_ + "' of an htmx event is no JSON");
    json_ = ascii_json(*value);
}

} // namespace hxx::htmx
