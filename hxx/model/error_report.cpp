#include "hxx/model/error_report.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/escape.hpp"

#include <algorithm>

namespace hxx {
namespace {

bool is_index(std::string_view text) {
    return !text.empty() && text.size() < 10 && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

/// Whether the text is a number as JSON writes it, so that it need not be quoted.
bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    auto const [whole, fraction] = ascii::cut(text, '.');
    auto const digits = [](std::string_view t) {
        return !t.empty() && std::all_of(t.begin(), t.end(), ascii::is_digit);
    };
    return digits(whole) && (whole == "0" || whole.front() != '0') && (!fraction || digits(*fraction));
}

void append_location(std::string& out, std::string_view where) {
    out += '[';
    bool first = true;
    for (auto const part : ascii::split(where, '.')) {
        if (!std::exchange(first, false)) out += ',';
        if (is_index(part))
            out += part;
        else
            append_json_string(out, part);
    }
    out += ']';
}

void append_error(std::string& out, FieldError const& error) {
    out += "{\"type\":";
    append_json_string(out, error.code);
    out += ",\"loc\":";
    append_location(out, error.where);
    out += ",\"msg\":";
    append_json_string(out, error.message);
    if (error.input) {
        out += ",\"input\":";
        append_json_string(out, *error.input);
    }
    if (!error.parameters.empty()) {
        char separator = '{';
        out += ",\"ctx\":";
        for (auto const& [name, value] : error.parameters) {
            out += std::exchange(separator, ',');
            append_json_string(out, name);
            out += ':';
            if (is_json_number(value))
                out += value;
            else
                append_json_string(out, value);
        }
        out += '}';
    }
    out += '}';
}

} // namespace

std::string_view FieldError::field() const noexcept {
    auto const dot = where.find('.');
    return dot == std::string::npos ? std::string_view() : std::string_view(where).substr(dot + 1);
}

void ErrorReport::clear() noexcept { errors_.clear(); }

void ErrorReport::add(FieldError error) {
    if (errors_.size() < max_errors) errors_.push_back(std::move(error));
}

void ErrorReport::add_standard(std::string where, std::string code, std::vector<MessageParameter> parameters,
                               std::optional<std::string> input) {
    auto message = Messages::english().format(code, parameters);
    if (message.empty()) message = "is not valid";
    add({std::move(where), std::move(code), std::move(message), std::move(input), std::move(parameters)});
}

void ErrorReport::add(std::string where, std::string code, std::string message) {
    add(FieldError{.where = std::move(where), .code = std::move(code), .message = std::move(message)});
}

void ErrorReport::append(ErrorReport const& other) {
    for (auto const& error : other) add(error);
}

std::vector<FieldError const*> ErrorReport::for_field(std::string_view field) const {
    std::vector<FieldError const*> found;
    for (auto const& error : errors_)
        if (error.field() == field) found.push_back(&error);
    return found;
}

void ErrorReport::translate(Messages const& messages) {
    for (auto& error : errors_)
        if (auto text = messages.format(error.code, error.parameters); !text.empty()) error.message = std::move(text);
}

std::string ErrorReport::to_json() const {
    std::string out = "[";
    for (auto const& error : errors_) {
        if (out.size() > 1) out += ',';
        append_error(out, error);
    }
    return out += ']';
}

std::string ErrorReport::to_text() const {
    std::string out;
    for (auto const& error : errors_) {
        if (!out.empty()) out += '\n';
        out += error.where;
        if (!error.where.empty()) out += ' ';
        out += error.message;
    }
    return out;
}

ValidationError::ValidationError(ErrorReport report) : report_(std::move(report)), text_(report_.to_text()) {}

} // namespace hxx
