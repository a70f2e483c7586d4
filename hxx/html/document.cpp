#include "hxx/html/document.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/html/selector.hpp"
#include "hxx/html/serialize.hpp"
#include "hxx/html/tree.hpp"

#include <fmt/format.h>

#include <memory_resource>
#include <stdexcept>

namespace hxx::dom {
namespace {

bool begins_document(std::string_view text) noexcept {
    for (;;) {
        text = ascii::trim(text);
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3); // byte order mark
        if (!text.starts_with("<!--")) break;
        auto const end = text.find("-->", 4);
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 3);
    }
    for (std::string_view const start : {"<!doctype", "<html", "<head", "<body"}) {
        // "<header" is not "<head".
        bool const ends =
            text.size() == start.size() || (text.size() > start.size() && !ascii::is_alnum(text[start.size()]));
        if (ascii::istarts_with(text, start) && ends) return true;
    }
    return false;
}

std::vector<GumboNode const*> select_below(GumboNode const* top, Selector const& selector, bool only_first = false) {
    std::vector<GumboNode const*> found;
    tree::walk(
        top,
        [&](GumboNode const* node) {
            if (only_first && !found.empty()) return false;
            if (tree::is_element(node) && selector.matches(node)) found.push_back(node);
            return true;
        },
        [](GumboNode const*) {});
    return found;
}

} // namespace

// All of gumbo's memory comes from one arena and goes with it, so that its recursive clean-up, for which deeply nested
// HTML would need as deep a stack, is never called.
struct Document::Tree {
    std::string source; // tags that gumbo does not know are looked up here
    std::pmr::monotonic_buffer_resource memory;
    GumboNode const* root = nullptr;

    explicit Tree(std::string_view text) : source(text) {
        GumboOptions options = kGumboDefaultOptions;
        options.max_errors = 0;
        options.userdata = &memory;
        options.allocator = [](void* arena, std::size_t size) {
            return static_cast<std::pmr::monotonic_buffer_resource*>(arena)->allocate(size);
        };
        options.deallocator = [](void*, void*) {};
        bool const document = begins_document(source);
        // Inside a <template>, rows and cells need no table around them: the way htmx parses a fragment.
        if (!document) options.fragment_context = GUMBO_TAG_TEMPLATE;
        auto const* const output = gumbo_parse_with_options(&options, source.data(), source.size());
        root = output->document;
        if (document) return;
        // gumbo puts an <html> around a fragment, which is not part of it. Both kinds of node begin with their
        // children.
        output->root->type = GUMBO_NODE_DOCUMENT;
        root = output->root;
    }
};

Document::Document(std::unique_ptr<Tree> tree) noexcept : tree_(std::move(tree)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string_view text) { return Document(std::make_unique<Tree>(text)); }

Node Document::root() const noexcept { return Node(tree_->root); }

std::vector<Node> Document::select(std::string_view selector) const { return root().select(selector); }
std::optional<Node> Document::select_one(std::string_view selector) const { return root().select_one(selector); }
std::vector<Node> Document::children() const { return root().children(); }
std::string Document::text() const { return root().text(); }
std::string Document::html() const { return root().inner_html(); }

Node Document::first(std::string_view selector) const {
    if (auto const node = select_one(selector)) return *node;
    auto const shown = html();
    auto const start = utf8::truncate_bytes(shown, 4000);
    throw std::out_of_range(fmt::format("no element matches '{}' in this HTML:\n{}{}", selector, start,
                                        start.size() < shown.size() ? "\n…" : ""));
}

std::string Document::text(std::string_view selector) const { return first(selector).text(); }

std::vector<std::string> Document::texts(std::string_view selector) const {
    std::vector<std::string> texts;
    for (auto const& node : select(selector)) texts.push_back(node.text());
    return texts;
}

std::optional<std::string> Document::attr(std::string_view selector, std::string_view name) const {
    auto const value = first(selector).attr(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::size_t Document::count(std::string_view selector) const { return select(selector).size(); }

std::string Node::tag() const { return tree::is_element(node_) ? tree::tag_name(node_) : std::string(); }

std::optional<std::string_view> Node::attr(std::string_view name) const noexcept {
    char const* const value = tree::is_element(node_) ? tree::find_attribute(node_, name) : nullptr;
    if (value == nullptr) return std::nullopt;
    return value;
}

std::vector<std::pair<std::string_view, std::string_view>> Node::attributes() const {
    std::vector<std::pair<std::string_view, std::string_view>> all;
    for (std::size_t i = 0; tree::is_element(node_) && i < tree::attribute_count(node_); ++i)
        all.emplace_back(tree::attribute(node_, i)->name, tree::attribute(node_, i)->value);
    return all;
}

bool Node::has_class(std::string_view name) const noexcept { return tree::has_word(attr("class").value_or(""), name); }

std::string Node::text() const { return text_of(node_); }
std::string Node::html() const { return html_of(node_); }
std::string Node::inner_html() const { return inner_html_of(node_); }

std::vector<Node> Node::children() const {
    std::vector<Node> elements;
    for (std::size_t i = 0; i < tree::child_count(node_); ++i)
        if (auto const* const below = tree::child(node_, i); tree::is_element(below)) elements.push_back(Node(below));
    return elements;
}

std::optional<Node> Node::parent() const {
    if (node_->parent == nullptr || !tree::is_element(node_->parent)) return std::nullopt;
    return Node(node_->parent);
}

std::vector<Node> Node::select(std::string_view selector) const {
    std::vector<Node> nodes;
    for (auto const* const node : select_below(node_, Selector(selector))) nodes.push_back(Node(node));
    return nodes;
}

std::optional<Node> Node::select_one(std::string_view selector) const {
    auto const found = select_below(node_, Selector(selector), true);
    if (found.empty()) return std::nullopt;
    return Node(found.front());
}

bool Node::matches(std::string_view selector) const {
    Selector const parsed(selector);
    return tree::is_element(node_) && parsed.matches(node_);
}

} // namespace hxx::dom
