// The log of a test: kept instead of written, so that it can be looked at and does not stand between the results.
#pragma once

#include "hxx/base/log.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::log {

class [[nodiscard]] KeptLog {
  public:
    explicit KeptLog(Format format = Format::Text) {
        set_format(format);
        set_sink([](void* self, Level, std::string_view line) { static_cast<KeptLog*>(self)->keep(line); }, this);
    }
    ~KeptLog() {
        set_sink(nullptr, nullptr);
        set_format(Format::Text);
    }
    KeptLog(KeptLog const&) = delete;
    KeptLog& operator=(KeptLog const&) = delete;

    [[nodiscard]] std::vector<std::string> lines() const {
        std::lock_guard const lock(mutex_);
        return lines_;
    }
    /// The lines that hold `part`.
    [[nodiscard]] std::vector<std::string> lines_with(std::string_view part) const {
        auto all = lines();
        std::erase_if(all, [part](std::string const& line) { return line.find(part) == std::string::npos; });
        return all;
    }
    /// The first line that holds `part`, waited for for half a minute; empty if none comes.
    [[nodiscard]] std::string wait_for(std::string_view part) const {
        std::unique_lock lock(mutex_);
        std::string found;
        more_.wait_for(lock, std::chrono::seconds(30), [&] {
            for (auto const& line : lines_)
                if (found.empty() && line.find(part) != std::string::npos) found = line;
            return !found.empty();
        });
        return found;
    }

  private:
    void keep(std::string_view line) {
        {
            std::lock_guard const lock(mutex_);
            lines_.emplace_back(line);
        }
        more_.notify_all();
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable more_;
    std::vector<std::string> lines_;
};

} // namespace hxx::log
