#include "hxx/htmx/json.hpp"

#include "hxx/base/escape.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace hxx::htmx {

std::optional<boost::json::value> parse_json(std::string_view text) {
    boost::json::error_code error;
    auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
    if (error) return std::nullopt;
    return value;
}

std::string ascii_json(boost::json::value const& value) {
    switch (value.kind()) {
    case boost::json::kind::string: {
        std::string text;
        append_json_string(text, std::string_view(value.get_string().data(), value.get_string().size()),
                           JsonCharacters::Ascii);
        return text;
    }
    case boost::json::kind::array: {
        std::string text = "[";
        for (auto const& element : value.get_array()) {
            if (text.size() > 1) text += ',';
            text += ascii_json(element);
        }
        return text += ']';
    }
    case boost::json::kind::object: {
        std::string text = "{";
        for (auto const& [key, member] : value.get_object()) {
            if (text.size() > 1) text += ',';
            append_json_string(text, std::string_view(key.data(), key.size()), JsonCharacters::Ascii);
            (text += ':') += ascii_json(member);
        }
        return text += '}';
    }
    case boost::json::kind::double_: return fmt::format("{}", value.get_double());
    default: return boost::json::serialize(value);
    }
}

} // namespace hxx::htmx
