// Access to gumbo's tree. For this room's sources.
#pragma once

#include <gumbo.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::dom::tree {

[[nodiscard]] inline bool is_element(GumboNode const* node) noexcept {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}
/// The list of children; null for text and comments.
[[nodiscard]] inline GumboVector const* children(GumboNode const* node) noexcept {
    if (node->type == GUMBO_NODE_DOCUMENT) return &node->v.document.children;
    return is_element(node) ? &node->v.element.children : nullptr;
}
[[nodiscard]] inline std::size_t child_count(GumboNode const* node) noexcept {
    auto const* const list = children(node);
    return list ? list->length : 0;
}
[[nodiscard]] inline GumboNode const* child(GumboNode const* node, std::size_t index) noexcept {
    return static_cast<GumboNode const*>(children(node)->data[index]);
}
[[nodiscard]] inline GumboAttribute const* attribute(GumboNode const* node, std::size_t index) noexcept {
    return static_cast<GumboAttribute const*>(node->v.element.attributes.data[index]);
}
[[nodiscard]] inline std::size_t attribute_count(GumboNode const* node) noexcept {
    return node->v.element.attributes.length;
}

/// In lower case, custom elements too.
[[nodiscard]] std::string tag_name(GumboNode const* element);
/// Compares without making a string.
[[nodiscard]] bool has_tag(GumboNode const* element, std::string_view name) noexcept;
/// Null where it is missing.
[[nodiscard]] char const* find_attribute(GumboNode const* element, std::string_view name) noexcept;
[[nodiscard]] bool has_word(std::string_view list, std::string_view word) noexcept;

/// Calls enter(node) for every node below `top`, and leave(node) after the nodes below it; `top` itself is left out.
/// enter returns false to pass over what is below. Not recursive: nothing limits how deep HTML is nested.
template <class Enter, class Leave>
void walk(GumboNode const* top, Enter enter, Leave leave) {
    struct Level {
        GumboNode const* node;
        std::size_t next;
    };
    std::vector<Level> levels{{top, 0}};
    while (!levels.empty()) {
        auto& [node, next] = levels.back();
        if (next < child_count(node)) {
            auto const* const below = child(node, next++);
            if (enter(below))
                levels.push_back({below, 0});
            else
                leave(below);
        } else {
            auto const* const done = node;
            levels.pop_back();
            if (done != top) leave(done);
        }
    }
}

} // namespace hxx::dom::tree
