#include "hxx/model/messages.hpp"

#include <algorithm>

namespace hxx {
namespace {

Messages make_english() {
    Messages m;
    m.set("missing", "is required");
    m.set("extra_forbidden", "is not a known field");
    m.set("value_error", "is not valid");
    // Numbers.
    m.set("int_parsing", "must be a whole number");
    m.set("int_range", "must be a whole number from {min} to {max}");
    m.set("float_parsing", "must be a number");
    m.set("float_range", "must be a number of smaller size");
    m.set("finite_number", "must be a finite number");
    m.set("decimal_parsing", "must be a decimal number");
    m.set("decimal_range", "must have at most {max_digits} digits");
    m.set("greater_than", "must be greater than {gt}");
    m.set("greater_than_equal", "must be at least {ge}");
    m.set("less_than", "must be less than {lt}");
    m.set("less_than_equal", "must be at most {le}");
    m.set("multiple_of", "must be a multiple of {multiple_of}");
    m.set("bool_parsing", "must be yes or no");
    // Text.
    m.set("string_too_short", "must have at least {min_length} characters");
    m.set("string_too_short.one", "must not be empty");
    m.set("string_too_long", "must have at most {max_length} characters");
    m.set("string_too_long.one", "must have at most 1 character");
    m.set("string_pattern_mismatch", "does not have the right format");
    m.set("string_unicode", "must be text in UTF-8");
    m.set("null_character", "must not contain a NUL character");
    m.set("email_parsing", "must be an e-mail address");
    m.set("url_parsing", "must be a web address such as https://example.org");
    m.set("enum", "must be one of: {expected}");
    m.set("literal_error", "must be one of: {expected}");
    m.set("uuid_parsing", "must be a UUID");
    // Dates and times.
    m.set("date_parsing", "must be a date such as 2024-05-31");
    m.set("time_parsing", "must be a time such as 14:30");
    m.set("datetime_parsing", "must be a date and time such as 2024-05-31T14:30:00Z");
    m.set("duration_parsing", "must be a duration such as 90s, 15m or PT1H30M");
    m.set("month_parsing", "must be a month such as 2024-05");
    // Containers.
    m.set("too_short", "must have at least {min_length} items");
    m.set("too_short.one", "must have at least 1 item");
    m.set("too_long", "must have at most {max_length} items");
    m.set("too_long.one", "must have at most 1 item");
    m.set("unique_items", "must not have the same item twice");
    // JSON.
    m.set("json_invalid", "is not valid JSON: {error} (line {line}, column {column})");
    m.set("json_too_large", "is larger than {max_size} bytes");
    m.set("json_duplicate_key", "has the key twice");
    m.set("string_type", "must be a string");
    m.set("int_type", "must be a whole number");
    m.set("float_type", "must be a number");
    m.set("bool_type", "must be true or false");
    m.set("list_type", "must be a list");
    m.set("object_type", "must be an object");
    m.set("null_not_allowed", "must not be null");
    return m;
}

bool code_less(std::pair<std::string, std::string> const& entry, std::string_view code) { return entry.first < code; }

} // namespace

Messages const& Messages::english() {
    static Messages const messages = make_english();
    return messages;
}

Messages& Messages::set(std::string code, std::string text) {
    auto const at = std::lower_bound(texts_.begin(), texts_.end(), std::string_view(code), code_less);
    if (at != texts_.end() && at->first == code)
        at->second = std::move(text);
    else
        texts_.insert(at, {std::move(code), std::move(text)});
    return *this;
}

std::string const* Messages::find(std::string_view code) const noexcept {
    auto const at = std::lower_bound(texts_.begin(), texts_.end(), code, code_less);
    return at != texts_.end() && at->first == code ? &at->second : nullptr;
}

std::string Messages::format(std::string_view code, std::span<MessageParameter const> parameters) const {
    std::string const* text = nullptr;
    if (!parameters.empty() && parameters.front().value == "1") text = find(std::string(code) + ".one");
    if (!text) text = find(code);
    std::string out;
    if (!text) return out;
    for (std::size_t i = 0; i < text->size(); ++i) {
        auto const close = (*text)[i] == '{' ? text->find('}', i) : std::string::npos;
        auto const name =
            close == std::string::npos ? std::string_view() : std::string_view(*text).substr(i + 1, close - i - 1);
        auto const parameter = std::find_if(parameters.begin(), parameters.end(),
                                            [&](MessageParameter const& p) { return p.name == name; });
        if (close == std::string::npos || parameter == parameters.end()) {
            out += (*text)[i];
        } else {
            out += parameter->value;
            i = close;
        }
    }
    return out;
}

} // namespace hxx
