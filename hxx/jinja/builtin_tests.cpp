// The tests of {% if x is … %}.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"

namespace hxx::jinja {
namespace {

Value const& one(Args const& args, std::string_view name) {
    Bound<1> const bound(args, name, {"value"}, 1);
    return bound[0];
}

Value modulo(Value const& value, Value const& divisor) { return binary(ast::BinaryOp::Mod, value, divisor); }

Value odd(State&, Args const& args) {
    Value const& value = one(args, "test_odd");
    return value.kind() == Kind::Int ? (value.raw_int() & 1) != 0 : equal(modulo(value, Value(2)), Value(1));
}
Value even(State&, Args const& args) {
    Value const& value = one(args, "test_even");
    return value.kind() == Kind::Int ? (value.raw_int() & 1) == 0 : equal(modulo(value, Value(2)), Value(0));
}
Value divisible(State&, Args const& args) {
    Bound<2> const bound(args, "test_divisibleby", {"value", "num"}, 2);
    return equal(modulo(bound[0], bound[1]), Value(0));
}
Value defined(State&, Args const& args) { return !one(args, "test_defined").is_undefined(); }
Value undefined(State&, Args const& args) { return one(args, "test_undefined").is_undefined(); }
Value is_filter(State& state, Args const& args) {
    Value const& name = one(args, "test_filter");
    static_cast<void>(hash_value(name));
    return name.is_string() && state.environment().find_filter(name.raw_text()) != nullptr;
}
Value is_test(State& state, Args const& args) {
    Value const& name = one(args, "test_test");
    static_cast<void>(hash_value(name));
    return name.is_string() && state.environment().find_test(name.raw_text()) != nullptr;
}
Value none(State&, Args const& args) { return one(args, "test_none").is_none(); }
Value boolean(State&, Args const& args) { return one(args, "test_boolean").kind() == Kind::Bool; }
Value is_false(State&, Args const& args) {
    Value const& value = one(args, "test_false");
    return value.kind() == Kind::Bool && !value.raw_bool();
}
Value is_true(State&, Args const& args) {
    Value const& value = one(args, "test_true");
    return value.kind() == Kind::Bool && value.raw_bool();
}
Value integer(State&, Args const& args) {
    Value const& value = one(args, "test_integer");
    return value.kind() == Kind::Int || value.kind() == Kind::BigInt;
}
Value is_float(State&, Args const& args) { return one(args, "test_float").kind() == Kind::Float; }
Value lower(State&, Args const& args) { return is_lowercase(text_of(one(args, "test_lower"))); }
Value upper(State&, Args const& args) { return is_uppercase(text_of(one(args, "test_upper"))); }
Value string(State&, Args const& args) { return one(args, "test_string").is_string(); }
Value mapping(State&, Args const& args) { return is_mapping(one(args, "test_mapping")); }
Value number(State&, Args const& args) { return is_number(one(args, "test_number")); }

// What has a length and items by index; text and mappings are sequences too.
Value sequence(State&, Args const& args) {
    Value const& value = one(args, "test_sequence");
    if (value.is_undefined()) return undefined_mode(value) != UndefinedMode::Strict;
    return value.is_string() || value.is_sequence() || is_mapping(value);
}

Value iterable(State&, Args const& args) {
    Value const& value = one(args, "test_iterable");
    if (value.is_undefined() && undefined_mode(value) == UndefinedMode::Strict) fail_undefined(value);
    return is_iterable(value);
}

Value callable(State&, Args const& args) {
    Value const& value = one(args, "callable");
    return value.is_callable() || value.is_undefined();
}

Value same_as(State&, Args const& args) {
    Bound<2> const bound(args, "test_sameas", {"value", "other"}, 2);
    Value const &a = bound[0], &b = bound[1];
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
    case Kind::None: return true;
    case Kind::Bool:
    case Kind::Int: return a.raw_int() == b.raw_int();
    case Kind::Float: return a.raw_double() == b.raw_double() && a.owner() == b.owner();
    case Kind::String: return a.is_markup() == b.is_markup() && a.raw_text() == b.raw_text();
    case Kind::View: return a.raw_data() == b.raw_data() && &a.raw_type() == &b.raw_type();
    case Kind::Undefined: return a.owner() == b.owner() && (a.owner() || a.raw_text().data() == b.raw_text().data());
    default: return a.raw_object() == b.raw_object();
    }
}

Value escaped(State&, Args const& args) { return has_html(one(args, "test_escaped")); }

Value in(State&, Args const& args) {
    Bound<2> const bound(args, "test_in", {"value", "seq"}, 2);
    return contains(bound[1], bound[0]);
}

template <ast::CompareOp Op>
Value compared(State&, Args const& args) {
    if (args.size() != 2 || !args.keywords().empty())
        throw Error(ErrorKind::TypeError,
                    "the test expects 2 arguments, got " + std::to_string(args.size() + args.keywords().size()));
    return compare(Op, args[0], args[1]);
}

} // namespace

std::span<FilterRow const> builtin_tests() noexcept {
    using enum ast::CompareOp;
    static constexpr FilterRow rows[] = {
        {"odd", odd},
        {"even", even},
        {"divisibleby", divisible},
        {"defined", defined},
        {"undefined", undefined},
        {"filter", is_filter},
        {"test", is_test},
        {"none", none},
        {"boolean", boolean},
        {"false", is_false},
        {"true", is_true},
        {"integer", integer},
        {"float", is_float},
        {"lower", lower},
        {"upper", upper},
        {"string", string},
        {"mapping", mapping},
        {"number", number},
        {"sequence", sequence},
        {"iterable", iterable},
        {"callable", callable},
        {"sameas", same_as},
        {"escaped", escaped},
        {"in", in},
        {"==", compared<Eq>},
        {"eq", compared<Eq>},
        {"equalto", compared<Eq>},
        {"!=", compared<Ne>},
        {"ne", compared<Ne>},
        {">", compared<Gt>},
        {"gt", compared<Gt>},
        {"greaterthan", compared<Gt>},
        {">=", compared<GtEq>},
        {"ge", compared<GtEq>},
        {"<", compared<Lt>},
        {"lt", compared<Lt>},
        {"lessthan", compared<Lt>},
        {"<=", compared<LtEq>},
        {"le", compared<LtEq>},
    };
    return rows;
}

} // namespace hxx::jinja
