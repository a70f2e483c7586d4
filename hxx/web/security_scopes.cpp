#include "hxx/web/security_scopes.hpp"

#include "hxx/http/error.hpp"

#include <algorithm>

namespace hxx {

SecurityScopes SecurityScopes::from_request(Request& request) {
    SecurityScopes scopes;
    if (auto const* active = request.find<ActiveScopes>())
        for (auto const name : active->names)
            if (std::ranges::find(scopes.names_, name) == scopes.names_.end()) scopes.names_.emplace_back(name);
    return scopes;
}

std::string SecurityScopes::text() const {
    std::string all;
    for (auto const& name : names_) all.append(all.empty() ? "" : " ").append(name);
    return all;
}

void SecurityScopes::require(std::span<std::string const> granted) const {
    auto const is_granted = [&](std::string const& name) { return std::ranges::find(granted, name) != granted.end(); };
    if (std::ranges::all_of(names_, is_granted)) return;
    throw HttpError(403, "This needs more rights than you have: " + text())
        .header("WWW-Authenticate", R"(Bearer error="insufficient_scope", scope=")" + text() + '"');
}

namespace scopes_detail {

Asking::Asking(Request& request, std::initializer_list<std::string_view> scopes)
    : active_(request.find<ActiveScopes>()), before_(0) {
    if (!active_) active_ = &request.set(ActiveScopes{});
    before_ = active_->names.size();
    active_->names.insert(active_->names.end(), scopes);
}
Asking::~Asking() { active_->names.resize(before_); }

} // namespace scopes_detail
} // namespace hxx
