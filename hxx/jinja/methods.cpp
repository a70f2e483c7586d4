#include "hxx/jinja/methods.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/number.hpp"

#include <cmath>
#include <map>

namespace hxx::jinja {
namespace {

std::map<std::string_view, MethodSet> make_table() {
    std::map<std::string_view, MethodSet> table;
    for (auto const& row : text_methods()) table[row.name].text = row.function;
    for (auto const& row : list_methods()) {
        table[row.name].list = row.function;
        table[row.name].changes_list = row.changes;
    }
    for (auto const& row : tuple_methods()) table[row.name].tuple = row.function;
    for (auto const& row : dict_methods()) {
        table[row.name].dict = row.function;
        table[row.name].changes_dict = row.changes;
    }
    for (auto const& row : integer_methods()) table[row.name].integer = row.function;
    for (auto const& row : float_methods()) table[row.name].real = row.function;
    return table;
}

Value bit_length(Value const& self, Args const&) {
    if (compare_numbers(self, Value(0)) == 0) return 0;
    return integer_text(absolute(self), 2).size();
}

Value is_whole(Value const& self, Args const&) {
    return std::isfinite(self.raw_double()) && self.raw_double() == std::floor(self.raw_double());
}

Value itself(Value const& self, Args const&) { return self.kind() == Kind::Bool ? Value(self.raw_int()) : self; }

Value always_true(Value const&, Args const&) { return true; }

} // namespace

MethodFunction MethodSet::of(Value const& object) const noexcept {
    switch (object.kind()) {
    case Kind::String: return text;
    case Kind::List: return list;
    case Kind::Tuple: return tuple;
    case Kind::Dict: return dict;
    case Kind::Bool:
    case Kind::Int:
    case Kind::BigInt: return integer;
    case Kind::Float: return real;
    case Kind::View:
        switch (object.raw_type().shape) {
        case TypeInfo::Shape::Sequence: return list;
        case TypeInfo::Shape::Tuple: return tuple;
        case TypeInfo::Shape::Mapping: return dict;
        case TypeInfo::Shape::Struct: return nullptr;
        }
        return nullptr;
    default: return nullptr;
    }
}

bool MethodSet::changes(Value const& object) const noexcept {
    auto const function = of(object);
    return function && ((changes_list && function == list) || (changes_dict && function == dict));
}

MethodSet const* find_methods(std::string_view name) {
    static auto const table = make_table();
    auto const found = table.find(name);
    return found == table.end() ? nullptr : &found->second;
}

void BoundMethod::str(std::string& out) const {
    out += "<built-in method " + name_ + " of " + std::string(self_.type_name()) + " object>";
}

std::span<MethodRow const> integer_methods() noexcept {
    static constexpr MethodRow rows[] = {
        {"bit_length", bit_length}, {"conjugate", itself}, {"is_integer", always_true}};
    return rows;
}

std::span<MethodRow const> float_methods() noexcept {
    static constexpr MethodRow rows[] = {{"is_integer", is_whole}, {"conjugate", itself}};
    return rows;
}

} // namespace hxx::jinja
