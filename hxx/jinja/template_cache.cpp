#include "hxx/jinja/template_cache.hpp"

#include <functional>

namespace hxx::jinja {
namespace {

std::size_t hash_of(std::string_view name) noexcept { return std::hash<std::string_view>()(name); }

} // namespace

TemplateCache::Entry* TemplateCache::find_entry(std::size_t hash, std::string_view name) const noexcept {
    // Acquires what put() wrote before it released the entry.
    Entry* entry = buckets_[hash % bucket_count].load(std::memory_order_acquire);
    while (entry && (entry->hash != hash || entry->name != name)) entry = entry->next;
    return entry;
}

CompiledPtr TemplateCache::find(std::string_view name) const {
    auto const* entry = find_entry(hash_of(name), name);
    if (!entry) return nullptr;
    if (!may_replace_) return uncounted(*entry);
    std::lock_guard const lock(mutex_);
    return entry->compiled;
}

CompiledPtr TemplateCache::put(CompiledPtr compiled) {
    auto const hash = hash_of(compiled->name);
    std::lock_guard const lock(mutex_);
    if (auto* entry = find_entry(hash, compiled->name)) {
        if (!may_replace_) return uncounted(*entry);
        entry->compiled.swap(compiled); // the former version is let go of after the lock
        return entry->compiled;
    }
    auto& bucket = buckets_[hash % bucket_count];
    auto& entry =
        entries_.emplace_back(Entry{hash, compiled->name, std::move(compiled), bucket.load(std::memory_order_relaxed)});
    bucket.store(&entry, std::memory_order_release);
    return may_replace_ ? entry.compiled : uncounted(entry);
}

} // namespace hxx::jinja
