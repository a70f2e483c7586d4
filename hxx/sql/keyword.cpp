#include "hxx/sql/keyword.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/sql/text.hpp"

#include <algorithm>
#include <array>

namespace hxx::sql::detail {

bool looks_like_reading(std::string_view text) noexcept {
    std::size_t start = 0;
    while (start < text.size()) {
        auto const comment = text[start] == '-' || text[start] == '/';
        if (auto const after = comment ? skip_quoted(text, start) : start; after != start)
            start = after;
        else if (ascii::is_space(text[start]) || text[start] == '(' || text[start] == ';')
            ++start;
        else
            break;
    }
    auto end = start;
    while (end < text.size() && ascii::is_alpha(text[end])) ++end;
    constexpr std::array<std::string_view, 5> reading = {"select", "with", "values", "explain", "pragma"};
    return std::any_of(
        reading.begin(), reading.end(),
        [word = text.substr(start, end - start)](std::string_view known) { return ascii::iequals(word, known); });
}

} // namespace hxx::sql::detail
