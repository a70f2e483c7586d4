// Wrapping of lines, as Python's textwrap does it.
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

using Chunk = std::vector<std::string_view>; // code points

bool is_blank(std::string_view c) noexcept { return c.size() == 1 && (c[0] == ' ' || (c[0] >= '\t' && c[0] <= '\r')); }

char32_t code(std::string_view c) noexcept {
    std::size_t i = 0;
    return next_code_point(c, i);
}

bool word_or_punctuation(std::string_view c) noexcept {
    return is_word(code(c)) || (c.size() == 1 && std::string_view("!\"'&.,?").find(c[0]) != std::string_view::npos);
}

bool letter(std::string_view c) noexcept { return is_word(code(c)) && !is_decimal(code(c)); }

/// Splits a line where it may be broken.
class Splitter {
  public:
    Splitter(Chunk const& text, bool on_hyphens) : text_(text), on_hyphens_(on_hyphens) {}

    std::vector<Chunk> split() const {
        std::vector<Chunk> chunks;
        for (std::size_t i = 0; i < text_.size();) {
            std::size_t const end = is_blank(text_[i]) ? blanks_end(i) : on_hyphens_ ? word_end(i) : plain_end(i);
            chunks.emplace_back(text_.begin() + static_cast<std::ptrdiff_t>(i),
                                text_.begin() + static_cast<std::ptrdiff_t>(end));
            i = end;
        }
        return chunks;
    }

  private:
    [[nodiscard]] std::size_t blanks_end(std::size_t i) const {
        while (i < text_.size() && is_blank(text_[i])) ++i;
        return i;
    }
    [[nodiscard]] std::size_t plain_end(std::size_t i) const {
        while (i < text_.size() && !is_blank(text_[i])) ++i;
        return i;
    }
    [[nodiscard]] bool hyphen(std::size_t i) const { return i < text_.size() && text_[i] == "-"; }
    [[nodiscard]] bool letter_at(std::size_t i) const { return i < text_.size() && letter(text_[i]); }

    // Two hyphens and more between words; returns their end, or i if there are none.
    [[nodiscard]] std::size_t dash_end(std::size_t i) const {
        if (i == 0 || !word_or_punctuation(text_[i - 1])) return i;
        std::size_t end = i;
        while (hyphen(end)) ++end;
        return end - i >= 2 && end < text_.size() && is_word(code(text_[end])) ? end : i;
    }

    [[nodiscard]] std::size_t word_end(std::size_t i) const {
        if (std::size_t const end = dash_end(i); end > i) return end;
        for (std::size_t j = i + 1;; ++j) {
            if (hyphen(j)) {
                bool const two_letters = j >= 2 && letter_at(j - 1) && letter_at(j - 2);
                bool const single = j >= 3 && letter_at(j - 1) && text_[j - 2] == "-" && letter_at(j - 3);
                bool const more = letter_at(j + 1) && (letter_at(j + 2) || (hyphen(j + 2) && letter_at(j + 3)));
                if ((two_letters || single) && more) return j + 1;
            }
            if (j >= text_.size() || is_blank(text_[j])) return j;
            if (dash_end(j) > j) return j;
        }
    }

    Chunk const& text_;
    bool on_hyphens_;
};

bool blank(Chunk const& chunk) {
    return std::all_of(chunk.begin(), chunk.end(), [](std::string_view c) { return is_space(code(c)); });
}

// Where a word that is longer than a line is cut.
std::size_t cut_of(Chunk const& chunk, std::size_t space, bool on_hyphens) {
    if (!on_hyphens || chunk.size() <= space) return space;
    for (std::size_t i = space; i > 1; --i) {
        if (chunk[i - 1] != "-") continue;
        bool const real = std::any_of(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(i) - 1,
                                      [](std::string_view c) { return c != "-"; });
        if (real) return i;
        break;
    }
    return space;
}

} // namespace

std::vector<std::string> wrap_line(std::string_view line, std::size_t width, bool break_long_words,
                                   bool break_on_hyphens) {
    auto const text = split_code_points(line);
    auto chunks = Splitter(text, break_on_hyphens).split();
    std::reverse(chunks.begin(), chunks.end());
    std::vector<std::string> lines;
    while (!chunks.empty()) {
        std::vector<Chunk> current;
        std::size_t length = 0;
        if (blank(chunks.back()) && !lines.empty()) chunks.pop_back();
        while (!chunks.empty() && length + chunks.back().size() <= width) {
            length += chunks.back().size();
            current.push_back(std::move(chunks.back()));
            chunks.pop_back();
        }
        if (!chunks.empty() && chunks.back().size() > width) {
            if (break_long_words) {
                auto& word = chunks.back();
                std::size_t const cut = cut_of(word, width - length, break_on_hyphens);
                auto const middle = word.begin() + static_cast<std::ptrdiff_t>(cut);
                current.emplace_back(word.begin(), middle);
                word.erase(word.begin(), middle);
            } else if (current.empty()) {
                current.push_back(std::move(chunks.back()));
                chunks.pop_back();
            }
        }
        if (!current.empty() && blank(current.back())) current.pop_back();
        if (current.empty()) continue;
        std::string joined;
        for (auto const& chunk : current)
            for (auto c : chunk) joined += c;
        lines.push_back(std::move(joined));
    }
    return lines;
}

} // namespace hxx::jinja
