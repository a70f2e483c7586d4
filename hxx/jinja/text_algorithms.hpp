// What string methods and filters do to text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::jinja {

/// At most `count` replacements, all if it is negative; an empty `old` is found between all code points.
[[nodiscard]] std::string replace_text(std::string_view text, std::string_view old, std::string_view replacement,
                                       std::int64_t count);
/// Without any of `characters` at the ends.
[[nodiscard]] std::string_view strip_characters(std::string_view text, std::string_view characters, bool left,
                                                bool right);
/// To `width` code points; align is '<', '>' or '^' (Python's centering).
[[nodiscard]] std::string pad_text(std::string_view text, std::int64_t width, std::string_view fill, char align);
/// Python's split() and rsplit() by white space and by a separator; `most` splits, all if negative.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text, std::int64_t most, bool right);
[[nodiscard]] std::vector<std::string_view> split_text(std::string_view text, std::string_view separator,
                                                       std::int64_t most, bool right);
/// Has it cased letters, and are all of them of that case?
[[nodiscard]] bool is_lowercase(std::string_view text) noexcept;
[[nodiscard]] bool is_uppercase(std::string_view text) noexcept;

/// Without tags and comments, entities resolved, runs of white space as one space.
[[nodiscard]] std::string strip_tags(std::string_view html);
/// &amp; and its like, and numeric references, as characters.
[[nodiscard]] std::string unescape_html(std::string_view html);
/// For a URL's path ('/' is kept) or a query ('/' is quoted, a space becomes '+').
[[nodiscard]] std::string quote_url(std::string_view text, bool query);

/// textwrap.wrap() of one paragraph.
[[nodiscard]] std::vector<std::string> wrap_line(std::string_view line, std::size_t width, bool break_long_words,
                                                 bool break_on_hyphens);

struct UrlizeOptions {
    std::int64_t trim = -1; // longest shown URL; -1: any
    std::string rel, target;
    std::vector<std::string> extra_schemes;
};
/// Text, escaped, with its URLs and addresses as links.
[[nodiscard]] std::string urlize(std::string_view text, UrlizeOptions const& options);

} // namespace hxx::jinja
