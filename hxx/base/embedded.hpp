// Files that CMake's hxx_embed() put into the program: a style sheet, htmx, templates.
//
//     hxx_embed(users NAME assets FILES app.css htmx.js=node_modules/htmx.org/dist/htmx.min.js)    # CMakeLists.txt
//
//     #include "embedded/assets.hpp"
//     if (auto const* file = embedded::assets().find("htmx.js")) send(file->content);
#pragma once

#include <cstddef>
#include <string_view>

namespace hxx {

struct EmbeddedFile {
    std::string_view name;
    std::string_view content; // lives as long as the program; a NUL follows it
    std::string_view sha256;  // of the content, in hexadecimal: an ETag, or a part of its URL
};

/// A view of the files of one hxx_embed(), ordered by name.
class EmbeddedFiles {
  public:
    constexpr EmbeddedFiles() noexcept = default;
    template <std::size_t N>
    constexpr explicit EmbeddedFiles(EmbeddedFile const (&files)[N]) noexcept : begin_(files), end_(files + N) {}

    [[nodiscard]] constexpr EmbeddedFile const* begin() const noexcept { return begin_; }
    [[nodiscard]] constexpr EmbeddedFile const* end() const noexcept { return end_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_); }

    /// The file of exactly this name, or null.
    [[nodiscard]] constexpr EmbeddedFile const* find(std::string_view name) const noexcept {
        for (auto const& file : *this)
            if (file.name == name) return &file;
        return nullptr;
    }

  private:
    EmbeddedFile const* begin_ = nullptr;
    EmbeddedFile const* end_ = nullptr;
};

} // namespace hxx
