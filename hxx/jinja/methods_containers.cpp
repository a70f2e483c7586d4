// Methods of lists, tuples and dicts. Those that change something work on the engine's own containers only: C++ objects
// are seen, not changed.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/methods.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

std::vector<Value>& changeable_list(Value const& self) {
    if (self.kind() != Kind::List)
        throw Error(ErrorKind::TypeError, "a C++ sequence cannot be changed by a template; use |list to copy it");
    if (sequence_of(self).frozen) throw Error(ErrorKind::TypeError, "a global list cannot be changed by a template");
    return sequence_of(self).items;
}

DictObject& changeable_dict(Value const& self) {
    if (self.kind() != Kind::Dict) throw Error(ErrorKind::TypeError, "a C++ mapping cannot be changed by a template");
    if (dict_of(self).frozen) throw Error(ErrorKind::TypeError, "a global dict cannot be changed by a template");
    return dict_of(self);
}

// A container that takes another one in may end up holding itself.
void note_member(Args const& args, Value const& container, Value const& member) {
    if (args.state() && member.kind() >= Kind::List) args.state()->track(container);
}

// ── Lists and tuples ────────────────────────────────────────────────────────────────────────────────────────────

Value append(Value const& self, Args const& args) {
    Bound<1> const bound(args, "append", {"object"}, 1);
    changeable_list(self).push_back(bound[0]);
    note_member(args, self, bound[0]);
    return nullptr;
}

Value extend(Value const& self, Args const& args) {
    Bound<1> const bound(args, "extend", {"iterable"}, 1);
    auto more = list_of(bound[0]);
    for (auto const& item : more) note_member(args, self, item);
    auto& items = changeable_list(self);
    constexpr std::size_t most = 10'000'000;
    if (items.size() + more.size() > most) throw Error(ErrorKind::LimitError, "the list is too large");
    items.insert(items.end(), more.begin(), more.end());
    return nullptr;
}

Value insert(Value const& self, Args const& args) {
    Bound<2> const bound(args, "insert", {"index", "object"}, 2);
    auto& items = changeable_list(self);
    auto const size = static_cast<std::int64_t>(items.size());
    auto index = index_argument(bound[0]);
    if (index < 0) index += size;
    items.insert(items.begin() + std::clamp<std::int64_t>(index, 0, size), bound[1]);
    note_member(args, self, bound[1]);
    return nullptr;
}

Value pop(Value const& self, Args const& args) {
    Bound<1> const bound(args, "pop", {"index"}, 0);
    auto& items = changeable_list(self);
    if (items.empty()) throw Error(ErrorKind::IndexError, "pop from empty list");
    auto index = bound.integer(0, -1);
    if (index < 0) index += static_cast<std::int64_t>(items.size());
    if (index < 0 || index >= static_cast<std::int64_t>(items.size()))
        throw Error(ErrorKind::IndexError, "pop index out of range");
    Value result = items[static_cast<std::size_t>(index)];
    items.erase(items.begin() + index);
    return result;
}

Value remove(Value const& self, Args const& args) {
    Bound<1> const bound(args, "remove", {"value"}, 1);
    auto& items = changeable_list(self);
    auto const found =
        std::find_if(items.begin(), items.end(), [&](Value const& item) { return equal(item, bound[0]); });
    if (found == items.end()) throw Error(ErrorKind::ValueError, "list.remove(x): x not in list");
    items.erase(found);
    return nullptr;
}

Value reverse(Value const& self, Args const&) {
    auto& items = changeable_list(self);
    std::reverse(items.begin(), items.end());
    return nullptr;
}

Value sort(Value const& self, Args const& args) {
    Bound<2> const bound(args, "sort", {"key", "reverse"}, 0);
    auto& items = changeable_list(self);
    std::vector<Value> keys = items;
    if (bound.has(0))
        for (auto& key : keys) key = args.state()->call(bound[0], {&key, 1});
    sort_values(items, keys, bound.flag(1));
    return nullptr;
}

Value clear_list(Value const& self, Args const&) {
    changeable_list(self).clear();
    return nullptr;
}

Value copy_list(Value const& self, Args const&) { return Value::list(list_of(self)); }

Value count(Value const& self, Args const& args) {
    Bound<1> const bound(args, "count", {"value"}, 1);
    std::int64_t found = 0;
    for (Items items(self); auto const* item = items.next();) found += equal(*item, bound[0]) ? 1 : 0;
    return found;
}

Value index(Value const& self, Args const& args) {
    Bound<3> const bound(args, "index", {"value", "start", "stop"}, 1);
    auto const items = list_of(self);
    Value const none(nullptr);
    auto const range =
        slice_range(items.size(), bound.given(1) ? bound[1] : none, bound.given(2) ? bound[2] : none, none);
    for (std::size_t i = 0; i < range.count; ++i) {
        auto const at = static_cast<std::size_t>(range.start) + i;
        if (equal(items[at], bound[0])) return at;
    }
    throw Error(ErrorKind::ValueError,
                bound[0].repr() + " is not in " + std::string(self.kind() == Kind::Tuple ? "tuple" : "list"));
}

