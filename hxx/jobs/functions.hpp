// The functions of one queue, by name. For this room's sources.
#pragma once

#include "hxx/jobs/function.hpp"
#include "hxx/jobs/options.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::jobs_detail {

struct Entry {
    Function const* function;
    std::string name; // under which it is enqueued
    JobPolicy policy;
};

/// Safe from any thread. Entries stay where they are.
class Functions {
  public:
    explicit Functions(JobPolicy const& policy) noexcept : policy_(policy) {}

    /// Another name than the compiler's. Of several names the first is enqueued; the others run what was stored under
    /// them before. Throws std::logic_error if another function has the name.
    void add(Function const& function, std::string name, std::optional<JobPolicy> const& policy);
    /// As add(), with the compiler's name, unless there is one already.
    Entry const& of(Function const& function);
    /// Null if this program has none of that name.
    [[nodiscard]] Entry const* find(std::string_view name);
    /// All, those of Known included. Throws as add() does.
    [[nodiscard]] std::vector<std::string> names();

  private:
    void name_it(Function const& function, std::string const& name, JobPolicy const& policy);
    void add_known();

    JobPolicy policy_;
    std::mutex mutex_;
    std::map<void const*, std::unique_ptr<Entry>> entries_; // by Function::key
    std::map<std::string, Entry const*, std::less<>> names_;
};

} // namespace hxx::jobs_detail
