// Filters on sequences and mappings: order, groups, parts, sums.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/attribute_path.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <random>

namespace hxx::jinja {

AttributePath::AttributePath(Value const& attribute, Lookup rules) : rules_(rules) {
    if (attribute.is_none()) return;
    if (!attribute.is_string()) {
        parts_.push_back(attribute);
        return;
    }
    for (auto part : split_text(attribute.raw_text(), ".", -1, false)) {
        bool digits = !part.empty();
        for (std::size_t i = 0; i < part.size();) digits = is_digit(next_code_point(part, i)) && digits;
        auto const number = digits ? int_from_text(part, 10) : std::nullopt;
        parts_.push_back(number ? *number : Value(std::string(part)));
    }
}

Value AttributePath::get(Value const& item, Value const* fallback) const {
    Value result = item;
    for (auto const& part : parts_) {
        result = get_item(result, part, rules_);
        if (fallback && result.is_undefined()) result = *fallback;
    }
    return result;
}

Value ignore_case(Value const& value) { return value.is_string() ? Value(to_lower(value.raw_text())) : value; }

namespace {

Value const none(nullptr);

Value length(State&, Args const& args) {
    Bound<1> const bound(args, "len", {"obj"}, 1);
    return length_of(bound[0]);
}

Value list(State&, Args const& args) {
    Bound<1> const bound(args, "do_list", {"value"}, 1);
    return Value::list(list_of(bound[0]));
}

Value first(State& state, Args const& args) {
    Bound<1> const bound(args, "do_first", {"seq"}, 1);
    Value result;
    Items items(bound[0]);
    return items.next(result) ? result : undefined_hint("No first item, sequence was empty.", state.undefined_mode());
}

Value last(State& state, Args const& args) {
    Bound<1> const bound(args, "do_last", {"seq"}, 1);
    Value const& value = bound[0];
    if (value.is_undefined() && undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
    std::size_t size = 0;
    bool const reversible =
        value.is_undefined() || value.is_string() || is_mapping(value) || value.is_sequence() ||
        (value.kind() == Kind::Object && value.raw_object()->length(size) && value.raw_object()->iterable());
    if (!reversible)
        throw Error(ErrorKind::TypeError, "'" + std::string(value.type_name()) + "' object is not reversible");
    auto items = list_of(value);
    return items.empty() ? undefined_hint("No last item, sequence was empty.", state.undefined_mode())
                         : std::move(items.back());
}

Value random(State& state, Args const& args) {
    Bound<1> const bound(args, "do_random", {"seq"}, 1);
    auto const size = length_of(bound[0]);
    if (size == 0) return undefined_hint("No random item, sequence was empty.", state.undefined_mode());
    static thread_local std::mt19937_64 engine{std::random_device{}()};
    auto const index = std::uniform_int_distribution<std::size_t>(0, size - 1)(engine);
    Value result;
    if (!find_item(bound[0], Value(index), result)) throw Error(ErrorKind::KeyError, std::to_string(index));
    return result;
}

/// What the join filter joins: items by index, or collected where they come one by one or only an attribute counts.
class Joined {
  public:
    Joined(State& state, Args const& args) : bound_(args, "do_join", {"value", "d", "attribute"}, 1) {
        if (bound_.given(1)) separator = bound_[1];
        indexed_ = !bound_.has(2) && Sequence::of(bound_[0], sequence_);
        if (indexed_) {
            count = sequence_.size();
            return;
        }
        AttributePath const path(bound_.has(2) ? bound_[2] : none, state.lookup());
        for (Items items(bound_[0]); auto const* item = items.next();) collected_.push_back(path.get(*item));
        count = collected_.size();
    }
    [[nodiscard]] Value at(std::size_t i) const { return indexed_ ? sequence_.at(i) : collected_[i]; }

    Value separator = "";
    std::size_t count = 0;

  private:
    Bound<3> bound_;
    bool indexed_ = false;
    Sequence sequence_;
    std::vector<Value> collected_;
};

Value join(State& state, Args const& args) {
    Joined const joined(state, args);
    // As soon as the separator or an item is safe HTML, so is the result, and the rest is escaped.
    bool const escaping = state.escaping();
    bool markup = escaping && joined.separator.is_markup();
    for (std::size_t i = 0; escaping && !markup && i < joined.count; ++i) markup = has_html(joined.at(i));
    std::string out;
    auto add = [&](Value const& value) {
        if (markup)
            append_escaped(out, value);
        else
            append_str(out, value);
        if (out.size() > state.environment().options.limits.output)
            throw Error(ErrorKind::LimitError, "the joined text is too large");
    };
    for (std::size_t i = 0; i < joined.count; ++i) {
        if (i > 0) add(joined.separator);
        add(joined.at(i));
    }
    return markup ? Value::markup(std::move(out)) : Value(std::move(out));
}

// Written at once, each part is escaped by itself: whether one of them is safe makes no difference.
void write_join(State& state, Args const& args, bool escape) {
    Joined const joined(state, args);
    for (std::size_t i = 0; i < joined.count; ++i) {
        if (i > 0) state.write(joined.separator, escape);
        state.write(joined.at(i), escape);
    }
}

Value reverse(State&, Args const& args) {
    Bound<1> const bound(args, "do_reverse", {"value"}, 1);
    Value const& value = bound[0];
    if (value.is_string()) {
        auto const parts = split_code_points(value.raw_text());
        std::string out;
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) out += *part;
        return text_like(value, std::move(out));
    }
    if (value.is_undefined() && undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
    if (!is_iterable(value)) throw Error(ErrorKind::FilterArgumentError, "argument must be iterable");
    bool const lazily = value.is_undefined() || value.is_sequence() || is_mapping(value);
    auto items = list_of(value);
    std::reverse(items.begin(), items.end());
    if (!lazily) return Value::list(std::move(items));
    return generate([items = std::move(items), i = std::size_t(0)](Value& out) mutable {
        if (i >= items.size()) return false;
        out = items[i++];
        return true;
    });
}

// ── Order ───────────────────────────────────────────────────────────────────────────────────────────────────────

// Python's sorted() wants an integer there.
template <std::size_t N>
bool reversed(Bound<N> const& bound, std::size_t index) {
    return bound.given(index) && index_argument(bound[index]) != 0;
}

Value sort(State& state, Args const& args) {
    Bound<4> const bound(args, "do_sort", {"value", "reverse", "case_sensitive", "attribute"}, 1);
    auto items = list_of(bound[0]);
    bool const sensitive = bound.flag(2);
    std::vector<AttributePath> paths;
    if (bound.has(3) && bound[3].is_string()) {
        for (auto part : split_text(bound[3].raw_text(), ",", -1, false))
            paths.emplace_back(Value(part), state.lookup());
    } else
        paths.emplace_back(bound.has(3) ? bound[3] : none, state.lookup());
    std::vector<Value> keys;
    keys.reserve(items.size());
    auto key_of = [&](AttributePath const& path, Value const& item) {
        return sensitive ? path.get(item) : ignore_case(path.get(item));
    };
    for (auto const& item : items) {
        if (paths.size() == 1) {
            keys.push_back(key_of(paths.front(), item));
            continue;
        }
        std::vector<Value> key;
        for (auto const& path : paths) key.push_back(key_of(path, item));
        keys.push_back(Value::list(std::move(key)));
    }
    sort_values(items, keys, reversed(bound, 1), paths.size() == 1);
    return Value::list(std::move(items));
}

Value dictsort(State&, Args const& args) {
    Bound<4> const bound(args, "do_dictsort", {"value", "case_sensitive", "by", "reverse"}, 1);
    std::string const by = bound.given(2) ? text_of(bound[2]) : "key";
    if (by != "key" && by != "value")
        throw Error(ErrorKind::FilterArgumentError, "You can only sort by either \"key\" or \"value\"");
    std::vector<Value> items, keys;
    bool const mapping = for_each_entry(bound[0], [&](Value const& key, Value const& value) {
        items.push_back(Value::tuple({key, value}));
        Value const& chosen = by == "key" ? key : value;
        keys.push_back(bound.flag(1) ? chosen : ignore_case(chosen));
    });
    if (!mapping) {
        if (bound[0].is_undefined()) fail_undefined(bound[0]);
        throw Error(ErrorKind::AttributeError,
                    "'" + std::string(bound[0].type_name()) + "' object has no attribute 'items'");
    }
    sort_values(items, keys, reversed(bound, 3));
    return Value::list(std::move(items));
}

template <bool Largest>
Value extreme(State& state, Args const& args) {
    Bound<3> const bound(args, Largest ? "do_max" : "do_min", {"value", "case_sensitive", "attribute"}, 1);
    AttributePath const path(bound.has(2) ? bound[2] : none, state.lookup());
    Value best, best_key;
    bool any = false;
    for (Items items(bound[0]); auto const* item = items.next();) {
        Value key = bound.flag(1) ? path.get(*item) : ignore_case(path.get(*item));
        if (any && !(Largest ? compare(ast::CompareOp::Gt, key, best_key) : less(key, best_key))) continue;
        any = true;
        best = *item;
        best_key = std::move(key);
    }
    return any ? best : undefined_hint("No aggregated item, sequence was empty.", state.undefined_mode());
}

Value groupby(State& state, Args const& args) {
    Bound<4> const bound(args, "do_groupby", {"value", "attribute", "default", "case_sensitive"}, 2);
    AttributePath const path(bound[1], state.lookup());
    Value const* fallback = bound.has(2) ? &bound[2] : nullptr;
    bool const sensitive = bound.flag(3);
    auto items = list_of(bound[0]);
    std::vector<Value> keys;
    auto key_of = [&](Value const& item) {
        return sensitive ? path.get(item, fallback) : ignore_case(path.get(item, fallback));
    };
    for (auto const& item : items) keys.push_back(key_of(item));
    sort_values(items, keys, false);
    std::vector<Value> groups;
    for (std::size_t i = 0; i < items.size();) {
        Value const key = key_of(items[i]);
        std::vector<Value> members;
        Value const grouper = path.get(items[i], fallback);
        do members.push_back(items[i++]);
        while (i < items.size() && equal(key_of(items[i]), key));
        groups.push_back(make_group(grouper, Value::list(std::move(members))));
    }
    return Value::list(std::move(groups));
}

Value unique(State& state, Args const& args) {
    Bound<3> const bound(args, "do_unique", {"value", "case_sensitive", "attribute"}, 1);
    auto const rules = state.lookup();
    return generate([items = Items(bound[0]), path = AttributePath(bound.has(2) ? bound[2] : none, rules),
                     seen = ValueSet(), sensitive = bound.flag(1)](Value& out) mutable {
        while (items.next(out)) {
            Value const key = path.get(out);
            if (seen.insert(sensitive ? key : ignore_case(key))) return true;
        }
        return false;
    });
}

// ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────────

Value batch(State&, Args const& args) {
    Bound<3> const bound(args, "do_batch", {"value", "linecount", "fill_with"}, 2);
    auto const count = bound[1];
    return generate([items = Items(bound[0]), count, fill = bound.has(2) ? bound[2] : Value(nullptr),
                     next = std::vector<Value>()](Value& out) mutable {
        Value item;
        std::vector<Value> line = std::exchange(next, {});
        while (items.next(item)) {
            if (equal(Value(line.size()), count)) {
                next.push_back(std::move(item));
                out = Value::list(std::move(line));
                return true;
            }
            line.push_back(std::move(item));
        }
        if (line.empty()) return false;
        // What the count is, is not asked before here.
        if (!fill.is_none() && less(Value(line.size()), count)) {
            auto const size = static_cast<std::size_t>(index_argument(count));
            if (size > 1'000'000) throw Error(ErrorKind::LimitError, "a batch of so many items");
            line.resize(size, fill);
        }
        out = Value::list(std::move(line));
        return true;
    });
}

Value slice(State&, Args const& args) {
    Bound<3> const bound(args, "do_slice", {"value", "slices", "fill_with"}, 2);
    return generate([value = bound[0], count = bound[1], fill = bound.has(2) ? bound[2] : Value(nullptr),
                     items = std::vector<Value>(), started = false, number = std::int64_t(0),
                     offset = std::size_t(0)](Value& out) mutable {
        if (!std::exchange(started, true)) items = list_of(value);
        if (count.is_undefined()) fail_undefined(count);
        auto const slices = index_argument(count);
        if (slices == 0) throw Error(ErrorKind::ZeroDivisionError, "integer division or modulo by zero");
        if (slices > 1'000'000) throw Error(ErrorKind::LimitError, "so many slices");
        if (number >= slices) return false;
        auto const size = items.size() / static_cast<std::size_t>(slices);
        auto const extra = items.size() % static_cast<std::size_t>(slices);
        auto const index = static_cast<std::size_t>(number++);
        std::size_t const start = offset + index * size;
        if (index < extra) ++offset;
        std::size_t const end = offset + (index + 1) * size;
        std::vector<Value> part(items.begin() + static_cast<std::ptrdiff_t>(start),
                                items.begin() + static_cast<std::ptrdiff_t>(end));
        if (!fill.is_none() && index >= extra) part.push_back(fill);
        out = Value::list(std::move(part));
        return true;
    });
}

Value items(State&, Args const& args) {
    Bound<1> const bound(args, "do_items", {"value"}, 1);
    // As a generator it complains when it is used, not when it is made.
    return generate([value = bound[0], view = Value(), iterator = std::unique_ptr<Iterator>()](Value& out) mutable {
        if (value.is_undefined()) return false;
        if (!is_mapping(value)) throw Error(ErrorKind::TypeError, "Can only get item pairs from a mapping.");
        if (!iterator) {
            view = make_object<DictView>(value, DictView::Part::Items);
            iterator = view.raw_object()->iterate();
        }
        return iterator->next(out);
    });
}

Value sum(State& state, Args const& args) {
    Bound<3> const bound(args, "do_sum", {"iterable", "attribute", "start"}, 1);
    AttributePath const path(bound.has(1) ? bound[1] : none, state.lookup());
    Value total = bound.given(2) ? bound[2] : Value(0);
    if (total.is_string()) throw Error(ErrorKind::TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
    for (Items items(bound[0]); auto const* item = items.next();)
        total = binary(ast::BinaryOp::Add, total, path.get(*item));
    return total;
}

Value attr(State& state, Args const& args) {
    Bound<2> const bound(args, "do_attr", {"obj", "name"}, 2);
    auto const name = text_argument(bound[1], "getattr");
    return get_own_attribute(bound[0], name, state.lookup());
}

Value default_value(State&, Args const& args) {
    Bound<3> const bound(args, "do_default", {"value", "default_value", "boolean"}, 1);
    bool const replaced = bound[0].is_undefined() || (bound.flag(2) && !truthy(bound[0]));
    if (!replaced) return bound[0];
    return bound.given(1) ? bound[1] : Value("");
}

} // namespace

std::span<FilterRow const> sequence_filters() noexcept {
    static constexpr FilterRow rows[] = {{"attr", attr},
                                         {"batch", batch},
                                         {"count", length},
                                         {"d", default_value},
                                         {"default", default_value},
                                         {"dictsort", dictsort},
                                         {"first", first},
                                         {"groupby", groupby},
                                         {"items", items},
                                         {"join", join, true, write_join},
                                         {"last", last},
                                         {"length", length},
                                         {"list", list},
                                         {"max", extreme<true>},
                                         {"min", extreme<false>},
                                         {"random", random, false},
                                         {"reverse", reverse},
                                         {"slice", slice},
                                         {"sort", sort},
                                         {"sum", sum},
                                         {"unique", unique}};
    return rows;
}

} // namespace hxx::jinja
