#include "hxx/html/tree.hpp"

#include "hxx/base/ascii.hpp"

namespace hxx::dom::tree {
namespace {

// The name of an element that gumbo knows, or as it stands in the source ("my-element").
std::string_view raw_name(GumboNode const* element) noexcept {
    if (element->v.element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element->v.element.tag);
    GumboStringPiece name = element->v.element.original_tag;
    gumbo_tag_from_original_text(&name);
    return name.data ? std::string_view(name.data, name.length) : std::string_view();
}

} // namespace

std::string tag_name(GumboNode const* element) { return ascii::lowered(raw_name(element)); }

bool has_tag(GumboNode const* element, std::string_view name) noexcept {
    return ascii::iequals(raw_name(element), name);
}

char const* find_attribute(GumboNode const* element, std::string_view name) noexcept {
    for (std::size_t i = 0; i < attribute_count(element); ++i)
        if (ascii::iequals(attribute(element, i)->name, name)) return attribute(element, i)->value;
    return nullptr;
}

bool has_word(std::string_view list, std::string_view word) noexcept {
    if (word.empty()) return false;
    for (std::size_t start = 0; start < list.size();) {
        std::size_t end = start;
        while (end < list.size() && !ascii::is_space(list[end])) ++end;
        if (list.substr(start, end - start) == word) return true;
        start = end + 1;
    }
    return false;
}

} // namespace hxx::dom::tree
