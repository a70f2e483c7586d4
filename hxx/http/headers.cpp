#include "hxx/http/headers.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hxx::http {
namespace {

constexpr auto token_table = [] {
    std::array<bool, 256> table{};
    for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
    for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

constexpr std::size_t kept_bytes = 4096;
// Room for what most messages hold, made at once: a response is a fresh object for each request.
constexpr std::size_t usual_bytes = 240, usual_fields = 8;

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool list_holds(std::string_view list, std::string_view element) noexcept {
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        if (ascii::iequals(trim(list.substr(0, comma)), element)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

void check(std::string_view name, std::string_view value) {
    if (!is_token(name)) {
        throw std::invalid_argument("'" + std::string(name) +
                                    "' cannot be the name of a header field: it takes "
                                    "letters, digits and !#$%&'*+-.^_`|~ only");
    }
    if (!is_field_value(value)) {
        throw std::invalid_argument("the value of the header field '" + std::string(name) +
                                    "' holds a control character such as a line break; remove or encode it");
    }
}

} // namespace

bool is_token(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return token_table[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) noexcept {
    bool valid = true; // without an early exit, which keeps compilers from looking at several bytes at a time
    for (char const c : text) valid &= !ascii::is_control(c) | (c == '\t');
    return valid;
}

std::optional<std::string_view> Headers::get(std::string_view name) const noexcept {
    for (auto const header : *this) {
        if (ascii::iequals(header.name, name)) return header.value;
    }
    return std::nullopt;
}

std::string_view Headers::get_or(std::string_view name, std::string_view fallback) const noexcept {
    return get(name).value_or(fallback);
}

std::vector<std::string_view> Headers::get_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (auto const header : *this) {
        if (ascii::iequals(header.name, name)) values.push_back(header.value);
    }
    return values;
}

void Headers::add(std::string_view name, std::string_view value) {
    check(name, value);
    add_unchecked(name, trim(value));
}

void Headers::set(std::string_view name, std::string_view value) {
    check(name, value);
    // The views may point into this very object: the new field is written before the old ones are forgotten.
    auto const before = fields_.size();
    add_unchecked(name, trim(value));
    auto const added = (*this)[before].name;
    auto const last = fields_.begin() + static_cast<std::ptrdiff_t>(before);
    fields_.erase(std::remove_if(fields_.begin(), last,
                                 [&](Field const& field) {
                                     return ascii::iequals({bytes_.data() + field.start, field.name_size}, added);
                                 }),
                  last);
}

void Headers::add_to_list(std::string_view name, std::string_view element) {
    check(name, element);
    auto const wanted = trim(element);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < size(); ++i) {
        if (!ascii::iequals((*this)[i].name, name)) continue;
        if (list_holds((*this)[i].value, wanted)) return;
        found = i;
    }
    if (!found) return add_unchecked(name, wanted);
    auto const field = (*this)[*found];
    std::string list(field.value);
    if (!list.empty()) list += ", ";
    list += wanted;
    auto const own_name = std::string(field.name);
    add_unchecked(own_name, list);
    fields_[*found] = fields_.back();
    fields_.pop_back();
}

void Headers::remove(std::string_view name) noexcept {
    auto const matches = [&](Field const& field) {
        return ascii::iequals({bytes_.data() + field.start, field.name_size}, name);
    };
    fields_.erase(std::remove_if(fields_.begin(), fields_.end(), matches), fields_.end());
}

void Headers::clear() noexcept {
    // A connection keeps its request for the next one; it should not keep what one large request needed.
    if (bytes_.capacity() > kept_bytes) bytes_ = std::string();
    bytes_.clear();
    fields_.clear();
}

void Headers::add_unchecked(std::string_view name, std::string_view value) {
    auto const start = bytes_.size();
    auto const needed = start + name.size() + value.size();
    if (start == 0) bytes_.reserve(std::max(needed, usual_bytes));
    if (needed > bytes_.capacity()) {
        // Not std::string's own growth: name and value may be views into bytes_, which must outlive the copy.
        std::string grown;
        grown.reserve(std::max(needed, 2 * bytes_.capacity()));
        grown.append(bytes_).append(name).append(value);
        bytes_.swap(grown);
    } else {
        bytes_.append(name).append(value);
    }
    if (fields_.capacity() == 0) fields_.reserve(usual_fields);
    fields_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(name.size()),
                       static_cast<std::uint32_t>(value.size())});
}

} // namespace hxx::http
