#include "hxx/htmx/object.hpp"

#include "hxx/base/escape.hpp"

#include <algorithm>

namespace hxx::htmx {

std::string json_object(std::span<Detail const> details) {
    std::string object = "{";
    for (std::size_t i = 0; i < details.size(); ++i) {
        auto const later = details.subspan(i + 1);
        if (std::any_of(later.begin(), later.end(), [&](Detail const& d) { return d.name() == details[i].name(); }))
            continue;
        if (object.size() > 1) object += ',';
        append_json_string(object, details[i].name(), JsonCharacters::Ascii);
        (object += ':') += details[i].json();
    }
    return object += '}';
}

} // namespace hxx::htmx
