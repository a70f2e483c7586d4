#include "hxx/jobs/queue.hpp"
#include "hxx/testing/client_impl.hpp"
#include "hxx/web/dispatcher.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <exception>
#include <stdexcept>

namespace hxx {

std::size_t TestClient::run_jobs() {
    auto const& dispatcher = app().dispatcher();
    auto const* const queue = static_cast<JobQueue*>(dispatcher.find_state(type_key<JobQueue>));
    if (!queue) throw std::logic_error("run_jobs(): the app has no JobQueue; give it one with queue.attach_to(app)");

    auto& loop = impl_->loop;
    bool done = false;
    std::size_t attempts = 0;
    std::exception_ptr error;
    auto const until = std::chrono::steady_clock::now() + impl_->limits.timeout;
    loop->restart();
    auto guard = boost::asio::make_work_guard(*loop);
    boost::asio::co_spawn(*loop, queue->run_due(&dispatcher), [&](std::exception_ptr thrown, std::size_t made) {
        error = std::move(thrown);
        attempts = made;
        done = true;
    });
    while (!done && std::chrono::steady_clock::now() < until) loop->run_one_until(until);
    guard.reset();
    if (!done) {
        // Ends the job that hangs, while what it refers to is still there.
        loop.reset();
        loop = std::make_unique<boost::asio::io_context>(1);
        throw std::runtime_error("run_jobs(): a job has not ended within the time-out");
    }
    if (error) std::rethrow_exception(error);
    return attempts;
}

} // namespace hxx
