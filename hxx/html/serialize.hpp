// A tree as text: what people read of it, and HTML. For this room's sources.
#pragma once

#include <string>

struct GumboInternalNode;

namespace hxx::dom {

[[nodiscard]] std::string text_of(GumboInternalNode const* node);
/// With the node's own tag (HTML standard, "serializing HTML fragments").
[[nodiscard]] std::string html_of(GumboInternalNode const* node);
[[nodiscard]] std::string inner_html_of(GumboInternalNode const* node);

} // namespace hxx::dom
