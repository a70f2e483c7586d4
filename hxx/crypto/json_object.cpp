#include "hxx/crypto/json_object.hpp"

#include "hxx/base/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace hxx::jwt {
namespace {

namespace json = boost::json;

/// Builds the value as Boost.JSON's own parser does, and stops at a name that its object has already: Boost.JSON
/// would keep the last one without a word.
class Builder {
  public:
    // Names that Boost.JSON asks for.
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    using Error = json::error_code;
    using Text = json::string_view;

    bool on_document_begin(Error&) {
        stack_.reset();
        return true;
    }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error&) {
        names_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t count, Error&) {
        names_.pop_back();
        stack_.push_object(count);
        return true;
    }
    bool on_array_begin(Error&) { return true; }
    bool on_array_end(std::size_t count, Error&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(Text part, std::size_t, Error&) {
        name_.append(part.data(), part.size());
        stack_.push_chars(part);
        return true;
    }
    bool on_key(Text part, std::size_t, Error& error) {
        name_.append(part.data(), part.size());
        stack_.push_key(part);
        if (names_.back().insert(std::exchange(name_, {})).second) return true;
        duplicate_ = true;
        error = json::error::syntax; // any will do: duplicate() tells
        return false;
    }
    bool on_string_part(Text part, std::size_t, Error&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(Text part, std::size_t, Error&) {
        stack_.push_string(part);
        return true;
    }
    bool on_number_part(Text, Error&) { return true; }
    bool on_int64(std::int64_t value, Text, Error&) {
        stack_.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, Text, Error&) {
        stack_.push_uint64(value);
        return true;
    }
    bool on_double(double value, Text, Error& error) {
        if (!std::isfinite(value)) { // 1e999, which could not be written again
            error = json::error::exponent_overflow;
            return false;
        }
        stack_.push_double(value);
        return true;
    }
    bool on_bool(bool value, Error&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(Error&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(Text, Error&) { return true; }
    bool on_comment(Text, Error&) { return true; }

    [[nodiscard]] bool duplicate() const noexcept { return duplicate_; }
    [[nodiscard]] json::value release() { return stack_.release(); }

  private:
    json::value_stack stack_;
    std::vector<std::set<std::string>> names_; // of the objects that are open
    std::string name_;
    bool duplicate_ = false;
};

} // namespace

std::optional<json::object> parse_object(std::string_view text, std::string& why) {
    if (!utf8::is_valid(text)) {
        why = "it is not UTF-8";
        return std::nullopt;
    }
    json::parse_options options;
    options.max_depth = max_json_depth;
    json::basic_parser<Builder> parser(options);
    json::error_code error;
    auto const used = parser.write_some(false, text.data(), text.size(), error);
    if (parser.handler().duplicate()) {
        why = "two members have one name";
    } else if (error) {
        why = "it is no JSON: " + error.message();
    } else if (used != text.size()) {
        why = "something follows the JSON value";
    } else {
        auto value = parser.handler().release();
        if (auto* object = value.if_object()) return std::move(*object);
        why = "it is no JSON object";
    }
    return std::nullopt;
}

std::optional<std::string> text_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    if (!value) return std::nullopt;
    auto const* text = value->if_string();
    if (!text) throw std::invalid_argument("\"" + std::string(name) + "\" is no text");
    return std::string(text->data(), text->size());
}

} // namespace hxx::jwt
