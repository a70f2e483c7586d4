#include "hxx/jinja/operators.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/escape.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <numeric>

namespace hxx::jinja {

using namespace ast;

namespace {

// Items and bytes that repeating may make.
constexpr std::size_t max_repeated = 64U * 1024 * 1024;
constexpr int max_depth = 200;
constexpr std::size_t max_compared = 10'000'000;

enum class Family : unsigned char { Other, List, Tuple };

Family family(Value const& value) noexcept {
    if (value.kind() == Kind::List) return Family::List;
    if (value.kind() == Kind::Tuple) return Family::Tuple;
    if (value.kind() != Kind::View) return Family::Other;
    switch (value.raw_type().shape) {
    case TypeInfo::Shape::Sequence: return Family::List;
    case TypeInfo::Shape::Tuple: return Family::Tuple;
    default: return Family::Other;
    }
}

std::string_view symbol(BinaryOp op) noexcept {
    switch (op) {
    case BinaryOp::Add: return "+";
    case BinaryOp::Sub: return "-";
    case BinaryOp::Mul: return "*";
    case BinaryOp::Div: return "/";
    case BinaryOp::FloorDiv: return "//";
    case BinaryOp::Mod: return "%";
    case BinaryOp::Pow: return "** or pow()";
    }
    return "?";
}

std::string_view symbol(CompareOp op) noexcept {
    switch (op) {
    case CompareOp::Lt: return "<";
    case CompareOp::LtEq: return "<=";
    case CompareOp::Gt: return ">";
    case CompareOp::GtEq: return ">=";
    default: return "?";
    }
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

[[noreturn]] void unsupported(BinaryOp op, Value const& left, Value const& right) {
    throw Error(ErrorKind::TypeError, "unsupported operand type(s) for " + std::string(symbol(op)) + ": " +
                                          in_quotes(left.type_name()) + " and " + in_quotes(right.type_name()));
}

// How deep a comparison is, and how much it has looked at: lists of lists that hold one twice are small, but endless to
// look through.
struct Walk {
    std::size_t* steps;
    int depth = 0;
    [[nodiscard]] Walk inner() const {
        if (depth == max_depth) throw Error(ErrorKind::LimitError, "maximum recursion depth exceeded in comparison");
        if (++*steps > max_compared) throw Error(ErrorKind::LimitError, "the values are too large to be compared");
        return {steps, depth + 1};
    }
};

bool equal_at(Value const& left, Value const& right, Walk outer);

bool equal_sequences(Value const& left, Value const& right, Walk walk) {
    std::size_t a = 0, b = 0;
    if (!find_length(left, a) || !find_length(right, b) || a != b) return false;
    Items first(left), second(right);
    for (;;) {
        auto const* x = first.next();
        auto const* y = second.next();
        if (!x || !y) return true;
        if (!equal_at(*x, *y, walk)) return false;
    }
}

bool equal_mappings(Value const& left, Value const& right, Walk walk) {
    std::size_t a = 0, b = 0;
    if (!find_length(left, a) || !find_length(right, b) || a != b) return false;
    if (left.kind() == Kind::Dict && right.kind() == Kind::Dict) {
        auto const& entries = dict_of(left).entries();
        return std::all_of(entries.begin(), entries.end(), [&](auto const& entry) {
            auto const* other = dict_of(right).find(entry.first);
            return other && equal_at(entry.second, *other, walk);
        });
    }
    bool same = true;
    for_each_entry(left, [&](Value const& key, Value const& value) {
        if (!same) return;
        bool found = false;
        for_each_entry(right, [&](Value const& other_key, Value const& other) {
            if (!found && equal_at(key, other_key, walk)) found = equal_at(value, other, walk);
        });
        same = found;
    });
    return same;
}

bool equal_views(Value const& left, Value const& right, Walk walk) {
    auto const& type = left.raw_type();
    if (left.raw_data() == right.raw_data() && &type == &right.raw_type()) return true;
    if (&type != &right.raw_type()) return false;
    for (std::size_t i = 0; i < type.member_count; ++i)
        if (!equal_at(type.members[i].get(left.raw_data()), type.members[i].get(right.raw_data()), walk)) return false;
    return true;
}

bool equal_at(Value const& left, Value const& right, Walk outer) {
    Walk const walk = outer.inner();
    if (left.is_undefined() || right.is_undefined()) {
        for (auto const* side : {&left, &right})
            if (side->is_undefined() && undefined_mode(*side) == UndefinedMode::Strict) fail_undefined(*side);
        return left.is_undefined() && right.is_undefined() && undefined_mode(left) == undefined_mode(right);
    }
    if (is_number(left) && is_number(right)) return equal_numbers(left, right);
    if (left.is_string() && right.is_string()) return left.raw_text() == right.raw_text();
    if (left.is_none() || right.is_none()) return left.is_none() && right.is_none();
    auto const a = family(left), b = family(right);
    if (a != Family::Other || b != Family::Other) return a == b && equal_sequences(left, right, walk);
    if (is_mapping(left) && is_mapping(right)) return equal_mappings(left, right, walk);
    if (left.kind() == Kind::View && right.kind() == Kind::View) return equal_views(left, right, walk);
    if (left.kind() == Kind::Object && right.kind() == Kind::Object)
        return left.raw_object() == right.raw_object() || left.raw_object()->equals(*right.raw_object());
    return false;
}

// -1, 0, 1 or 2 (neither); throws TypeError for what has no order.
int order(CompareOp op, Value const& left, Value const& right, Walk outer) {
    Walk const walk = outer.inner();
    for (auto const* side : {&left, &right})
        if (side->is_undefined()) fail_undefined(*side);
    if (is_number(left) && is_number(right)) return compare_numbers(left, right);
    if (left.is_string() && right.is_string()) {
        int const result = left.raw_text().compare(right.raw_text());
        return result < 0 ? -1 : result > 0 ? 1 : 0;
    }
    if (family(left) != Family::Other && family(left) == family(right)) {
        Items first(left), second(right);
        for (;;) {
            auto const* x = first.next();
            auto const* y = second.next();
            if (!x || !y) return x ? 1 : y ? -1 : 0;
            if (!equal_at(*x, *y, walk)) return order(op, *x, *y, walk);
        }
    }
    throw Error(ErrorKind::TypeError, in_quotes(symbol(op)) + " not supported between instances of " +
                                          in_quotes(left.type_name()) + " and " + in_quotes(right.type_name()));
}

void check_size(std::size_t bytes) {
    if (bytes > max_repeated) throw Error(ErrorKind::LimitError, "the value is too large");
}

Value repeat(Value const& subject, Value const& times) {
    if (times.kind() == Kind::BigInt)
        throw Error(ErrorKind::OverflowError, "cannot fit 'int' into an index-sized integer");
    auto const count = static_cast<std::size_t>(std::max<std::int64_t>(0, times.raw_int()));
    auto check = [&](std::size_t size) {
        if (size > 0 && count > max_repeated / size)
            throw Error(ErrorKind::LimitError, "the repeated value is too large");
    };
    if (subject.is_string()) {
        auto const text = subject.raw_text();
        check(text.size());
        std::string result;
        result.reserve(text.size() * count);
        for (std::size_t i = 0; i < count && !text.empty(); ++i) result += text;
        return subject.is_markup() ? Value::markup(std::move(result)) : Value(std::move(result));
    }
    auto const items = list_of(subject);
    check(items.size() * sizeof(Value));
    std::vector<Value> result;
    result.reserve(items.size() * count);
    for (std::size_t i = 0; i < count && !items.empty(); ++i) result.insert(result.end(), items.begin(), items.end());
    return family(subject) == Family::Tuple ? Value::tuple(std::move(result)) : Value::list(std::move(result));
}

Value add_text(Value const& left, Value const& right) {
    std::string result;
    check_size(left.raw_text().size() + right.raw_text().size());
    if (left.is_markup() || right.is_markup()) {
        append_escaped(result, left);
        append_escaped(result, right);
        return Value::markup(std::move(result));
    }
    result.reserve(left.raw_text().size() + right.raw_text().size());
    result += left.raw_text();
    result += right.raw_text();
    return result;
}

Value add(Value const& left, Value const& right) {
    if (left.is_string() && right.is_string()) return add_text(left, right);
    if (left.is_string())
        throw Error(ErrorKind::TypeError,
                    left.is_markup()
                        ? "unsupported operand type(s) for +: 'Markup' and " + in_quotes(right.type_name())
                        : "can only concatenate str (not \"" + std::string(right.type_name()) + "\") to str");
    auto const a = family(left), b = family(right);
    if (a != Family::Other && a == b) {
        auto result = list_of(left);
        auto const more = list_of(right);
        check_size((result.size() + more.size()) * sizeof(Value));
        result.insert(result.end(), more.begin(), more.end());
        return a == Family::Tuple ? Value::tuple(std::move(result)) : Value::list(std::move(result));
    }
    if (a != Family::Other) {
        std::string const kind = a == Family::List ? "list" : "tuple";
        throw Error(ErrorKind::TypeError,
                    "can only concatenate " + kind + " (not \"" + std::string(right.type_name()) + "\") to " + kind);
    }
    unsupported(BinaryOp::Add, left, right);
}

} // namespace

bool truthy_slow(Value const& value) {
    switch (value.kind()) {
    case Kind::Undefined:
        if (undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
        return false;
    case Kind::Float: return value.raw_double() != 0;
    case Kind::BigInt: return true;
    case Kind::List:
    case Kind::Tuple: return !sequence_of(value).items.empty();
    case Kind::Dict: return !dict_of(value).entries().empty();
    case Kind::View: return value.raw_type().size == nullptr || value.raw_type().size(value.raw_data()) > 0;
    case Kind::Object: return value.raw_object()->truthy();
    default: return truthy(value);
    }
}

bool equal(Value const& left, Value const& right) {
    std::size_t steps = 0;
    return equal_at(left, right, Walk{&steps});
}

bool less(Value const& left, Value const& right) {
    std::size_t steps = 0;
    return order(CompareOp::Lt, left, right, Walk{&steps}) == -1;
}

bool compare(CompareOp op, Value const& left, Value const& right) {
    std::size_t steps = 0;
    switch (op) {
    case CompareOp::Eq: return equal(left, right);
    case CompareOp::Ne: return !equal(left, right);
    case CompareOp::Lt: return order(op, left, right, Walk{&steps}) == -1;
    case CompareOp::LtEq: {
        int const result = order(op, left, right, Walk{&steps});
        return result == -1 || result == 0;
    }
    case CompareOp::Gt: return order(op, left, right, Walk{&steps}) == 1;
    case CompareOp::GtEq: {
        int const result = order(op, left, right, Walk{&steps});
        return result == 1 || result == 0;
    }
    case CompareOp::In: return contains(right, left);
    case CompareOp::NotIn: return !contains(right, left);
    }
    return false;
}

bool contains(Value const& container, Value const& item) {
    if (container.is_string()) {
        if (item.is_string()) return container.raw_text().find(item.raw_text()) != std::string_view::npos;
        throw Error(ErrorKind::TypeError,
                    "'in <string>' requires string as left operand, not " + std::string(item.type_name()));
    }
    if (container.kind() == Kind::Dict) return dict_of(container).find(item) != nullptr;
    if (container.kind() == Kind::View && container.raw_type().find_text && item.is_string()) {
        Value found;
        return container.raw_type().find_text(container.raw_data(), item.raw_text(), found);
    }
    if (container.is_undefined() && undefined_mode(container) == UndefinedMode::Strict) fail_undefined(container);
    if (!is_iterable(container))
        throw Error(ErrorKind::TypeError, "argument of type " + in_quotes(container.type_name()) + " is not iterable");
    for (Items items(container); auto const* candidate = items.next();)
        if (equal(*candidate, item)) return true;
    return false;
}

Value binary(BinaryOp op, Value const& left, Value const& right) {
    if (is_number(left) && is_number(right)) return arithmetic(op, left, right);
    if (op == BinaryOp::Mod && left.is_string()) return format_percent(left, right);
    for (auto const* side : {&left, &right})
        if (side->is_undefined()) fail_undefined(*side);
    if (op == BinaryOp::Add) return add(left, right);
    if (op == BinaryOp::Mul) {
        auto repeats = [](Value const& value) { return value.is_string() || family(value) != Family::Other; };
        if (repeats(left) && is_integer(right)) return repeat(left, right);
        if (repeats(right) && is_integer(left)) return repeat(right, left);
        if (repeats(left) || repeats(right))
            throw Error(ErrorKind::TypeError, "can't multiply sequence by non-int of type " +
                                                  in_quotes((repeats(left) ? right : left).type_name()));
    }
    unsupported(op, left, right);
}

Value unary(UnaryOp op, Value const& operand) {
    if (op == UnaryOp::Not) return !truthy(operand);
    if (operand.is_undefined()) fail_undefined(operand);
    if (!is_number(operand))
        throw Error(ErrorKind::TypeError, std::string("bad operand type for unary ") +
                                              (op == UnaryOp::Neg ? "-" : "+") + ": " + in_quotes(operand.type_name()));
    if (op == UnaryOp::Neg) return negate(operand);
    return operand.kind() == Kind::Bool ? Value(operand.raw_int()) : operand;
}

Value concat(Value const* parts, std::size_t count, bool escape) {
    std::string result;
    bool const markup = escape && std::any_of(parts, parts + count, [](Value const& part) { return part.is_markup(); });
    for (std::size_t i = 0; i < count; ++i) {
        if (markup)
            append_escaped(result, parts[i]);
        else
            append_str(result, parts[i]);
        check_size(result.size());
    }
    return markup ? Value::markup(std::move(result)) : Value(std::move(result));
}

namespace {

struct KeyOrder {
    std::vector<Value> const& keys;
    bool wrapped;

    [[nodiscard]] bool before(std::size_t left, std::size_t right) const {
        Value const &a = keys[left], &b = keys[right];
        bool const plain = (a.is_string() && b.is_string()) || (is_number(a) && is_number(b));
        return !(wrapped && !plain && equal(a, b)) && less(a, b);
    }
};

// As Python sorts what is short: by insertion behind the first run. Which keys are compared decides what error there is
// if they cannot all be.
void insertion_sort(std::vector<std::size_t>& order, KeyOrder const& keys) {
    std::size_t run = std::min<std::size_t>(2, order.size());
    bool const descending = run == 2 && keys.before(order[1], order[0]);
    while (run < order.size() && keys.before(order[run], order[run - 1]) == descending) ++run;
    if (descending) std::reverse(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(run));
    for (std::size_t next = run; next < order.size(); ++next) {
        std::size_t left = 0, right = next;
        while (left < right) {
            std::size_t const middle = left + (right - left) / 2;
            if (keys.before(order[next], order[middle]))
                right = middle;
            else
                left = middle + 1;
        }
        auto const at = order.begin() + static_cast<std::ptrdiff_t>(next);
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(left), at, at + 1);
    }
}

// By merging, which is stable and, unlike the standard algorithms, safe with an order that contradicts itself (nan).
void merge_sort(std::vector<std::size_t>& order, KeyOrder const& keys) {
    std::vector<std::size_t> merged(order.size());
    for (std::size_t width = 1; width < order.size(); width *= 2) {
        for (std::size_t start = 0; start < order.size(); start += 2 * width) {
            std::size_t const middle = std::min(start + width, order.size());
            std::size_t const end = std::min(start + 2 * width, order.size());
            std::size_t left = start, right = middle;
            for (std::size_t at = start; at < end; ++at) {
                bool const take_right = right < end && (left == middle || keys.before(order[right], order[left]));
                merged[at] = order[take_right ? right++ : left++];
            }
        }
        order.swap(merged);
    }
}

constexpr std::size_t shortest_merged = 64;

} // namespace

void sort_values(std::vector<Value>& values, std::vector<Value> const& keys, bool reverse, bool wrapped) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    // Stable both ways: reversed, equal items still keep their order.
    if (reverse) std::reverse(order.begin(), order.end());
    if (order.size() < shortest_merged)
        insertion_sort(order, {keys, wrapped});
    else
        merge_sort(order, {keys, wrapped});
    if (reverse) std::reverse(order.begin(), order.end());
    std::vector<Value> sorted;
    sorted.reserve(values.size());
    for (std::size_t index : order) sorted.push_back(std::move(values[index]));
    values = std::move(sorted);
}

} // namespace hxx::jinja
