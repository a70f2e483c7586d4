// Looking into values: attributes, items, lengths, iteration; and undefined values.
#pragma once

#include "hxx/jinja/containers.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/type_info.hpp"

namespace hxx::jinja {

// ── Undefined values ────────────────────────────────────────────────────────────────────────────────────────────

/// A variable that a template has not set; the name is borrowed.
[[nodiscard]] Value undefined_name(std::string_view name, UndefinedMode mode) noexcept;
/// `object` has no such attribute or item.
[[nodiscard]] Value undefined_item(Value const& object, Value const& key, UndefinedMode mode);
/// Undefined for a reason that `hint` gives in full.
[[nodiscard]] Value undefined_hint(std::string hint, UndefinedMode mode, std::string name = {},
                                   ErrorKind kind = ErrorKind::UndefinedError);

[[nodiscard]] inline UndefinedMode undefined_mode(Value const& value) noexcept {
    return static_cast<UndefinedMode>(value.flag() & 3U);
}
// A variable that was never assigned, rather than one that was assigned an undefined value.
inline constexpr unsigned char missing_flag = 0x80;
[[nodiscard]] inline bool is_missing(Value const& value) noexcept {
    return value.is_undefined() && (value.flag() & missing_flag) != 0;
}
[[nodiscard]] std::string undefined_message(Value const& value);
/// What a Debug undefined prints: "{{ name }}".
[[nodiscard]] std::string undefined_debug_text(Value const& value);
/// Throws the error of an undefined value: an UndefinedError, or a SecurityError for what the sandbox refused.
[[noreturn]] void fail_undefined(Value const& value);

// ── Attributes and items ────────────────────────────────────────────────────────────────────────────────────────

/// As obj.name: attribute, method, then item; false if there is none. Throws for an undefined object.
bool find_attribute(Value const& object, std::string_view name, Value& out);
/// As Python's getattr(): attribute or method, no item.
bool find_own_attribute(Value const& object, std::string_view name, Value& out);
/// As Python's obj[key]: item, no attribute. False for what has no such item, or no items at all.
bool find_own_item(Value const& object, Value const& key, Value& out);
/// As obj[key]: item, then attribute.
bool find_item(Value const& object, Value const& key, Value& out);
/// The rules by which a template looks into values.
struct Lookup {
    UndefinedMode undefined = UndefinedMode::Default;
    bool sandbox = false; // Options::sandbox
};
[[nodiscard]] Value get_attribute(Value const& object, std::string_view name, Lookup rules);
[[nodiscard]] Value get_own_attribute(Value const& object, std::string_view name, Lookup rules);
[[nodiscard]] Value get_item(Value const& object, Value const& key, Lookup rules);
/// obj[start:stop:step]; bounds are none or integers.
[[nodiscard]] Value get_slice(Value const& object, Value const& start, Value const& stop, Value const& step);
/// Python's rules for slices: the first index, how many items, and the step.
struct SliceRange {
    std::int64_t start;
    std::size_t count;
    std::int64_t step;
};
[[nodiscard]] SliceRange slice_range(std::size_t size, Value const& start, Value const& stop, Value const& step);

// ── Sequences, mappings, iteration ──────────────────────────────────────────────────────────────────────────────

/// A list, tuple or C++ sequence with items by index.
class Sequence {
  public:
    /// False if the value is none of them.
    static bool of(Value const& value, Sequence& out) noexcept {
        if (value.kind() == Kind::List || value.kind() == Kind::Tuple) {
            out.items_ = &sequence_of(value).items;
            return true;
        }
        if (value.kind() == Kind::View && value.raw_type().at) {
            out.view_ = &value;
            return true;
        }
        return false;
    }
    [[nodiscard]] std::size_t size() const {
        return items_ ? items_->size() : view_->raw_type().size(view_->raw_data());
    }
    [[nodiscard]] Value at(std::size_t index) const {
        if (items_) return (*items_)[index];
        Value item;
        view_->raw_type().at(view_->raw_data(), index, item);
        item.keep_alive(view_->owner());
        return item;
    }

  private:
    std::vector<Value> const* items_ = nullptr;
    Value const* view_ = nullptr;
};

/// len(value); false for what has none.
bool find_length(Value const& value, std::size_t& out);
[[nodiscard]] std::size_t length_of(Value const& value);

/// Iterates over anything that a for loop takes: a mapping gives its keys, text its code points.
class Items {
  public:
    /// Throws TypeError for what cannot be iterated over.
    explicit Items(Value const& value);
    Items(Items&&) noexcept = default;
    Items& operator=(Items&&) noexcept = default;
    ~Items() = default;
    /// The next item, or null at the end; valid until the next call.
    Value const* next() { return next(item_) ? &item_ : nullptr; }
    bool next(Value& out);

  private:
    enum class Source : unsigned char { Nothing, List, Dict, IndexedView, View, Text, Object };

    Source kind_ = Source::Nothing;
    Value source_;
    std::size_t position_ = 0;
    Cursor cursor_{};
    std::unique_ptr<Iterator> iterator_;
    Value item_;
};

[[nodiscard]] bool is_iterable(Value const& value) noexcept;
[[nodiscard]] std::vector<Value> list_of(Value const& value);
/// Calls f(key, value) for each entry of a dict or C++ mapping; false if it is neither.
template <class F>
bool for_each_entry(Value const& mapping, F&& f) {
    if (mapping.kind() == Kind::Dict) {
        auto const& dict = dict_of(mapping);
        for (std::size_t i = 0; i < dict.entries().size(); ++i) f(dict.entries()[i].first, dict.entries()[i].second);
        return true;
    }
    if (mapping.kind() != Kind::View || mapping.raw_type().shape != TypeInfo::Shape::Mapping) return false;
    Cursor cursor;
    mapping.raw_type().start(mapping.raw_data(), cursor);
    Value key, value;
    while (mapping.raw_type().next(cursor, key, &value)) {
        key.keep_alive(mapping.owner());
        value.keep_alive(mapping.owner());
        f(static_cast<Value const&>(key), static_cast<Value const&>(value));
    }
    return true;
}
[[nodiscard]] bool is_mapping(Value const& value) noexcept;

} // namespace hxx::jinja
