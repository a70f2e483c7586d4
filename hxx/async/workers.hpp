// Workers: one event loop a thread, sharing nothing. A program of its own threads starts them beside those and posts
// work to them from anywhere.
//
//     Workers workers(2);
//     workers.start();
//     workers.post(0, [] { /* runs on worker 0's loop */ });
//     workers.stop();
//     workers.join();
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace boost::asio {
class io_context;
}

namespace hxx {

class Workers {
  public:
    using Executor = boost::asio::any_io_executor;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// 0 workers: as many as the machine has cores. No thread runs before start().
    explicit Workers(std::size_t count = 0);
    /// Stops, joins, and then destroys what is still suspended on the loops.
    ~Workers();
    Workers(Workers const&) = delete;
    Workers& operator=(Workers const&) = delete;

    [[nodiscard]] std::size_t size() const noexcept;
    /// Starts a thread for each loop; does nothing if they run. Throws std::system_error if a thread cannot start.
    /// The threads block signals (but for faults and SIGPROF), which are left to the program's own threads.
    void start();
    /// Ends every loop as soon as the step it is in returns; what is suspended stays so. Any thread, any number of
    /// times. After join() the workers may be started again, and what was left goes on.
    void stop() noexcept;
    /// Waits for the threads; returns at once if there are none. Not from a worker (std::logic_error).
    void join();

    /// True from start() to stop().
    [[nodiscard]] bool running() const noexcept;

    [[nodiscard]] boost::asio::io_context& context(std::size_t index) noexcept;
    [[nodiscard]] Executor executor(std::size_t index) noexcept;
    /// Which of these workers the calling thread is, or `none`.
    [[nodiscard]] std::size_t current() const noexcept;

    /// Runs job() on a worker's loop, later. Any thread, also before start(). An exception that leaves it is logged.
    template <class Job>
    void post(std::size_t index, Job&& job) {
        post_job(index, std::make_unique<Holder<std::decay_t<Job>>>(std::forward<Job>(job)));
    }

  private:
    struct Posted {
        virtual ~Posted() = default;
        virtual void run() = 0;
    };
    template <class Job>
    struct Holder final : Posted {
        explicit Holder(Job&& job) : job_(std::move(job)) {}
        explicit Holder(Job const& job) : job_(job) {}
        void run() override { job_(); }
        Job job_;
    };
    struct Impl;

    void post_job(std::size_t index, std::unique_ptr<Posted> job);

    std::unique_ptr<Impl> impl_;
};

} // namespace hxx
