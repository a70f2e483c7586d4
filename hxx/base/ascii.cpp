#include "hxx/base/ascii.hpp"

namespace hxx::ascii {

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = to_lower(c);
    return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto const [before, after] = cut(text, separator);
        parts.push_back(before);
        if (!after) return parts;
        text = *after;
    }
}

} // namespace hxx::ascii
