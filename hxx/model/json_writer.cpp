#include "hxx/model/json_writer.hpp"

#include "hxx/base/escape.hpp"

#include <charconv>
#include <cmath>

namespace hxx::model {
namespace {

template <class N>
std::string finite_text(N value, Where const& where) {
    char buffer[64];
    auto const [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    std::string text(buffer, end);
    if (std::isfinite(value)) return text;
    auto const path = where.path();
    throw JsonError((path.empty() ? "the value" : path) + " is not a number that JSON can express (" + text + ")");
}

/// What follows `start`, made safe inside <script>.
void escape_for_html(std::string& out, std::size_t start) {
    std::string const plain = out.substr(start);
    out.resize(start);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        switch (plain[i]) {
        case '<': out += "\\u003C"; break;
        case '>': out += "\\u003E"; break;
        case '&': out += "\\u0026"; break;
        case '\xE2':
            if (plain.compare(i, 3, "\xE2\x80\xA8") == 0 || plain.compare(i, 3, "\xE2\x80\xA9") == 0) {
                out += plain[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
                i += 2;
                break;
            }
            [[fallthrough]];
        default: out += plain[i];
        }
    }
}

} // namespace

void JsonWriter::number(double value, Where const& where) { *out_ += finite_text(value, where); }
void JsonWriter::number(float value, Where const& where) { *out_ += finite_text(value, where); }

void JsonWriter::string(std::string_view text) {
    auto const start = out_->size();
    append_json_string(*out_, text);
    if (style_ == JsonStyle::Html) escape_for_html(*out_, start);
}

void JsonWriter::key(std::string_view name, bool first) {
    if (!first) *out_ += ',';
    string(name);
    *out_ += ':';
}

} // namespace hxx::model
