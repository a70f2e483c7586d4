#include "hxx/model/json_document.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>
#include <string>
#include <utility>

namespace hxx::model {

/// Boost.JSON's parser tells this what it finds; it becomes one array of nodes, so that a deep or long text costs no
/// more than its values.
class JsonHandler {
  public:
    // Names and values that Boost.JSON asks for.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    using Error = boost::json::error_code;
    using Text = boost::json::string_view;

    JsonHandler(JsonDocument& document, std::size_t size, std::size_t max_values)
        : document_(document), max_values_(max_values) {
        // Decoded texts are never longer than what was written, so nothing moves that a node points to.
        document_.texts_.resize(size);
        at_ = start_ = document_.texts_.data();
    }

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error& error) { return open(JsonKind::Object, error); }
    bool on_object_end(std::size_t count, Error&) { return close(count); }
    bool on_array_begin(Error& error) { return open(JsonKind::Array, error); }
    bool on_array_end(std::size_t count, Error&) { return close(count); }
    bool on_key_part(Text part, std::size_t, Error&) { return append(part); }
    bool on_key(Text part, std::size_t, Error& error) { return append(part) && leaf(JsonKind::String, error); }
    bool on_string_part(Text part, std::size_t, Error&) { return append(part); }
    bool on_string(Text part, std::size_t, Error& error) { return append(part) && leaf(JsonKind::String, error); }
    bool on_number_part(Text part, Error&) { return append(part); }
    bool on_int64(std::int64_t, Text part, Error& error) { return append(part) && leaf(JsonKind::Number, error); }
    bool on_uint64(std::uint64_t, Text part, Error& error) { return append(part) && leaf(JsonKind::Number, error); }
    bool on_double(double, Text part, Error& error) { return append(part) && leaf(JsonKind::Number, error); }
    bool on_bool(bool value, Error& error) { return leaf(value ? JsonKind::True : JsonKind::False, error); }
    bool on_null(Error& error) { return leaf(JsonKind::Null, error); }
    bool on_comment_part(Text, Error&) { return true; }
    bool on_comment(Text, Error&) { return true; }

    [[nodiscard]] bool too_many() const noexcept { return too_many_; }

  private:
    bool add(JsonNode node, Error& error) {
        if (document_.nodes_.size() == max_values_) {
            too_many_ = true;
            error = boost::json::error::array_too_large;
            return false;
        }
        document_.nodes_.push_back(node);
        return true;
    }
    bool append(Text part) {
        std::memcpy(at_, part.data(), part.size());
        at_ += part.size();
        return true;
    }
    bool leaf(JsonKind kind, Error& error) {
        char* const start = std::exchange(start_, at_);
        JsonNode node;
        node.kind = kind;
        node.text = start;
        node.size = static_cast<std::uint32_t>(at_ - start);
        node.next = static_cast<std::uint32_t>(document_.nodes_.size() + 1);
        return add(node, error);
    }
    bool open(JsonKind kind, Error& error) {
        open_.push_back(document_.nodes_.size());
        JsonNode node;
        node.kind = kind;
        return add(node, error);
    }
    bool close(std::size_t count) {
        auto& node = document_.nodes_[open_.back()];
        open_.pop_back();
        node.size = static_cast<std::uint32_t>(count);
        node.next = static_cast<std::uint32_t>(document_.nodes_.size());
        return true;
    }

    JsonDocument& document_;
    std::size_t max_values_;
    char* at_ = nullptr;
    char* start_ = nullptr; // of the text that is being gathered
    std::vector<std::size_t> open_;
    bool too_many_ = false;
};

namespace {

std::string reason(boost::json::error_code const& error) {
    if (error == boost::json::error::too_deep) return "nested too deeply";
    if (error == boost::json::error::incomplete) return "it ends too early";
    if (error == boost::json::error::extra_data) return "something follows the value";
    return error.message();
}

void report_syntax(std::string_view text, std::size_t offset, std::string const& what, Where const& where,
                   ErrorReport& report) {
    auto const before = text.substr(0, offset);
    auto const line_start = before.rfind('\n') + 1; // npos + 1 is 0
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const column = offset - line_start + 1;
    report.add_standard(where.text(), "json_invalid",
                        {{"error", what}, {"line", std::to_string(line)}, {"column", std::to_string(column)}});
}

} // namespace

bool JsonDocument::parse(std::string_view text, JsonLimits const& limits, Where const& where, ErrorReport& report) {
    constexpr std::size_t addressable = 0xFFFF'FFFF; // what the nodes' 32 bits can count
    auto const max_size = std::min(limits.max_size, addressable);
    if (text.size() > max_size) {
        report.add_standard(where.text(), "json_too_large", {{"max_size", std::to_string(max_size)}});
        return false;
    }
    boost::json::parse_options options;
    options.max_depth = limits.max_depth;
    boost::json::basic_parser<JsonHandler> parser(options, *this, text.size(),
                                                  std::min(limits.max_values, addressable));
    boost::json::error_code error;
    auto const read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read < text.size()) error = boost::json::error::extra_data;
    if (error) {
        auto const what = parser.handler().too_many() ? "it has too many values" : reason(error);
        report_syntax(text, read, what, where, report);
        return false;
    }
    return check_keys(0, where, report);
}

bool JsonDocument::check_keys(std::size_t position, Where const& where, ErrorReport& report) const {
    JsonValue const value(*this, position);
    bool right = true;
    if (value.kind() == JsonKind::Array) {
        std::size_t at = position + 1;
        for (std::size_t i = 0; i < value.size(); ++i, at = nodes_[at].next)
            if (nodes_[at].kind >= JsonKind::Array) right = check_keys(at, Where(where, i), report) && right;
    } else if (value.kind() == JsonKind::Object) {
        std::vector<std::string_view> keys;
        keys.reserve(value.size());
        std::size_t at = position + 1;
        for (std::size_t i = 0; i < value.size(); ++i, at = nodes_[at + 1].next) {
            keys.push_back(JsonValue(*this, at).text());
            if (nodes_[at + 1].kind >= JsonKind::Array)
                right = check_keys(at + 1, Where(where, keys.back()), report) && right;
        }
        std::sort(keys.begin(), keys.end());
        for (auto twin = std::adjacent_find(keys.begin(), keys.end()); twin != keys.end();
             twin = std::adjacent_find(std::upper_bound(twin, keys.end(), *twin), keys.end())) {
            report.add_standard(Where(where, *twin).text(), "json_duplicate_key");
            right = false;
        }
    }
    return right;
}

} // namespace hxx::model
