// Media types (RFC 9110 8.3), which of them a client wants (12.5.1), and those of files.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx::http {

struct MediaType {
    std::string essence; // "text/html", in lower case
    /// Names in lower case, values without their quotes, in order.
    std::vector<std::pair<std::string, std::string>> parameters;

    [[nodiscard]] std::string_view type() const noexcept { return std::string_view(essence).substr(0, slash()); }
    [[nodiscard]] std::string_view subtype() const noexcept { return std::string_view(essence).substr(slash() + 1); }
    /// name in lower case.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  private:
    [[nodiscard]] std::size_t slash() const noexcept { return essence.find('/'); }
};
/// Nothing for what is no `type/subtype;name=value;name="quoted value"`. "*/*" is read like any other.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view text);
/// Whether a Content-Type is of this type, whatever its parameters: is_media_type(field, "application/json").
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view essence) noexcept;

/// How much a client wants a type, 0 (not at all) to 1000, by its Accept field. The most specific range that covers the
/// type decides. An absent (empty) field, and one with nothing readable in it, accepts everything.
[[nodiscard]] int accept_quality(std::string_view accept, std::string_view type);
/// The one of the offers that the client wants most; nothing if it wants none of them. Between equals, the one that the
/// client names more specifically, then the one offered first: a browser's "text/html,*/*;q=0.8" gets HTML.
[[nodiscard]] std::optional<std::string_view> preferred_type(std::string_view accept,
                                                             std::initializer_list<std::string_view> offers);
/// True if the client names this type itself, or its "type/*", with a quality over 0. "*/*" alone does not count:
/// clients send it without a thought.
[[nodiscard]] bool accepts_explicitly(std::string_view accept, std::string_view type);

/// The Content-Type for a file, by the extension of its name and without a look into it; "application/octet-stream" for
/// an unknown one. Text is UTF-8.
[[nodiscard]] std::string_view content_type_of_file(std::string_view path) noexcept;

} // namespace hxx::http
