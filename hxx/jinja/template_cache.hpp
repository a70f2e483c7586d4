// TemplateCache: the compiled templates of an environment, by name. Every rendering asks it, in all threads at once.
#pragma once

#include "hxx/jinja/program.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hxx::jinja {

using CompiledPtr = std::shared_ptr<Template::Compiled const>;

/// Entries are only ever added, and live as long as the cache, so that looking for one takes no lock. Unless templates
/// may be replaced, a reader writes nothing at all: what it gets is not counted, since a count that all threads change
/// is as slow as a lock; it is good for as long as the cache. If they may be, each has a source that was just read
/// from its loader, beside which a lock costs nothing: then what a reader gets is counted, and a version is freed when
/// the last rendering of it ends.
class TemplateCache {
  public:
    explicit TemplateCache(bool may_replace) noexcept : may_replace_(may_replace) {}
    TemplateCache(TemplateCache const&) = delete;
    TemplateCache& operator=(TemplateCache const&) = delete;
    ~TemplateCache() = default;

    /// Null if there is none.
    [[nodiscard]] CompiledPtr find(std::string_view name) const;
    /// Adds or replaces, by the template's name, and returns what is there now: of two threads that have compiled a
    /// template at the same time, the first one's is kept if none may be replaced.
    CompiledPtr put(CompiledPtr compiled);

  private:
    struct Entry {
        std::size_t hash;
        std::string name;
        CompiledPtr compiled; // if it may be replaced, under the lock
        Entry* next;
    };
    [[nodiscard]] Entry* find_entry(std::size_t hash, std::string_view name) const noexcept;
    [[nodiscard]] static CompiledPtr uncounted(Entry const& entry) noexcept {
        return {CompiledPtr(), entry.compiled.get()};
    }

    static constexpr std::size_t bucket_count = 256; // a power of two; more templates share them
    bool const may_replace_;
    std::array<std::atomic<Entry*>, bucket_count> buckets_{};
    mutable std::mutex mutex_;
    std::deque<Entry> entries_; // under the lock
};

} // namespace hxx::jinja
