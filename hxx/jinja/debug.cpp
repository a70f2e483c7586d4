// {% debug %}, as Jinja2's extension jinja2.ext.debug writes it.
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/interpreter.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

Value sorted_names(TextMap<Builtin> const& table) {
    std::vector<std::string_view> names;
    for (auto const& [name, builtin] : table) names.emplace_back(name);
    std::sort(names.begin(), names.end());
    return Value::list({names.begin(), names.end()});
}

} // namespace

Value debug_text(Args const& args) {
    auto const& environment = args.state()->environment();
    Value const all = Value::dict({{"context", args.state()->all_variables()},
                                   {"filters", sorted_names(environment.filters)},
                                   {"tests", sorted_names(environment.tests)}});
    return pretty(all, {.depth = 3, .compact = true});
}

} // namespace hxx::jinja