// ── Dicts ───────────────────────────────────────────────────────────────────────────────────────────────────────

template <DictView::Part Part>
Value view(Value const& self, Args const&) {
    return make_object<DictView>(self, Part);
}

bool find_key(Value const& self, Value const& key, Value& out) {
    if (self.kind() == Kind::Dict) {
        auto const* found = dict_of(self).find(key);
        if (found) out = *found;
        return found != nullptr;
    }
    bool found = false;
    for_each_entry(self, [&](Value const& candidate, Value const& value) {
        if (!found && equal(candidate, key)) {
            out = value;
            found = true;
        }
    });
    return found;
}

Value get(Value const& self, Args const& args) {
    Bound<2> const bound(args, "get", {"key", "default"}, 1);
    Value result;
    if (find_key(self, bound[0], result)) return result;
    return bound.given(1) ? bound[1] : Value(nullptr);
}

Value set_default(Value const& self, Args const& args) {
    Bound<2> const bound(args, "setdefault", {"key", "default"}, 1);
    auto& dict = changeable_dict(self);
    if (auto const* found = dict.find(bound[0])) return *found;
    Value const value = bound.given(1) ? bound[1] : Value(nullptr);
    dict.set(bound[0], value);
    note_member(args, self, value);
    return value;
}

Value pop_key(Value const& self, Args const& args) {
    Bound<2> const bound(args, "pop", {"key", "default"}, 1);
    Value removed;
    if (changeable_dict(self).erase(bound[0], &removed)) return removed;
    if (bound.given(1)) return bound[1];
    throw Error(ErrorKind::KeyError, bound[0].repr());
}

Value pop_item(Value const& self, Args const&) {
    auto& dict = changeable_dict(self);
    if (dict.entries().empty()) throw Error(ErrorKind::KeyError, "'popitem(): dictionary is empty'");
    auto const [key, value] = dict.entries().back();
    dict.erase(key);
    return Value::tuple({key, value});
}

Value update(Value const& self, Args const& args) {
    auto& dict = changeable_dict(self);
    auto put = [&](Value const& key, Value const& value) {
        dict.set(key, value);
        note_member(args, self, value);
    };
    if (args.size() > 1)
        throw Error(ErrorKind::TypeError, "update expected at most 1 argument, got " + std::to_string(args.size()));
    if (args.size() == 1 && args[0].is_undefined()) fail_undefined(args[0]); // though it iterates over nothing
    if (args.size() == 1 && !for_each_entry(args[0], put)) {
        for (Items pairs(args[0]); auto const* pair = pairs.next();) {
            auto const items = list_of(*pair);
            if (items.size() != 2)
                throw Error(ErrorKind::ValueError, "dictionary update sequence element has length " +
                                                       std::to_string(items.size()) + "; 2 is required");
            put(items[0], items[1]);
        }
    }
    for (auto const& keyword : args.keywords()) put(Value(std::string(keyword.name)), keyword.value);
    return nullptr;
}

Value copy_dict(Value const& self, Args const&) {
    std::vector<std::pair<Value, Value>> entries;
    for_each_entry(self, [&](Value const& key, Value const& value) { entries.emplace_back(key, value); });
    return Value::dict(std::move(entries));
}

Value clear_dict(Value const& self, Args const&) {
    changeable_dict(self).clear();
    return nullptr;
}

Value from_keys(Value const&, Args const& args) {
    Bound<2> const bound(args, "fromkeys", {"iterable", "value"}, 1);
    std::vector<std::pair<Value, Value>> entries;
    for (Items keys(bound[0]); auto const* key = keys.next();)
        entries.emplace_back(*key, bound.given(1) ? bound[1] : Value(nullptr));
    return Value::dict(std::move(entries));
}

} // namespace

std::span<MethodRow const> list_methods() noexcept {
    static constexpr MethodRow rows[] = {
        {"append", append, true},   {"clear", clear_list, true}, {"copy", copy_list},
        {"count", count},           {"extend", extend, true},    {"index", index},
        {"insert", insert, true},   {"pop", pop, true},          {"remove", remove, true},
        {"reverse", reverse, true}, {"sort", sort, true}};
    return rows;
}

std::span<MethodRow const> tuple_methods() noexcept {
    static constexpr MethodRow rows[] = {{"count", count}, {"index", index}};
    return rows;
}

std::span<MethodRow const> dict_methods() noexcept {
    static constexpr MethodRow rows[] = {{"clear", clear_dict, true},
                                         {"copy", copy_dict},
                                         {"fromkeys", from_keys},
                                         {"get", get},
                                         {"items", view<DictView::Part::Items>},
                                         {"keys", view<DictView::Part::Keys>},
                                         {"pop", pop_key, true},
                                         {"popitem", pop_item, true},
                                         {"setdefault", set_default, true},
                                         {"update", update, true},
                                         {"values", view<DictView::Part::Values>}};
    return rows;
}

} // namespace hxx::jinja
