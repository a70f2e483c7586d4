#include "hxx/compiled/signatures.hpp"

#include <algorithm>

namespace hxx::compiled {
namespace {

using enum Wants;

std::vector<Signature> const& filters() {
    static std::vector<Signature> const rows{
        {"abs", 1, {{"x", Number}}},
        {"attr", 2, {{"obj"}, {"name", Text}}},
        {"batch", 2, {{"value", Items}, {"linecount", Number}, {"fill_with"}}},
        {"capitalize", 1, {{"s"}}},
        {"center", 1, {{"value"}, {"width", Integer}}},
        {"count", 1, {{"obj", Sized}}},
        {"d", 1, {{"value"}, {"default_value"}, {"boolean"}}},
        {"default", 1, {{"value"}, {"default_value"}, {"boolean"}}},
        {"dictsort",
         1,
         {{"value", Mapping}, {"case_sensitive"}, {"by", Text, false, {"key", "value"}}, {"reverse", Integer}}},
        {"e", 1, {{"s"}}},
        {"escape", 1, {{"s"}}},
        {"filesizeformat", 1, {{"value"}, {"binary"}}},
        {"first", 1, {{"seq", Items}}},
        {"float", 1, {{"value"}, {"default"}}},
        {"forceescape", 1, {{"value"}}},
        {"format", 1, {{"value"}}, true},
        {"groupby", 2, {{"value", Items}, {"attribute", Attribute}, {"default"}, {"case_sensitive"}}},
        {"indent", 1, {{"s", Text}, {"width", IntegerOrText}, {"first"}, {"blank"}}},
        {"int", 1, {{"value"}, {"default"}, {"base"}}},
        {"items", 1, {{"value", Mapping}}},
        {"join", 1, {{"value", Items}, {"d"}, {"attribute", Attribute, true}}},
        {"last", 1, {{"seq", Items}}},
        {"length", 1, {{"obj", Sized}}},
        {"list", 1, {{"value", Items}}},
        {"lower", 1, {{"s"}}},
        {"map", 1, {{"value", Items}}, true},
        {"max", 1, {{"value", Items}, {"case_sensitive"}, {"attribute", Attribute, true}}},
        {"min", 1, {{"value", Items}, {"case_sensitive"}, {"attribute", Attribute, true}}},
        {"pprint", 1, {{"value"}}},
        {"random", 1, {{"seq", Sized}}},
        {"reject", 1, {{"value", Items}}, true},
        {"rejectattr", 2, {{"value", Items}, {"attribute", Attribute}}, true},
        {"replace", 3, {{"s"}, {"old"}, {"new"}, {"count", Integer, true}}},
        {"reverse", 1, {{"value", Items}}},
        {"round", 1, {{"value", Number}, {"precision", Integer}, {"method", Text, false, {"common", "ceil", "floor"}}}},
        {"safe", 1, {{"value"}}},
        {"select", 1, {{"value", Items}}, true},
        {"selectattr", 2, {{"value", Items}, {"attribute", Attribute}}, true},
        {"slice", 2, {{"value", Items}, {"slices", Integer}, {"fill_with"}}},
        {"sort", 1, {{"value", Items}, {"reverse", Integer}, {"case_sensitive"}, {"attribute", AttributeList, true}}},
        {"string", 1, {{"s"}}},
        {"striptags", 1, {{"value"}}},
        {"sum", 1, {{"iterable", Items}, {"attribute", Attribute, true}, {"start", Anything}}},
        {"title", 1, {{"s"}}},
        {"tojson", 1, {{"value"}, {"indent", Integer, true}}},
        {"trim", 1, {{"value"}, {"chars", Text, true}}},
        {"truncate", 1, {{"s", Sized}, {"length", Integer}, {"killwords"}, {"end", Text}, {"leeway", Integer, true}}},
        {"unique", 1, {{"value", Items}, {"case_sensitive"}, {"attribute", Attribute, true}}},
        {"upper", 1, {{"s"}}},
        {"urlencode", 1, {{"value"}}},
        {"urlize",
         1,
         {{"value"},
          {"trim_url_limit", Integer, true},
          {"nofollow"},
          {"target"},
          {"rel", Text, true},
          {"extra_schemes", Items, true}}},
        {"wordcount", 1, {{"s"}}},
        {"wordwrap",
         1,
         {{"s", Text}, {"width", Integer}, {"break_long_words"}, {"wrapstring", Text, true}, {"break_on_hyphens"}}},
        {"xmlattr", 1, {{"d", Mapping}, {"autospace"}}},
    };
    return rows;
}

std::vector<Signature> make_tests() {
    std::vector<Signature> rows{
        {"divisibleby", 2, {{"value", Number}, {"num", Number}}},
        {"even", 1, {{"value", Number}}},
        {"in", 2, {{"value"}, {"seq", Items}}},
        {"odd", 1, {{"value", Number}}},
        {"sameas", 2, {{"value"}, {"other"}}},
    };
    for (std::string_view name :
         {"boolean", "callable", "defined", "escaped", "false", "filter", "float", "integer", "iterable", "lower",
          "mapping", "none", "number", "sequence", "string", "test", "true", "undefined", "upper"})
        rows.push_back({name, 1, {{"value"}}});
    for (std::string_view name :
         {"!=", "<", "<=", "==", ">", ">=", "eq", "equalto", "ge", "greaterthan", "gt", "le", "lessthan", "lt", "ne"})
        rows.push_back({name, 2, {{"value"}, {"other value"}}}); // no keyword
    return rows;
}

std::vector<Signature> const& tests() {
    static std::vector<Signature> const rows = make_tests();
    return rows;
}

Signature const* find(std::vector<Signature> const& rows, std::string_view name) {
    auto const found = std::find_if(rows.begin(), rows.end(), [name](auto const& row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

} // namespace

std::string Signature::text() const {
    std::string result;
    for (std::size_t i = 1; i < parameters.size(); ++i) {
        result += i > 1 ? ", " : "";
        result += i < required ? std::string(parameters[i].name) : "[" + std::string(parameters[i].name) + "]";
    }
    if (open) result += result.empty() ? "[...]" : ", [...]";
    return std::string(name) + "(" + result + ")";
}

std::span<Signature const> filter_signatures() { return filters(); }
std::span<Signature const> test_signatures() { return tests(); }
Signature const* find_filter_signature(std::string_view name) { return find(filters(), name); }
Signature const* find_test_signature(std::string_view name) { return find(tests(), name); }

BoundArguments bind(Signature const& signature, GivenArguments const& given) {
    std::vector<bool> taken(signature.parameters.size());
    taken[0] = true;
    BoundArguments result;
    auto const wrong = [&result](std::string mistake) {
        result.mistake = std::move(mistake);
        return result;
    };
    auto const take = [&](std::size_t i) {
        taken[i] = true;
        result.parameters.emplace_back(i);
    };
    for (std::size_t i = 1; i <= given.positional; ++i) {
        if (i < taken.size())
            take(i);
        else if (signature.open)
            result.parameters.emplace_back(std::nullopt);
        else
            return wrong("is given too many arguments");
    }
    for (auto const keyword : given.keywords) {
        if (signature.open) {
            result.parameters.emplace_back(std::nullopt);
            continue;
        }
        auto const found = std::find_if(signature.parameters.begin(), signature.parameters.end(),
                                        [keyword](auto const& parameter) { return parameter.name == keyword; });
        auto const i = static_cast<std::size_t>(found - signature.parameters.begin());
        if (i == taken.size()) return wrong("has no argument " + in_quotes(keyword));
        if (taken[i]) return wrong("is given " + in_quotes(keyword) + " twice");
        take(i);
    }
    if (given.star || given.double_star) return result;
    for (std::size_t i = 1; i < signature.required; ++i)
        if (!taken[i]) return wrong("lacks " + in_quotes(signature.parameters[i].name));
    return result;
}

} // namespace hxx::compiled
