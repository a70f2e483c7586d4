#include "hxx/jinja/containers.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"

namespace hxx::jinja {
namespace {

constexpr std::size_t index_from = 9; // below, comparing keys one by one is faster
constexpr std::size_t none = static_cast<std::size_t>(-1);

std::size_t mix(std::size_t seed, std::size_t hash) noexcept {
    return seed ^ (hash + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

} // namespace

void freeze(Value const& value) {
    if (value.kind() == Kind::Dict) {
        if (std::exchange(dict_of(value).frozen, true)) return;
        for (auto const& [key, mapped] : dict_of(value).entries()) freeze(mapped);
    }
    if (value.kind() == Kind::List || value.kind() == Kind::Tuple) {
        if (std::exchange(sequence_of(value).frozen, true)) return;
        for (auto const& item : sequence_of(value).items) freeze(item);
    }
}

std::size_t hash_text(std::string_view text) noexcept { return std::hash<std::string_view>()(text); }

namespace {

// Tuples of tuples may be deep, and if they hold one twice, small but endless to look through.
struct HashWalk {
    static constexpr std::size_t max_depth = 200, max_steps = 10'000'000;
    std::size_t depth = 0, steps = 0;
};

std::size_t hash_at(Value const& value, HashWalk& walk);

template <class Sequence>
std::size_t hash_items(Sequence&& next, HashWalk& walk) {
    if (++walk.depth > HashWalk::max_depth)
        throw Error(ErrorKind::LimitError, "maximum recursion depth exceeded while hashing a tuple");
    std::size_t hash = 3;
    while (Value const* item = next()) hash = mix(hash, hash_at(*item, walk));
    --walk.depth;
    return hash;
}

std::size_t hash_at(Value const& value, HashWalk& walk) {
    if (++walk.steps > HashWalk::max_steps) throw Error(ErrorKind::LimitError, "the tuple is too large to be hashed");
    switch (value.kind()) {
    case Kind::Undefined:
        if (undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
        return 1;
    case Kind::None: return 2;
    case Kind::Bool:
    case Kind::Int: return std::hash<std::int64_t>()(value.raw_int());
    case Kind::Float:
    case Kind::BigInt: return hash_number(value);
    case Kind::String: return hash_text(value.raw_text());
    case Kind::Tuple: {
        auto const& items = sequence_of(value).items;
        return hash_items([&, i = std::size_t(0)]() mutable { return i < items.size() ? &items[i++] : nullptr; }, walk);
    }
    case Kind::View:
        if (value.raw_type().shape == TypeInfo::Shape::Tuple) {
            Items items(value);
            return hash_items([&] { return items.next(); }, walk);
        }
        if (value.raw_type().shape == TypeInfo::Shape::Struct) return std::hash<void const*>()(value.raw_data());
        break;
    case Kind::Object: return std::hash<void const*>()(value.raw_object());
    case Kind::List:
    case Kind::Dict: break;
    }
    throw Error(ErrorKind::TypeError, "unhashable type: '" + std::string(value.type_name()) + "'");
}

} // namespace

std::size_t hash_value(Value const& value) {
    HashWalk walk;
    return hash_at(value, walk);
}

bool ValueSet::insert(Value const& value) {
    std::size_t const hash = hash_value(value);
    auto const [first, last] = values_.equal_range(hash);
    for (auto entry = first; entry != last; ++entry)
        if (equal(entry->second, value)) return false;
    values_.emplace(hash, value);
    return true;
}

std::size_t DictObject::position(Value const& key) const {
    if (key.is_string()) return position(key.raw_text());
    std::size_t const hash = hash_value(key); // for its TypeError too
    if (index_.empty()) {
        for (std::size_t i = 0; i < entries_.size(); ++i)
            if (equal(entries_[i].first, key)) return i;
        return none;
    }
    auto const [first, last] = index_.equal_range(hash);
    for (auto entry = first; entry != last; ++entry)
        if (equal(entries_[entry->second].first, key)) return entry->second;
    return none;
}

std::size_t DictObject::position(std::string_view key) const {
    auto matches = [&](std::size_t i) {
        Value const& candidate = entries_[i].first;
        return candidate.is_string() && candidate.raw_text() == key;
    };
    if (index_.empty()) {
        for (std::size_t i = 0; i < entries_.size(); ++i)
            if (matches(i)) return i;
        return none;
    }
    auto const [first, last] = index_.equal_range(hash_text(key));
    for (auto entry = first; entry != last; ++entry)
        if (matches(entry->second)) return entry->second;
    return none;
}

Value const* DictObject::find(Value const& key) const {
    std::size_t const at = position(key);
    return at == none ? nullptr : &entries_[at].second;
}

Value const* DictObject::find(std::string_view key) const {
    std::size_t const at = position(key);
    return at == none ? nullptr : &entries_[at].second;
}

void DictObject::set(Value key, Value value) {
    std::size_t const at = position(key);
    if (at != none) {
        entries_[at].second = std::move(value);
        return;
    }
    std::size_t const hash = hash_value(key);
    entries_.emplace_back(std::move(key), std::move(value));
    if (!index_.empty())
        index_.emplace(hash, entries_.size() - 1);
    else if (entries_.size() >= index_from)
        reindex();
}

bool DictObject::erase(Value const& key, Value* removed) {
    std::size_t const at = position(key);
    if (at == none) return false;
    if (removed) *removed = entries_[at].second;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    if (!index_.empty()) reindex();
    return true;
}

void DictObject::clear() {
    index_.clear();
    std::exchange(entries_, {}).clear();
}

void DictObject::reindex() {
    index_.clear();
    for (std::size_t i = 0; i < entries_.size(); ++i) index_.emplace(hash_value(entries_[i].first), i);
}

} // namespace hxx::jinja
