#include "hxx/async/watchdog.hpp"

#include "hxx/async/blocked_signals.hpp"
#include "hxx/base/log.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hxx {
namespace {

// A few milliseconds coarse, and a few nanoseconds dear: it is read at each step of each request.
std::int64_t now() noexcept {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void log_stall(void*, Watchdog::Stall const& stall) {
    auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(stall.held).count();
    auto const place = std::string(stall.handler.file) + ':' + std::to_string(stall.handler.line);
    log::warn("a handler holds its event loop; let it co_await blocking(...)",
              {{"route", stall.handler.route},
               {"handler", place},
               {"held_ms", milliseconds},
               {"state", stall.ended ? "ended" : "running"}});
}

} // namespace

/// What one thread runs. The thread writes; the watchdog's thread reads.
struct alignas(64) Watchdog::Marker {
    explicit Marker(Impl& owner) : watchdog(&owner) {}

    // The handler is null in between, so that the reader never takes one handler with the time of another.
    void set(HandlerInfo const* running, std::int64_t start) noexcept {
        handler.store(nullptr, std::memory_order_release);
        since.store(start, std::memory_order_release);
        handler.store(running, std::memory_order_release);
    }

    std::atomic<HandlerInfo const*> handler = nullptr;
    std::atomic<std::int64_t> since = 0;
    Impl* const watchdog;
    std::int64_t reported = -1; // the `since` of the stall last reported; guarded by the watchdog's mutex
};

struct Watchdog::Impl {
    explicit Impl(Options const& given) : options(given) {
        if (options.report == nullptr) options.report = log_stall;
        detail::BlockedSignals const blocked;
        monitor = std::thread([this] { run(); });
    }
    void end() {
        {
            std::lock_guard const lock(mutex);
            stopping = true;
        }
        stop.notify_all();
        monitor.join();
    }

    [[nodiscard]] std::int64_t threshold() const noexcept {
        return std::chrono::nanoseconds(options.threshold).count();
    }

    void run() {
        auto const interval = std::max<std::chrono::nanoseconds>(options.threshold / 2, std::chrono::milliseconds(1));
        std::unique_lock lock(mutex);
        while (!stop.wait_for(lock, interval, [this] { return stopping; }))
            for (auto* marker : markers) look_at(*marker);
    }

    void look_at(Marker& marker) {
        auto const* const handler = marker.handler.load(std::memory_order_acquire);
        if (handler == nullptr) return;
        auto const since = marker.since.load(std::memory_order_acquire);
        if (marker.handler.load(std::memory_order_acquire) != handler) return;
        auto const held = now() - since;
        if (held < threshold() || marker.reported == since) return;
        marker.reported = since;
        report(*handler, held, false);
    }

    void report(HandlerInfo const& handler, std::int64_t held, bool ended) {
        if (!stopping) options.report(options.context, Stall{handler, std::chrono::nanoseconds(held), ended});
    }

    Options options;
    std::mutex mutex; // also keeps reports in order: a stall's end comes last
    std::condition_variable stop;
    std::vector<Marker*> markers;
    bool stopping = false;
    std::thread monitor;
};

namespace {
thread_local void* current_marker = nullptr; // a Watchdog::Marker, whose name is private
}

Watchdog::Watchdog() : Watchdog(Options()) {}
Watchdog::Watchdog(Options const& options) : impl_(std::make_shared<Impl>(options)) {}
Watchdog::~Watchdog() { impl_->end(); }

Watchdog::ThreadGuard Watchdog::watch_this_thread() { return ThreadGuard(impl_); }

Watchdog::ThreadGuard::ThreadGuard(std::shared_ptr<Impl> watchdog)
    : watchdog_(std::move(watchdog)),
      marker_(std::make_unique<Marker>(*watchdog_)),
      outer_(static_cast<Marker*>(std::exchange(current_marker, marker_.get()))) {
    std::lock_guard const lock(watchdog_->mutex);
    watchdog_->markers.push_back(marker_.get());
}

Watchdog::ThreadGuard::ThreadGuard(ThreadGuard&& other) noexcept = default;

Watchdog::ThreadGuard::~ThreadGuard() {
    if (!marker_) return;
    current_marker = outer_;
    std::lock_guard const lock(watchdog_->mutex);
    std::erase(watchdog_->markers, marker_.get());
}

Watchdog::Scope::Scope(HandlerInfo const* handler) noexcept : marker_(static_cast<Marker*>(current_marker)) {
    if (marker_ == nullptr) return;
    outer_ = marker_->handler.load(std::memory_order_relaxed);
    outer_since_ = marker_->since.load(std::memory_order_relaxed);
    marker_->set(handler, now());
}

Watchdog::Scope::~Scope() {
    if (marker_ == nullptr) return;
    auto const* const handler = marker_->handler.load(std::memory_order_relaxed);
    auto const held = now() - marker_->since.load(std::memory_order_relaxed);
    marker_->set(outer_, outer_since_ + held);
    auto& watchdog = *marker_->watchdog;
    if (handler == nullptr || held < watchdog.threshold()) return;
    std::lock_guard const lock(watchdog.mutex);
    watchdog.report(*handler, held, true);
}

} // namespace hxx
