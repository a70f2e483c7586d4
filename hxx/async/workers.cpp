#include "hxx/async/workers.hpp"

#include "hxx/async/blocked_signals.hpp"
#include "hxx/base/log.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace asio = boost::asio;
namespace {

struct Place {
    void const* workers = nullptr;
    std::size_t index = Workers::none;
};
thread_local Place place;

struct Context : asio::io_context {
    using asio::io_context::io_context;
    // Destroys what is suspended on this loop, while the loop itself still stands.
    void abandon() { shutdown(); }
};

struct Loop {
    // UNSAFE_IO leaves out the locks around each socket, since only the worker's own thread runs operations on it; the
    // queue and the timers keep theirs, so post() from another thread stays safe.
    Context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
    std::thread thread;
};

void run(asio::io_context& context) noexcept {
    for (;;) {
        try {
            context.run();
            return;
        } catch (std::exception const& error) {
            log::error("a job on a worker's loop threw", {{"error", error.what()}});
        } catch (...) {
            log::error("a job on a worker's loop threw something that is no std::exception");
        }
    }
}

} // namespace

struct Workers::Impl {
    explicit Impl(std::size_t count) : loops(count) {
        for (auto& loop : loops) loop = std::make_unique<Loop>();
    }

    // A coroutine on one loop may own a timer or a socket of another: all are emptied before the first is destroyed.
    ~Impl() {
        for (auto& loop : loops) loop->context.abandon();
    }

    std::vector<std::unique_ptr<Loop>> loops;
    std::mutex mutex;      // start, stop and join against one another
    std::mutex join_mutex; // a second join() waits for the first
    bool started = false;  // there are threads to join
    std::atomic<bool> running = false;
};

Workers::Workers(std::size_t count)
    : impl_(std::make_unique<Impl>(count != 0 ? count : std::max(1u, std::thread::hardware_concurrency()))) {}

Workers::~Workers() {
    stop();
    join();
}

std::size_t Workers::size() const noexcept { return impl_->loops.size(); }

void Workers::start() {
    std::lock_guard const lock(impl_->mutex);
    if (impl_->started) return;
    impl_->started = true;
    impl_->running = true;
    detail::BlockedSignals const blocked; // which new threads inherit
    for (std::size_t i = 0; i < size(); ++i) {
        auto& loop = *impl_->loops[i];
        loop.context.restart();
        loop.work.emplace(loop.context.get_executor());
        loop.thread = std::thread([this, &loop, i] {
            place = {impl_.get(), i};
            pthread_setname_np(pthread_self(), ("hxx-" + std::to_string(i)).c_str());
            run(loop.context);
        });
    }
}

void Workers::stop() noexcept {
    std::lock_guard const lock(impl_->mutex);
    impl_->running = false;
    for (auto& loop : impl_->loops) {
        loop->work.reset();
        loop->context.stop();
    }
}

void Workers::join() {
    if (current() != none) throw std::logic_error("Workers::join() was called on one of the workers' own threads");
    std::lock_guard const joining(impl_->join_mutex);
    std::vector<std::thread> threads;
    {
        std::lock_guard const lock(impl_->mutex);
        for (auto& loop : impl_->loops) {
            if (loop->thread.joinable()) threads.push_back(std::move(loop->thread));
        }
    }
    for (auto& thread : threads) thread.join();
    if (threads.empty()) return;
    std::lock_guard const lock(impl_->mutex);
    impl_->started = false;
}

bool Workers::running() const noexcept { return impl_->running; }

asio::io_context& Workers::context(std::size_t index) noexcept { return impl_->loops[index]->context; }

Workers::Executor Workers::executor(std::size_t index) noexcept { return impl_->loops[index]->context.get_executor(); }

std::size_t Workers::current() const noexcept { return place.workers == impl_.get() ? place.index : none; }

void Workers::post_job(std::size_t index, std::unique_ptr<Posted> job) {
    asio::post(impl_->loops[index]->context, [job = std::move(job)] { job->run(); });
}

} // namespace hxx
