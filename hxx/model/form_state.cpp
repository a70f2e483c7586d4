#include "hxx/model/form_state.hpp"

namespace hxx::model {

void describe_pattern(FieldState& field, std::string_view expression) {
    // HTML's pattern must match all of the text, ours is searched in it: the two agree on "^…$" without alternatives.
    // What only RE2 understands a browser ignores.
    if (expression.size() < 2 || !expression.starts_with('^') || !expression.ends_with('$')) return;
    if (expression.ends_with("\\$") || expression.find('|') != std::string_view::npos) return;
    field.pattern = expression.substr(1, expression.size() - 2);
}

void describe_choices(FieldState& field, std::string_view joined) {
    field.type = "select";
    field.options.clear();
    while (!joined.empty()) {
        auto const choice = joined.substr(0, joined.find('\0'));
        field.options.emplace_back(choice);
        joined.remove_prefix(choice.size() + 1);
    }
}

std::vector<std::string> FormStateBuilder::typed_values(std::string const& name) const {
    std::vector<std::string> values;
    for (auto const* text : typed_->all(name)) values.push_back(*text);
    for (auto const index : typed_->indices(name))
        if (auto const* text = typed_->last(name + '.' + std::to_string(index))) values.push_back(*text);
    return values;
}

void FormStateBuilder::finish(FieldState& field, bool is_bool) {
    if (!field.values.empty()) field.value = field.values.back();
    if (!is_bool || field.values.empty()) return;
    ErrorReport ignored;
    Where const nowhere("");
    field.checked = parse_bool(field.value, field.checked, {nowhere, ignored}) && field.checked;
}

void FormStateBuilder::add_errors(ErrorReport const& report) {
    for (auto const& error : report) {
        // An item's error, "ids.1", is shown at the field that has the items, "ids".
        std::string name(error.field());
        auto at = state_.find(name);
        for (auto rest = name; at == state_.end();) {
            auto const dot = rest.rfind('.');
            if (dot == std::string::npos) break;
            rest.resize(dot);
            at = state_.find(rest);
        }
        if (at == state_.end()) {
            at = state_.emplace(name, FieldState{}).first;
            at->second.name = name;
        }
        if (at->second.errors.empty()) at->second.error = error.message;
        at->second.errors.push_back(error.message);
    }
}

} // namespace hxx::model
