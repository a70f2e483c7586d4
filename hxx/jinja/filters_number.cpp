// Filters on numbers, and conversions to them.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/format.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <cmath>

namespace hxx::jinja {
namespace {

Value abs_filter(State&, Args const& args) {
    Bound<1> const bound(args, "abs", {"x"}, 1);
    if (!is_number(bound[0]))
        throw Error(ErrorKind::TypeError, "bad operand type for abs(): '" + std::string(bound[0].type_name()) + "'");
    return absolute(bound[0]);
}

// float(value); nothing for what Python would refuse.
std::optional<double> to_float(Value const& value) {
    if (value.is_undefined()) fail_undefined(value);
    if (is_number(value)) return to_double(value);
    if (value.is_string()) return float_from_text(value.raw_text());
    return std::nullopt;
}

Value int_filter(State&, Args const& args) {
    Bound<3> const bound(args, "do_int", {"value", "default", "base"}, 1);
    Value const& value = bound[0];
    Value const fallback = bound.given(1) ? bound[1] : Value(0);
    if (value.is_undefined()) fail_undefined(value);
    if (value.is_string()) {
        // What is no base is a mistake that the filter takes for one of the text, and so the default is given.
        auto const base = bound.given(2) && bound[2].kind() != Kind::Int && bound[2].kind() != Kind::Bool
                              ? std::int64_t{-1}
                              : bound.integer(2, 10);
        if (base == 0 || (base >= 2 && base <= 36))
            if (auto const number = int_from_text(value.raw_text(), static_cast<int>(base))) return *number;
    } else if (is_integer(value))
        return value.kind() == Kind::Bool ? Value(value.raw_int()) : value;
    else if (value.kind() == Kind::Float && std::isinf(value.raw_double()))
        throw Error(ErrorKind::OverflowError, "cannot convert float infinity to integer");
    auto const real = to_float(value);
    return real && std::isfinite(*real) ? int_from_float(*real) : fallback;
}

Value float_filter(State&, Args const& args) {
    Bound<2> const bound(args, "do_float", {"value", "default"}, 1);
    if (auto const real = to_float(bound[0])) return *real;
    return bound.given(1) ? bound[1] : Value(0.0);
}

Value round_filter(State&, Args const& args) {
    Bound<3> const bound(args, "do_round", {"value", "precision", "method"}, 1);
    std::string const method = bound.given(2) ? text_of(bound[2]) : "common";
    if (method != "common" && method != "ceil" && method != "floor")
        throw Error(ErrorKind::FilterArgumentError, "method must be common, ceil or floor");
    Value const& value = bound[0];
    if (value.is_undefined() && method != "common") fail_undefined(value);
    if (!is_number(value))
        throw Error(ErrorKind::TypeError,
                    method == "common" ? "type " + std::string(value.type_name()) + " doesn't define __round__ method"
                                       : "can't multiply sequence by non-int of type 'float'");
    if (method == "common") {
        if (value.kind() != Kind::Float) return round_integer(value, bound.integer(1, 0));
        auto const digits = bound.integer(1, 0);
        return round_float(value.raw_double(), static_cast<int>(std::clamp<std::int64_t>(digits, -400, 400)));
    }
    // func(value * 10 ** precision) / 10 ** precision
    Value const precision = bound.given(1) ? bound[1] : Value(0);
    Value const power = binary(ast::BinaryOp::Pow, Value(10), precision);
    double const scaled = to_double(binary(ast::BinaryOp::Mul, value, power));
    Value const whole = int_from_float(method == "ceil" ? std::ceil(scaled) : std::floor(scaled));
    return binary(ast::BinaryOp::Div, whole, power);
}

Value file_size(State&, Args const& args) {
    Bound<2> const bound(args, "do_filesizeformat", {"value", "binary"}, 1);
    auto const bytes = to_float(bound[0]);
    if (!bytes) {
        if (bound[0].is_string())
            throw Error(ErrorKind::ValueError, "could not convert string to float: " + bound[0].repr());
        throw Error(ErrorKind::TypeError, "float() argument must be a string or a real number, not '" +
                                              std::string(bound[0].type_name()) + "'");
    }
    bool const binary = bound.flag(1);
    double const base = binary ? 1024 : 1000;
    if (*bytes == 1) return "1 Byte";
    if (*bytes < base) {
        std::string out;
        append_integer(out, int_from_float(*bytes));
        return out + " Bytes";
    }
    static constexpr char prefixes[] = "KMGTPEZY";
    double unit = base * base;
    std::size_t i = 0;
    for (; !(*bytes < unit) && i < 7; ++i) unit *= base; // nan is less than nothing
    std::string const prefix =
        binary ? std::string(1, prefixes[i]) + "iB" : std::string(1, i == 0 ? 'k' : prefixes[i]) + "B";
    return fixed(base * *bytes / unit, 1) + " " + prefix;
}

} // namespace

std::span<FilterRow const> number_filters() noexcept {
    static constexpr FilterRow rows[] = {{"abs", abs_filter},
                                         {"int", int_filter},
                                         {"float", float_filter},
                                         {"round", round_filter},
                                         {"filesizeformat", file_size}};
    return rows;
}

} // namespace hxx::jinja
