// The engine's own containers: lists, tuples and dicts that templates make.
#pragma once

#include "hxx/jinja/object.hpp"

#include <span>
#include <unordered_map>

namespace hxx::jinja {

/// A list or a tuple (Value::kind() tells).
class SequenceObject final : public Object {
  public:
    std::vector<Value> items;
    bool frozen = false;                      // shared by threads: not to be changed
    std::span<std::string_view const> fields; // of a named tuple

    SequenceObject() = default;
    explicit SequenceObject(std::vector<Value> values) : items(std::move(values)) {}
    [[nodiscard]] std::string_view type_name() const noexcept override { return "list"; }
};

/// Keeps the order of insertion; a hash index is made when it grows.
class DictObject final : public Object {
  public:
    using Entry = std::pair<Value, Value>;

    [[nodiscard]] std::string_view type_name() const noexcept override { return "dict"; }
    bool frozen = false; // as a list's
    [[nodiscard]] std::vector<Entry> const& entries() const noexcept { return entries_; }
    /// Throws TypeError for a key that has no hash.
    [[nodiscard]] Value const* find(Value const& key) const;
    [[nodiscard]] Value const* find(std::string_view key) const;
    void set(Value key, Value value);
    bool erase(Value const& key, Value* removed = nullptr);
    void clear();

  private:
    [[nodiscard]] std::size_t position(Value const& key) const;
    [[nodiscard]] std::size_t position(std::string_view key) const;
    void reindex();

    std::vector<Entry> entries_;
    std::unordered_multimap<std::size_t, std::size_t> index_; // hash to position; empty while there are few entries
};

[[nodiscard]] inline SequenceObject& sequence_of(Value const& value) noexcept {
    return *static_cast<SequenceObject*>(value.raw_object());
}
[[nodiscard]] inline DictObject& dict_of(Value const& value) noexcept {
    return *static_cast<DictObject*>(value.raw_object());
}

/// Lists and dicts in the value, and it itself, cannot be changed by templates any more.
void freeze(Value const& value);

/// Hash consistent with a template's ==; throws TypeError for lists and dicts.
[[nodiscard]] std::size_t hash_value(Value const& value);
[[nodiscard]] std::size_t hash_text(std::string_view text) noexcept;

/// A set of values, for the unique filter and for removing duplicates.
class ValueSet {
  public:
    /// False if an equal value was there already.
    bool insert(Value const& value);

  private:
    std::unordered_multimap<std::size_t, Value> values_;
};

} // namespace hxx::jinja
