#include "hxx/async/blocking_pool.hpp"

#include "hxx/async/blocked_signals.hpp"
#include "hxx/async/errors.hpp"
#include "hxx/async/loop_state.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hxx {

struct BlockingPool::Impl {
    explicit Impl(Options given) : options(given) {}

    void work();
    void run(std::shared_ptr<Job> job, std::unique_lock<std::mutex>& lock);
    std::shared_ptr<Job> take_out(Job& job);

    Options const options;
    std::mutex mutable mutex;
    std::condition_variable work_or_stop; // for the threads
    std::condition_variable job_ended;    // for finish()
    std::deque<std::shared_ptr<Job>> queue;
    std::vector<std::thread> threads;
    std::size_t idle = 0, finishing = 0;
    bool stopping = false;
};

void BlockingPool::Impl::work() {
    std::unique_lock lock(mutex);
    for (;;) {
        ++idle;
        work_or_stop.wait(lock, [this] { return stopping || !queue.empty(); });
        --idle;
        if (queue.empty()) return;
        auto job = std::move(queue.front());
        queue.pop_front();
        run(std::move(job), lock);
    }
}

void BlockingPool::Impl::run(std::shared_ptr<Job> job, std::unique_lock<std::mutex>& lock) {
    job->state_ = Job::State::Running;
    lock.unlock();
    auto const done = job->run();
    lock.lock();
    job->state_ = Job::State::Ended;
    if (finishing > 0) job_ended.notify_all();
    lock.unlock();
    job.reset();
    if (done) done->set();
    lock.lock();
}

BlockingPool::BlockingPool() : BlockingPool(Options()) {}

BlockingPool::BlockingPool(Options options) : impl_(std::make_shared<Impl>(options)) {
    if (options.threads == 0) throw std::invalid_argument("hxx::BlockingPool: at least one thread is needed");
}

BlockingPool::~BlockingPool() { stop(); }

void BlockingPool::submit(std::shared_ptr<Job> job) {
    std::unique_lock lock(impl_->mutex);
    auto& pool = *impl_;
    if (pool.stopping) throw Overloaded("the pool for blocking calls has been stopped");
    auto const free = pool.idle + (pool.options.threads - pool.threads.size());
    if (pool.queue.size() >= free && pool.queue.size() - free >= pool.options.queue_limit)
        throw Overloaded("all " + std::to_string(pool.options.threads) + " threads for blocking calls are busy, and " +
                         std::to_string(pool.options.queue_limit) + " calls wait already");
    // One that has been woken for an earlier job still counts as idle; hence the comparison with the queue.
    if (pool.idle <= pool.queue.size() && pool.threads.size() < pool.options.threads) {
        detail::BlockedSignals const blocked;
        pool.threads.emplace_back([keep = impl_] { keep->work(); });
    }
    job->state_ = Job::State::Queued;
    pool.queue.push_back(std::move(job));
    lock.unlock();
    pool.work_or_stop.notify_one();
}

std::shared_ptr<BlockingPool::Job> BlockingPool::Impl::take_out(Job& job) {
    if (job.state_ != Job::State::Queued) return nullptr;
    auto const found =
        std::find_if(queue.begin(), queue.end(), [&](auto const& queued) { return queued.get() == &job; });
    auto taken = std::move(*found);
    queue.erase(found);
    job.state_ = Job::State::Idle;
    return taken;
}

bool BlockingPool::withdraw(Job& job) noexcept {
    std::shared_ptr<Job> taken; // destroyed after the lock is released
    std::lock_guard const lock(impl_->mutex);
    taken = impl_->take_out(job);
    return taken != nullptr;
}

void BlockingPool::finish(Job& job) noexcept {
    std::shared_ptr<Job> taken;
    std::unique_lock lock(impl_->mutex);
    taken = impl_->take_out(job);
    if (job.state_ != Job::State::Running) return;
    ++impl_->finishing;
    impl_->job_ended.wait(lock, [&] { return job.state_ != Job::State::Running; });
    --impl_->finishing;
}

void BlockingPool::stop() noexcept {
    std::vector<std::thread> threads;
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->stopping = true;
        threads.swap(impl_->threads);
    }
    impl_->work_or_stop.notify_all();
    for (auto& thread : threads) {
        // The last owner of a pool may be a job of its own, whose thread then ends by itself.
        if (thread.get_id() == std::this_thread::get_id())
            thread.detach();
        else
            thread.join();
    }
}

std::size_t BlockingPool::threads() const noexcept {
    std::lock_guard const lock(impl_->mutex);
    return impl_->threads.size();
}

std::size_t BlockingPool::queued() const noexcept {
    std::lock_guard const lock(impl_->mutex);
    return impl_->queue.size();
}

std::shared_ptr<BlockingPool> const& BlockingPool::process_default() {
    static auto const pool = std::make_shared<BlockingPool>();
    return pool;
}

void BlockingPool::use(boost::asio::execution_context& loop, std::shared_ptr<BlockingPool> pool) {
    boost::asio::use_service<detail::LoopState>(loop).pool = std::move(pool);
}

} // namespace hxx
