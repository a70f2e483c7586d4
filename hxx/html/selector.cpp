#include "hxx/html/selector.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/html/tree.hpp"

#include <algorithm>

namespace hxx::dom {
namespace {

bool matches_complex(Complex const& complex, std::size_t last, GumboNode const* element);

GumboNode const* parent_element(GumboNode const* element) noexcept {
    auto const* const parent = element->parent;
    return parent != nullptr && tree::is_element(parent) ? parent : nullptr;
}

// The element's number among the elements beside it, from 1; from the other end if from_end.
int position_of(GumboNode const* element, bool from_end) noexcept {
    if (element->parent == nullptr) return 1;
    int before = 0, after = 0;
    bool found = false;
    for (std::size_t i = 0; i < tree::child_count(element->parent); ++i) {
        auto const* const sibling = tree::child(element->parent, i);
        if (sibling == element)
            found = true;
        else if (tree::is_element(sibling))
            ++(found ? after : before);
    }
    return (from_end ? after : before) + 1;
}

// The element before this one, or null.
GumboNode const* previous_element(GumboNode const* element) noexcept {
    if (element->parent == nullptr) return nullptr;
    GumboNode const* previous = nullptr;
    for (std::size_t i = 0; i < tree::child_count(element->parent); ++i) {
        auto const* const sibling = tree::child(element->parent, i);
        if (sibling == element) break;
        if (tree::is_element(sibling)) previous = sibling;
    }
    return previous;
}

bool matches_position(PositionTest const& test, GumboNode const* element) noexcept {
    int const distance = position_of(element, test.from_end) - test.offset;
    if (test.step == 0) return distance == 0;
    return distance % test.step == 0 && distance / test.step >= 0;
}

bool matches_attribute(AttributeTest const& test, GumboNode const* element) {
    char const* const found = tree::find_attribute(element, test.name);
    if (found == nullptr) return false;
    std::string value(found), wanted(test.value);
    if (test.ignore_case) {
        value = ascii::lowered(value);
        wanted = ascii::lowered(wanted);
    }
    switch (test.op) {
    case '=': return value == wanted;
    case '^': return !wanted.empty() && value.starts_with(wanted);
    case '$': return !wanted.empty() && value.ends_with(wanted);
    case '*': return !wanted.empty() && value.find(wanted) != std::string::npos;
    case '~': return tree::has_word(value, wanted);
    case '|': return value == wanted || value.starts_with(wanted + '-');
    default: return true;
    }
}

bool is_empty(GumboNode const* element) noexcept {
    for (std::size_t i = 0; i < tree::child_count(element); ++i)
        if (tree::child(element, i)->type != GUMBO_NODE_COMMENT) return false;
    return true;
}

bool matches_state(State state, GumboNode const* element) noexcept {
    switch (state) {
    case State::Empty: return is_empty(element);
    case State::Checked:
        return tree::find_attribute(element, tree::has_tag(element, "option") ? "selected" : "checked") != nullptr;
    default: return tree::find_attribute(element, "disabled") != nullptr;
    }
}

bool matches_compound(Compound const& compound, GumboNode const* element) {
    if (!compound.tag.empty() && !tree::has_tag(element, compound.tag)) return false;
    char const* const id = compound.ids.empty() ? nullptr : tree::find_attribute(element, "id");
    for (auto const& wanted : compound.ids)
        if (id == nullptr || wanted != id) return false;
    char const* const classes = compound.classes.empty() ? nullptr : tree::find_attribute(element, "class");
    for (auto const& wanted : compound.classes)
        if (classes == nullptr || !tree::has_word(classes, wanted)) return false;
    return std::all_of(compound.attributes.begin(), compound.attributes.end(),
                       [&](auto const& test) { return matches_attribute(test, element); }) &&
           std::all_of(compound.positions.begin(), compound.positions.end(),
                       [&](auto const& test) { return matches_position(test, element); }) &&
           std::all_of(compound.states.begin(), compound.states.end(),
                       [&](auto state) { return matches_state(state, element); }) &&
           std::none_of(compound.excluded.begin(), compound.excluded.end(), [&](auto const& complex) {
               return matches_complex(complex, complex.compounds.size() - 1, element);
           });
}

// Whether the compounds up to `last` lead to the element. Recursion is as deep as the selector is long.
bool matches_complex(Complex const& complex, std::size_t last, GumboNode const* element) {
    auto const& compound = complex.compounds[last];
    if (!matches_compound(compound, element)) return false;
    if (last == 0) return true;
    bool const sideways = compound.combinator == '+' || compound.combinator == '~';
    bool const once = compound.combinator == '>' || compound.combinator == '+';
    do {
        element = sideways ? previous_element(element) : parent_element(element);
        if (element == nullptr) return false;
        if (matches_complex(complex, last - 1, element)) return true;
    } while (!once);
    return false;
}

} // namespace

bool Selector::matches(GumboNode const* element) const {
    return std::any_of(alternatives_.begin(), alternatives_.end(), [element](Complex const& complex) {
        return matches_complex(complex, complex.compounds.size() - 1, element);
    });
}

} // namespace hxx::dom
