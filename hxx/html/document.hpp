// HTML, parsed as a browser parses it (the HTML standard's algorithm, by gumbo) and searched with CSS selectors.
//
//     auto const page = dom::Document::parse(text);
//     for (dom::Node row : page.select("#users tbody > tr")) names.push_back(row.text());
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct GumboInternalNode;

namespace hxx::dom {

/// An element. A handle: valid as long as its Document, moved or not.
class Node {
  public:
    /// In lower case.
    [[nodiscard]] std::string tag() const;
    /// An attribute's value with its entities decoded; "" for one without a value, nothing for one that is not there.
    /// name in any case.
    [[nodiscard]] std::optional<std::string_view> attr(std::string_view name) const noexcept;
    /// Names as the parser normalised them, in the order of the source.
    [[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> attributes() const;
    [[nodiscard]] bool has_class(std::string_view name) const noexcept;

    /// The text in and below the element as people read it: runs of white space are one space, none at the ends, a
    /// space between blocks (so the cells of a row do not stick together), without scripts, styles and comments.
    [[nodiscard]] std::string text() const;
    /// The element as HTML, with normalised attributes and quotes; inner_html() without its own tag.
    [[nodiscard]] std::string html() const;
    [[nodiscard]] std::string inner_html() const;

    [[nodiscard]] std::vector<Node> children() const;
    [[nodiscard]] std::optional<Node> parent() const;

    /// The elements below this one that match, in document order. The selector is matched against the whole document,
    /// as querySelectorAll does it. Throws as Document::select does.
    [[nodiscard]] std::vector<Node> select(std::string_view selector) const;
    [[nodiscard]] std::optional<Node> select_one(std::string_view selector) const;
    /// Whether this element itself matches.
    [[nodiscard]] bool matches(std::string_view selector) const;

    friend bool operator==(Node const&, Node const&) = default;

  private:
    friend class Document;
    explicit Node(GumboInternalNode const* node) noexcept : node_(node) {}
    GumboInternalNode const* node_;
};

class Document {
  public:
    /// Text that begins with a doctype, <html>, <head> or <body> (after comments and white space) is a document;
    /// anything else a fragment, as htmx gets it: its elements stand at the top, table rows without a table included.
    /// There are no errors: HTML says what becomes of any text.
    [[nodiscard]] static Document parse(std::string_view text);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    /// All elements that match, in document order. The contents of <template> are searched too. Knows tag, *, #id,
    /// .class, [attr], [attr=value] with ^= $= *= ~= |= and the flag i, :first-child, :last-child, :only-child,
    /// :nth-child(an+b), :empty, :checked, :disabled, :not(…), the combinators space > + ~, and lists. Throws
    /// std::invalid_argument that says where for anything else.
    [[nodiscard]] std::vector<Node> select(std::string_view selector) const;
    [[nodiscard]] std::optional<Node> select_one(std::string_view selector) const;
    /// The elements at the top: <html> of a document, all of a fragment.
    [[nodiscard]] std::vector<Node> children() const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string html() const;

    // For assertions. Where no element matches, text(selector) and attr throw std::out_of_range that shows the HTML.

    /// The text of the first element that matches.
    [[nodiscard]] std::string text(std::string_view selector) const;
    /// The texts of all that match.
    [[nodiscard]] std::vector<std::string> texts(std::string_view selector) const;
    /// An attribute of the first element that matches; nothing if it lacks it.
    [[nodiscard]] std::optional<std::string> attr(std::string_view selector, std::string_view name) const;
    [[nodiscard]] bool exists(std::string_view selector) const { return count(selector) > 0; }
    [[nodiscard]] std::size_t count(std::string_view selector) const;

  private:
    struct Tree;
    explicit Document(std::unique_ptr<Tree> tree) noexcept;
    [[nodiscard]] Node first(std::string_view selector) const;
    [[nodiscard]] Node root() const noexcept;
    std::unique_ptr<Tree> tree_;
};

} // namespace hxx::dom
