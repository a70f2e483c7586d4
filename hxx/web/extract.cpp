#include "hxx/web/extract.hpp"

#include "hxx/base/form_fields.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/endpoint.hpp"

#include <stdexcept>

namespace hxx {

namespace extract {

std::optional<std::string> path_text(Request& request, std::string_view name) { return request.path_parameter(name); }

std::optional<std::string> query_text(Request& request, std::string_view name) {
    if (request.query().empty()) return std::nullopt;
    auto const* found = request.query_parameters().get(name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
}

std::optional<std::string> header_text(Request& request, std::string_view name) {
    auto const found = request.headers().get(name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
}

std::optional<std::string> cookie_text(Request& request, std::string_view name) { return request.cookie(name); }

std::vector<std::string> query_texts(Request& request, std::string_view name) {
    return request.query_parameters().get_all(name);
}

std::vector<std::string> header_texts(Request& request, std::string_view name) {
    std::vector<std::string> texts;
    for (auto const value : request.headers().get_all(name)) texts.emplace_back(value);
    return texts;
}

void report_missing(Request& request, std::string_view source, std::string_view name) {
    request.errors().add_standard(Where(Where(source), name).text(), "missing");
}

FormFields const& form_fields(Request& request) { return request.form(); }

std::string_view json_text(Request& request) {
    auto const type = request.headers().get_or("Content-Type", "");
    auto const essence = type.substr(0, type.find(';'));
    bool const is_json = http::is_media_type(type, "application/json") ||
                         (essence.starts_with("application/") && essence.find("+json") != std::string_view::npos);
    if (!is_json) throw HttpError{415, "This address takes JSON: send Content-Type: application/json"};
    return request.body();
}

void* find_state(Request& request, void const* key, std::string_view type) {
    auto* state = request.app().find_state(key);
    if (!state) throw std::logic_error("hxx: the app has no State<" + std::string(type) + ">");
    return state;
}

} // namespace extract

namespace endpoint_detail {
void throw_validation_error(Request& request) { throw ValidationError(std::move(request.errors())); }
} // namespace endpoint_detail

} // namespace hxx
