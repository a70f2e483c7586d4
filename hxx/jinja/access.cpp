#include "hxx/jinja/access.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/methods.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/sandbox.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <limits>

namespace hxx::jinja {
namespace {

/// What an undefined value that is no plain name knows about itself.
class UndefinedInfo final : public Object {
  public:
    std::string hint; // the whole message
    std::string name; // of the variable
    ErrorKind kind = ErrorKind::UndefinedError;
    std::string object_type; // where an attribute or item was missing: "dict object"
    Value key;               // which one
};

UndefinedInfo const* info_of(Value const& value) noexcept { return static_cast<UndefinedInfo const*>(value.owner()); }

Value make_undefined(std::unique_ptr<UndefinedInfo> info, UndefinedMode mode) {
    Value value = Value::of_object(Kind::Undefined, info.release());
    value.set_flag(static_cast<unsigned char>(mode));
    return value;
}

std::string object_type(Value const& object) {
    if (object.is_none()) return "None";
    return std::string(object.type_name()) + " object";
}

// The position of an index from either end; false if it is out of range.
bool absolute_index(Value const& key, std::size_t size, std::size_t& out) noexcept {
    if (key.kind() != Kind::Int && key.kind() != Kind::Bool) return false;
    auto index = key.raw_int();
    if (index < 0) index += static_cast<std::int64_t>(size);
    if (index < 0 || index >= static_cast<std::int64_t>(size)) return false;
    out = static_cast<std::size_t>(index);
    return true;
}

// A tuple is no key if it holds a list or a dict.
bool is_hashable(Value const& key) {
    if (key.kind() != Kind::Tuple) return key.kind() != Kind::List && key.kind() != Kind::Dict;
    try {
        static_cast<void>(hash_value(key));
        return true;
    } catch (Error const& error) {
        if (error.kind() != ErrorKind::TypeError) throw;
        return false;
    }
}

bool mapping_item(Value const& object, Value const& key, Value& out) {
    if (object.kind() == Kind::Dict) {
        if (!is_hashable(key)) return false;
        Value const* found = dict_of(object).find(key);
        if (found) out = *found;
        return found != nullptr;
    }
    auto const& type = object.raw_type();
    bool found = false;
    if (type.find_text) {
        found = key.is_string() && type.find_text(object.raw_data(), key.raw_text(), out);
    } else {
        for_each_entry(object, [&](Value const& candidate, Value const& value) {
            if (!found && equal(candidate, key)) {
                found = true;
                out = value;
            }
        });
    }
    if (found) out.keep_alive(object.owner());
    return found;
}

bool own_item(Value const& object, Value const& key, Value& out) {
    std::size_t index = 0;
    switch (object.kind()) {
    case Kind::String: {
        auto const text = object.raw_text();
        if (!is_integer(key) || !absolute_index(key, code_points(text), index)) return false;
        std::size_t const start = byte_offset(text, index);
        std::size_t end = start;
        static_cast<void>(next_code_point(text, end));
        out = std::string(text.substr(start, end - start));
        if (object.is_markup()) out.set_flag(1);
        return true;
    }
    case Kind::List:
    case Kind::Tuple:
        if (!absolute_index(key, sequence_of(object).items.size(), index)) return false;
        out = Value(sequence_of(object).items[index]);
        return true;
    case Kind::Dict: return mapping_item(object, key, out);
    case Kind::View: {
        auto const& type = object.raw_type();
        if (type.shape == TypeInfo::Shape::Mapping) return mapping_item(object, key, out);
        if (type.shape == TypeInfo::Shape::Struct) return false;
        if (!absolute_index(key, type.size(object.raw_data()), index)) return false;
        if (type.at) {
            type.at(object.raw_data(), index, out);
            out.keep_alive(object.owner());
        } else
            out = list_of(object)[index];
        return true;
    }
    case Kind::Object: return object.raw_object()->item(key, out);
    default: return false;
    }
}

bool own_attribute(Value const& object, std::string_view name, Value& out) {
    if (object.kind() == Kind::Object) return object.raw_object()->attribute(name, out);
    if (object.kind() == Kind::View) {
        if (auto const* member = object.raw_type().find_member(name)) {
            out = member->get(object.raw_data());
            out.keep_alive(object.owner());
            return true;
        }
    }
    if (object.kind() == Kind::Tuple) {
        auto const& tuple = sequence_of(object);
        for (std::size_t i = 0; i < tuple.fields.size(); ++i)
            if (tuple.fields[i] == name) {
                out = Value(tuple.items[i]);
                return true;
            }
    }
    if (auto const* methods = find_methods(name))
        if (auto const function = methods->of(object)) {
            out = make_object<BoundMethod>(object, name, function);
            return true;
        }
    return false;
}

} // namespace

// ── Undefined values ────────────────────────────────────────────────────────────────────────────────────────────

Value undefined_name(std::string_view name, UndefinedMode mode) noexcept {
    Value value = Value::undefined_view(name);
    value.set_flag(static_cast<unsigned char>(static_cast<unsigned char>(mode) | missing_flag));
    return value;
}

Value undefined_item(Value const& object, Value const& key, UndefinedMode mode) {
    auto info = std::make_unique<UndefinedInfo>();
    info->object_type = object_type(object);
    info->key = key;
    if (key.is_string()) { // which may be borrowed
        info->key = Value(std::string(key.raw_text()));
        info->key.set_flag(key.flag());
    }
    return make_undefined(std::move(info), mode);
}

Value undefined_hint(std::string hint, UndefinedMode mode, std::string name, ErrorKind kind) {
    auto info = std::make_unique<UndefinedInfo>();
    info->kind = kind;
    info->hint = std::move(hint);
    info->name = std::move(name);
    return make_undefined(std::move(info), mode);
}

std::string undefined_message(Value const& value) {
    auto const* info = info_of(value);
    if (!info) return quote(value.raw_text()) + " is undefined";
    if (!info->hint.empty()) return info->hint;
    if (info->object_type.empty()) return quote(info->name) + " is undefined";
    if (info->key.is_string()) return quote(info->object_type) + " has no attribute " + quote(info->key.raw_text());
    return info->object_type + " has no element " + info->key.repr();
}

std::string undefined_debug_text(Value const& value) {
    auto const* info = info_of(value);
    std::string message;
    if (!info)
        message = value.raw_text();
    else if (!info->hint.empty())
        message = "undefined value printed: " + info->hint;
    else if (info->object_type.empty())
        message = info->name;
    else
        message = "no such element: " + info->object_type + "[" + info->key.repr() + "]";
    return "{{ " + message + " }}";
}

void fail_undefined(Value const& value) {
    auto const* info = info_of(value);
    throw Error(info ? info->kind : ErrorKind::UndefinedError, undefined_message(value));
}

// ── Attributes and items ────────────────────────────────────────────────────────────────────────────────────────

bool find_own_item(Value const& object, Value const& key, Value& out) { return own_item(object, key, out); }

bool find_attribute(Value const& object, std::string_view name, Value& out) {
    if (object.is_undefined()) {
        if (undefined_mode(object) != UndefinedMode::Chainable) fail_undefined(object);
        out = object;
        return true;
    }
    return own_attribute(object, name, out) || own_item(object, Value(name), out);
}

bool find_own_attribute(Value const& object, std::string_view name, Value& out) {
    if (!object.is_undefined()) return own_attribute(object, name, out);
    if (undefined_mode(object) != UndefinedMode::Chainable) fail_undefined(object);
    out = object;
    return true;
}

bool find_item(Value const& object, Value const& key, Value& out) {
    if (object.is_undefined()) {
        if (undefined_mode(object) != UndefinedMode::Chainable) fail_undefined(object);
        out = object;
        return true;
    }
    return own_item(object, key, out) || (key.is_string() && own_attribute(object, key.raw_text(), out));
}

Value get_attribute(Value const& object, std::string_view name, Lookup rules) {
    if (rules.sandbox && !is_safe_attribute(object, name)) return unsafe_attribute(object, name, rules.undefined);
    Value result;
    return find_attribute(object, name, result) ? result : undefined_item(object, Value(name), rules.undefined);
}

Value get_own_attribute(Value const& object, std::string_view name, Lookup rules) {
    if (rules.sandbox && !is_safe_attribute(object, name)) return unsafe_attribute(object, name, rules.undefined);
    Value result;
    return find_own_attribute(object, name, result) ? result : undefined_item(object, Value(name), rules.undefined);
}

Value get_item(Value const& object, Value const& key, Lookup rules) {
    Value result;
    if (rules.sandbox && key.is_string() && !own_item(object, key, result)) {
        // A missing item that could be no attribute either is only undefined; Python's objects all have __names__.
        auto const name = key.raw_text();
        if (!is_safe_attribute(object, name) && (name.starts_with("__") || own_attribute(object, name, result)))
            return unsafe_attribute(object, name, rules.undefined);
    }
    return find_item(object, key, result) ? result : undefined_item(object, key, rules.undefined);
}

namespace {
// A slice's bound as an integer; beyond 64 bits is as good as the end.
std::int64_t slice_bound(Value const& bound, std::int64_t fallback) {
    if (bound.is_none()) return fallback;
    if (bound.kind() == Kind::Int || bound.kind() == Kind::Bool) return bound.raw_int();
    if (bound.kind() == Kind::BigInt)
        return to_double(bound) < 0 ? std::numeric_limits<std::int64_t>::min() / 2
                                    : std::numeric_limits<std::int64_t>::max() / 2;
    throw Error(ErrorKind::TypeError, "slice indices must be integers or None or have an __index__ method");
}
} // namespace

SliceRange slice_range(std::size_t length, Value const& start, Value const& stop, Value const& step) {
    auto const size = static_cast<std::int64_t>(length);
    std::int64_t const stride = slice_bound(step, 1);
    if (stride == 0) throw Error(ErrorKind::ValueError, "slice step cannot be zero");
    auto clamp = [&](Value const& bound, std::int64_t fallback) {
        if (bound.is_none()) return fallback;
        std::int64_t index = slice_bound(bound, 0);
        if (index < 0) index = index < -size ? -1 : index + size;
        return stride < 0 ? std::clamp<std::int64_t>(index, -1, size - 1) : std::clamp<std::int64_t>(index, 0, size);
    };
    std::int64_t const first = clamp(start, stride < 0 ? size - 1 : 0);
    std::int64_t const last = clamp(stop, stride < 0 ? -1 : size);
    std::int64_t count = 0;
    if (stride > 0 && first < last) count = (last - first - 1) / stride + 1;
    if (stride < 0 && first > last) count = (last - first + 1) / stride + 1;
    return {first, static_cast<std::size_t>(count), stride};
}

Value get_slice(Value const& object, Value const& start, Value const& stop, Value const& step) {
    if (object.is_undefined()) {
        if (undefined_mode(object) == UndefinedMode::Chainable) return object;
        fail_undefined(object);
    }
    if (object.is_string()) {
        auto const parts = split_code_points(object.raw_text());
        auto const range = slice_range(parts.size(), start, stop, step);
        std::string result;
        auto index = range.start;
        for (std::size_t i = 0; i < range.count; ++i, index += range.step)
            result += parts[static_cast<std::size_t>(index)];
        return object.is_markup() ? Value::markup(std::move(result)) : Value(std::move(result));
    }
    if (object.kind() == Kind::Object) {
        Value result;
        if (object.raw_object()->slice(start, stop, step, result)) return result;
    }
    bool const mapping = is_mapping(object);
    Sequence sequence;
    std::vector<Value> copied;
    bool const indexed = Sequence::of(object, sequence);
    if (mapping) throw Error(ErrorKind::TypeError, "unhashable type: 'slice'");
    if (!indexed) {
        if (object.kind() != Kind::View || object.raw_type().shape != TypeInfo::Shape::Sequence)
            throw Error(ErrorKind::TypeError, "'" + std::string(object.type_name()) + "' object is not subscriptable");
        copied = list_of(object);
    }
    auto const range = slice_range(indexed ? sequence.size() : copied.size(), start, stop, step);
    std::vector<Value> items;
    items.reserve(range.count);
    auto index = range.start;
    for (std::size_t i = 0; i < range.count; ++i, index += range.step) {
        auto const at = static_cast<std::size_t>(index);
        items.push_back(indexed ? sequence.at(at) : copied[at]);
    }
    return object.kind() == Kind::Tuple ? Value::tuple(std::move(items)) : Value::list(std::move(items));
}

// ── Lengths and iteration ───────────────────────────────────────────────────────────────────────────────────────

bool is_mapping(Value const& value) noexcept {
    return value.kind() == Kind::Dict ||
           (value.kind() == Kind::View && value.raw_type().shape == TypeInfo::Shape::Mapping) ||
           (value.kind() == Kind::Object && value.raw_object()->mapping());
}

bool find_length(Value const& value, std::size_t& out) {
    switch (value.kind()) {
    case Kind::Undefined:
        if (undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
        out = 0;
        return true;
    case Kind::String: out = code_points(value.raw_text()); return true;
    case Kind::List:
    case Kind::Tuple: out = sequence_of(value).items.size(); return true;
    case Kind::Dict: out = dict_of(value).entries().size(); return true;
    case Kind::View:
        if (!value.raw_type().size) return false;
        out = value.raw_type().size(value.raw_data());
        return true;
    case Kind::Object: return value.raw_object()->length(out);
    default: return false;
    }
}

std::size_t length_of(Value const& value) {
    std::size_t length = 0;
    if (!find_length(value, length))
        throw Error(ErrorKind::TypeError, "object of type '" + std::string(value.type_name()) + "' has no len()");
    return length;
}

bool is_iterable(Value const& value) noexcept {
    switch (value.kind()) {
    case Kind::Undefined: return undefined_mode(value) != UndefinedMode::Strict;
    case Kind::String:
    case Kind::List:
    case Kind::Tuple:
    case Kind::Dict: return true;
    case Kind::View: return value.raw_type().shape != TypeInfo::Shape::Struct;
    case Kind::Object: return value.raw_object()->iterable();
    default: return false;
    }
}

Items::Items(Value const& value) : source_(value) {
    switch (value.kind()) {
    case Kind::Undefined:
        if (undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
        return;
    case Kind::String: kind_ = Source::Text; return;
    case Kind::List:
    case Kind::Tuple: kind_ = Source::List; return;
    case Kind::Dict: kind_ = Source::Dict; return;
    case Kind::View:
        if (value.raw_type().at)
            kind_ = Source::IndexedView;
        else if (value.raw_type().start) {
            kind_ = Source::View;
            value.raw_type().start(value.raw_data(), cursor_);
        } else
            break;
        return;
    case Kind::Object:
        iterator_ = value.raw_object()->iterate();
        if (!iterator_) break;
        kind_ = Source::Object;
        return;
    default: break;
    }
    throw Error(ErrorKind::TypeError, "'" + std::string(value.type_name()) + "' object is not iterable");
}

bool Items::next(Value& out) {
    switch (kind_) {
    case Source::Nothing: return false;
    case Source::List: {
        // The list may change while it is iterated over: look at its size each time.
        auto const& items = sequence_of(source_).items;
        if (position_ >= items.size()) return false;
        out = items[position_++];
        return true;
    }
    case Source::Dict: {
        auto const& entries = dict_of(source_).entries();
        if (position_ >= entries.size()) return false;
        out = entries[position_++].first;
        return true;
    }
    case Source::IndexedView: {
        auto const& type = source_.raw_type();
        if (position_ >= type.size(source_.raw_data())) return false;
        type.at(source_.raw_data(), position_++, out);
        out.keep_alive(source_.owner());
        return true;
    }
    case Source::View:
        if (!source_.raw_type().next(cursor_, out, nullptr)) return false;
        out.keep_alive(source_.owner());
        return true;
    case Source::Text: {
        auto const text = source_.raw_text();
        if (position_ >= text.size()) return false;
        std::size_t const start = position_;
        static_cast<void>(next_code_point(text, position_));
        out = std::string(text.substr(start, position_ - start)); // plain, even of Markup
        return true;
    }
    case Source::Object: return iterator_->next(out);
    }
    return false;
}

std::vector<Value> list_of(Value const& value) {
    if (value.kind() == Kind::List || value.kind() == Kind::Tuple) return sequence_of(value).items;
    std::vector<Value> result;
    std::size_t length = 0;
    if (value.kind() != Kind::Object && find_length(value, length)) result.reserve(length);
    Items items(value);
    for (Value item; items.next(item);) result.push_back(std::move(item));
    return result;
}

} // namespace hxx::jinja
