#include "hxx/model/json_reader.hpp"

#include <algorithm>

namespace hxx::model {

bool require_kind(JsonValue value, JsonKind kind, std::string_view code, FieldContext const& context) {
    return value.kind() == kind || context.fail(code);
}

bool require_integer(JsonValue value, FieldContext const& context) {
    bool const whole = value.kind() == JsonKind::Number && value.text().find_first_of(".eE") == std::string_view::npos;
    return whole || context.fail("int_type");
}

bool report_extra_keys(JsonValue object, std::span<std::string_view const> names, Where const& where,
                       ErrorReport& report) {
    bool right = true;
    object.for_each_member([&](std::string_view key, JsonValue value) {
        if (std::find(names.begin(), names.end(), key) != names.end()) return;
        Where const place(where, key);
        right = FieldContext{place, report, echo(value)}.fail("extra_forbidden");
    });
    return right;
}

std::optional<JsonValue> find_member(JsonValue object, std::string_view name) {
    std::optional<JsonValue> found;
    object.for_each_member([&](std::string_view key, JsonValue value) {
        if (key == name) found = value;
    });
    return found;
}

std::string_view echo(JsonValue value) noexcept {
    switch (value.kind()) {
    case JsonKind::Null: return "null";
    case JsonKind::False: return "false";
    case JsonKind::True: return "true";
    case JsonKind::Number:
    case JsonKind::String: return value.text();
    case JsonKind::Array:
    case JsonKind::Object: break;
    }
    return {};
}

} // namespace hxx::model
