#include "hxx/model/field_index.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace hxx::model {

std::string field_path(std::string_view name) {
    std::string path;
    std::string_view rest = name;
    while (!rest.empty()) {
        auto const open = rest.find('[');
        if (open == std::string_view::npos) return path += rest;
        auto const close = rest.find(']', open);
        auto const inside =
            close == std::string_view::npos ? std::string_view() : rest.substr(open + 1, close - open - 1);
        bool const at_end = close == std::string_view::npos || close + 1 == rest.size();
        bool const continues = !at_end && (rest[close + 1] == '[' || rest[close + 1] == '.');
        // "name[]" only at the end; after a bracket comes another one, a dot, or nothing.
        if (close == std::string_view::npos || inside.find('[') != std::string_view::npos || !(at_end || continues) ||
            (inside.empty() && !at_end) || (path.empty() && open == 0))
            return std::string(name);
        path += rest.substr(0, open);
        if (!inside.empty()) {
            path += '.';
            path += inside;
        }
        rest.remove_prefix(close + 1);
    }
    return path;
}

FieldIndex::FieldIndex(FormFields const& fields) {
    entries_.reserve(fields.size());
    for (auto const& field : fields) entries_.push_back({field_path(field.name), &field.value});
    // Values of one path stay in their order, which is that of their addresses.
    std::sort(entries_.begin(), entries_.end(), [](Entry const& a, Entry const& b) {
        return a.path != b.path ? a.path < b.path : std::less<>()(a.value, b.value);
    });
}

std::string const* FieldIndex::last(std::string_view path) const {
    auto const after = std::upper_bound(entries_.begin(), entries_.end(), path,
                                        [](std::string_view p, Entry const& entry) { return p < entry.path; });
    return after != entries_.begin() && std::prev(after)->path == path ? std::prev(after)->value : nullptr;
}

std::vector<std::string const*> FieldIndex::all(std::string_view path) const {
    std::vector<std::string const*> values;
    auto at = std::lower_bound(entries_.begin(), entries_.end(), path,
                               [](Entry const& entry, std::string_view p) { return entry.path < p; });
    for (; at != entries_.end() && at->path == path; ++at) values.push_back(at->value);
    return values;
}

std::vector<std::string const*> FieldIndex::items(std::string_view path) const {
    auto values = all(path);
    for (auto const index : indices(path))
        if (auto const* value = last(std::string(path) + '.' + std::to_string(index))) values.push_back(value);
    return values;
}

std::span<FieldIndex::Entry const> FieldIndex::under(std::string_view path) const {
    if (path.empty()) return entries_;
    std::string prefix(path);
    prefix += '.';
    auto const first = std::lower_bound(entries_.begin(), entries_.end(), prefix,
                                        [](Entry const& entry, std::string const& p) { return entry.path < p; });
    auto const end = std::find_if(first, entries_.end(), [&](Entry const& e) { return !e.path.starts_with(prefix); });
    return {first, end};
}

std::vector<std::size_t> FieldIndex::indices(std::string_view path) const {
    std::vector<std::size_t> found;
    for (auto const& entry : under(path)) {
        auto const rest = std::string_view(entry.path).substr(path.size() + 1);
        auto const part = rest.substr(0, rest.find('.'));
        std::size_t index = 0;
        auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        // "01" would be a second name of 1.
        bool const canonical = part.size() == 1 || (!part.empty() && part[0] != '0');
        if (error == std::errc() && end == part.data() + part.size() && canonical) found.push_back(index);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

bool FieldIndex::has_content(std::string_view path) const {
    auto const here = all(path);
    auto const inside = under(path);
    return std::any_of(here.begin(), here.end(), [](std::string const* value) { return !value->empty(); }) ||
           std::any_of(inside.begin(), inside.end(), [](Entry const& entry) { return !entry.value->empty(); });
}

bool FieldIndex::report_extra(std::string_view path, std::span<std::string_view const> names, Where const& where,
                              ErrorReport& report) const {
    std::size_t const skip = path.empty() ? 0 : path.size() + 1;
    auto const before = report.size();
    std::string_view reported;
    for (auto const& entry : under(path)) {
        auto const rest = std::string_view(entry.path).substr(skip);
        auto const name = rest.substr(0, rest.find('.'));
        bool const known = std::find(names.begin(), names.end(), name) != names.end() ||
                           std::find(names.begin(), names.end(), rest) != names.end();
        if (known || name == reported) continue;
        reported = name;
        report.add_standard(Where(where, name).text(), "extra_forbidden");
    }
    return report.size() == before;
}

} // namespace hxx::model
