#include "hxx/jobs/functions.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hxx::jobs_detail {

void Functions::name_it(Function const& function, std::string const& name, JobPolicy const& policy) {
    auto const other = names_.find(name);
    if (other != names_.end() && other->second->function->key != function.key)
        throw std::logic_error(fmt::format("hxx: two job functions have the name \"{}\"; give one of them another: "
                                           "queue.add<function>(\"name\")",
                                           name));
    auto& entry = entries_[function.key];
    if (!entry) entry = std::make_unique<Entry>(Entry{&function, name, policy});
    names_.emplace(name, entry.get());
}

void Functions::add(Function const& function, std::string name, std::optional<JobPolicy> const& policy) {
    std::lock_guard const lock(mutex_);
    if (name.empty()) name = stored_name(function.name);
    name_it(function, name, policy.value_or(policy_));
    if (policy) entries_.at(function.key)->policy = *policy;
}

void Functions::add_known() {
    for (auto const* function : Known::all())
        if (!entries_.contains(function->key)) name_it(*function, stored_name(function->name), policy_);
}

Entry const& Functions::of(Function const& function) {
    std::lock_guard const lock(mutex_);
    if (!entries_.contains(function.key)) name_it(function, stored_name(function.name), policy_);
    return *entries_.at(function.key);
}

Entry const* Functions::find(std::string_view name) {
    std::lock_guard const lock(mutex_);
    auto const found = names_.find(name);
    return found == names_.end() ? nullptr : found->second;
}

std::vector<std::string> Functions::names() {
    std::lock_guard const lock(mutex_);
    add_known();
    std::vector<std::string> all;
    all.reserve(names_.size());
    for (auto const& [name, entry] : names_) all.push_back(name);
    return all;
}

} // namespace hxx::jobs_detail
