#include "tools/hxx/json_values.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/number.hpp"

#include <boost/json/parse.hpp>
#include <stdexcept>

namespace hxx::tool {
namespace {

namespace json = boost::json;
using jinja::Value;

class ItemIterator final : public jinja::Iterator {
  public:
    explicit ItemIterator(Value const& items) : items_(items) {}
    bool next(Value& out) override { return items_.next(out); }

  private:
    jinja::Items items_;
};

// An object whose attributes, text and representation the JSON gives.
class JsonObject final : public jinja::Object {
  public:
    explicit JsonObject(json::object const& object) : name_(object.at("class").as_string()) {
        if (auto const* text = object.if_contains("str")) text_ = text->as_string();
        if (auto const* repr = object.if_contains("repr")) repr_ = repr->as_string();
        if (auto const* attributes = object.if_contains("attrs"))
            for (auto const& [key, value] : attributes->as_object())
                attributes_.emplace_back(std::string(key), to_value(value));
        if (auto const* items = object.if_contains("items")) {
            items_ = Value::tuple(to_value(*items).items());
            is_tuple_ = true;
        }
    }
    [[nodiscard]] std::string_view type_name() const noexcept override { return name_; }
    bool attribute(std::string_view name, Value& out) const override {
        for (auto const& [known, value] : attributes_)
            if (known == name) {
                out = value;
                return true;
            }
        return is_tuple_ && find_own_attribute(items_, name, out);
    }
    bool item(Value const& key, Value& out) const override { return is_tuple_ && find_item(items_, key, out); }
    bool length(std::size_t& out) const override { return is_tuple_ && find_length(items_, out); }
    [[nodiscard]] bool iterable() const noexcept override { return is_tuple_; }
    [[nodiscard]] bool sequence() const noexcept override { return is_tuple_; }
    [[nodiscard]] std::unique_ptr<jinja::Iterator> iterate() const override {
        return is_tuple_ ? std::make_unique<ItemIterator>(items_) : nullptr;
    }
    bool slice(Value const& start, Value const& stop, Value const& step, Value& out) const override {
        if (is_tuple_) out = get_slice(items_, start, stop, step);
        return is_tuple_;
    }
    void str(std::string& out) const override { out += text_; }
    void repr(std::string& out) const override { out += repr_; }

  private:
    std::string name_, text_, repr_;
    std::vector<std::pair<std::string, Value>> attributes_;
    Value items_;
    bool is_tuple_ = false;
};

Value integer(std::string_view text) {
    if (auto value = jinja::int_from_text(text, 10)) return *std::move(value);
    throw std::invalid_argument("$int: no integer: " + std::string(text));
}

Value real(std::string_view text) {
    if (auto const value = jinja::float_from_text(text)) return *value;
    throw std::invalid_argument("$float: no number: " + std::string(text));
}

Value mapping(json::array const& pairs) {
    std::vector<std::pair<Value, Value>> entries;
    for (auto const& pair : pairs) entries.emplace_back(to_value(pair.at(0)), to_value(pair.at(1)));
    return Value::dict(std::move(entries));
}

// False for an object that is just an object whose key begins with '$'.
bool special(std::string_view key, json::value const& source, Value& out) {
    if (key == "$tuple")
        out = Value::tuple(to_value(source).items());
    else if (key == "$markup")
        out = Value::markup(std::string(source.as_string()));
    else if (key == "$dict")
        out = mapping(source.as_array());
    else if (key == "$int")
        out = integer(source.as_string());
    else if (key == "$float")
        out = real(source.as_string());
    else if (key == "$object")
        out = jinja::make_object<JsonObject>(source.as_object());
    else
        return false;
    return true;
}

} // namespace

json::value parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 1000; // the default, 32, is less than what a context may hold
    return json::parse(text, {}, options);
}

Value to_value(json::value const& source) {
    switch (source.kind()) {
    case json::kind::null: return nullptr;
    case json::kind::bool_: return source.get_bool();
    case json::kind::int64: return source.get_int64();
    case json::kind::uint64: return source.get_uint64();
    case json::kind::double_: return source.get_double();
    case json::kind::string: return std::string(source.get_string());
    case json::kind::array: {
        std::vector<Value> items;
        for (auto const& item : source.get_array()) items.push_back(to_value(item));
        return Value::list(std::move(items));
    }
    case json::kind::object: break;
    }
    auto const& object = source.get_object();
    Value value;
    if (object.size() == 1 && special(object.begin()->key(), object.begin()->value(), value)) return value;
    std::vector<std::pair<Value, Value>> entries;
    for (auto const& [key, item] : object) entries.emplace_back(std::string(key), to_value(item));
    return Value::dict(std::move(entries));
}

} // namespace hxx::tool
